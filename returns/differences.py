"""What was told beside what was found: which lines differ, which may go back, what each answer gives (LPS-29)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from django.db.models import prefetch_related_objects

from returns.coming_back import units_found
from returns.domain.facts import Reason
from returns.domain.settlement import LineQuote, Quote
from returns.models import EarlierFinding, ReturnLine, ReturnRequest
from returns.quoting import GOES_BACK, as_decided, quote_judged


class Answer(StrEnum):
    """What the customer says to the difference: take it, send it back, or look again."""

    ACCEPT = "accept"
    SEND_BACK = "send_back"
    DISAGREE = "disagree"


INSPECT_AGAIN = "inspect_again"
"""The event of a second inspection. It moves nothing: the return is inspected before it and after it (D2)."""


def _units_authorized(line: ReturnLine) -> int:
    return line.authorized_quantity or 0


AUTHORIZED, ACCEPTED = _units_authorized, units_found
"""The units that a quote of the decision, or of what was found, has a line for."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What each answer comes to: the sum as it was decided, as found, and where the other products go back."""

    decided: Quote
    found: Quote
    sent_back: Quote | None


def outcomes(request: ReturnRequest, lines: Sequence[ReturnLine]) -> Outcomes:
    """The sums of the answers, as the engine says them now; `sent_back` is None where nothing could go back."""
    decided = Quote.from_data(request.decision_quote or request.quote)
    as_found = as_decided(lines, units_found)
    found = quote_judged(request, as_found)
    back = {line.pk for line in returnable(request, lines)}
    if not back:
        return Outcomes(decided, found, None)
    judged = [replace(one, override=GOES_BACK) if one.line.pk in back else one for one in as_found]
    return Outcomes(decided, found, quote_judged(request, judged))


# ----------------------------------------------------------------------------------------------------------- the lines


def is_different(line: ReturnLine) -> bool:
    """Whether a line that was inspected isn't as it was told; of a claim only the units count (RES-25)."""
    if not line.found_condition or not line.authorized_quantity:
        return False
    if line.accepted_quantity != line.authorized_quantity:
        return True
    if Reason(line.reason).is_merchant_fault:
        return False
    told = (line.condition, line.resalable, line.used_percent)
    found = (line.found_condition, bool(line.found_resalable), line.found_used_percent)
    return told != found or expires_sooner(line)


def expires_sooner(line: ReturnLine) -> bool:
    """Whether the product expires earlier than was told, by the customer or else by the order."""
    told, found = told_expiration(line), line.found_expires_on
    return told is not None and found is not None and found < told


def earlier_findings(lines: Iterable[ReturnLine]) -> dict[int, list[EarlierFinding]]:
    """What was found of these lines (by key) before a second person looked again, the first finding first."""
    read = list(lines)
    prefetch_related_objects(read, "earlier_findings")  # of all at once, where that wasn't done already
    found = {line.pk: sorted(line.earlier_findings.all(), key=lambda earlier: earlier.pk) for line in read}
    return {key: earlier for key, earlier in found.items() if earlier}


def told_expiration(line: ReturnLine) -> date | None:
    """The expiration date that the decision was made with: the customer's, else the order's."""
    return line.expires_on or line.order_line.expires_on


def differing(request: ReturnRequest, lines: Sequence[ReturnLine]) -> frozenset[int]:
    """The keys of the lines that were found otherwise than told, or that give less than was decided."""
    return frozenset(line.pk for line in lines if is_different(line)) | giving_less(request, lines)


def giving_less(request: ReturnRequest, lines: Sequence[ReturnLine]) -> frozenset[int]:
    """The keys of the lines that give less than was decided: less money, fewer goods for goods, or nothing.

    Where no package came, nothing was found: a replacement that needs nothing back gives what was decided.
    """
    if request.found_quote is None or request.decision_quote is None or request.received_at is None:
        return frozenset()
    return less_than_decided(request, lines, by_line(request.current_quote, lines, ACCEPTED))


def less_than_decided(
    request: ReturnRequest, lines: Sequence[ReturnLine], found: Mapping[int, LineQuote]
) -> frozenset[int]:
    """The keys of the lines that give less than was decided, by what is found (by the line's key), saved or not."""
    if request.decision_quote is None:
        return frozenset()
    before = by_line(Quote.from_data(request.decision_quote), lines, AUTHORIZED)
    return frozenset(key for key, decided in before.items() if _gives_less(decided, found.get(key)))


def is_worth_telling(request: ReturnRequest, lines: Sequence[ReturnLine]) -> bool:
    """Whether anything was found otherwise than told, or gives another sum than was decided."""
    if request.found_quote is None or request.decision_quote is None:
        return False
    decided = Quote.from_data(request.decision_quote)
    return decided.total != request.current_quote.total or bool(differing(request, lines))


def returnable(request: ReturnRequest, lines: Sequence[ReturnLine]) -> list[ReturnLine]:
    """The lines that are here and give less than was decided: those that may go back instead."""
    less = giving_less(request, lines)
    return [line for line in lines if line.received_quantity and line.pk in less]


def by_line(quote: Quote, lines: Iterable[ReturnLine], counted: Callable[[ReturnLine], int]) -> dict[int, LineQuote]:
    """The answers of a quote by the line's key; it has one for each line with units."""
    with_units = [line.pk for line in lines if counted(line)]
    return dict(zip(with_units, quote.lines, strict=True)) if len(with_units) == len(quote.lines) else {}


def _gives_less(before: LineQuote, after: LineQuote | None) -> bool:
    if not before.is_granted:
        return False
    if after is None or not after.is_granted:
        return True
    is_fewer = is_goods(before) and is_goods(after) and after.quantity < before.quantity
    return is_fewer or after.amount < before.amount


def is_goods(judged: LineQuote) -> bool:
    """Whether goods are given for goods, which has no amount (GEN-08)."""
    return judged.is_granted and judged.resolution is not None and not judged.resolution.is_money
