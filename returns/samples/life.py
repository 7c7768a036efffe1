"""A made-up customer with a made-up order at a real storefront; the steps of their return are the services'."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import StaffMembership, User
from accounts.roles import Role
from returns.domain.facts import Condition, Disposition, Reason, Wish
from returns.models import CustomerAccount, Notification, Order, OrderLine, Product, ReturnRequest, Storefront
from returns.quoting import Asked
from returns.services import authorization, inspection, receiving, requests, settlement
from returns.services.authorization import Decision
from returns.services.inspection import Finding
from returns.services.requests import Contact
from returns.services.shares import shares_to_settle
from returns.services.storefronts import change_limit, change_return_address
from returns.services.transition import By

DAY = timedelta(days=1)
ADDRESS = "Returns\n1 Sample Street\nSampletown, NC 28000"
GOODS = (
    ("SAMPLE-1", "Hydrating serum", 2, Decimal("122.40")),
    ("SAMPLE-2", "Balancing masque", 1, Decimal("38.00")),
)


@dataclass(slots=True)
class Life:
    """Who takes part, and when: `now` is the moment at which the message is looked at."""

    shop: Storefront
    now: datetime
    language: str
    customer: User
    account: CustomerAccount
    staff: By

    @classmethod
    def at(cls, shop: Storefront, now: datetime, language: str) -> "Life":
        """Everybody it takes."""
        tag = uuid.uuid4().hex[:8]
        person = User.objects.create_user(f"sam.{tag}@customer.example", name="Sam Sample")
        account = CustomerAccount.objects.create(
            storefront=shop,
            user=person,
            number=f"SAMPLE-{tag}",
            email=person.email,
            name="Sam Sample",
            main_contact_name="Casey Contact",
            main_contact_email=f"office.{tag}@customer.example",
        )
        colleague = User.objects.create_user(f"robin.{tag}@desk.example", name="Robin Sample", role=Role.MANAGER.value)
        StaffMembership.objects.create(user=colleague, storefront=shop)
        if not shop.can_authorize:
            change_return_address(storefront=shop, address=ADDRESS)
        change_limit(storefront=shop, amount=Decimal(100_000))
        return cls(shop, now, language, person, account, By.staff(colleague))

    def colleague(self) -> User:
        """Somebody else who works there."""
        person = User.objects.create_user(
            f"kim.{uuid.uuid4().hex[:8]}@desk.example", name="Kim Sample", role=Role.MANAGER.value
        )
        StaffMembership.objects.create(user=person, storefront=self.shop)
        return person

    def order(self, **fields: object) -> Order:
        """Two products, delivered some days ago."""
        values: dict[str, object] = {
            "account": self.account,
            "number": f"SAMPLE-{uuid.uuid4().hex[:6].upper()}",
            "placed_at": self.now - 8 * DAY,
            "delivered_at": self.now - timedelta(hours=20),
            "shipping_paid": Decimal("9.95"),
            "status": "delivered",
            "payment_method": "Visa",
            **fields,
        }
        order = Order.objects.create(
            storefront=self.shop,
            email=self.account.email,
            name=self.account.name,
            phone="704-555-0100",
            currency=self.shop.currency,
            **values,
        )
        for position, (sku, title, quantity, paid) in enumerate(GOODS, start=1):
            product, _ = Product.objects.get_or_create(
                storefront=self.shop, sku=sku, defaults={"name": title, "kind": "retail"}
            )
            OrderLine.objects.create(
                order=order,
                position=position,
                product=product,
                sku=sku,
                title=title,
                kind="retail",
                quantity=quantity,
                paid_total=paid,
                expires_on=(self.now + 900 * DAY).date(),
            )
        return order

    def filed(
        self,
        order: Order | None = None,
        *,
        reason: Reason = Reason.CHANGED_MIND,
        wants: Wish = Wish.REFUND,
        ago: timedelta = timedelta(),
    ) -> ReturnRequest:
        """All of an order, asked back."""
        order = order or self.order()
        asked = [
            Asked(line.pk, line.quantity, reason, Condition.UNOPENED, wants, ask_anyway=True)
            for line in order.lines.order_by("position")
        ]
        return requests.submit(
            order=order,
            asked=asked,
            contact=Contact(order.name, order.email, order.phone, self.account.number),
            by=By.owner(self.customer),
            now=self.now - ago,
            nonce=uuid.uuid4(),
            language=self.language,
        )

    def authorized(self, request: ReturnRequest | None = None, *, ago: timedelta = timedelta()) -> ReturnRequest:
        """Authorized as asked."""
        request = request or self.filed(ago=ago)
        decisions = [Decision(line.position, line.requested_quantity) for line in request.lines.order_by("position")]
        return authorization.authorize(request_id=request.pk, decisions=decisions, by=self.staff, now=self.now - ago)

    def received(self, *, ago: timedelta = timedelta()) -> ReturnRequest:
        """The package is here, complete."""
        request = self.authorized(ago=ago)
        counts = {line.position: line.authorized_quantity or 0 for line in request.lines.all()}
        return receiving.receive(request_id=request.pk, counts=counts, by=self.staff, now=self.now - ago)

    def inspected(self, condition: Condition = Condition.UNOPENED, *, ago: timedelta = timedelta()) -> ReturnRequest:
        """Looked at: as told, or opened."""
        request = self.received(ago=ago)
        is_whole = condition is Condition.UNOPENED
        findings = [
            Finding(
                position=line.position,
                accepted_quantity=line.received_quantity or 0,
                condition=condition,
                resalable=is_whole,
                used_percent=None if is_whole else Decimal(40),
                disposition=Disposition.RESTOCK if is_whole else Disposition.SCRAP,
                expires_on=line.order_line.expires_on,
            )
            for line in request.lines.select_related("order_line").order_by("position")
        ]
        return inspection.inspect(request_id=request.pk, findings=findings, by=self.staff, now=self.now - ago)

    def settled(self) -> ReturnRequest:
        """Done, with what its policy gives."""
        request = self.inspected()
        _, answer = shares_to_settle(request, list(request.lines.order_by("position")))
        return settlement.settle(request_id=request.pk, expected_total=answer.total, by=self.staff, now=self.now)

    def owed(self, kind: str, request: ReturnRequest | None = None) -> Notification:
        """The message that the services owed in this life."""
        rows = Notification.objects.filter(kind=kind, request=request) if request else Notification.objects
        return rows.filter(kind=kind, created_at__gte=self.now - 20 * DAY).latest("created_at")

    def row(
        self,
        kind: str,
        request: ReturnRequest | None = None,
        *,
        storefront: Storefront | None = None,
        recipient: str = "",
        **context: object,
    ) -> Notification:
        """A message that no step owes at once: a reminder, a digest, a mail about an account."""
        return Notification.objects.create(
            kind=kind,
            storefront=storefront or (request.storefront if request else None),
            request=request,
            recipient=recipient or self.account.email,
            language=self.language,
            context=context,
            dedupe_key=f"sample:{uuid.uuid4()}",
            next_attempt_at=self.now,
            created_at=self.now,
        )

    def to_staff(self, kind: str, request: ReturnRequest | None = None, **context: object) -> Notification:
        """A message to whoever works there."""
        person = self.staff.person
        return self.row(
            kind,
            request,
            storefront=self.shop,
            recipient=person.email,
            person=str(person.public_id),
            **context,
        )
