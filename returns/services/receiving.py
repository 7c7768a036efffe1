"""The dock: a package arrived, its units are counted line by line, and the processing deadline starts.

A return may come in several packages: each has its receipt, and their counts add up. The first one fixes the due day.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from returns.coming_back import comes_back
from returns.domain.deadlines import processing_due_on
from returns.domain.workflow import Action, Status
from returns.models import OrderLine, Package, PackageLine, ReturnLine, ReturnRequest
from returns.services import holding, transition
from returns.services.authorization import quote_authorized
from returns.services.errors import AlreadyDecided, Refused
from returns.services.extras import waive_for_damage
from returns.services.requests import hold_again
from returns.services.transition import By

MOST_UNITS = 9_999

NOTHING_EXPECTED = (
    "None of it ever reached the customer, so nothing comes back. "
    "Put the package aside and write a note on the request."
)
"""Why a return of missing packages alone has no package receipt."""

OVER_FIELD = "over_is_right"


class Noted(TypedDict, total=False):
    """What the dock notes of a package beside the counts.

    `damaged`: of the counted units of each line (by position), those damaged on the way back (LPS-22).
    `other_items`: what else was in it. `over_is_right`: more came than was authorized, and it was counted again.
    `held_id`: the held package that it was until now. `refused`: the customer refused it at the door, and whether
    because it was damaged (LPS-25).
    """

    carrier: str
    tracking_number: str
    damaged: Mapping[int, int]
    other_items: str
    over_is_right: bool
    held_id: uuid.UUID | None
    refused: str


def receive(
    *, request_id: int, counts: Mapping[int, int], by: By, now: datetime, **noted: Unpack[Noted]
) -> ReturnRequest:
    """Record the first package and what was counted in it (line position → units); fix the due day (GEN-10, RES-14…16).

    A count is a fact of the dock and may differ from what was authorized; what is accepted is decided at inspection.
    What never arrived at the customer is in no package and isn't counted (RES-29).
    Raises Refused where none of it can come back, where a line is missing or a count isn't possible, and where more
    came than was authorized and nobody said that this is right; AlreadyDecided where it was received already.
    """
    with transition.locked(request_id) as request:
        late = request.status == Status.EXPIRED.value
        action = Action.RECEIVE_LATE if late else Action.RECEIVE
        transition.refuse_unless_allowed(request, action, by)
        lines = list(request.lines.filter(authorized_quantity__gt=0))
        expected = _expected(lines, counts, noted)
        changes = _take_up(request, lines) if late else {}
        package = _unpack(request, uuid.uuid4(), by, now, noted)
        _add_up(package, expected, counts, noted)
        return transition.apply(
            request,
            action,
            by=by,
            now=now,
            data=_data(package, counts),
            received_at=now,
            due_on=processing_due_on(request.policy_version.parsed(), now, frozenset(request.storefront.closing_days)),
            **changes,
        )


def receive_another(
    *,
    request_id: int,
    nonce: uuid.UUID,
    counts: Mapping[int, int],
    by: By,
    now: datetime,
    **noted: Unpack[Noted],
) -> ReturnRequest:
    """Record a further package of a return that waits for its inspection; its counts are added, the due day stays.

    The same form sent twice counts once (B30): `nonce` names the package. Raises as `receive` does, and AlreadyDecided
    where the return isn't waiting for its inspection.
    """
    with transition.locked(request_id) as request:
        if request.packages.filter(public_id=nonce).exists():
            return request
        if not by.is_staff:
            raise Refused("You may not do this.")
        if request.status != Status.RECEIVED.value:
            raise AlreadyDecided(
                f"{request.number} isn't waiting for its inspection any more, so nothing can be added to it. "
                "Hold the package instead.",
                action="package",
            )
        lines = list(request.lines.filter(authorized_quantity__gt=0))
        expected = _expected(lines, counts, noted)
        package = _unpack(request, nonce, by, now, noted)
        _add_up(package, expected, counts, noted)
        transition.record(request, "package", by=by, now=now, data=_data(package, counts))
        return request


def _data(package: Package, counts: Mapping[int, int]) -> dict[str, object]:
    return {"package": str(package.public_id), "units": sum(counts.values())}


def _expected(lines: Iterable[ReturnLine], counts: Mapping[int, int], noted: Noted) -> dict[int, ReturnLine]:
    """The lines that can be in a package, by position, once the counts are possible."""
    expected = {line.position: line for line in lines if comes_back(line)}
    if not expected:
        raise Refused(NOTHING_EXPECTED)
    _refuse_bad_counts(expected, counts, is_empty_possible=bool(noted.get("other_items", "").strip()))
    _refuse_bad_damage(counts, noted.get("damaged", {}))
    if not noted.get("over_is_right"):
        _refuse_silent_over(expected, counts)
    return expected


def _unpack(request: ReturnRequest, public_id: uuid.UUID, by: By, now: datetime, noted: Noted) -> Package:
    package = Package.objects.create(
        storefront=request.storefront,
        request=request,
        public_id=public_id,
        received_at=now,
        received_by=by.person,
        carrier=noted.get("carrier", "").strip(),
        tracking_number=noted.get("tracking_number", "").strip(),
        other_items=noted.get("other_items", "").strip(),
        refused=_refused(request, noted),
    )
    if package.refused == Package.REFUSED_DAMAGED:
        waive_for_damage(request, by)
    if held_id := noted.get("held_id"):
        holding.match(held_id=held_id, package=package, by=by, now=now)
    return package


def _refused(request: ReturnRequest, noted: Noted) -> str:
    """How it came; where the policy bills no refused packages, all come alike (RES-46)."""
    refused = noted.get("refused", "")
    if refused not in {"", Package.REFUSED, Package.REFUSED_DAMAGED}:
        raise Refused("Choose how the package came.", field="refused")
    return refused if request.policy_version.parsed().refused_packages is not None else ""


def _add_up(package: Package, expected: Mapping[int, ReturnLine], counts: Mapping[int, int], noted: Noted) -> None:
    damaged = noted.get("damaged", {})
    for position, line in sorted(expected.items()):
        PackageLine.objects.create(
            package=package,
            line=line,
            quantity=counts[position],
            expected_quantity=still_expected(line),
            damaged_quantity=damaged.get(position, 0),
        )
        line.received_quantity = (line.received_quantity or 0) + counts[position]
        line.save(update_fields=["received_quantity"])


def still_expected(line: ReturnLine) -> int:
    """Authorized units of the line that haven't come yet."""
    return max(0, (line.authorized_quantity or 0) - (line.received_quantity or 0))


