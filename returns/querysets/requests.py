"""Named reads of return requests."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from returns.domain.rma_number import (
    PREFIX,
    SHORTEST_BEGINNING,
    Reading,
    read_beginning,
    read_reference,
    read_rma_number,
)
from returns.domain.workflow import AWAITING_DECISION, FINAL, PROCESSING, Status
from returns.querysets.orders import own_account_or
from returns.querysets.sort_keys import OWED_KEYS, QUEUE_KEYS, RETURN_KEYS
from returns.viewer import Viewer

if TYPE_CHECKING:
    from accounts.models import User
    from returns.models import ReturnRequest, Storefront  # noqa: F401  in quotes

# Sorted: a set's order changes from process to process, and the text of a query must not (an index has to fit it).
_FINAL = sorted(status.value for status in FINAL)
_PROCESSING = sorted(status.value for status in PROCESSING)
_AWAITING_DECISION = sorted(status.value for status in AWAITING_DECISION)
_NO_DUE_DAY = date.max

MOST_ORDERS_BEGUN = 500
"""So many orders at most are looked through for the beginning of a number."""

NEWS = ("message", "photos_added")
"""What a customer does beside the steps of a return, and staff want to read."""


def on_the_clock() -> Q:
    """Requests whose processing deadline runs and doesn't stand still."""
    return Q(status__in=_PROCESSING, answer_due_on__isnull=True)


def overdue(now: datetime, storefronts: "Iterable[Storefront]") -> Q:
    """Requests at these storefronts promised for an earlier day than today, by the calendar of each, and not done."""
    late = Q(pk__in=[])
    for storefront in storefronts:
        late |= Q(storefront=storefront, due_on__lt=now.astimezone(storefront.zone).date())
    return on_the_clock() & late


