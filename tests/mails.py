"""Mails to look at: the lives of returns that owe them, and a reader of their parts."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from html.parser import HTMLParser

from allauth.account.models import EmailAddress
from django.core.mail import EmailMultiAlternatives

from accounts import addresses, invitations, mails
from accounts.roles import Role
from returns.differences import Answer
from returns.domain.facts import Condition, Reason, Wish
from returns.domain.holding import Way
from returns.domain.usage import Measure, Measurement
from returns.domain.workflow import Action
from returns.models import License, Notification, Order, ReturnRequest, Storefront
from returns.services import (
    authorization,
    conversation,
    customer_accounts,
    difference,
    guest_links,
    holding,
    inspection,
    licenses,
    limits,
    outgoing,
    payouts,
    reminders,
    requests,
    second_person,
    settlement,
    shipments,
    storefronts,
    weekly_reports,
)
from returns.services.shares import shares_to_settle
from returns.services.transition import By
from returns.services.undelivered import tell_of_failure
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, PRO, SPA

DAY = timedelta(days=1)
SITE = "http://127.0.0.1:8000"

Last = Callable[[str], EmailMultiAlternatives]
"""`last("authorized")` is the newest message of a kind, rendered; a fixture gives it."""


def html_of(message: EmailMultiAlternatives) -> str:
    """The HTML part."""
    [part] = message.alternatives
    return str(part[0])


def text_of(message: EmailMultiAlternatives) -> str:
    """The plain-text part."""
    return str(message.body)


def words_of(html: str) -> str:
    """What a person reads in the HTML part."""
    return " ".join(Reader.read(html).text.split())


class Reader(HTMLParser):
    """Text, tags, addresses and table rows of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.tags, self.addresses, self.rows = "", set[str](), list[str](), list[list[str]]()
        self.skip = 0

    @classmethod
    def read(cls, html: str) -> "Reader":
        """Of this page."""
        reader = cls()
        reader.feed(html)
        return reader

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.skip += tag in {"style", "title"}
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src", "background", "action"}]
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"} and self.rows:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self.skip -= tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if not self.skip:
            self.text += f"{data} "
            if self.rows and self.rows[-1]:
                self.rows[-1][-1] += data


def bought(shop: Storefront, cast: Cast, now: datetime, **fields: object) -> Order:
    """Two serums and a cleanser, ten days ago, with a free sample."""
    lines: tuple[dict[str, object], ...] = (
        {},
        {"title": "Facial cleanser", "quantity": 1, "paid_total": Decimal("34.20")},
        {"title": "Gift pouch", "kind": "promo", "quantity": 1, "paid_total": Decimal("0.00")},
    )
    values: dict[str, object] = {"customer": cast.accounts[shop.slug], "days_ago": 10, "lines": lines}
    return factories.order(shop, now=now, **{**values, **fields})  # type: ignore[arg-type]


def asked_back(order: Order, now: datetime, **fields: object) -> ReturnRequest:
    """Serums and cleanser, asked back."""
    lines = [factories.asked(line, **fields) for line in order.lines.exclude(kind="promo").order_by("position")]
    return factories.submitted(order, now=now, lines=lines)


def settled(request: ReturnRequest, cast: Cast, now: datetime) -> ReturnRequest:
    """An inspected request, settled at what is on the page."""
    _, answer = shares_to_settle(request, list(request.lines.order_by("position")))
    return settlement.settle(
        request_id=request.pk, expected_total=answer.total, by=By.staff(cast.renee), now=now + timedelta(minutes=5)
    )


def differing(order: Order, cast: Cast, now: datetime) -> ReturnRequest:
    """A return at le petit spa whose serums were opened, 40% used by weight, and whose customer is asked about it."""
    request = factories.authorized(asked_back(order, now), by=cast.renee, now=now)
    request = factories.received(request, by=cast.renee, now=now)
    weighed = {Measure.WEIGHT: Measurement(Decimal("139.0"), Decimal("82.0"), Decimal("116.2"))}
    opened = factories.finding(1, 2, condition=Condition.OPENED, used_percent=Decimal(40), measured=weighed)
    renee = By.staff(cast.renee)
    inspection.inspect(request_id=request.pk, findings=[opened, factories.finding(2, 1)], by=renee, now=now)
    return difference.send_difference(request_id=request.pk, note="The seals were broken.", by=renee, now=now)


