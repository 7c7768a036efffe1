"""By when: our answer, what we send, and what becomes of goods that give nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from returns.differences import Answer
from returns.domain.facts import Condition, Disposition, Reason, Wish
from returns.models import Product, ReturnRequest, Storefront
from returns.services import authorization, conversation, difference, inspection, outgoing, settlement
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, SPA
from tests.mails import Last, asked_back, bought, html_of, text_of, words_of

pytestmark = pytest.mark.django_db

LATE_REPORT = {"reason": Reason.DAMAGED, "wants": Wish.REPLACEMENT}


@pytest.fixture(autouse=True)
def today(now: datetime) -> Iterator[time_machine.Traveller]:
    """Wednesday, November 18, 2026, at both shops."""
    with time_machine.travel(now, tick=False) as moment:
        yield moment


@pytest.fixture
def maya(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.maya)


@pytest.fixture
def asked(shops: dict[str, Storefront], cast: Cast, now: datetime) -> ReturnRequest:
    return asked_back(bought(shops[IMAGE], cast, now), now)


def page(client: Client, rma: ReturnRequest) -> str:
    address = reverse("portal:return", args=[rma.storefront.slug, rma.reference])
    return words_of(client.get(address).content.decode())


def claimed(shops: dict[str, Storefront], cast: Cast, now: datetime, *, hours_ago: int) -> ReturnRequest:
    """A serum that came damaged so many hours ago; a new one is wished."""
    order = factories.order(
        shops[IMAGE], now=now, customer=cast.accounts[IMAGE], delivered_hours_ago=hours_ago, lines=[{}]
    )
    line = factories.asked(order.lines.get(), ask_anyway=hours_ago > 48, **LATE_REPORT)
    return factories.submitted(order, now=now, lines=[line])


def test_the_page_and_the_mail_say_by_when_we_answer(maya: Client, asked: ReturnRequest, last: Last) -> None:
    by = "You get an email from us by Friday, November 20, 2026."
    assert by in page(maya, asked)
    received = last("received")
    assert by in words_of(html_of(received))
    assert by in " ".join(text_of(received).split())


def test_claims_are_answered_sooner_and_called_reports(
    shops: dict[str, Storefront], cast: Cast, maya: Client, now: datetime, last: Last
) -> None:
    rma = claimed(shops, cast, now, hours_ago=10)
    assert "by Thursday, November 19, 2026." in page(maya, rma)
    message = last("received")
    assert message.subject == f"We have your report {rma.reference}"
    for words in (" ".join(text_of(message).split()), words_of(html_of(message))):
        assert f"we have your report {rma.reference} for order" in words
        assert "what you reported" in words.lower()
        assert "return request" not in words


def test_a_day_that_has_passed_is_not_promised_again(
    signed_in: SignIn, cast: Cast, asked: ReturnRequest, today: time_machine.Traveller
) -> None:
    today.shift(timedelta(days=3))
    shown = page(signed_in(cast.maya), asked)
    assert "We wanted to answer by Friday, November 20, 2026 and are late." in shown
    assert "from us by" not in shown


def test_no_day_is_named_while_it_is_the_customers_turn_and_a_later_one_after(
    signed_in: SignIn, asked: ReturnRequest, cast: Cast, now: datetime, today: time_machine.Traveller
) -> None:
    authorization.request_information(request_id=asked.pk, question="Sealed?", by=By.staff(cast.renee), now=now)
    assert "from us by" not in page(signed_in(cast.maya), asked)
    today.shift(timedelta(days=5))
    conversation.answer(request_id=asked.pk, body="Yes", by=By.owner(cast.maya), now=now + timedelta(days=5))
    assert "You get an email from us by Wednesday, November 25, 2026." in page(signed_in(cast.maya), asked)


def test_a_late_report_promises_no_processing_of_a_package(
    shops: dict[str, Storefront], cast: Cast, maya: Client, now: datetime
) -> None:
    late = page(maya, claimed(shops, cast, now, hours_ago=60))
    assert "A person reads it." in late
    assert "after your package reaches us" not in late


def test_a_late_report_beside_an_ordinary_return_still_does(
    shops: dict[str, Storefront], cast: Cast, maya: Client, now: datetime
) -> None:
    order = factories.order(
        shops[IMAGE], now=now, customer=cast.accounts[IMAGE], delivered_hours_ago=60, lines=[{}, {"title": "Toner"}]
    )
    first, second = order.lines.order_by("position")
    asked = [factories.asked(first, ask_anyway=True, **LATE_REPORT), factories.asked(second)]
    shown = page(maya, factories.submitted(order, now=now, lines=asked))
    assert "10 days after your package reaches us." in shown


def test_a_replacement_has_a_day_to_leave_until_it_has_left(
    shops: dict[str, Storefront], cast: Cast, maya: Client, now: datetime, last: Last
) -> None:
    rma = factories.authorized(claimed(shops, cast, now, hours_ago=10), by=cast.renee, now=now)
    by = "Our package leaves by Friday, November 20, 2026."
    assert f"We send your replacement. {by}" in page(maya, rma)
    assert by in words_of(html_of(last("authorized")))
    staff = By.staff(cast.renee)
    settlement.settle_without_goods(request_id=rma.pk, expected_total=Decimal("0.00"), by=staff, now=now)
    assert by in page(maya, rma)
    assert by in " ".join(text_of(last("completed")).split())
    outgoing.record_shipment(
        request_id=rma.pk, carrier="UPS", tracking_number="1Z", shipped_on=now.date(), by=staff, now=now
    )
    shown = page(maya, rma)
    assert by not in shown
    assert "Your replacement is on its way to you Our package left on Wednesday, November 18, 2026." in shown


def test_a_replacement_beside_a_refund_has_a_day_to_leave_in_the_mail_too(
    shops: dict[str, Storefront], cast: Cast, now: datetime, last: Last
) -> None:
    cheap = {"quantity": 1, "paid_total": Decimal("30.00")}
    lines = [cheap, {"title": "Toner", **cheap}]
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], delivered_hours_ago=10, lines=lines)
    first, second = order.lines.order_by("position")
    asked = [factories.asked(first, **LATE_REPORT), factories.asked(second, reason=Reason.DAMAGED)]
    rma = factories.submitted(order, now=now, lines=asked)
    for step in (factories.authorized, factories.received, factories.inspected):
        rma = step(rma, by=cast.renee, now=now)
    settlement.settle(request_id=rma.pk, expected_total=rma.amount, by=By.staff(cast.renee), now=now)
    for words in (words_of(html_of(last("completed"))), " ".join(text_of(last("completed")).split())):
        assert "The refund goes back to the way the order was paid" in words
        assert "Our package leaves by Friday, November 20, 2026." in words


def test_staff_read_that_the_customer_gets_goods_and_no_money(
    shops: dict[str, Storefront], cast: Cast, signed_in: SignIn, now: datetime
) -> None:
    rma = factories.authorized(claimed(shops, cast, now, hours_ago=10), by=cast.renee, now=now)
    shown = words_of(signed_in(cast.renee).get(f"/desk/requests/{rma.reference}/").content.decode())
    assert "Customer gets a replacement" in shown
    assert "Money back" not in shown


def test_the_day_that_was_told_stays_whatever_managers_set_and_however_late_it_is_settled(
    shops: dict[str, Storefront], cast: Cast, maya: Client, now: datetime, today: time_machine.Traveller
) -> None:
    rma = factories.authorized(claimed(shops, cast, now, hours_ago=10), by=cast.renee, now=now)
    Storefront.objects.filter(pk=shops[IMAGE].pk).update(goods_leave_within_days=9)
    by = "Our package leaves by Friday, November 20, 2026."
    assert by in page(maya, rma)
    later = now + timedelta(days=1)
    today.move_to(later)
    maya.force_login(cast.maya)
    staff = By.staff(cast.renee)
    settlement.settle_without_goods(request_id=rma.pk, expected_total=Decimal("0.00"), by=staff, now=later)
    assert by in page(maya, rma)
    rma.refresh_from_db()
    assert rma.goods_leave_on == (now + timedelta(days=2)).date()


def test_what_leaves_after_the_inspection_is_promised_when_it_is_settled(
    shops: dict[str, Storefront], cast: Cast, now: datetime
) -> None:
    money = factories.authorized(asked_back(bought(shops[IMAGE], cast, now), now), by=cast.renee, now=now)
    assert money.goods_leave_on is None
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    asked = factories.asked(order.lines.get(), reason=Reason.ORDERED_WRONG_ITEM, wants=Wish.EXCHANGE)
    rma = factories.authorized(factories.submitted(order, now=now, lines=[asked]), by=cast.renee, now=now)
    assert rma.goods_leave_on is None, "the package decides"
    for step in (factories.received, factories.inspected):
        rma = step(rma, by=cast.renee, now=now)
    done = settlement.settle(request_id=rma.pk, expected_total=rma.amount, by=By.staff(cast.renee), now=now)
    assert done.goods_leave_on == (now + timedelta(days=2)).date()


def test_an_exchange_says_what_for_what_and_that_no_money_moves(
    shops: dict[str, Storefront], cast: Cast, maya: Client, now: datetime
) -> None:
    toner = Product.objects.create(storefront=shops[IMAGE], sku="TONER", name="Toner", size="4 oz", kind="retail")
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], lines=[{}])
    line = factories.asked(
        order.lines.get(), reason=Reason.ORDERED_WRONG_ITEM, wants=Wish.EXCHANGE, exchange_product_id=toner.pk
    )
    shown = page(maya, factories.submitted(order, now=now, lines=[line]))
    for words in ("No money moves, whatever the right one costs.", "For Toner, 4 oz; no money moves"):
        assert words in shown, words


@pytest.mark.parametrize(
    ("goods_go_to", "words"),
    [(Disposition.SCRAP, "Serum stays with us."), (Disposition.SEND_BACK, "Serum comes back to you.")],
)
def test_a_difference_that_comes_to_nothing_says_what_becomes_of_the_goods(
    goods_go_to: Disposition,
    words: str,
    shops: dict[str, Storefront],
    cast: Cast,
    maya: Client,
    now: datetime,
    last: Last,
) -> None:
    order = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA], lines=[{"title": "Serum"}])
    rma, renee = factories.submitted(order, now=now), By.staff(cast.renee)
    for step in (factories.authorized, factories.received):
        rma = step(rma, by=cast.renee, now=now)
    used_up = factories.finding(1, 2, condition=Condition.OPENED, used_percent=Decimal(80), disposition=goods_go_to)
    inspection.inspect(request_id=rma.pk, findings=[used_up], by=renee, now=now)
    difference.send_difference(request_id=rma.pk, by=renee, now=now)
    assert f"Nothing is paid. {words}" in page(maya, rma)
    assert f"Nothing is paid. {words}" in words_of(html_of(last("difference")))
    difference.answer_difference(request_id=rma.pk, answer=Answer.ACCEPT, by=By.owner(cast.maya), now=now)
    settlement.settle(request_id=rma.pk, expected_total=Decimal("0.00"), by=renee, now=now)
    done = "What you sent stays with us" if goods_go_to is Disposition.SCRAP else "Your products go back to you"
    assert done in page(maya, rma)
