"""The answers of the items page as it sends them: from a draft, and with a line split or put together again."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from returns.domain.facts import Condition, Wish
from returns.enquiries import Enquiry
from returns.forms.item_list import MOST_PARTS
from returns.models import OrderLine
from returns.quoting import Asked
from returns.wording.choices import PRODUCT_ELSEWHERE

ANSWERS = (
    "chosen",
    "quantity",
    "reason",
    "condition",
    "wants",
    "incomplete",
    "used_percent",
    "expires_on",
    "find",
    "exchange",
    "ask_anyway",
)
LONGEST_ANSWER = 100


def data_of(asked: Sequence[Asked], enquiry: Enquiry) -> dict[str, str]:
    """What the page would send for these answers: the way back from the check page keeps them all."""
    data: dict[str, str] = {}
    for line in enquiry.lines:
        parts = [one for one in asked if one.order_line_id == line.pk][:MOST_PARTS]
        if len(parts) == MOST_PARTS:
            data[f"{line.public_id}-parts"] = "2"
        for number, one in enumerate(parts):
            data |= {f"{line.public_id}-{number}-{name}": value for name, value in _answers(one, enquiry) if value}
    return data


def entered(data: Mapping[str, str], enquiry: Enquiry) -> dict[str, str]:
    """What is worth keeping of a page that isn't finished: the answers to its own questions, none of anybody else's."""
    names = {f"{line.public_id}-parts" for line in enquiry.lines}
    for line in enquiry.lines:
        names |= {f"{line.public_id}-{part}-{name}" for part in range(MOST_PARTS) for name in ANSWERS}
    return {name: value[:LONGEST_ANSWER] for name, value in data.items() if name in names and value}


def _answers(asked: Asked, enquiry: Enquiry) -> list[tuple[str, str]]:
    return [
        ("chosen", "on"),
        ("quantity", str(asked.quantity)),
        ("reason", asked.reason.value),
        ("condition", asked.condition.value),
        ("wants", asked.wants.value),
        ("incomplete", "" if asked.resalable else "on"),
        ("used_percent", f"{asked.used_percent.normalize():f}" if asked.used_percent is not None else ""),
        ("expires_on", f"{asked.expires_on:%m/%d/%Y}" if asked.expires_on else ""),
        ("exchange", _product(asked, enquiry)),
        ("ask_anyway", "on" if asked.ask_anyway else ""),
    ]


def _product(asked: Asked, enquiry: Enquiry) -> str:
    if asked.wants is not Wish.EXCHANGE:
        return ""
    product = enquiry.catalogue.known(asked.exchange_product_id)
    return product.sku if product is not None else PRODUCT_ELSEWHERE


def with_split(data: Mapping[str, Any], line: OrderLine) -> dict[str, Any]:
    """The page's answers with this line in two parts: the second one opened, one unit of it."""
    first, second = f"{line.public_id}-0", f"{line.public_id}-1"
    rest = max(line.available - 1, 1)
    return {
        **data,
        f"{line.public_id}-parts": "2",
        f"{first}-chosen": "on",
        f"{first}-quantity": str(rest),
        f"{first}-condition": Condition.UNOPENED.value,
        f"{second}-chosen": "on",
        f"{second}-quantity": "1",
        f"{second}-condition": Condition.OPENED.value,
        f"{second}-reason": str(data.get(f"{first}-reason", "")),
    }


def with_money(data: Mapping[str, Any], prefix: str, enquiry: Enquiry) -> dict[str, Any]:
    """The page's answers with money wished in place of a product that is out of stock (CON-15)."""
    ours = {f"{line.public_id}-{part}" for line in enquiry.lines for part in range(MOST_PARTS)}
    return {**data, f"{prefix}-wants": enquiry.first_wish.value} if prefix in ours else dict(data)


def without_parts(data: Mapping[str, Any], gone: Collection[str]) -> dict[str, Any]:
    """The page's answers without these parts, by their prefix; what stays of a split line is the line's only part."""
    kept = {name: value for name, value in data.items() if not name.startswith(tuple(f"{part}-" for part in gone))}
    for line in {part.rpartition("-")[0] for part in gone}:
        kept.pop(f"{line}-parts", None)
        second = f"{line}-1-"
        kept = {f"{line}-0-{name[len(second) :]}" if name.startswith(second) else name: kept[name] for name in kept}
    return kept


def without_split(data: Mapping[str, Any], line: OrderLine) -> dict[str, Any]:
    """The page's answers with this line in one part again, as the first part says."""
    second = f"{line.public_id}-1-"
    return {name: value for name, value in data.items() if not name.startswith(second)} | {
        f"{line.public_id}-parts": "1"
    }
