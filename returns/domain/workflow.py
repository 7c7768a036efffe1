"""The life of a return, as one table: action, from-states, to-state, who may.

The server's guard, the buttons on the pages, the diagram in docs/workflow.md and the tests all read TRANSITIONS.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Where a return request stands."""

    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    INFORMATION_REQUESTED = "information_requested"
    AUTHORIZED = "authorized"
    SHIPPED = "shipped"
    RECEIVED = "received"
    INSPECTED = "inspected"
    DIFFERENCE_SENT = "difference_sent"
    COMPLETED = "completed"
    REJECTED = "rejected"
    REDIRECTED = "redirected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"

    @property
    def is_final(self) -> bool:
        """True where nothing is left to do, short of a manager's exception."""
        return self in FINAL


class Action(StrEnum):
    """What moves a return request from one status to the next."""

    TAKE = "take"
    REQUEST_INFORMATION = "request_information"
    ANSWER = "answer"
    AUTHORIZE = "authorize"
    REJECT = "reject"
    REDIRECT = "redirect"
    WITHDRAW = "withdraw"
    SHIP = "ship"
    RECEIVE = "receive"
    RECEIVE_LATE = "receive_late"
    INSPECT = "inspect"
    SEND_DIFFERENCE = "send_difference"
    ANSWER_DIFFERENCE = "answer_difference"
    SETTLE = "settle"
    SETTLE_WITHOUT_GOODS = "settle_without_goods"
    EXPIRE = "expire"
    CLOSE_LOST = "close_lost"
    REOPEN = "reopen"


class Actor(StrEnum):
    """Who acts. The owner is the customer or the guest the request belongs to; the worker is the portal itself."""

    OWNER = "owner"
    SUPPORT = "support"
    MANAGER = "manager"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table: an action, the statuses it starts from, the status it leads to, and who may take it."""

    action: Action
    sources: frozenset[Status]
    target: Status
    actors: frozenset[Actor]


FINAL = frozenset({Status.COMPLETED, Status.REJECTED, Status.REDIRECTED, Status.WITHDRAWN, Status.EXPIRED})
"""No action leads on from these, except receive_late and reopen, which are a manager's."""

OPEN = frozenset(Status) - FINAL
"""Statuses in which somebody still owes somebody something."""

AWAITING_DECISION = frozenset({Status.SUBMITTED, Status.IN_REVIEW, Status.INFORMATION_REQUESTED})
"""Statuses before staff have decided."""

PROCESSING = frozenset({Status.RECEIVED, Status.INSPECTED, Status.DIFFERENCE_SENT})
"""Statuses in which the processing deadline runs (LPS-32, CON-32, RES-16)."""

_STAFF = (Actor.SUPPORT, Actor.MANAGER)


def _row(action: Action, sources: Iterable[Status], target: Status, *actors: Actor) -> Transition:
    return Transition(action, frozenset(sources), target, frozenset(actors))


TRANSITIONS: tuple[Transition, ...] = (
    _row(Action.TAKE, {Status.SUBMITTED}, Status.IN_REVIEW, *_STAFF),
    _row(Action.REQUEST_INFORMATION, {Status.SUBMITTED, Status.IN_REVIEW}, Status.INFORMATION_REQUESTED, *_STAFF),
    _row(Action.ANSWER, {Status.INFORMATION_REQUESTED}, Status.IN_REVIEW, Actor.OWNER, *_STAFF),
    _row(Action.AUTHORIZE, {Status.SUBMITTED, Status.IN_REVIEW}, Status.AUTHORIZED, *_STAFF),
    _row(Action.REJECT, AWAITING_DECISION, Status.REJECTED, *_STAFF),
    _row(Action.REDIRECT, {Status.SUBMITTED, Status.IN_REVIEW}, Status.REDIRECTED, *_STAFF),
    _row(
        Action.WITHDRAW,
        AWAITING_DECISION | {Status.AUTHORIZED, Status.SHIPPED},
        Status.WITHDRAWN,
        Actor.OWNER,
        *_STAFF,
    ),
    _row(Action.SHIP, {Status.AUTHORIZED}, Status.SHIPPED, Actor.OWNER, *_STAFF),
    _row(Action.RECEIVE, {Status.AUTHORIZED, Status.SHIPPED}, Status.RECEIVED, *_STAFF),
    _row(Action.RECEIVE_LATE, {Status.EXPIRED}, Status.RECEIVED, Actor.MANAGER),
    _row(Action.INSPECT, {Status.RECEIVED}, Status.INSPECTED, *_STAFF),
    _row(Action.SEND_DIFFERENCE, {Status.INSPECTED}, Status.DIFFERENCE_SENT, *_STAFF),
    _row(Action.ANSWER_DIFFERENCE, {Status.DIFFERENCE_SENT}, Status.INSPECTED, Actor.OWNER, *_STAFF),
    _row(Action.SETTLE, {Status.INSPECTED, Status.DIFFERENCE_SENT}, Status.COMPLETED, *_STAFF),
    _row(Action.SETTLE_WITHOUT_GOODS, {Status.AUTHORIZED}, Status.COMPLETED, *_STAFF),
    _row(Action.EXPIRE, {Status.AUTHORIZED, Status.SHIPPED}, Status.EXPIRED, Actor.WORKER),
    # LPS-22: nobody answers for a package that never arrives. A late one can still be received.
    _row(Action.CLOSE_LOST, {Status.SHIPPED}, Status.EXPIRED, *_STAFF),
    _row(Action.REOPEN, {Status.REJECTED}, Status.IN_REVIEW, Actor.MANAGER),
)

BY_ACTION: dict[Action, Transition] = {row.action: row for row in TRANSITIONS}


def pairs() -> frozenset[tuple[Status, Status]]:
    """Every legal move as (from, to); all others are illegal."""
    return frozenset((source, row.target) for row in TRANSITIONS for source in row.sources)


def is_legal(action: Action, status: Status) -> bool:
    """True where the table lets `action` start from `status`, whoever acts."""
    return status in BY_ACTION[action].sources


def may(action: Action, status: Status, actor: Actor) -> bool:
    """True where the table lets this actor take this action from this status."""
    return is_legal(action, status) and actor in BY_ACTION[action].actors


def available(status: Status, actor: Actor) -> tuple[Action, ...]:
    """The actions this actor may take now, in the order of the table; buttons come from here."""
    return tuple(row.action for row in TRANSITIONS if status in row.sources and actor in row.actors)
