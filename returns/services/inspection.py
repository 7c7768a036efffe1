"""What was found, set beside what was declared; the amount is computed again from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from returns.domain.facts import Condition, Disposition, Outcome
from returns.domain.settlement import Quote
from returns.domain.usage import Measure, Measurement, as_data
from returns.domain.workflow import Action
from returns.models import ReturnLine, ReturnRequest
from returns.quoting import Judged, override_of, quote_judged, units_found
from returns.services import transition
from returns.services.errors import Refused
from returns.services.overrides import Decided, OverrideAsked, record_overrides
from returns.services.transition import By


@dataclass(frozen=True, slots=True)
class Finding:
    """What one line turned out to be: units accepted, condition, used per cent, expiration, and where it goes.

    `measured` is how the used per cent came about; the customer is shown it where it changes their sum (LPS-29).
    """

    position: int
    accepted_quantity: int
    condition: Condition
    resalable: bool
    disposition: Disposition
    used_percent: Decimal | None = None
    expires_on: date | None = None
    override: OverrideAsked | None = None
    measured: Mapping[Measure, Measurement] = field(default_factory=dict)


def inspect(*, request_id: int, findings: Sequence[Finding], by: By, now: datetime) -> ReturnRequest:
    """Record the findings and the recomputed quote (RES-05). Nothing is paid here.

    Raises Refused where a line is missing, where more is accepted than was received or authorized, or where a line
    still needs a decision; AlreadyDecided where somebody was first.
    """
    with transition.locked(request_id) as request:
        transition.refuse_unless_allowed(request, Action.INSPECT, by)
        transition.refuse_own_order(request, by)  # what is found fixes the sum
        lines = _received_lines(request)
        _note_findings(lines, findings)
        for line in lines.values():
            line.save()
        record_overrides(request, _decided(lines, findings), by=by, now=now)
        everything = _authorized_lines(request, lines)
        found = quote_found(request, everything)
        _refuse_undecided(everything, found)
        return transition.apply(
            request,
            Action.INSPECT,
            by=by,
            now=now,
            data={"lines": [[line.position, line.accepted_quantity] for line in lines.values()]},
            inspected_at=now,
            found_quote=found.as_data(),
            amount=found.total,
        )


def preview(request: ReturnRequest, findings: Sequence[Finding]) -> Quote:
    """What these findings would give; nothing is saved. Raises Refused as `inspect` does for impossible counts.

    Line n of the quote belongs to the nth line with units, what never arrived among them.
    """
    lines = _received_lines(request)
    _note_findings(lines, findings)
    asked = {finding.position: finding.override for finding in findings}
    rows = [Decided(line, units_found(line), asked.get(line.position)) for line in _authorized_lines(request, lines)]
    return quote_judged(request, [row.judged() for row in rows])


def _decided(lines: Mapping[int, ReturnLine], findings: Sequence[Finding]) -> list[Decided]:
    asked = {finding.position: finding.override for finding in findings}
    return [Decided(line, line.accepted_quantity or 0, asked[position]) for position, line in lines.items()]


def quote_found(request: ReturnRequest, lines: Sequence[ReturnLine]) -> Quote:
    """The quote for the accepted units in the state they were found, and for what never arrived as it was decided."""
    return quote_judged(request, [Judged(line, units_found(line), override_of(line)) for line in lines])


def _received_lines(request: ReturnRequest) -> dict[int, ReturnLine]:
    lines = request.lines.filter(received_quantity__isnull=False).select_related("order_line").order_by("position")
    return {line.position: line for line in lines}


def _authorized_lines(request: ReturnRequest, inspected: Mapping[int, ReturnLine]) -> list[ReturnLine]:
    """All lines that something may be given for, those that were inspected as they are noted now."""
    lines = request.lines.filter(authorized_quantity__gt=0).select_related("order_line").order_by("position")
    return [inspected.get(line.position, line) for line in lines]


def _note_findings(lines: Mapping[int, ReturnLine], findings: Sequence[Finding]) -> None:
    if {finding.position for finding in findings} != set(lines) or len(findings) != len(lines):
        raise Refused("Inspect every line of the package.")
    for finding in findings:
        _note(lines[finding.position], finding)


def _note(line: ReturnLine, finding: Finding) -> None:
    most = min(line.received_quantity or 0, line.authorized_quantity or 0)
    if not 0 <= finding.accepted_quantity <= most:
        raise Refused(
            f"{line.order_line.title}: between 0 and {most} can be accepted "
            f"({line.received_quantity} received, {line.authorized_quantity} authorized).",
            field=f"line-{line.position}",
        )
    opened = finding.condition is Condition.OPENED
    line.accepted_quantity = finding.accepted_quantity
    line.found_condition = finding.condition.value
    line.found_used_percent = finding.used_percent if opened else None
    line.found_measures = as_data(finding.measured) if opened else []
    line.found_resalable = finding.resalable
    line.found_expires_on = finding.expires_on
    line.disposition = finding.disposition.value


def _refuse_undecided(lines: Sequence[ReturnLine], found: Quote) -> None:
    with_units = [line for line in lines if units_found(line)]
    for line, judged in zip(with_units, found.lines, strict=True):
        if judged.verdict.outcome is Outcome.NEEDS_REVIEW:
            raise Refused(
                f"{line.order_line.title} still needs a decision ({judged.verdict.code}). "
                "Enter what is missing, accept 0, or override it with a reason.",
                field=f"line-{line.position}",
            )
