"""What has to come back of a return, as was asked and as was decided, and the units that did."""

from collections.abc import Iterable, Sequence

from returns.domain.facts import Reason, Resolution
from returns.domain.settlement import LineQuote
from returns.models import ReturnLine, ReturnRequest


def only_replaces(decided: Iterable[tuple[ReturnLine, LineQuote]]) -> bool:
    """Whether all of it replaces what came damaged or wrong, so that nothing has to come back (CON-22, LPS-26)."""
    replaced = [
        Reason(line.reason).is_merchant_fault and judged.resolution is Resolution.REPLACEMENT
        for line, judged in decided
    ]
    return bool(replaced) and all(replaced)


def needs_nothing_back(decided: Iterable[tuple[ReturnLine, LineQuote]]) -> bool:
    """Whether nothing has to come back: it never arrived (RES-29), or what came damaged or wrong is replaced."""
    needless = [line.reason == Reason.NOT_RECEIVED or only_replaces([(line, judged)]) for line, judged in decided]
    return bool(needless) and all(needless)


def expects_goods(request: ReturnRequest, lines: Sequence[ReturnLine]) -> bool:
    """Whether the customer has something to send: as was decided, and before that as the policy would have it."""
    if request.decision_quote is not None:
        return request.goods_come_back
    return not needs_nothing_back(zip(lines, request.submitted_quote.lines, strict=True))


def surely_expects_goods(request: ReturnRequest, lines: Sequence[ReturnLine]) -> bool:
    """Whether something comes back whatever is decided: not where all of it is a claim that a person looks at first.

    A late report may end with a replacement, or with nothing, and no package at all.
    """
    if request.decision_quote is not None:
        return request.goods_come_back
    asked = list(zip(lines, request.submitted_quote.lines, strict=True))
    undecided = [line for line, judged in asked if Reason(line.reason).is_merchant_fault and not judged.is_granted]
    return len(undecided) < len(asked) and not needs_nothing_back(pair for pair in asked if pair[0] not in undecided)


def comes_back(line: ReturnLine) -> bool:
    """Whether a package is to bring it: units of it are authorized, and it did arrive at the customer (RES-29)."""
    return bool(line.authorized_quantity) and line.reason != Reason.NOT_RECEIVED


def units_found(line: ReturnLine) -> int:
    """The units that are given for after the receipt: those accepted; of what never arrived, those decided about."""
    if line.received_quantity is None and line.reason == Reason.NOT_RECEIVED:
        return line.authorized_quantity or 0
    return line.accepted_quantity or 0