def one_of_each(shops: dict[str, Storefront], cast: Cast, now: datetime) -> None:
    """Every kind of mail that the portal owes, in one life."""
    renee = By.staff(cast.renee)
    request = asked_back(bought(shops[IMAGE], cast, now), now)
    authorization.request_information(request_id=request.pk, question="Is the seal unbroken?", by=renee, now=now)
    conversation.answer(request_id=request.pk, body="Yes", by=By.owner(cast.maya), now=now)
    request = factories.authorized(request, by=cast.renee, now=now)
    request = factories.received(request, by=cast.renee, now=now)
    done = settled(factories.inspected(request, by=cast.renee, now=now), cast, now).settlement
    payouts.mark_sent(settlement_id=done.public_id, reference="ch_1", by=renee, now=now)
    _came_back(bought(shops[IMAGE], cast, now), cast, now)
    _not_agreed(bought(shops[IMAGE], cast, now), cast, now)
    authorization.reject(
        request_id=asked_back(bought(shops[IMAGE], cast, now), now).pk, reason="discretion", text="", by=renee, now=now
    )
    partner = bought(shops[IMAGE], cast, now, channel="partner", seller_name="le petit spa", seller_contact="call them")
    authorization.redirect(request_id=asked_back(partner, now, ask_anyway=True).pk, by=renee, now=now)
    requests.withdraw(request_id=asked_back(bought(shops[IMAGE], cast, now), now).pk, by=By.owner(cast.maya), now=now)
    guest = factories.order(shops[SPA], now=now)
    guest_links.request_link(storefront=shops[SPA], order_number=guest.number, email=guest.email, client="::1", now=now)
    address = EmailAddress.objects.create(user=cast.otto, email=cast.otto.email, verified=False)
    mails.owe_verification(address)
    mails.owe_reset(cast.maya)
    mails.owe_account_exists(cast.maya)
    mails.owe_password_changed(cast.maya)
    addresses.ask(user=cast.maya, email="maya@new.example.com", now=now)
    mails.owe_address_changed(cast.maya, "maya@old.example.com")
    invitations.invite(
        email="iris@example.com", name="Iris", role=Role.SUPPORT, storefronts=[shops[SPA]], actor=cast.ada, now=now
    )
    _account_mails(shops[PRO], cast, now)
    factories.received(
        factories.authorized(asked_back(bought(shops[SPA], cast, now), now), by=cast.renee, now=now),
        by=cast.renee,
        now=now,
    )
    factories.authorized(asked_back(bought(shops[IMAGE], cast, now), now), by=cast.renee, now=now)
    differing(bought(shops[SPA], cast, now), cast, now)
    lost = factories.authorized(asked_back(bought(shops[SPA], cast, now), now), by=cast.renee, now=now)
    shipments.mark_shipped(request_id=lost.pk, by=By.owner(cast.maya), now=now, carrier="UPS", tracking_number="1Z9")
    requests.close_lost(request_id=lost.pk, by=renee, now=now)
    conversation.write_message(request_id=lost.pk, nonce=uuid.uuid4(), body="We looked again.", by=renee, now=now)
    _replaced(bought(shops[IMAGE], cast, now, delivered_hours_ago=10), cast, now + timedelta(minutes=10))
    held = factories.held(shops[SPA], by=cast.renee, now=now, sender_email="sender@example.com")
    holding.note_try(held_id=held.public_id, seen=0, way=Way.EMAIL, note="", by=renee, now=now)
    _waiting(shops, cast, now)
    differing(bought(shops[SPA], cast, now), cast, now + 4 * DAY)  # it can still be answered when it is reminded of
    reminders.owe_due_reminders(now=now + timedelta(days=12))
    weekly_reports.subscribe(person=cast.mona, storefronts=[shops[SPA]], among=[shops[SPA]], now=now)
    weekly_reports.owe_weekly_reports(now=now + timedelta(days=12))
    _limit_asked_for(shops[PRO], cast, now)


def _inspected(order: Order, cast: Cast, now: datetime) -> ReturnRequest:
    request = asked_back(order, now)
    for step in (factories.authorized, factories.received, factories.inspected):
        request = step(request, by=cast.renee, now=now)
    return request


