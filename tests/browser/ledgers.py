"""Reading a ledger off a page: its lines add up, or the reading fails."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from playwright.sync_api import Locator

AMOUNT = re.compile(r"(?P<minus>−?)\$(?P<figure>[0-9,]+\.[0-9]{2})")


@dataclass(frozen=True)
class Ledger:
    """The signed lines as (label, amount), the total, and what is not in the sum as (label, words)."""

    rows: list[tuple[str, Decimal]]
    total: Decimal
    after: dict[str, str] = field(default_factory=dict)

    def amount(self, beginning: str) -> Decimal:
        """The amount of the line whose label begins so."""
        found = [amount for label, amount in self.rows if label.startswith(beginning)]
        assert len(found) == 1, f"{len(found)} lines begin with “{beginning}”: {self.rows}"
        return found[0]


def read_ledger(place: Locator) -> Ledger:
    """The ledger in this part of a page."""
    table = place.locator("table.ledger")
    lines, total, *after = [_cells(body) for body in table.locator("tbody").all()]
    rows = [(label, _amount(value)) for label, value in lines]
    ledger = Ledger(rows, _amount(total[0][1]), dict(after[0]) if after else {})
    assert sum(amount for _, amount in rows) == ledger.total, f"{rows} don't add up to {ledger.total}"
    return ledger


def _cells(body: Locator) -> list[tuple[str, str]]:
    return [(_label(row.locator("th")), row.locator("td").inner_text().strip()) for row in body.locator("tr").all()]


def _label(head: Locator) -> str:
    """The name of a line, without the small print below it that says how it came about."""
    return " ".join(head.inner_text().partition("\n")[0].split())


def _amount(text: str) -> Decimal:
    """`−$24.48` as a number; goods that are exchanged or replaced move no money."""
    found = AMOUNT.fullmatch(text)
    if found is None:
        return Decimal(0)
    return Decimal(found["minus"].replace("−", "-") + found["figure"].replace(",", ""))
