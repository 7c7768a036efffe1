"""One real return of every kind at every storefront, made by the services; the data set is copies of them.

So the quotes, events and sums of the copies are those of the portal itself, and what the portal comes to write later
is in the data set as well.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import StaffMembership, User
from accounts.roles import Role
from returns.domain.facts import Condition, Disposition, Reason, Wish
from returns.domain.queue import ME, Criteria, DueBy
from returns.domain.workflow import Status
from returns.models import CustomerAccount, Order, OrderLine, Photo, Product, ReturnRequest, Storefront
from returns.quoting import Asked
from returns.services import authorization, inspection, receiving, requests, saved_views, settlement, shipments
from returns.services.authorization import Decision
from returns.services.inspection import Finding
from returns.services.requests import Contact
from returns.services.storefronts import change_limit, change_return_address, set_up_storefronts
from returns.services.transition import By

LINES = 3
STAFF = "staff@bench.example"
COLLEAGUES = ("Sam Tran", "Ana Ruiz", "Ola Berg", "Tim Novak", "Lea Roth")
SAVED_VIEWS = (
    ("Image, to decide", Criteria(storefront="image-consumer", status="to_decide")),
    ("Mine, this week", Criteria(owner=ME, due=DueBy.WEEK.value)),
    ("From $200", Criteria(amount_from=Decimal(200))),
)
"""What the member of staff counts beside the standard views; the last one is none that counters know."""

GOODS = (
    ("SERUM", "Vital C hydrating serum", 2, Decimal("122.40")),
    ("MASK", "Ormedic balancing gel masque", 1, Decimal("38.00")),
    ("CREAM", "The MAX stem cell crème", 1, Decimal("84.00")),
)
OPEN_KINDS = (
    Status.SUBMITTED,
    Status.IN_REVIEW,
    Status.INFORMATION_REQUESTED,
    Status.AUTHORIZED,
    Status.SHIPPED,
    Status.RECEIVED,
    Status.INSPECTED,
)
CLOSED_KINDS = (Status.COMPLETED, Status.REJECTED, Status.WITHDRAWN, Status.EXPIRED)
KINDS = (*OPEN_KINDS, *CLOSED_KINDS)
LASTS = timedelta(days=7)
"""How long the longest of these stories takes, from the request on."""

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Step = Callable[[ReturnRequest], ReturnRequest]


@dataclass(frozen=True, slots=True)
class Original:
    """A return that others are copied from, and what the copies replace."""

    storefront: Storefront
    kind: Status
    request: ReturnRequest
    customer: User


def make_originals(now: datetime) -> list[Original]:
    """The storefronts, the staff, and a return of every kind at each; all of it lies before `now`."""
    shops = [found.storefront for found in set_up_storefronts(now=now)]
    staff = User.objects.create_user(STAFF, name="Renee Okafor", role=Role.SUPPORT.value)
    colleagues = [
        User.objects.create_user(f"staff{number}@bench.example", name=name, role=Role.SUPPORT.value)
        for number, name in enumerate(COLLEAGUES)
    ]
    StaffMembership.objects.bulk_create(
        StaffMembership(user=user, storefront=shop) for user in (staff, *colleagues) for shop in shops
    )
    for name, criteria in SAVED_VIEWS:
        saved_views.save(person=staff, name=name, criteria=criteria, now=now)
    return [original for shop in shops for original in _at(shop, staff, now)]


def _at(shop: Storefront, staff: User, now: datetime) -> Iterator[Original]:
    if not shop.can_authorize:
        change_return_address(storefront=shop, address="Bench dock\n1 Sample Street\nCharlotte, NC 28202")
    change_limit(storefront=shop, amount=Decimal(10_000))  # one person settles them all
    customer = User.objects.create_user(f"original.{shop.slug}@bench.example", name="Olive Original")
    account = CustomerAccount.objects.create(
        storefront=shop, user=customer, number="ORIGINAL", email=customer.email, name=customer.name
    )
    products = [Product.objects.create(storefront=shop, sku=sku, name=name, kind="retail") for sku, name, _, _ in GOODS]
    for number, kind in enumerate(KINDS, start=1):
        story = Story(shop, account, customer, By.staff(staff), now - LASTS - HOUR)
        yield Original(shop, kind, story.told(kind, story.ordered(number, products)), customer)


@dataclass(slots=True)
class Story:
    """One return from its order to the status it has to reach."""

    shop: Storefront
    account: CustomerAccount
    customer: User
    staff: By
    at: datetime

    def ordered(self, number: int, products: list[Product]) -> Order:
        """An order of three lines that is old enough to have arrived, and young enough for every policy."""
        order = Order.objects.create(
            storefront=self.shop,
            account=self.account,
            number=f"ORIGINAL-{number}",
            email=self.account.email,
            name=self.account.name,
            phone="704-555-0100",
            placed_at=self.at - 5 * DAY,
            delivered_at=self.at - 2 * DAY,
            currency=self.shop.currency,
            shipping_paid=Decimal("9.95"),
            payment_method="Visa",
            status="delivered",
            carrier="UPS",
            tracking_number="1Z999AA10123456784",
        )
        OrderLine.objects.bulk_create(
            OrderLine(
                order=order,
                position=position,
                product=product,
                sku=product.sku,
                title=product.name,
                kind=product.kind,
                quantity=quantity,
                paid_total=paid,
                expires_on=(self.at + 900 * DAY).date(),
            )
            for position, (product, (_, _, quantity, paid)) in enumerate(zip(products, GOODS, strict=True), start=1)
        )
        return order

    def told(self, kind: Status, order: Order) -> ReturnRequest:
        """The request of this order, brought to `kind`."""
        request = self._filed(order)
        if kind is Status.WITHDRAWN:
            return requests.withdraw(request_id=request.pk, by=By.owner(self.customer), now=self.at + HOUR)
        for status, step in self._steps(kind):
            if request.status == kind:
                break
            self.at += HOUR if status in {Status.IN_REVIEW, Status.COMPLETED} else DAY
            request = step(request)
        if request.status != kind:
            raise ValueError(f"the story of {kind} ended as {request.status}")
        return request

    def _filed(self, order: Order) -> ReturnRequest:
        lines = list(order.lines.order_by("position"))
        asked = [
            Asked(line.pk, line.quantity, Reason.CHANGED_MIND, Condition.UNOPENED, Wish.REFUND, ask_anyway=True)
            for line in lines
        ]
        request = requests.submit(
            order=order,
            asked=asked,
            contact=Contact(order.name, order.email, order.phone, self.account.number),
            by=By.owner(self.customer),
            now=self.at,
            nonce=uuid.uuid4(),
            note="The boxes were never opened.",
        )
        self._photograph(request, lines)
        return request

    def _photograph(self, request: ReturnRequest, lines: list[OrderLine]) -> None:
        # Rows only: the pages name the pictures, and the browser fetches them one by one.
        for line in lines[:2]:
            name = f"bench/{uuid.uuid4()}"
            Photo.objects.create(
                request=request,
                order_line=line,
                uploaded_by=self.customer,
                file=f"{name}.jpg",
                thumbnail=f"{name}-small.jpg",
                width=1600,
                height=1200,
                size=240_000,
                sha256=hashlib.sha256(name.encode()).hexdigest(),
                at=self.at,
            )

    def _steps(self, kind: Status) -> Iterator[tuple[Status, Step]]:
        yield Status.IN_REVIEW, self._take
        if kind is Status.INFORMATION_REQUESTED:
            yield kind, self._ask
        if kind is Status.REJECTED:
            yield kind, self._reject
        yield Status.AUTHORIZED, self._authorize
        yield Status.SHIPPED, self._ship
        if kind is Status.EXPIRED:
            yield kind, self._lose
        yield Status.RECEIVED, self._receive
        yield Status.INSPECTED, self._inspect
        yield Status.COMPLETED, self._settle

    def _take(self, request: ReturnRequest) -> ReturnRequest:
        return authorization.take(request_id=request.pk, by=self.staff, now=self.at)

    def _ask(self, request: ReturnRequest) -> ReturnRequest:
        question = "Which lot number stands on the bottle?"
        return authorization.request_information(request_id=request.pk, question=question, by=self.staff, now=self.at)

    def _reject(self, request: ReturnRequest) -> ReturnRequest:
        text = "The boxes have to be complete."
        return authorization.reject(request_id=request.pk, reason="discretion", text=text, by=self.staff, now=self.at)

    def _authorize(self, request: ReturnRequest) -> ReturnRequest:
        decisions = [Decision(line.position, line.requested_quantity) for line in request.lines.order_by("position")]
        return authorization.authorize(request_id=request.pk, decisions=decisions, by=self.staff, now=self.at)

    def _ship(self, request: ReturnRequest) -> ReturnRequest:
        return shipments.mark_shipped(
            request_id=request.pk, by=By.owner(self.customer), now=self.at, carrier="UPS", tracking_number="1Z0"
        )

    def _lose(self, request: ReturnRequest) -> ReturnRequest:
        return requests.close_lost(request_id=request.pk, by=self.staff, now=self.at)

    def _receive(self, request: ReturnRequest) -> ReturnRequest:
        counts = {line.position: line.authorized_quantity or 0 for line in request.lines.all()}
        return receiving.receive(request_id=request.pk, counts=counts, by=self.staff, now=self.at)

    def _inspect(self, request: ReturnRequest) -> ReturnRequest:
        findings = [
            Finding(
                position=line.position,
                accepted_quantity=line.received_quantity or 0,
                condition=Condition.UNOPENED,
                resalable=True,
                disposition=Disposition.RESTOCK,
                expires_on=line.order_line.expires_on,
            )
            for line in request.lines.select_related("order_line").order_by("position")
        ]
        return inspection.inspect(request_id=request.pk, findings=findings, by=self.staff, now=self.at)

    def _settle(self, request: ReturnRequest) -> ReturnRequest:
        return settlement.settle(request_id=request.pk, expected_total=request.amount, by=self.staff, now=self.at)
