"""What was found, set beside what was declared; the amount is computed again from it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal

from returns.coming_back import units_found
from returns.differences import ACCEPTED, INSPECT_AGAIN, Answer, by_line
from returns.domain.facts import NO_MONEY, Condition, Disposition, Outcome, Resolution
from returns.domain.settlement import Quote
from returns.domain.usage import Measure, Measurement, as_data
from returns.domain.workflow import Action, Status
from returns.models import EarlierFinding, ReturnLine, ReturnRequest
from returns.quoting import as_decided, quote_judged
from returns.services import transition
from returns.services.errors import AlreadyDecided, CountsChanged, Refused
from returns.services.objections import INSPECTIONS, refuse_same_eyes
from returns.services.overrides import Decided, OverrideAsked, record_overrides
from returns.services.second_person import drop_proposal
from returns.services.transition import By


@dataclass(frozen=True, slots=True)
class Finding:
    """What one line turned out to be: units accepted, condition, used per cent, expiration, and where it goes.

    `measured` is how the used per cent came about; the customer is shown it where it changes their sum (LPS-29).
    `counted`: the units here by the page on which it was found; None where there was no page.
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
    counted: int | None = None


@dataclass(frozen=True, slots=True)
class CameToo:
    """What came back besides the products asked for (LPS-16, LPS-17), as the inspection's event keeps it.

    `lines` are positions of the order's free lines. `is_incomplete`: nothing is given where something is missing.
    """

    lines: Sequence[int] = ()
    paper: bool = False
    is_incomplete: bool = False


def came_too_before(request: ReturnRequest) -> CameToo | None:
    """What the inspection before this one noted as having come back too; None where it noted nothing."""
    event = request.events.filter(action__in=INSPECTIONS).order_by("-seq").first()
    noted = event.data.get("too") if event else None
    return CameToo(**noted) if noted else None


def inspect(
    *, request_id: int, findings: Sequence[Finding], by: By, now: datetime, too: CameToo | None = None
) -> ReturnRequest:
    """Record the findings and the recomputed quote (RES-05), and what came back too. Nothing is paid here.

    Raises CountsChanged where other units are here than whoever looked at them saw; Refused where a line is missing,
    where more is accepted than was received or authorized, or where a line still needs a decision; AlreadyDecided
    where somebody was first.
    """
    with transition.locked(request_id) as request:
        transition.refuse_unless_allowed(request, Action.INSPECT, by)
        transition.refuse_own_order(request, by)  # what is found fixes the sum
        lines = _received_lines(request)
        found = _write_findings(request, lines, findings, by, now)
        return transition.apply(
            request,
            Action.INSPECT,
            by=by,
            now=now,
            data=_counted(lines, too),
            inspected_at=now,
            found_quote=found.as_data(),
            amount=found.total,
        )


def inspect_again(
    *, request_id: int, findings: Sequence[Finding], by: By, now: datetime, too: CameToo | None = None
) -> ReturnRequest:
    """A second person's findings, because the customer doesn't agree with the first ones, which are kept (D2).

    The status stays; the objection is dealt with. Where something still gives less than was decided, the customer is
    asked once more; else it can be settled.

    Raises AlreadyDecided where nobody objects (any more); Refused for who found it first, and as `inspect` does.
    """
    with transition.locked(request_id) as request:
        if not by.is_staff:
            raise Refused("You may not do this.")
        if (request.status, request.difference_answer) != (Status.INSPECTED.value, Answer.DISAGREE.value):
            raise AlreadyDecided(f"{request.number} has no objection to look into.", action=INSPECT_AGAIN)
        transition.refuse_own_order(request, by)
        refuse_same_eyes(request, by)
        lines = _received_lines(request)
        _keep_findings(request, lines)
        found = _write_findings(request, lines, findings, by, now)
        transition.record(request, INSPECT_AGAIN, by=by, now=now, data=_counted(lines, too), tells=False)
        request.found_quote, request.amount = found.as_data(), found.total
        request.inspected_at, request.difference_answer = now, ""
        request.save(update_fields=["found_quote", "amount", "inspected_at", "difference_answer"])
        return request


def _keep_findings(request: ReturnRequest, lines: Mapping[int, ReturnLine]) -> None:
    """Put away what was found until now, with what it gave, before the lines take the new findings."""
    event = request.events.filter(action__in=INSPECTIONS).latest("seq")
    everything = _authorized_lines(request, lines)
    gave = by_line(request.current_quote, everything, ACCEPTED)
    for line in lines.values():
        judged = gave.get(line.pk)
        EarlierFinding.objects.create(
            line=line,
            event=event,
            accepted_quantity=line.accepted_quantity or 0,
            condition=line.found_condition,
            used_percent=line.found_used_percent,
            measures=line.found_measures,
            resalable=bool(line.found_resalable),
            expires_on=line.found_expires_on,
            disposition=line.disposition,
            resolution=((judged.resolution if judged else None) or Resolution.NONE).value,
            amount=judged.amount if judged else NO_MONEY,
        )


def _write_findings(
    request: ReturnRequest, lines: Mapping[int, ReturnLine], findings: Sequence[Finding], by: By, now: datetime
) -> Quote:
    """Note the findings on their lines, with the overrides asked; what all of it gives now. An older proposal falls."""
    _note_findings(lines, findings)
    for line in lines.values():
        line.save()
    record_overrides(request, _decided(lines, findings), by=by, now=now)
    everything = _authorized_lines(request, lines)
    found = quote_found(request, everything)
    _refuse_undecided(everything, found)
    drop_proposal(request)
    return found


def _counted(lines: Mapping[int, ReturnLine], too: CameToo | None) -> dict[str, object]:
    counted: dict[str, object] = {"lines": [[line.position, line.accepted_quantity] for line in lines.values()]}
    return counted | ({"too": asdict(too)} if too else {})


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
    return quote_judged(request, as_decided(lines, units_found))


def _received_lines(request: ReturnRequest) -> dict[int, ReturnLine]:
    lines = request.lines.filter(received_quantity__isnull=False).select_related("order_line").order_by("position")
    return {line.position: line for line in lines}


def _authorized_lines(request: ReturnRequest, inspected: Mapping[int, ReturnLine]) -> list[ReturnLine]:
    """All lines that something may be given for, those that were inspected as they are noted now."""
    lines = request.lines.filter(authorized_quantity__gt=0).select_related("order_line").order_by("position")
    return [inspected.get(line.position, line) for line in lines]


def _note_findings(lines: Mapping[int, ReturnLine], findings: Sequence[Finding]) -> None:
    _refuse_other_counts(lines, findings)
    if {finding.position for finding in findings} != set(lines) or len(findings) != len(lines):
        raise Refused("Inspect every line of the package.")
    for finding in findings:
        _note(lines[finding.position], finding)


def _refuse_other_counts(lines: Mapping[int, ReturnLine], findings: Sequence[Finding]) -> None:
    """Refuse what was found of other units than are here: a package may have come while the page was open."""
    seen = {finding.position: finding.counted for finding in findings}
    if all(counted is None for counted in seen.values()):
        return
    here = {position: line.received_quantity or 0 for position, line in lines.items()}
    came = {position: units for position, units in here.items() if seen.get(position) != units}
    if came:
        raise CountsChanged("Another package came. Look at all of it, then save again.", came)


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
