"""The one place that changes a request's status.

In one transaction it locks the row, asks the workflow table, saves, appends the event and adds the outbox rows.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from returns import notifications
from returns.domain.workflow import BY_ACTION, FINAL, Action, Actor, Status, is_legal, may
from returns.models import CustomerAccount, Order, ReturnEvent, ReturnRequest
from returns.services.errors import AlreadyDecided, Refused
from returns.wording.phrases import brief_moment
from returns.wording.workflow import ACTION_WORDS, STATUS_WORDS


@dataclass(frozen=True, slots=True)
class By:
    """Who acts: a person in a capacity, a guest (no person), or the portal's own worker."""

    kind: Actor
    user: User | None = None

    @property
    def is_staff(self) -> bool:
        """True where a member of staff acts in that capacity."""
        return self.kind in {Actor.SUPPORT, Actor.MANAGER}

    @property
    def person(self) -> User:
        """The signed-in person; Refused for guests and the worker."""
        if self.user is None:
            raise Refused(_("You may not do this."))
        return self.user

    @classmethod
    def staff(cls, user: User) -> "By":
        """A member of staff in the capacity of their role."""
        return cls(Actor.MANAGER if user.role == Role.MANAGER else Actor.SUPPORT, user)

    @classmethod
    def owner(cls, user: User | None) -> "By":
        """The customer, or a guest where there is no user."""
        return cls(Actor.OWNER, user)

    @classmethod
    def worker(cls) -> "By":
        """The portal itself."""
        return cls(Actor.WORKER)


@contextmanager
def locked(request_id: int) -> Iterator[ReturnRequest]:
    """The request under its row lock, in a transaction.

    Lock order everywhere: order, its requests, its lines by key, account. Rows are locked without their keys, so that
    a new request for the same order, which only refers to it, never waits in a circle.
    """
    with transaction.atomic():
        order_id = ReturnRequest.objects.values_list("order_id", flat=True).get(pk=request_id)
        order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
        request = ReturnRequest.objects.select_for_update(no_key=True).get(pk=request_id)
        request.order = order
        yield request


def refuse_unless_allowed(request: ReturnRequest, action: Action, by: By) -> None:
    """Raise where the table doesn't let `by` take `action` now: AlreadyDecided where the status has moved on."""
    status = Status(request.status)
    if not is_legal(action, status):
        raise AlreadyDecided(_moved_on(request, action), action=action.value)
    if not may(action, status, by.kind):
        raise Refused(_("You may not do this."))


def is_own_order(request: ReturnRequest, by: By) -> bool:
    """Whether a member of staff looks at a return of an order of their own."""
    return is_theirs(request.order, by, request.contact_email)


def is_theirs(order: Order, by: By, *addresses: str) -> bool:
    """Whether an order is a member of staff's own: by its account, or by an address of theirs."""
    if not by.is_staff:
        return False
    is_mine = order.account is not None and is_own_account(order.account, by)
    return is_mine or by.person.email.lower() in {order.email.lower(), *(address.lower() for address in addresses)}


def is_own_account(account: CustomerAccount, by: By) -> bool:
    """Whether an account is a member of staff's own, by its user or one of its addresses (B34)."""
    if not by.is_staff:
        return False
    me = by.person
    return account.user_id == me.pk or me.email.lower() in {account.email.lower(), account.main_contact_email.lower()}


def refuse_own_order(request: ReturnRequest, by: By) -> None:
    """Raise where a member of staff would decide about, or pay for, an order of their own (B34)."""
    if is_own_order(request, by):
        raise Refused(_("This is your own order. Somebody else has to decide."))


def _moved_on(request: ReturnRequest, action: Action) -> str:
    last = request.events.select_related("actor").order_by("-seq").first()
    words = _(STATUS_WORDS[Status(request.status)])
    if last is None or last.actor is None or not last.actor.is_staff:
        step = {"number": request.number, "status": words, "step": _(ACTION_WORDS[action])}
        return _("%(number)s is %(status)s now, so this step (%(step)s) isn't possible.") % step
    return _("%(person)s was first: %(number)s is %(status)s since %(moment)s. You changed nothing.") % {
        "person": last.actor.get_short_name(),
        "number": request.number,
        "status": words,
        "moment": brief_moment(last.at, request.storefront.zone),
    }


def apply(
    request: ReturnRequest,
    action: Action,
    *,
    by: By,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    **changes: Any,
) -> ReturnRequest:
    """Move a locked request along the table, with the event and the messages that belong to it.

    `changes` are fields saved in the same statement. Raises AlreadyDecided or Refused; then nothing was changed.
    The caller holds the row lock (`locked`); `data` holds ids, numbers and codes only, never free text.
    """
    refuse_unless_allowed(request, action, by)
    source, target = Status(request.status), BY_ACTION[action].target
    for name, value in changes.items():
        setattr(request, name, value)
    request.status = target.value
    if target in FINAL:
        request.closed_at = now
    elif source in FINAL:
        request.closed_at = None
    event = _append(request, action.value, by=by, now=now, data=data, source=source, target=target)
    request.save()
    notifications.enqueue_for_event(event)
    return request


def record(
    request: ReturnRequest,
    action: str,
    *,
    by: By,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    for_customer: bool = True,
    tells: bool = True,
) -> ReturnEvent:
    """Append an event that doesn't change the status of a locked request (filed, message, assigned, package).

    `tells` is False where another event of the same moment tells the customer, or they did it themselves.
    """
    event = _append(request, action, by=by, now=now, data=data, for_customer=for_customer)
    request.save(update_fields=["event_seq", "last_activity_at"])
    if tells:
        notifications.enqueue_for_event(event)
    return event


def _append(
    request: ReturnRequest,
    action: str,
    *,
    by: By,
    now: datetime,
    data: Mapping[str, Any] | None,
    source: Status | None = None,
    target: Status | None = None,
    for_customer: bool = True,
) -> ReturnEvent:
    request.event_seq += 1
    request.last_activity_at = now
    try:
        with transaction.atomic():
            return ReturnEvent.objects.create(
                request=request,
                seq=request.event_seq,
                action=action,
                transition_id=f"{source.value}>{target.value}" if source and target else None,
                source=source.value if source else "",
                target=target.value if target else "",
                actor=by.user,
                actor_kind=by.kind.value,
                for_customer=for_customer,
                data=dict(data or {}),
                at=now,
            )
    except IntegrityError as error:
        why = _("%(number)s was changed by somebody else at the same moment.") % {"number": request.number}
        raise AlreadyDecided(why) from error
