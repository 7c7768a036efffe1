"""A return as its page reads it: every kind of rows once, and none that only staff may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from returns.components import PhotoView
from returns.differences import INSPECT_AGAIN, earlier_findings
from returns.domain.deadlines import local_date
from returns.domain.policy import PolicyTerms
from returns.domain.workflow import Action, Status
from returns.kept_queries import KeptQuery
from returns.models import (
    EarlierFinding,
    Message,
    OrderLine,
    Photo,
    ReturnEvent,
    ReturnLine,
    ReturnRequest,
    Settlement,
)
from returns.services.photos import DECLARABLE, MOST_PHOTOS
from returns.views.photo_box import photo_views
from returns.wording.endings import Ending
from returns.wording.missing import is_missing, is_report
from returns.wording.phrases import long_date, money
from returns.wording.verdicts import Seller

EVENTS: KeptQuery[tuple[Any, ...]] = KeptQuery(
    lambda request_id: (
        ReturnEvent.objects.filter(request_id=request_id, for_customer=True)
        .order_by("seq")
        .values_list("action", "target", "at", "data")
    )
)
LINES = KeptQuery(
    lambda request_id: (
        ReturnLine.objects.filter(request_id=request_id)
        .select_related("order_line", "exchange_product")
        .order_by("position")
    )
)
ORDER_LINES = KeptQuery(lambda order_id: OrderLine.objects.filter(order_id=order_id).order_by("position"))
MESSAGES = KeptQuery(
    lambda request_id: Message.objects.filter(request_id=request_id, internal=False).order_by("at", "id")
)
PHOTOS = KeptQuery(
    lambda request_id: (
        Photo.objects.filter(request_id=request_id)
        .exclude(message__internal=True)
        .select_related("order_line")
        .order_by("at", "id")
    )
)


class Event(NamedTuple):
    """What the page needs to know about an event of the history."""

    action: str
    target: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """A return with everything its page shows, each kind of rows read once."""

    rma: ReturnRequest
    status: Status
    terms: PolicyTerms
    lines: Sequence[ReturnLine]
    bought: Sequence[OrderLine]
    events: Sequence[Event]
    messages: Sequence[Message]
    photos: Sequence[Photo]
    found_before: Mapping[int, Sequence[EarlierFinding]]

    @classmethod
    def of(cls, rma: ReturnRequest) -> "Case":
        """Read what belongs to this return; what only staff may see is never read."""
        events = [Event(*row) for row in EVENTS.rows(rma.pk)]
        lines = LINES.rows(rma.pk)
        return cls(
            rma,
            Status(rma.status),
            rma.policy_version.parsed(),
            lines,
            ORDER_LINES.rows(rma.order_id),
            events,
            MESSAGES.rows(rma.pk),
            PHOTOS.rows(rma.pk),
            earlier_findings(lines) if any(event.action == INSPECT_AGAIN for event in events) else {},
        )

    @property
    def titles(self) -> list[str]:
        """The names of the order's lines by their index."""
        return [line.title for line in self.bought]

    @property
    def seller(self) -> Seller:
        """Where the order was placed, if not here."""
        return Seller(self.rma.order.seller_name, self.rma.order.seller_contact)

    @property
    def is_lost(self) -> bool:
        """Whether it was closed because its package never came (LPS-22)."""
        moves = [event.action for event in self.events if event.target]
        return self.status is Status.EXPIRED and moves[-1:] == [Action.CLOSE_LOST.value]

    @property
    def is_missing(self) -> bool:
        """Whether it reports a package that never came, with nothing to send back."""
        return is_missing(self.lines)

    @property
    def is_report(self) -> bool:
        """Whether all of it is the merchant's fault or never came: customers report that, they don't ask for it."""
        return is_report(self.lines)

    @property
    def photos_left(self) -> int:
        """How many photos the customer may still add."""
        if self.status not in DECLARABLE:
            return 0
        return max(0, MOST_PHOTOS - sum(not photo.from_staff and photo.hidden_at is None for photo in self.photos))

    @property
    def was_looked_at_again(self) -> bool:
        """Whether a second person has inspected it, after an objection."""
        return bool(self.found_before)

    def last(self, action: Action) -> Event | None:
        """The latest event of an action."""
        return next((event for event in reversed(self.events) if event.action == action.value), None)

    def day(self, at: datetime) -> str:
        """The day of an instant at the storefront."""
        return long_date(local_date(at, self.rma.storefront.zone))

    def photos_of(self, stage: str) -> list[PhotoView]:
        """The photos of a stage that came with no message."""
        these = [photo for photo in self.photos if photo.stage == stage and photo.message_id is None]
        return photo_views(these, self.rma.storefront)


def question_of(case: Case) -> str:
    """What staff asked when they asked for information last, whatever they wrote since."""
    asked = case.last(Action.REQUEST_INFORMATION)
    return next((one.body for one in case.messages if asked and one.from_staff and one.at == asked.at), "")


def ending_of(one: ReturnRequest) -> Ending | None:
    """How a completed return ended; None before that."""
    settlement: Settlement | None = getattr(one, "settlement", None)
    if settlement is None:
        return None
    resolution = settlement.given_as
    return Ending(
        resolution,
        is_paid=settlement.state == Settlement.CONFIRMED,
        amount=money(settlement.amount, settlement.currency),
        is_nothing=resolution.is_money and not settlement.total,
        sent_on=_sent_on(settlement, one),
        has_failed=settlement.state == Settlement.FAILED,
    )


def _sent_on(settlement: Settlement, one: ReturnRequest) -> str:
    """The day a refund was paid out, while nobody knows yet whether it has arrived."""
    if settlement.state != Settlement.SENT or settlement.state_at is None:
        return ""
    return long_date(local_date(settlement.state_at, one.storefront.zone))
