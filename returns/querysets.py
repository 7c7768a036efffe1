"""Every named read. Fetch-and-authorize is one line: get_object_or_404(Model.objects.visible_to(viewer), …)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from accounts.roles import Role
from returns.domain.policy import Barred, PolicyTerms
from returns.domain.queue import read_amount
from returns.domain.rma_number import (
    PREFIX,
    SHORTEST_BEGINNING,
    Reading,
    read_beginning,
    read_reference,
    read_rma_number,
)
from returns.domain.workflow import AWAITING_DECISION, FINAL, PROCESSING, Status
from returns.paging import Key

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from returns.models import (  # noqa: F401  in quotes
        CustomerAccount,
        License,
        Notification,
        Order,
        Photo,
        PolicyVersion,
        Product,
        ReturnRequest,
        Settlement,
        Storefront,
    )

# Sorted: a set's order changes from process to process, and the text of a query must not (an index has to fit it).
_FINAL = sorted(status.value for status in FINAL)
_PROCESSING = sorted(status.value for status in PROCESSING)
_AWAITING_DECISION = sorted(status.value for status in AWAITING_DECISION)
_NO_DUE_DAY = date.max


MOST_ORDERS_BEGUN = 500
"""So many orders at most are looked through for the beginning of a number."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks: a signed-in person, or a guest whose session was granted some orders, or nobody.

    `guest_orders` holds the ids of orders opened by a guest link in this session.
    """

    user: "User | AnonymousUser | None" = None
    guest_orders: frozenset[int] = frozenset()

    @property
    def user_id(self) -> int | None:
        """The signed-in person's key, or None."""
        return self.user.pk if self.user is not None and self.user.is_authenticated else None

    @property
    def is_staff(self) -> bool:
        """True for support staff and managers who are still active."""
        return bool(self.user_id and self.user is not None and self.user.is_staff and self.user.is_active)

    @property
    def is_employed(self) -> bool:
        """True for everybody who signed in and is no customer: staff, and administrators, who see no return."""
        return bool(self.user_id) and getattr(self.user, "role", Role.CUSTOMER) != Role.CUSTOMER

    @property
    def is_administrator(self) -> bool:
        """True for administrators who are still active."""
        return bool(self.user_id) and getattr(self.user, "role", None) == Role.ADMINISTRATOR

    @property
    def is_manager(self) -> bool:
        """True for managers who are still active."""
        return self.is_staff and getattr(self.user, "role", None) == Role.MANAGER


class StorefrontQuerySet(models.QuerySet["Storefront"]):
    """Storefronts."""

    def staffed_by(self, viewer: Viewer) -> Self:
        """Those the viewer works for; none for customers and guests."""
        if not viewer.is_staff:
            return self.none()
        return self.filter(memberships__user_id=viewer.user_id)


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    """Policy versions."""

    def managed_by(self, viewer: Viewer) -> Self:
        """Those of the storefronts a manager works for; none for everybody else."""
        if not viewer.is_manager:
            return self.none()
        return self.filter(storefront__memberships__user_id=viewer.user_id)

    def published(self) -> Self:
        """Those that are published, whether in force, superseded or to come."""
        return self.filter(published_at__isnull=False)

    def drafts(self) -> Self:
        """Those that can still be changed, at most one at each storefront."""
        return self.filter(published_at__isnull=True)


class CustomerAccountQuerySet(models.QuerySet["CustomerAccount"]):
    """Customer accounts."""

    def owned_by(self, viewer: Viewer) -> Self:
        """The viewer's own accounts."""
        if viewer.user_id is None:
            return self.none()
        return self.filter(user_id=viewer.user_id)

    def visible_to(self, viewer: Viewer) -> Self:
        """Own accounts for customers; those of their storefronts for staff."""
        if viewer.is_staff:
            return self.filter(storefront__memberships__user_id=viewer.user_id)
        return self.owned_by(viewer)

    def numbered(self, text: str) -> Self:
        """The accounts with this number, one at each storefront."""
        return self.filter(number__iexact=text)

    def at_address(self, text: str) -> Self:
        """Accounts with this email address."""
        return self.filter(email__iexact=text)

    def named_like(self, text: str) -> Self:
        """Accounts with all these words in the name."""
        return self.filter(*(Q(name__icontains=word) for word in text.split()))


