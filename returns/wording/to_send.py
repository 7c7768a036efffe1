"""Packages that are still to be sent to customers: what goes into them, and by when they leave."""

from collections.abc import Iterable
from datetime import date

from returns.components import Due, Kind
from returns.domain.facts import Disposition, Resolution
from returns.leaving import GOODS
from returns.models import ReturnLine
from returns.wording.desk import short_day
from returns.wording.phrases import count
from returns.wording.states import sized


def contents(lines: Iterable[ReturnLine]) -> list[str]:
    """`2 × Clay mask, 2 oz, in exchange`, for each line of which anything goes to the customer."""
    return [words for line in lines if (words := _content(line))]


def _content(line: ReturnLine) -> str:
    title = line.order_line.title
    if line.disposition == Disposition.SEND_BACK.value:
        return f"{_units(line.received_quantity)}{title}, sent back"
    if line.resolution not in GOODS:
        return ""
    units = _units(line.settled_quantity)
    if line.resolution == Resolution.REPLACEMENT.value:
        return f"{units}{title}, as a replacement"
    if (product := line.exchange_product) is not None:
        return f"{units}{sized(product)}, in exchange"
    return f"{units}a product the customer didn't name, in exchange for {title}"


def _units(number: int | None) -> str:
    return f"{number} × " if number else ""


def leaves(day: date, today: date) -> Due:
    """The promised day, as of `today` at the storefront; how many days it is over once it is."""
    left = (day - today).days
    if left < 0:
        return Due(f"{short_day(day)}, {count(-left, 'day')} over", Kind.LATE, "warning")
    if left == 0:
        return Due("today", Kind.WAIT, "clock")
    return Due(short_day(day), Kind.IDLE)
