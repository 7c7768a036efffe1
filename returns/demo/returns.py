"""Returns in every state, made by the services themselves with moments of the past."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from returns.demo import pictures
from returns.demo.goods import OUT_OF_STOCK
from returns.demo.people import IMAGE, LE_PETIT_SPA, PRO
from returns.domain.facts import Condition, Disposition, Reason, Resolution, Wish
from returns.domain.usage import Measure, Measurement
from returns.models import CustomerAccount, Order, OrderLine, Photo, ReturnRequest, Storefront
from returns.pictures import Picture
from returns.quoting import Asked
from returns.services import authorization, difference, inspection, photos, receiving, requests, settlement, shipments
from returns.services.authorization import Decision
from returns.services.inspection import Finding
from returns.services.overrides import OverrideAsked
from returns.services.requests import Contact
from returns.services.transition import By

BUYERS = {LE_PETIT_SPA: "LP-2077", IMAGE: "IC-5166", PRO: "77131"}
PREFIXES = {LE_PETIT_SPA: "LPS-29", IMAGE: "IC-19", PRO: "IP-87"}
GOODS = (("VC-SERUM", "122.40"), ("OM-MASK", "76.00"), ("MAX-CREME", "168.00"))
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Story:
    """One return told from its request on; every step happens a while after the one before."""

    def __init__(
        self, storefront: Storefront, staff: User, now: datetime, *, days_ago: float, number: int, **order: Any
    ) -> None:
        self.storefront, self.staff = storefront, By.staff(staff)
        self.at = now - timedelta(days=days_ago)
        self.order = self._order(number, **order)
        self.request: ReturnRequest

    def _order(self, number: int, *, bought: int = 6, account_number: str = "") -> Order:
        buyer = account_number or BUYERS[self.storefront.slug]
        account = CustomerAccount.objects.get(storefront=self.storefront, number=buyer)
        order = Order.objects.create(
            storefront=self.storefront,
            account=account,
            number=f"{PREFIXES[self.storefront.slug]}{number:03}",
            email=account.email,
            name=account.name,
            phone=account.phone,
            placed_at=self.at - timedelta(days=bought),
            delivered_at=self.at - timedelta(hours=20),
            currency=self.storefront.currency,
            shipping_paid=Decimal("9.95"),
            payment_method="Visa",
            status="delivered",
        )
        goods = [(sku, paid) for sku, paid in GOODS if (self.storefront.slug, sku) not in OUT_OF_STOCK]
        sku, paid = goods[number % len(goods)]
        product = self.storefront.products.get(sku=sku)
        OrderLine.objects.create(
            order=order,
            position=1,
            product=product,
            sku=product.sku,
            title=product.name,
            kind=product.kind,
            quantity=2,
            paid_total=Decimal(paid),
            expires_on=(self.at + timedelta(days=900)).date(),
        )
        return order

    def ask(self, *, reason: Reason = Reason.CHANGED_MIND, wants: Wish = Wish.REFUND, note: str = "") -> "Story":
        """The customer files the request."""
        line = self.order.lines.get()
        asked = Asked(line.pk, 2, reason, Condition.UNOPENED, wants, ask_anyway=True)
        number = self.order.account.number if self.order.account else ""
        contact = Contact(self.order.name, self.order.email, self.order.phone, number)
        self.request = requests.submit(
            order=self.order,
            asked=[asked],
            contact=contact,
            by=By.owner(None),
            now=self.at,
            nonce=uuid.uuid4(),
            note=note,
        )
        return self

    def after(self, wait: timedelta) -> "Story":
        """Let time pass."""
        self.at += wait
        return self

    def do(self, service: Callable[..., ReturnRequest], **arguments: object) -> "Story":
        """Staff use a service."""
        self.request = service(request_id=self.request.pk, by=self.staff, now=self.at, **arguments)
        return self

    def authorize(self) -> "Story":
        """All units."""
        return self.do(authorization.authorize, decisions=[Decision(1, 2)])

    def receive(self) -> "Story":
        """All units."""
        return self.do(receiving.receive, counts={1: 2})

    def inspect(self, *, opened: bool = False) -> "Story":
        """As declared, or opened."""
        condition = Condition.OPENED if opened else Condition.UNOPENED
        finding = Finding(
            1,
            2,
            condition,
            resalable=not opened,
            disposition=Disposition.QUARANTINE if opened else Disposition.RESTOCK,
            used_percent=Decimal(20) if opened else None,
            measured={Measure.WEIGHT: Measurement(Decimal(214), Decimal(164), Decimal(204))} if opened else {},
        )
        return self.do(inspection.inspect, findings=[finding])

    def show(self, picture: Picture, caption: str, *, is_found: bool = False) -> "Story":
        """A photo of the customer's, or of what staff found."""
        photos.add(
            owner=self.request,
            upload=picture,
            by=self.staff if is_found else By.owner(None),
            now=self.at,
            order_line=self.order.lines.get(),
            stage=Photo.FOUND if is_found else Photo.DECLARED,
            caption=caption,
        )
        return self

    def settle(self) -> "Story":
        """What the page shows."""
        return self.do(settlement.settle, expected_total=self.request.amount)


