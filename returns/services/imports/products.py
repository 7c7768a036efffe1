"""The catalogue from CSV: SKU, name, kind, flags, expiration, full and empty weight, in stock or not."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db import OperationalError, connection, transaction
from django.db.models import Case, OuterRef, Subquery, When
from django.db.models.functions import Coalesce
from psycopg2.errors import LockNotAvailable

from returns.models import OrderLine, Product, Storefront
from returns.policy_in_force import current_policy_version
from returns.services.errors import CatalogueBusy
from returns.services.imports import UNFORESEEN, ImportResult, RowError, unforeseen
from returns.services.imports.columns import rows
from returns.services.imports.product_rows import COLUMNS, ProductReader, ProductRow

BATCH = 5_000
"""Products written together, in a transaction of their own."""

Refusal = tuple[int, str]
"""A line that wasn't taken, and why."""

_WRITE = """
WITH given AS (
    SELECT known.id IS NULL AS is_new, row.sku, row.name, row.kind, row.flags, row.size, row.expires_on,
        row.full_weight, row.empty_weight, coalesce(row.in_stock, known.in_stock, true) AS in_stock
    FROM json_to_recordset(%(rows)s) AS row (
        sku text, name text, kind text, flags varchar[], size text, expires_on date,
        full_weight numeric, empty_weight numeric, in_stock boolean
    )
    LEFT JOIN LATERAL (
        SELECT * FROM returns_product WHERE storefront_id = %(storefront)s AND sku = row.sku LIMIT 1
    ) known ON true
    WHERE known.id IS NULL
    OR (known.name, known.kind, known.flags, known.size, known.expires_on, known.full_weight, known.empty_weight,
        known.in_stock)
    IS DISTINCT FROM (row.name, row.kind, row.flags, row.size, row.expires_on, row.full_weight, row.empty_weight,
        coalesce(row.in_stock, known.in_stock))
), written AS (
    INSERT INTO returns_product
        (storefront_id, sku, name, kind, flags, size, expires_on, full_weight, empty_weight, in_stock)
    SELECT %(storefront)s, sku, name, kind, flags, size, expires_on, full_weight, empty_weight, in_stock FROM given
    ON CONFLICT (storefront_id, sku) DO UPDATE SET
        name = excluded.name, kind = excluded.kind, flags = excluded.flags, size = excluded.size,
        expires_on = excluded.expires_on, full_weight = excluded.full_weight, empty_weight = excluded.empty_weight,
        in_stock = excluded.in_stock
)
SELECT sku, is_new FROM given
"""
# LIMIT 1 keeps the planner at one look into the index for each row, whatever it believes of the table's size: a plain
# join can become each row times all products while a file is half written.


def import_products(*, lines: Iterable[str], storefront: Storefront) -> ImportResult:
    """Create or update the products of a CSV file, by SKU.

    Columns: sku, name, kind, and where there are any flags (several apart by | or ;), expiration (YYYY-MM-DD), size,
    full_weight and empty_weight in grams, in_stock (yes or no; left as it is where it is empty). Kinds and flags are
    those the storefront's policy names. Raises RowError
    where the file has no such columns. Order lines that waited for a new product take its kind, flags and expiration
    where they have none of their own (RES-53); a known product that changes leaves the lines sold before as they are.
    """
    reader = ProductReader(current_policy_version(storefront).parsed())
    result, refused = ImportResult(), list[Refusal]()
    readable = _readable(lines, reader, refused)
    while batch := list(islice(readable, BATCH)):
        _take(batch, storefront, result, refused)
    for line, why in sorted(refused):
        result.refuse(f"line {line}", why)
    return result


def try_products(*, lines: Iterable[str], storefront: Storefront) -> ImportResult:
    """What `import_products` would do, row by row; nothing of it is kept."""
    with transaction.atomic():
        result = import_products(lines=lines, storefront=storefront)
        transaction.set_rollback(True)
    return result


def _readable(lines: Iterable[str], reader: ProductReader, refused: list[Refusal]) -> Iterator[ProductRow]:
    for row in rows(lines, COLUMNS):
        if isinstance(row, tuple):
            refused.append(row)
            continue
        try:
            yield reader.read(row)
        except RowError as error:
            refused.append((row.line, str(error)))


def _take(batch: Sequence[ProductRow], storefront: Storefront, result: ImportResult, refused: list[Refusal]) -> None:
    try:
        with transaction.atomic():
            created, updated = _write(batch, storefront)
    except UNFORESEEN as error:
        if len(batch) == 1:
            refused.append((batch[0].line, unforeseen(error)))
            return
        # One of them can't be stored. Halved until it is alone, it takes few of the others along.
        middle = len(batch) // 2
        _take(batch[:middle], storefront, result, refused)
        _take(batch[middle:], storefront, result, refused)
    else:
        result.created += created
        result.updated += updated
        result.unchanged += len(batch) - created - updated


def _write(batch: Sequence[ProductRow], storefront: Storefront) -> tuple[int, int]:
    """Store the products; how many of them are new and how many were changed."""
    hold_catalogue(storefront)
    given = json.dumps([row._asdict() for row in batch], default=str, ensure_ascii=False)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, {"rows": given, "storefront": storefront.pk})
        changed = cursor.fetchall()
    new = [sku for sku, is_new in changed if is_new]
    if new:
        classify(storefront=storefront, skus=new)
    return len(new), len(changed) - len(new)


def hold_catalogue(storefront: Storefront) -> None:
    """Let nobody else change the products of this storefront until the transaction ends.

    Two that change the same ones in different orders would wait for each other for ever, and a file that doesn't say
    whether a product is in stock must not undo what somebody says in the same moment. Raises CatalogueBusy where
    somebody else doesn't end in time.
    """
    try:
        Storefront.objects.select_for_update(no_key=True).get(pk=storefront.pk)
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise CatalogueBusy from error
        raise


def classify(*, storefront: Storefront, skus: Sequence[str]) -> None:
    """Let order lines that waited for new products take their kind, flags and expiration (RES-53)."""
    # As if the product had been there before the order: it gives what the line's own properties don't say. Only lines
    # nobody has asked back yet: what a request was judged by stays as it was.
    lines = OrderLine.objects.filter(
        order__storefront=storefront, sku__in=skus, product__isnull=True, return_lines__isnull=True
    )
    product = Product.objects.filter(storefront=storefront, sku=OuterRef("sku"))
    lines.update(
        kind=Coalesce("kind", Subquery(product.values("kind"))),
        flags=Case(When(flags=[], then=Subquery(product.values("flags"))), default="flags"),
        expires_on=Coalesce("expires_on", Subquery(product.values("expires_on"))),
        product=Subquery(product.values("pk")),
    )
