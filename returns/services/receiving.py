"""The dock: a package arrived, its units are counted line by line, and the processing deadline starts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from returns.domain.deadlines import processing_due_on
from returns.domain.workflow import Action, Status
from returns.models import Package, PackageLine, ReturnLine, ReturnRequest
from returns.quoting import comes_back
from returns.services import transition
from returns.services.errors import Refused
from returns.services.requests import hold_again
from returns.services.transition import By

MOST_UNITS = 9_999

NOTHING_EXPECTED = (
    "None of it ever reached the customer, so nothing comes back. "
    "Put the package aside and write a note on the request."
)
"""Why a return of missing packages alone has no package receipt."""


def receive(
    *,
    request_id: int,
    counts: Mapping[int, int],
    by: By,
    now: datetime,
    carrier: str = "",
    tracking_number: str = "",
) -> ReturnRequest:
    """Record the package and what was counted in it (line position → units), and fix the due day (GEN-10, RES-14…16).

    A count is a fact of the dock and may differ from what was authorized; what is accepted is decided at inspection.
    What never arrived at the customer is in no package and isn't counted (RES-29).
    Raises Refused where none of it can come back, where a line is missing or a count isn't possible; AlreadyDecided
    where it was received already.
    """
    with transition.locked(request_id) as request:
        late = request.status == Status.EXPIRED.value
        action = Action.RECEIVE_LATE if late else Action.RECEIVE
        transition.refuse_unless_allowed(request, action, by)
        lines = list(request.lines.filter(authorized_quantity__gt=0))
        expected = {line.position: line for line in lines if comes_back(line)}
        if not expected:
            raise Refused(NOTHING_EXPECTED)
        _refuse_bad_counts(expected, counts)
        if late:
            _hold_what_was_released(lines)
        package = Package.objects.create(
            storefront=request.storefront,
            request=request,
            received_at=now,
            received_by=by.person,
            carrier=carrier.strip(),
            tracking_number=tracking_number.strip(),
        )
        for position, line in sorted(expected.items()):
            PackageLine.objects.create(package=package, line=line, quantity=counts[position])
            line.received_quantity = counts[position]
            line.save(update_fields=["received_quantity"])
        return transition.apply(
            request,
            action,
            by=by,
            now=now,
            data={"package": str(package.public_id), "units": sum(counts.values())},
            received_at=now,
            due_on=processing_due_on(request.policy_version.parsed(), now, frozenset(request.storefront.closing_days)),
        )


def _hold_what_was_released(lines: Iterable[ReturnLine]) -> None:
    wanted = Counter[int]()
    for line in lines:
        wanted[line.order_line_id] += line.held_quantity
    hold_again(wanted)


def _refuse_bad_counts(expected: Mapping[int, ReturnLine], counts: Mapping[int, int]) -> None:
    if set(counts) != set(expected):
        raise Refused("Count every line of the package; enter 0 for what isn't in it.")
    for position, count in counts.items():
        if not 0 <= count <= MOST_UNITS:
            raise Refused(f"A count is between 0 and {MOST_UNITS}.", field=f"line-{position}")
    if not any(counts.values()):
        raise Refused("Nothing was counted. If the package was empty, write an internal note instead.")
