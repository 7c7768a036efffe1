"""The rows of a product file, read and checked: what they say of a product, or all that is wrong with them."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from returns.catalogue import NOT_ADDRESSABLE, is_addressable
from returns.domain.policy import PolicyTerms
from returns.services.imports import Faults, RowError
from returns.services.imports.columns import Row

COLUMNS = ("sku", "name", "kind")
YES = ("yes", "true", "1")
IN_STOCK = (*YES, "no", "false", "0")
MOST_GRAMS = Decimal("9999999.99")


class ProductRow(NamedTuple):
    """What a row says of a product. Weights are in grams; `in_stock` is None where it doesn't say."""

    line: int
    sku: str
    name: str
    kind: str
    flags: list[str]
    size: str
    expires_on: date | None
    full_weight: Decimal | None
    empty_weight: Decimal | None
    in_stock: bool | None


@dataclass(frozen=True, slots=True)
class ProductReader:
    """Reads the rows of one file by the terms of its storefront; a SKU stands in it once."""

    terms: PolicyTerms
    seen: dict[str, int] = field(default_factory=dict)
    """The line of each SKU that was read."""

    def read(self, row: Row) -> ProductRow:
        """What the row says; RowError with everything that is wrong about it."""
        faults = Faults()
        sku = faults.read(partial(row.text, "sku", longest=64, required=True), "")
        if not is_addressable(sku):
            faults.add(f"sku {sku}: {NOT_ADDRESSABLE.removesuffix('.')}")
        full = faults.read(partial(row.amount, "full_weight", most=MOST_GRAMS), None)
        empty = faults.read(partial(row.amount, "empty_weight", most=MOST_GRAMS), None)
        if full is not None and empty is not None and full <= empty:
            faults.add(f"full_weight {full} isn't more than empty_weight {empty}")
        no_flags: list[str] = []
        product = ProductRow(
            line=row.line,
            sku=sku,
            name=faults.read(partial(row.text, "name", longest=200, required=True), ""),
            kind=faults.read(partial(row.choice, "kind", self.terms.kinds), ""),
            flags=faults.read(lambda: read_flags(row.text("flags", longest=200), self.terms), no_flags),
            size=faults.read(partial(row.text, "size", longest=60), ""),
            expires_on=faults.read(partial(row.day, "expiration"), None),
            full_weight=full,
            empty_weight=empty,
            in_stock=faults.read(partial(_stock, row), None),
        )
        if sku in self.seen:
            faults.add(f"sku {sku} stands in line {self.seen[sku]} already")
        faults.refuse()
        self.seen[sku] = row.line
        return product


def _stock(row: Row) -> bool | None:
    """Whether one can be promised in exchange (CON-15). A file that doesn't say leaves it as it is."""
    return row.choice("in_stock", IN_STOCK) in YES if row.text("in_stock", longest=60) else None


def read_flags(text: str, terms: PolicyTerms) -> list[str]:
    """The flags in `text`, apart by | ; or comma; RowError for one the policy doesn't name."""
    if not text:
        return []
    names = (part.strip().lower() for part in text.replace("|", ",").replace(";", ",").split(","))
    flags = sorted({name.replace(" ", "_").replace("-", "_") for name in names if name})
    for flag in flags:
        if flag not in terms.flags:
            raise RowError(f"flags name “{flag}”; allowed are {', '.join(terms.flags)}")
    return flags
