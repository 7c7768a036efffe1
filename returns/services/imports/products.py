"""The catalogue from CSV: SKU, name, kind, flags, expiration, full and empty weight, in stock or not."""

from collections.abc import Iterable
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import DateField, Value
from django.db.models.functions import Coalesce

from returns.catalogue import NOT_ADDRESSABLE, is_addressable
from returns.domain.policy import PolicyTerms
from returns.models import OrderLine, Product, Storefront
from returns.quoting import current_policy_version
from returns.services.imports import Faults, ImportResult, RowError
from returns.services.imports.columns import Row, rows

COLUMNS = ("sku", "name", "kind")
YES = ("yes", "true", "1")
IN_STOCK = (*YES, "no", "false", "0")
MOST_GRAMS = Decimal("9999999.99")


def import_products(*, lines: Iterable[str], storefront: Storefront) -> ImportResult:
    """Create or update the products of a CSV file, by SKU.

    Columns: sku, name, kind, and where there are any flags (several apart by | or ;), expiration (YYYY-MM-DD), size,
    full_weight and empty_weight in grams, in_stock (yes or no; left as it is where it is empty). Kinds and flags are
    those the storefront's policy names. Raises RowError
    where the file has no such columns. Order lines that waited for a new product take its kind, flags and expiration
    where they have none of their own (RES-53); a known product that changes leaves the lines sold before as they are.
    """
    terms = current_policy_version(storefront).parsed()
    result = ImportResult()
    seen: dict[str, int] = {}
    for row in rows(lines, COLUMNS):
        if isinstance(row, tuple):
            result.refuse(f"line {row[0]}", row[1])
            continue
        result.take(f"line {row.line}", partial(_take, row, storefront, terms, seen))
    return result


def try_products(*, lines: Iterable[str], storefront: Storefront) -> ImportResult:
    """What `import_products` would do, row by row; nothing of it is kept."""
    with transaction.atomic():
        result = import_products(lines=lines, storefront=storefront)
        transaction.set_rollback(True)
    return result


def _take(row: Row, storefront: Storefront, terms: PolicyTerms, seen: dict[str, int]) -> str:
    faults = Faults()
    sku = faults.read(partial(row.text, "sku", longest=64, required=True), "")
    if not is_addressable(sku):
        faults.add(f"sku {sku}: {NOT_ADDRESSABLE.removesuffix('.')}")
    values = _values(row, terms, faults)
    if sku in seen:
        faults.add(f"sku {sku} stands in line {seen[sku]} already")
    faults.refuse()
    seen[sku] = row.line
    known = Product.objects.filter(storefront=storefront, sku=sku).first()
    if known is None:
        classify(Product.objects.create(storefront=storefront, sku=sku, **values))
        return "created"
    if all(getattr(known, name) == value for name, value in values.items()):
        return "unchanged"
    Product.objects.filter(pk=known.pk).update(**values)
    return "updated"


def _values(row: Row, terms: PolicyTerms, faults: Faults) -> dict[str, Any]:
    no_flags: list[str] = []
    full = faults.read(partial(row.amount, "full_weight", most=MOST_GRAMS), None)
    empty = faults.read(partial(row.amount, "empty_weight", most=MOST_GRAMS), None)
    if full is not None and empty is not None and full <= empty:
        faults.add(f"full_weight {full} isn't more than empty_weight {empty}")
    return {
        "name": faults.read(partial(row.text, "name", longest=200, required=True), ""),
        "kind": faults.read(partial(row.choice, "kind", terms.kinds), ""),
        "flags": faults.read(lambda: read_flags(row.text("flags", longest=200), terms), no_flags),
        "size": faults.read(partial(row.text, "size", longest=60), ""),
        "expires_on": faults.read(partial(row.day, "expiration"), None),
        "full_weight": full,
        "empty_weight": empty,
        **faults.read(partial(_stock, row), {}),
    }


def _stock(row: Row) -> dict[str, bool]:
    """Whether one can be promised in exchange (CON-15). A file that doesn't say leaves it as it is."""
    if not row.text("in_stock", longest=60):
        return {}
    return {"in_stock": row.choice("in_stock", IN_STOCK) in YES}


def read_flags(text: str, terms: PolicyTerms) -> list[str]:
    """The flags in `text`, apart by | ; or comma; RowError for one the policy doesn't name."""
    names = (part.strip().lower() for part in text.replace("|", ",").replace(";", ",").split(","))
    flags = sorted({name.replace(" ", "_").replace("-", "_") for name in names if name})
    for flag in flags:
        if flag not in terms.flags:
            raise RowError(f"flags name “{flag}”; allowed are {', '.join(terms.flags)}")
    return flags


def classify(product: Product) -> None:
    """Let order lines that waited for a new product take its kind, flags and expiration (RES-53)."""
    # As if the product had been there before the order: it gives what the line's own properties don't say. Only lines
    # nobody has asked back yet: what a request was judged by stays as it was.
    lines = OrderLine.objects.filter(
        order__storefront=product.storefront, sku=product.sku, product__isnull=True, return_lines__isnull=True
    )
    lines.filter(flags=[]).update(flags=product.flags)
    lines.update(
        kind=Coalesce("kind", Value(product.kind)),
        expires_on=Coalesce("expires_on", Value(product.expires_on, output_field=DateField())),
        product=product,
    )