def _came_back(order: Order, cast: Cast, now: datetime) -> None:
    """A refund that was sent and came back."""
    done = settled(_inspected(order, cast, now), cast, now).settlement
    payouts.mark_sent(settlement_id=done.public_id, reference="ch_2", by=By.staff(cast.renee), now=now)
    payouts.mark_failed(settlement_id=done.public_id, reason="Card closed", by=By.staff(cast.sam), now=now)


def _not_agreed(order: Order, cast: Cast, now: datetime) -> None:
    """A settlement that was proposed, and that a manager doesn't agree to."""
    storefronts.change_limit(storefront=order.storefront, amount=Decimal(0))
    request = _inspected(order, cast, now)
    sum_now = shares_to_settle(request, list(request.lines.order_by("position")))[1].total
    second_person.propose(
        request_id=request.pk, action=Action.SETTLE, expected_total=sum_now, by=By.staff(cast.renee), now=now
    )
    second_person.refuse_proposal(request_id=request.pk, reason="Ask Sam first.", by=By.staff(cast.mona), now=now)
    storefronts.change_limit(storefront=order.storefront, amount=Decimal(1000))


def _limit_asked_for(shop: Storefront, cast: Cast, now: datetime) -> None:
    """A higher limit, asked for by a second manager."""
    nora = factories.person("nora@example.com", name="Nora Nash", role=Role.MANAGER, at=[shop])
    limits.ask_for_limit(storefront=shop, amount=Decimal(900), by=nora, now=now)


def _waiting(shops: dict[str, Storefront], cast: Cast, now: datetime) -> None:
    """What nobody decides, answers or ships, and what can't be delivered; credit that two addresses are told of."""
    renee = By.staff(cast.renee)
    asked_back(bought(shops[IMAGE], cast, now), now)
    asked = asked_back(bought(shops[IMAGE], cast, now), now)
    authorization.request_information(request_id=asked.pk, question="Is it sealed?", by=renee, now=now + DAY * 6)
    forgotten = factories.authorized(asked_back(bought(shops[IMAGE], cast, now), now), by=cast.renee, now=now)
    requests.expire(request_id=forgotten.pk, now=now)
    answered = differing(bought(shops[SPA], cast, now), cast, now)
    difference.answer_difference(
        request_id=answered.pk, answer=Answer.ACCEPT, by=By.owner(cast.maya), now=now + DAY * 4
    )
    cast.accounts[SPA].main_contact_email = "office@example.com"
    cast.accounts[SPA].save()
    credited = factories.authorized(asked_back(bought(shops[SPA], cast, now), now), by=cast.renee, now=now)
    credited = factories.received(credited, by=cast.renee, now=now)
    settled(factories.inspected(credited, by=cast.renee, now=now), cast, now)
    lost = Notification.objects.filter(kind="rejected").latest("created_at")
    Notification.objects.filter(pk=lost.pk).update(state="failed", last_error="550 never")
    lost.refresh_from_db()
    tell_of_failure(lost, now=now, nobody_there=False)


def _replaced(order: Order, cast: Cast, now: datetime) -> None:
    """Damaged goods, replaced, and the package with the new ones."""
    renee, damaged = By.staff(cast.renee), {"reason": Reason.DAMAGED, "wants": Wish.REPLACEMENT}
    request = factories.authorized(asked_back(order, now, **damaged), by=cast.renee, now=now)
    settlement.settle_without_goods(request_id=request.pk, expected_total=Decimal(0), by=renee, now=now)
    outgoing.record_shipment(
        request_id=request.pk, carrier="UPS", tracking_number="1Z9", shipped_on=now.date(), by=renee, now=now
    )


def _account_mails(shop: Storefront, cast: Cast, now: datetime) -> None:
    """A new main contact, a license refused and one granted."""
    account, renee = cast.accounts[shop.slug], By.staff(cast.renee)
    customer_accounts.change(
        account_id=account.pk, data={"main_contact_email": "office@example.com"}, by=renee, now=now
    )
    for decide in (partial(licenses.refuse, text="We need the back of it, too."), licenses.grant):
        shown = License.objects.create(account=account, wanted_type="professional", uploaded_at=now)
        factories.photo(shown, now=now)
        decide(license_id=shown.public_id, by=renee, now=now)