def _account_or(guests: Q, viewer: Viewer, storefront: "Storefront") -> Q:
    """The one account the viewer has at a storefront, or what a guest link opened.

    The account's key is read first: of a value PostgreSQL knows how many rows it has, and it takes the newest ones from
    the index. Joined to the account it would read and sort all of them for every page.
    """
    from returns.models import CustomerAccount

    own = CustomerAccount.objects.owned_by(viewer).filter(storefront=storefront)
    key = own.values_list("pk", flat=True).first()
    return guests if key is None else guests | Q(account_id=key)


class OrderQuerySet(models.QuerySet["Order"]):
    """Orders."""

    def owned_by(self, viewer: Viewer) -> Self:
        """Orders of the viewer's own accounts, and those a guest link opened in this session."""
        mine = Q(pk__in=viewer.guest_orders)
        if viewer.user_id is not None:
            mine |= Q(account__user_id=viewer.user_id)
        return self.filter(mine)

    def visible_to(self, viewer: Viewer) -> Self:
        """Own orders for customers and guests; those of their storefronts for staff."""
        if viewer.is_staff:
            return self.filter(storefront__memberships__user_id=viewer.user_id)
        return self.owned_by(viewer)

    def owned_at(self, viewer: Viewer, storefront: "Storefront") -> Self:
        """The viewer's orders at one storefront, in a form that is as fast for thousands of them as for one."""
        return self.filter(_account_or(Q(pk__in=viewer.guest_orders), viewer, storefront), storefront=storefront)

    def newest_first(self) -> Self:
        """The latest order first. ORDER_KEYS are the parts of the order, to page by."""
        return self.order_by(*(f"-{key.name}" for key in ORDER_KEYS))

    def about(self, text: str) -> Self:
        """Orders whose number begins with this, however it was typed, or that have a product of this name."""
        from returns.models.orders import OrderLine, order_number_key

        key = order_number_key(text)
        named = Exists(OrderLine.objects.filter(order=OuterRef("pk"), title__icontains=text.strip()))
        return self.filter(Q(number_key__startswith=key) | named) if key else self.filter(named)


NEWS = ("message", "photos_added")
"""What a customer does beside the steps of a return, and staff want to read."""

NOT_SOLD = ("promo", "sample")
"""Kinds of products that come free and are never bought."""


class ProductQuerySet(models.QuerySet["Product"]):
    """Catalogue entries."""

    def exchangeable_at(self, storefront: "Storefront", terms: PolicyTerms) -> Self:
        """What this storefront sells and may send in exchange by these terms, if it is in stock (CON-15, CON-35)."""
        barring = [rule for rule in terms.exclusions if Barred.EXCHANGES in rule.bars]
        kinds = {*NOT_SOLD, *(kind for rule in barring for kind in rule.kinds)}
        flags = sorted({flag for rule in barring for flag in rule.flags})
        found = self.filter(storefront=storefront).exclude(kind__in=sorted(kinds))
        return found.exclude(flags__overlap=flags) if flags else found


class LicenseQuerySet(models.QuerySet["License"]):
    """Licenses that customers showed."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those of their storefronts for staff, none for anybody else: customers see theirs on their account's page."""
        if not viewer.is_staff:
            return self.none()
        return self.filter(account__storefront__memberships__user_id=viewer.user_id)

    def waiting(self) -> Self:
        """Licenses nobody has decided about. LICENSE_KEYS are the parts of their order, to page by."""
        return self.filter(state="waiting")