class ReturnRequestQuerySet(models.QuerySet["ReturnRequest"]):
    """Return requests."""

    def owned_by(self, viewer: Viewer) -> Self:
        """Requests for the viewer's own orders, and for those a guest link opened in this session."""
        mine = Q(order_id__in=viewer.guest_orders)
        if viewer.user_id is not None:
            mine |= Q(order__account__user_id=viewer.user_id)
        return self.filter(mine)

    def visible_to(self, viewer: Viewer) -> Self:
        """Own requests for customers and guests; those of their storefronts for staff."""
        if viewer.is_staff:
            return self.filter(storefront__memberships__user_id=viewer.user_id)
        return self.owned_by(viewer)

    def owned_at(self, viewer: Viewer, storefront: "Storefront") -> Self:
        """The viewer's requests at one storefront, in a form that is as fast for thousands of them as for one."""
        mine = own_account_or(Q(order_id__in=viewer.guest_orders), viewer, storefront)
        return self.filter(mine, storefront=storefront)

    def newest_first(self) -> Self:
        """The latest request first. RETURN_KEYS are the parts of the order, to page by."""
        return self.order_by(*(f"-{key.name}" for key in RETURN_KEYS))

    def open(self) -> Self:
        """Requests in which somebody still owes somebody something."""
        return self.exclude(status__in=_FINAL)

    def owing_goods(self) -> Self:
        """Settled ones whose package to the customer isn't noted yet, what leaves first on top.

        OWED_KEYS are the parts of the order, to page by.
        """
        return self.filter(goods_owed_on__isnull=False).order_by(*(key.name for key in OWED_KEYS))

    def processing(self) -> Self:
        """Requests whose processing deadline runs."""
        return self.filter(status__in=_PROCESSING)

    def paused(self) -> Self:
        """Requests whose clock stands still, because the customer can still answer to the difference."""
        return self.filter(status=Status.DIFFERENCE_SENT.value, answer_due_on__isnull=False)

    def on_the_clock(self) -> Self:
        """Requests whose processing deadline runs and doesn't stand still."""
        return self.filter(on_the_clock())

    def in_storefronts(self, storefronts: Iterable[Any]) -> Self:
        """Requests at any of these storefronts."""
        return self.filter(storefront__in=list(storefronts))

    def late(self, now: datetime, storefronts: "Iterable[Storefront]") -> Self:
        """Requests at these storefronts that are overdue."""
        return self.filter(overdue(now, storefronts))

    def taken_by(self, user: "User") -> Self:
        """Requests this person looks after."""
        return self.filter(owner=user)

    def taken_by_nobody(self) -> Self:
        """Requests without an owner."""
        return self.filter(owner__isnull=True)

    def due_within(self, days: "Mapping[Storefront, tuple[date, date]]") -> Self:
        """Requests whose deadline runs and ends between these two days, both included, at each of these storefronts."""
        due = Q(pk__in=[])
        for storefront, (first, last) in days.items():
            due |= Q(storefront=storefront, due_on__range=(first, last))
        return self.on_the_clock().filter(due)

    def with_rank(self) -> Self:
        """The parts of the queue's order: claims that wait for a decision are in lane 0; no due day is the last."""
        waiting_claim = When(is_claim=True, status__in=_AWAITING_DECISION, then=Value(0))
        return self.annotate(
            lane=Case(waiting_claim, default=Value(1), output_field=models.SmallIntegerField()),
            due_rank=Coalesce("due_on", Value(_NO_DUE_DAY)),
        )

    def in_queue_order(self) -> Self:
        """Claims that wait for a decision first, then by due day (so the overdue ones), then the oldest.

        QUEUE_KEYS are the parts of the order, to page by.
        """
        return self.with_rank().order_by(*(key.name for key in QUEUE_KEYS))

    def with_last_action(self) -> Self:
        """What happened last, as `last_action`; what a customer wrote since staff did anything, `customer_message`."""
        from returns.models import ReturnEvent

        events = ReturnEvent.objects.filter(request=OuterRef("pk"))
        last = events.filter(seq=OuterRef("event_seq")).order_by().values("action")
        by_staff = Q(actor_kind__in=["support", "manager"])
        written = Q(actor_kind="owner", action__in=NEWS, at__gt=OuterRef("requested_at"))
        news = When(actor_kind="owner", action="message", then=Value("customer_message"))
        shown = When(actor_kind="owner", then=F("action"))
        latest = events.filter(by_staff | written).order_by("-seq")
        latest = latest.annotate(news=Case(news, shown, default=None, output_field=models.CharField()))
        return self.annotate(last_action=Coalesce(Subquery(latest.values("news")[:1]), Subquery(last)))

    def with_last_move(self) -> Self:
        """The action that led to the status, as `last_move`."""
        from returns.models import ReturnEvent

        moves = ReturnEvent.objects.filter(request=OuterRef("pk")).exclude(target="").order_by("-seq")
        return self.annotate(last_move=Subquery(moves.values("action")[:1]))

    def without_long_texts(self) -> Self:
        """Leaves what a page about one return doesn't read until it is asked for.

        The terms of a published policy are kept once parsed (`PolicyVersion.parsed`), and decoding both costs more
        than most of the page's queries.
        """
        return self.defer("policy_version__terms", "storefront__help_topics")

    def with_what_lines_have(self) -> Self:
        """Whether any line has an override or an earlier finding, or any mail failed: `has_overrides` and so on."""
        from returns.models import EarlierFinding, Notification, Override

        of_lines = {"line__request": OuterRef("pk")}
        return self.annotate(
            has_overrides=Exists(Override.objects.filter(**of_lines).order_by()),
            has_earlier_findings=Exists(EarlierFinding.objects.filter(**of_lines).order_by()),
            has_failed_mails=Exists(Notification.objects.filter(request=OuterRef("pk"), state="failed").order_by()),
        )

    def numbered(self, text: str) -> Self:
        """The one request with this RMA number or reference, however it was typed."""
        rma_number, reference = read_rma_number(text), read_reference(text)
        if rma_number.reading is Reading.VALID:
            return self.filter(rma_number=rma_number.number)
        return self.filter(reference=reference) if reference else self.none()

    def numbered_from(self, text: str) -> Self:
        """Requests whose RMA number or reference begins with this, from four characters on, however it was typed."""
        part = read_beginning(text)
        if part is None:
            return self.none()
        return self.filter(Q(rma_number__startswith=f"{PREFIX}-{part}") | Q(reference__startswith=part))

    # Each way to find a return has an index of its own; several of them in one condition would have none.

    def of_order(self, text: str) -> Self:
        """Requests for the order with this number, with or without its `#` and dashes."""
        from returns.models.orders import order_number_key

        key = order_number_key(text)
        return self.filter(order__number_key=key) if key else self.none()

    def of_order_from(self, text: str) -> Self:
        """Requests for the first orders whose number begins with this, from four characters on."""
        from returns.models import Order
        from returns.models.orders import order_number_key

        key = order_number_key(text)
        if len(key) < SHORTEST_BEGINNING:
            return self.none()
        # A short beginning fits thousands of orders; the first of them are read from the index, and no more.
        orders = Order.objects.filter(number_key__startswith=key).order_by("number_key")
        return self.filter(order__in=orders.values("pk")[:MOST_ORDERS_BEGUN])

    def tracked_as(self, text: str) -> Self:
        """Requests whose package has this tracking number."""
        return self.filter(tracking_number__in=[text, "".join(text.split())])

    def sent_as(self, text: str) -> Self:
        """Requests for orders that were sent with this tracking number."""
        return self.filter(order__tracking_number__in=[text, "".join(text.split())])

    def of_account(self, text: str) -> Self:
        """Requests of the customer account with this number."""
        return self.filter(account__number__iexact=text)

    def naming_account(self, text: str) -> Self:
        """Requests whose customer wrote this account number."""
        return self.filter(contact_account_number__iexact=text)

    def mailed_to(self, text: str) -> Self:
        """Requests whose mails go to this address."""
        return self.filter(contact_email__iexact=text)

    def ordered_from(self, text: str) -> Self:
        """Requests for orders placed from this address."""
        return self.filter(order__email__iexact=text)

    def named_like(self, text: str) -> Self:
        """Requests whose customer has all these words in the name."""
        return self.filter(*(Q(contact_name__icontains=word) for word in text.split()))

    def ordered_in_a_name_like(self, text: str) -> Self:
        """Requests for orders placed under a name with all these words."""
        return self.filter(*(Q(order__name__icontains=word) for word in text.split()))
