"""What was found for a package, as the dock lists it: what can take it first, the rest last with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from returns.domain.workflow import AWAITING_DECISION, Action, Actor, Status, may
from returns.models import ReturnRequest, Storefront
from returns.views.desk_find import with_orders


@dataclass(frozen=True, slots=True)
class Hits:
    """Returns that can take a package now, those that wait for one first; and those that can't, with the reason."""

    open: Sequence[ReturnRequest]
    shut: Sequence[tuple[ReturnRequest, str]]

    def __bool__(self) -> bool:
        return bool(self.open or self.shut)


def for_package(found: Sequence[ReturnRequest], kind: Actor, *, came_to: Storefront | None = None) -> Hits:
    """The returns found, sorted by whether somebody of this kind can receive a package of them; the newest first.

    Those of the storefront that the package came to, where it is known, stand before the others.
    """
    rows = sorted(with_orders(found), key=lambda rma: rma.requested_at, reverse=True)
    rows.sort(key=lambda rma: came_to is not None and rma.storefront != came_to)
    fitting = sorted((rma for rma in rows if can_take(rma, kind)), key=lambda rma: rma.status == Status.RECEIVED)
    return Hits(fitting, [(rma, _why_shut(Status(rma.status))) for rma in rows if not can_take(rma, kind)])


def can_take(rma: ReturnRequest, kind: Actor) -> bool:
    """Whether a package can be received for it: its first one, or a further one until it is inspected."""
    status = Status(rma.status)
    is_first = may(Action.RECEIVE, status, kind) or may(Action.RECEIVE_LATE, status, kind)
    return status is Status.RECEIVED or (is_first and rma.goods_come_back)


def _why_shut(status: Status) -> str:
    if status in AWAITING_DECISION:
        return "Not authorized yet"
    if status is Status.AUTHORIZED:
        return "Nothing of it comes back"
    if status is Status.EXPIRED:
        return "Expired; a manager can still receive it"
    return "Closed already" if status.is_final else "Inspected already"