class SettlementQuerySet(models.QuerySet["Settlement"]):
    """How returns ended in money or goods."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those of their storefronts for staff, none for anybody else: customers see theirs with the return."""
        if not viewer.is_staff:
            return self.none()
        return self.filter(request__storefront__memberships__user_id=viewer.user_id)

    def payouts(self, state: str = "") -> Self:
        """Those with a refund to the payment method, in a state. PAYOUT_KEYS are the parts of their order."""
        refunds = self.filter(payout__gt=0)
        return refunds.filter(state=state) if state else refunds


class PhotoQuerySet(models.QuerySet["Photo"]):
    """Photos of drafts, requests and licenses."""

    def owned_by(self, viewer: Viewer) -> Self:
        """Photos of the viewer's own drafts, requests and licenses; for a guest, of the orders their link opened."""
        mine = Q(request__order_id__in=viewer.guest_orders)
        mine |= Q(draft__user__isnull=True, draft__order_id__in=viewer.guest_orders)
        if viewer.user_id is not None:
            mine |= Q(request__order__account__user_id=viewer.user_id)
            mine |= Q(draft__user_id=viewer.user_id, draft__order__account__user_id=viewer.user_id)
            mine |= Q(license__account__user_id=viewer.user_id)
        return self.filter(mine).exclude(message__internal=True)

    def visible_to(self, viewer: Viewer) -> Self:
        """Own photos for customers and guests; for staff those of requests, licenses and held packages there."""
        if viewer.is_staff:
            staffed = Q(request__storefront__memberships__user_id=viewer.user_id)
            staffed |= Q(held__storefront__memberships__user_id=viewer.user_id)
            return self.filter(staffed | Q(license__account__storefront__memberships__user_id=viewer.user_id))
        return self.owned_by(viewer)

    def shown(self) -> Self:
        """Those that staff haven't hidden."""
        return self.filter(hidden_at__isnull=True)

    def at(self, storefront: "Storefront") -> Self:
        """Those of drafts, requests and licenses at one storefront."""
        return self.filter(
            Q(draft__order__storefront=storefront)
            | Q(request__storefront=storefront)
            | Q(license__account__storefront=storefront)
        )


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
        mine = _account_or(Q(order_id__in=viewer.guest_orders), viewer, storefront)
        return self.filter(mine, storefront=storefront)

    def newest_first(self) -> Self:
        """The latest request first. RETURN_KEYS are the parts of the order, to page by."""
        return self.order_by(*(f"-{key.name}" for key in RETURN_KEYS))

    def open(self) -> Self:
        """Requests in which somebody still owes somebody something."""
        return self.exclude(status__in=_FINAL)

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


def aware(text: str) -> datetime:
    """An instant from a URL, in UTC. Raises ValueError for what is none, or has no time zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    # At the ends of time an offset leads out of it: better an OverflowError here than in the database's driver.
    return at.astimezone(UTC)


def _number_key(text: str) -> str:
    if not text.isalnum():
        raise ValueError(text)
    return text


ORDER_KEYS = (Key("placed_at", aware), Key("number_key", _number_key))
"""How a customer's orders are sorted, in descending order; the number makes it unique at a storefront."""

RETURN_KEYS = (Key("requested_at", aware), Key("reference", str))
"""How a customer's returns are sorted, in descending order; the reference makes it unique."""

LICENSE_KEYS = (Key("uploaded_at", aware), Key("public_id", UUID))
"""How waiting licenses are sorted, the longest first."""

PAYOUT_KEYS = (Key("decided_at", aware), Key("public_id", UUID))
"""How refunds to pay out are sorted, the longest decided first."""

CREDIT_KEYS = (Key("at", aware), Key("public_id", UUID))
"""How the lines of a store credit are sorted, in descending order."""

QUEUE_KEYS = (
    Key("lane", int),
    Key("due_rank", date.fromisoformat),
    Key("requested_at", aware),
    Key("reference", str),
)
"""How the queue is sorted, in ascending order; the reference makes it unique."""


def _amount(text: str) -> Decimal:
    amount = read_amount(text)
    if amount is None:
        raise ValueError(text)
    return amount


AMOUNT_KEYS = (Key("amount", _amount), Key("reference", str))
"""How the queue is sorted by amount, in descending order."""