def tell_all(storefronts: dict[str, Storefront], staff: User, now: datetime) -> int:
    """Every state once at least, with deadlines met, near, and missed; how many returns."""
    shops = (storefronts[LE_PETIT_SPA], storefronts[IMAGE], storefronts[PRO])
    told = 0

    def story(shop: Storefront, days_ago: float, **order: Any) -> Story:
        nonlocal told
        told += 1
        return Story(shop, staff, now, days_ago=days_ago, number=100 + told, **order)

    for shop in shops:
        story(shop, 0.4).ask(note="The box was never opened.")
        story(shop, 1.2).ask().after(2 * HOUR).do(authorization.take)
        _authorized(story(shop, 3))
        _authorized(story(shop, 12)).after(3 * DAY).receive()
        _authorized(story(shop, 30)).after(4 * DAY).receive().after(DAY).inspect().after(HOUR).settle()
        _authorized(story(shop, 55)).after(5 * DAY).receive().after(2 * DAY).inspect().after(HOUR).settle()
    spa, image, pro = shops
    for shop, account in ((image, ""), (pro, "77158")):  # past day 30: 20% stays, and the balance comes off
        late = _authorized(story(shop, 16, bought=40, account_number=account))
        late.after(3 * DAY).receive().after(DAY).inspect().after(HOUR).settle()
    override = OverrideAsked(
        Resolution.STORE_CREDIT, Decimal(100), "Called on day 14; we asked her to wait for a reply."
    )
    story(spa, 5, bought=18).ask().after(DAY).do(authorization.authorize, decisions=[Decision(1, 2, override=override)])
    question = "Which of the two bottles is it? The label has a lot number."
    story(image, 2).ask().after(3 * HOUR).do(authorization.request_information, question=question)
    story(image, 0.2).ask(reason=Reason.DAMAGED, wants=Wish.REPLACEMENT, note="The pump is broken.")
    _authorized(story(pro, 5)).after(DAY).do(
        shipments.mark_shipped, carrier="UPS", tracking_number="1Z999AA10123456784"
    )
    _authorized(story(image, 20)).after(3 * DAY).receive()  # overdue since a week
    _authorized(story(spa, 6)).after(3 * DAY).receive().after(DAY).inspect()
    _authorized(story(spa, 7)).after(3 * DAY).receive().after(DAY).inspect(opened=True)  # the difference isn't sent yet
    found = _authorized(story(image, 9)).after(4 * DAY).receive().after(DAY).inspect(opened=True)
    found.after(HOUR).do(difference.send_difference, note="The seal of both was broken when they came.")
    found = _authorized(story(spa, 9)).after(4 * DAY).receive().after(DAY).inspect(opened=True)
    found.after(HOUR).do(difference.send_difference)
    _of_maya(story(spa, 24, account_number="LP-2041"), story(image, 8, account_number="IC-5120"))
    story(spa, 8).ask().after(DAY).do(
        authorization.reject, reason="not_resalable", text="The seal is broken in your photo."
    )
    _partner(story(image, 7))
    story(pro, 4).ask().after(DAY).do(requests.withdraw)
    expired = _authorized(story(pro, 40))
    requests.expire(request_id=expired.request.pk, now=now - 5 * DAY)
    lost = _authorized(story(spa, 45)).after(DAY).do(shipments.mark_shipped, carrier="USPS", tracking_number="9400111")
    lost.after(30 * DAY).do(requests.close_lost)
    replaced = story(image, 6).ask(reason=Reason.SHIPPING_ERROR, wants=Wish.REPLACEMENT).after(HOUR).authorize()
    replaced.after(HOUR).do(settlement.settle_without_goods, expected_total=Decimal(0))
    return told


def _authorized(story: Story) -> Story:
    return story.ask().after(5 * HOUR).do(authorization.take).after(HOUR).authorize()


def _of_maya(credited: Story, found: Story) -> None:
    """A store credit, and a difference with photos that waits for her answer."""
    _authorized(credited).after(3 * DAY).receive().after(DAY).inspect().after(HOUR).settle()
    found.ask(note="It came in its box, here is how it looks.").show(pictures.in_its_box(), "In its box")
    found.after(5 * HOUR).authorize().after(3 * DAY).receive().after(HOUR).inspect(opened=True)
    found.show(pictures.broken_seal(), "The seal, broken", is_found=True)
    found.after(HOUR).do(difference.send_difference, note="The seal of both was broken when they came.")


def _partner(story: Story) -> None:
    Order.objects.filter(pk=story.order.pk).update(
        channel="partner", seller_name="le petit spa", seller_contact="customerservice@lepetitspacharlotte.com"
    )
    story.order.refresh_from_db()
    story.ask().after(DAY).do(authorization.redirect)