def _take_up(request: ReturnRequest, lines: Sequence[ReturnLine]) -> dict[str, Any]:
    """Hold again what an expired return gave free, and what it would give; what of both changes the return.

    What is in the package has to be free, or the package is refused. What never arrived is in none: units of it that
    were asked for again meanwhile are settled there, and are left out here (LPS-22, RES-29).
    """
    wanted = Counter[int]()
    for line in lines:
        if comes_back(line):
            wanted[line.order_line_id] += line.held_quantity
    hold_again(wanted)
    missing = [line for line in lines if not comes_back(line)]
    before = [line.held_quantity for line in missing]
    for line in missing:
        _hold_what_is_left(line)
    if [line.held_quantity for line in missing] == before:
        return {"amount": request.current_quote.total}
    everything = list(request.lines.select_related("order_line").order_by("position"))
    decided = quote_authorized(request, everything)
    return {"decision_quote": decided.as_data(), "amount": decided.total}


def _hold_what_is_left(line: ReturnLine) -> None:
    left = max(0, min(line.held_quantity, OrderLine.objects.get(pk=line.order_line_id).available))
    hold_again({line.order_line_id: left})
    if left < line.held_quantity:
        line.authorized_quantity, line.rejection_reason = left, "duplicate"
        line.save(update_fields=["authorized_quantity", "rejection_reason"])


def _refuse_bad_counts(
    expected: Mapping[int, ReturnLine], counts: Mapping[int, int], *, is_empty_possible: bool
) -> None:
    if set(counts) != set(expected):
        raise Refused("Count every line of the package; enter 0 for what isn't in it.")
    for position, count in counts.items():
        if not 0 <= count <= MOST_UNITS:
            raise Refused(f"A count is between 0 and {MOST_UNITS}.", field=f"line-{position}")
    if not any(counts.values()) and not is_empty_possible:
        raise Refused("Nothing was counted. If the package was empty, write an internal note instead.")


def _refuse_bad_damage(counts: Mapping[int, int], damaged: Mapping[int, int]) -> None:
    for position, count in damaged.items():
        if not 0 <= count <= counts.get(position, 0):
            raise Refused("No more units are damaged than are in the package.", field=f"damaged-{position}")


def _refuse_silent_over(expected: Mapping[int, ReturnLine], counts: Mapping[int, int]) -> None:
    for position, line in expected.items():
        if counts[position] > still_expected(line):
            raise Refused(over_sentence(line, counts[position]), field=OVER_FIELD)


def over_sentence(line: ReturnLine, count: int) -> str:
    """Why a count isn't taken without a word: `Serum: 3 are more than the 2 that were expected.`."""
    return (
        f"{line.order_line.title}: {count} are more than the {still_expected(line)} expected. "
        "Count again, and confirm it below if it is right."
    )
