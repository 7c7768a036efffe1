"""Real rows for tests: storefronts from the shipped policy files, and what a test needs on top of them.

Everything has a sensible default; a test names only what it is about.
"""

import itertools
import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from PIL import Image

from accounts.models import StaffMembership, User
from accounts.roles import Role
from returns.differences import Answer
from returns.domain.facts import Condition, Disposition, Reason, Wish
from returns.domain.replies import Use
from returns.models import (
    CustomerAccount,
    Export,
    HeldPackage,
    Order,
    OrderLine,
    Photo,
    Product,
    ReplyTemplate,
    ReturnRequest,
    Storefront,
)
from returns.pictures import Picture
from returns.quoting import Asked
from returns.reports.periods import By as ReportedBy
from returns.reports.periods import Period
from returns.services import (
    authorization,
    difference,
    exports,
    holding,
    inspection,
    photos,
    receiving,
    replies,
    requests,
    settlement,
)
from returns.services.authorization import Decision
from returns.services.holding import Label
from returns.services.inspection import Finding
from returns.services.replies import Wording
from returns.services.requests import Contact
from returns.services.storefronts import change_return_address, set_up_storefronts
from returns.services.transition import By

PASSWORD = "correct horse battery staple"

SPA, IMAGE, PRO = "le-petit-spa", "image-consumer", "image-professional"

_numbers = itertools.count(1)


def storefronts(now: datetime) -> dict[str, Storefront]:
    """The three shipped storefronts; le petit spa gets an address, so that it can authorize."""
    found = {result.storefront.slug: result.storefront for result in set_up_storefronts(now=now)}
    change_return_address(storefront=found[SPA], address="Test dock\n1 Sample Street\nCharlotte, NC 28202")
    return found


def person(email: str = "", *, role: Role = Role.CUSTOMER, name: str = "", at: Sequence[Storefront] = ()) -> User:
    """Somebody who can sign in with PASSWORD; staff belong to the storefronts in `at`."""
    email = email or f"person{next(_numbers)}@example.com"
    user = User.objects.create_user(email, PASSWORD, role=role.value, name=name)
    for storefront in at:
        StaffMembership.objects.create(user=user, storefront=storefront)
    return user


def account(storefront: Storefront, *, user: User | None = None, **fields: object) -> CustomerAccount:
    """A customer account, of `user` where one is given."""
    number = next(_numbers)
    values = {
        "number": f"A{number:05}",
        "email": user.email if user else f"customer{number}@example.com",
        "name": "Maya Brennan",
        "phone": "704-555-0100",
    }
    return CustomerAccount.objects.create(storefront=storefront, user=user, **{**values, **fields})


def product(storefront: Storefront, sku: str = "", **fields: object) -> Product:
    """A retail product."""
    sku = sku or f"SKU-{next(_numbers)}"
    values = {"name": "Vital C hydrating serum", "kind": "retail", "size": "1.7 fl oz"}
    return Product.objects.create(storefront=storefront, sku=sku, **{**values, **fields})


def order(
    storefront: Storefront,
    *,
    now: datetime,
    customer: CustomerAccount | None = None,
    days_ago: int = 5,
    delivered_hours_ago: float | None = 72,
    lines: Sequence[dict[str, object]] = ({},),
    **fields: object,
) -> Order:
    """An order placed `days_ago`, with one line of 2 units for 122.40 unless `lines` says otherwise."""
    number = next(_numbers)
    values: dict[str, object] = {
        "number": f"#{1000 + number}",
        "email": customer.email if customer else f"guest{number}@example.com",
        "name": customer.name if customer else "Gia Guest",
        "placed_at": now - timedelta(days=days_ago),
        "delivered_at": None if delivered_hours_ago is None else now - timedelta(hours=delivered_hours_ago),
        "currency": "USD",
        "status": "delivered",
    }
    made = Order.objects.create(storefront=storefront, account=customer, **{**values, **fields})
    for position, line in enumerate(lines, start=1):
        order_line(made, position, **line)
    return made


def order_line(made: Order, position: int, **fields: object) -> OrderLine:
    """A line of 2 unopened retail units for 122.40 together, good for three more years."""
    values: dict[str, object] = {
        "sku": f"LINE-{next(_numbers)}",
        "title": "Vital C hydrating serum",
        "kind": "retail",
        "quantity": 2,
        "paid_total": Decimal("122.40"),
        "expires_on": made.placed_at.date() + timedelta(days=3 * 365),
    }
    return OrderLine.objects.create(order=made, position=position, **{**values, **fields})


def asked(line: OrderLine, **fields: object) -> Asked:
    """One line asked back: all its units, unopened, changed mind, money wished."""
    values: dict[str, object] = {
        "order_line_id": line.pk,
        "quantity": line.quantity,
        "reason": Reason.CHANGED_MIND,
        "condition": Condition.UNOPENED,
        "wants": Wish.REFUND,
    }
    return Asked(**{**values, **fields})  # type: ignore[arg-type]


def contact(made: Order) -> Contact:
    """Whom to write to about a request for this order."""
    return Contact(name=made.name, email=made.email, phone="704-555-0100", account_number="A1")


def submitted(
    made: Order, *, now: datetime, by: By | None = None, lines: Sequence[Asked] | None = None
) -> ReturnRequest:
    """A request for every line of the order, filed by its owner."""
    user = made.account.user if made.account else None
    wanted = lines if lines is not None else [asked(line) for line in made.lines.order_by("position")]
    return requests.submit(
        order=made,
        asked=wanted,
        checks=["porch"] if any(line.reason is Reason.NOT_RECEIVED for line in wanted) else [],
        contact=contact(made),
        by=by or By.owner(user),
        now=now,
        nonce=uuid.uuid4(),
    )


def picture(color: str = "teal", *, size: tuple[int, int] = (64, 48)) -> Picture:
    """A small picture as returns/pictures.py gives it; another color is another picture."""
    large, small = BytesIO(), BytesIO()
    Image.new("RGB", size, color).save(large, "JPEG")
    Image.new("RGB", (32, 32), color).save(small, "JPEG")
    return Picture(large.getvalue(), small.getvalue(), *size)


def photo(owner: photos.Owner, *, now: datetime, by: By | None = None, color: str = "teal", **fields: Any) -> Photo:
    """A photo of a draft, request or license, added by a customer unless `by` says otherwise."""
    return photos.add(owner=owner, upload=picture(color), by=by or By.owner(None), now=now, **fields)


def authorized(request: ReturnRequest, *, by: User, now: datetime) -> ReturnRequest:
    """The request with every unit authorized."""
    decisions = [Decision(line.position, line.requested_quantity) for line in request.lines.order_by("position")]
    return authorization.authorize(request_id=request.pk, decisions=decisions, by=By.staff(by), now=now)


def received(request: ReturnRequest, *, by: User, now: datetime) -> ReturnRequest:
    """The request with every authorized unit counted at the dock."""
    counts = {line.position: line.authorized_quantity or 0 for line in request.lines.filter(authorized_quantity__gt=0)}
    return receiving.receive(request_id=request.pk, counts=counts, by=By.staff(by), now=now)


def taken_as_found(request: ReturnRequest, *, by: User, now: datetime) -> ReturnRequest:
    """The request whose customer was told the difference and takes what was found."""
    difference.send_difference(request_id=request.pk, by=By.staff(by), now=now)
    user = request.order.account.user if request.order.account else None
    return difference.answer_difference(request_id=request.pk, answer=Answer.ACCEPT, by=By.owner(user), now=now)


def held(storefront: Storefront, *, by: User, now: datetime, **label: str) -> HeldPackage:
    """A package nobody can place, from K. Aldana."""
    return holding.hold(
        storefront=storefront,
        label=Label(**{"sender": "K. Aldana, Tampa FL", "on_the_box": "Order 88190?", **label}),
        nonce=uuid.uuid4(),
        by=By.staff(by),
        now=now,
    )


def finding(position: int, quantity: int, **fields: object) -> Finding:
    """As declared: unopened, complete, back to the shelf."""
    values: dict[str, object] = {
        "position": position,
        "accepted_quantity": quantity,
        "condition": Condition.UNOPENED,
        "resalable": True,
        "disposition": Disposition.RESTOCK,
        "expires_on": date(2035, 1, 31),
    }
    return Finding(**{**values, **fields})  # type: ignore[arg-type]


def inspected(request: ReturnRequest, *, by: User, now: datetime) -> ReturnRequest:
    """The request with every received unit found as declared."""
    lines = request.lines.filter(received_quantity__gt=0).order_by("position")
    findings = [
        finding(
            line.position,
            line.received_quantity or 0,
            condition=Condition(line.condition),
            used_percent=line.used_percent,
            expires_on=line.expires_on,
        )
        for line in lines
    ]
    return inspection.inspect(request_id=request.pk, findings=findings, by=By.staff(by), now=now)


def exported(person: User, shops: Sequence[Storefront], *, now: datetime, form: str = Export.CSV) -> Export:
    """A file of this year's lines that a manager asked for, written."""
    exports.ask(
        person=person,
        storefronts=shops,
        by=ReportedBy.REQUESTED,
        period=Period(date(now.year, 1, 1), date(now.year, 12, 31)),
        form=form,
        expected=0,
        now=now,
    )
    written = exports.write_next(now=now)
    assert written is not None
    return written


def settled(customer: CustomerAccount, *, by: User, now: datetime, **line: object) -> ReturnRequest:
    """A return of an order of this customer, of one line, all the way to its settlement."""
    request = submitted(order(customer.storefront, now=now, customer=customer, lines=[line]), now=now)
    for step in (authorized, received, inspected):
        request = step(request, by=by, now=now)
    return settlement.settle(request_id=request.pk, expected_total=request.amount, by=By.staff(by), now=now)


def reply_template(storefront: Storefront, *, by: User, now: datetime, **wording: Any) -> ReplyTemplate:
    """A question that staff often ask."""
    values = {"use": Use.ASK, "language": "en", "name": "Lot number", "body": "Which lot is {products}, {customer}?"}
    return replies.write_template(
        storefront=storefront, wording=Wording(**{**values, **wording}), by=By.staff(by), now=now
    )
