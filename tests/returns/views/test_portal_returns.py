"""The returns of the person who asks: the list, the status page in every state, and the steps that are theirs."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from returns.domain.facts import Condition, Disposition, Reason, Wish
from returns.models import ReturnRequest, Storefront
from returns.services import authorization, guest_links, inspection, requests, settlement, transition
from returns.services.authorization import Decision
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, PRO, SPA
from tests.mails import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(now: datetime) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(now, tick=False) as moment:
        yield moment


class World:
    """Maya's returns, and staff who move them on."""

    def __init__(self, cast: Cast, shops: dict[str, Storefront], sign_in: SignIn, now: datetime) -> None:
        self.cast, self.shops, self.now = cast, shops, now
        self.client = sign_in(cast.maya)
        self.staff = By.staff(cast.renee)

    def request(self, slug: str = IMAGE, lines: Any = ({},), asked: Any = None, **order: Any) -> ReturnRequest:
        made = factories.order(self.shops[slug], now=self.now, customer=self.cast.accounts[slug], lines=lines, **order)
        rows = list(made.lines.order_by("position"))
        wanted = [factories.asked(row, **(asked or {})) for row in rows]
        return factories.submitted(made, now=self.now, lines=wanted)

    def authorized(self, slug: str = IMAGE, **order: Any) -> ReturnRequest:
        return factories.authorized(self.request(slug, **order), by=self.cast.renee, now=self.now)

    def received(self, slug: str = IMAGE, **order: Any) -> ReturnRequest:
        return factories.received(self.authorized(slug, **order), by=self.cast.renee, now=self.now)

    def settled(self, slug: str = IMAGE, **order: Any) -> ReturnRequest:
        rma = factories.inspected(self.received(slug, **order), by=self.cast.renee, now=self.now)
        return settlement.settle(request_id=rma.pk, expected_total=rma.current_quote.total, by=self.staff, now=self.now)

    def url(self, rma: ReturnRequest, name: str = "return") -> str:
        return reverse(f"portal:{name}", args=[rma.storefront.slug, rma.reference])

    def page(self, rma: ReturnRequest, status: int = 200) -> str:
        response = self.client.get(self.url(rma))
        assert response.status_code == status
        return text(response)

    def post(self, rma: ReturnRequest, name: str, **data: str) -> Any:
        return self.client.post(self.url(rma, name), data)


@pytest.fixture
def world(cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime) -> World:
    return World(cast, shops, signed_in, now)


def text(response: Any) -> str:
    return str(response.content.decode())


def status_of(rma: ReturnRequest) -> str:
    return ReturnRequest.objects.get(pk=rma.pk).status


# ---------------------------------------------------------------------------------------------------------- who may see


def test_the_list_shows_own_returns_at_this_storefront(world: World, cast: Cast, now: datetime) -> None:
    mine, elsewhere = world.request(), world.request(SPA)
    ottos = factories.submitted(factories.order(world.shops[IMAGE], now=now, customer=cast.ottos[IMAGE]), now=now)
    body = text(world.client.get(reverse("portal:returns", args=[IMAGE])))
    assert mine.reference in body
    assert elsewhere.reference not in body
    assert ottos.reference not in body


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_costs_the_same_however_long_it_is(
    world: World, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _ in range(count):
        world.request()
    # session, person, storefront, account, requests that wait for the customer and the others, each with order and
    # settlement, policy version of the foot
    with django_assert_num_queries(7):
        world.client.get(reverse("portal:returns", args=[IMAGE]))


def test_the_status_page_costs_the_same_however_many_lines(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    small, large = world.request(), world.request(lines=({},) * 8)
    world.page(small)  # reads the terms, which a process keeps
    for rma in (small, large):
        # session, person, storefront, request with its settlement, lines, titles, events, messages
        with django_assert_num_queries(8):
            world.page(rma)


STEPS = ["withdraw", "answer", "shipped", "tracking", "message", "difference"]


@pytest.mark.parametrize("name", ["return", "settlement", *STEPS])
@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_elses_return_is_not_found(
    world: World, cast: Cast, signed_in: SignIn, name: str, method: str
) -> None:
    rma = world.request()
    for person in (cast.otto, cast.renee, cast.mona):
        assert getattr(signed_in(person), method)(world.url(rma, name)).status_code == (
            405 if name not in STEPS and method == "post" else 404
        )
    wrong_shop = reverse(f"portal:{name}", args=[SPA, rma.reference])
    assert world.client.get(wrong_shop).status_code == 404
    assert status_of(rma) == "submitted"


def test_a_guest_sees_the_returns_of_the_order_that_was_opened_and_no_other(world: World, now: datetime) -> None:
    theirs = factories.order(world.shops[IMAGE], now=now, email="gia@example.com")
    rma = factories.submitted(theirs, now=now)
    client = Client()
    link = guest_links.fresh_link_for(theirs, theirs.email, now=now)
    client.get(guest_links.url_for(link).removeprefix(settings.SITE_URL))
    client.post(reverse("portal:link", args=[IMAGE]))
    assert client.get(world.url(rma)).status_code == 200
    assert client.get(world.url(world.request())).status_code == 404
    assert client.post(world.url(rma, "withdraw")).status_code == 302
    assert status_of(rma) == "withdrawn"


def test_internal_notes_and_colleagues_stay_inside(world: World, now: datetime) -> None:
    rma = world.request()
    with transition.locked(rma.pk) as row:
        requests.add_message(row, body="Looks like a reseller", by=world.staff, now=now, internal=True)
        requests.add_message(row, body="We looked at it.", by=world.staff, now=now)
    body = world.page(rma)
    assert "We looked at it." in body
    assert "reseller" not in body
    assert "Renee" not in body
    assert "renee@example.com" not in body


# --------------------------------------------------------------------------------------------------------- every status


def test_a_request_waits_for_us_and_nothing_is_shipped_yet(world: World) -> None:
    body = world.page(world.request())
    assert "Our turn" in body
    assert "Please don't ship anything yet" in body
    assert "7130 Seacrest" not in body
    assert "within" in body


def test_a_question_is_answered_on_the_page(world: World, now: datetime) -> None:
    rma = world.request()
    authorization.request_information(request_id=rma.pk, question="Which date?", by=world.staff, now=now)
    assert "Which date?" in world.page(rma)
    empty = world.post(rma, "answer", body="  ")
    assert empty.status_code == 422
    assert "Write your answer." in text(empty)
    assert world.post(rma, "answer", body="August 2028").status_code == 302
    assert status_of(rma) == "in_review"
    assert "August 2028" in world.page(rma)


@pytest.mark.parametrize("body", ["", "x" * 4001, "Late answer"])
def test_an_answer_that_nobody_waits_for_changes_nothing(world: World, body: str) -> None:
    rma = world.request()
    assert world.post(rma, "answer", body=body).status_code == 409
    assert not rma.messages.exists()


def test_an_authorized_return_says_how_to_send_it(world: World) -> None:
    rma = world.authorized(lines=({"title": "Serum"},))
    body = world.page(rma)
    assert "Your turn" in body
    assert "Pack 2 × Serum" in body
    assert f'class="box-mark">{rma.rma_number}' in body.replace("\n", "").replace("  ", "")
    assert "7130 Seacrest Blvd" in body
    assert "You pay the shipping." in body
    assert "insure the package for $122.40" in body


def test_le_petit_spa_wants_the_order_number_on_the_box_and_the_free_items_back(world: World) -> None:
    gift = {"title": "Gift bag", "kind": "promo", "quantity": 1, "paid_total": Decimal("0.00")}
    made = factories.order(
        world.shops[SPA], now=world.now, customer=world.cast.accounts[SPA], lines=({"title": "Crème"}, gift)
    )
    first = made.lines.order_by("position")[0]
    rma = factories.submitted(made, now=world.now, lines=[factories.asked(first)])
    rma = factories.authorized(rma, by=world.cast.renee, now=world.now)
    body = world.page(rma)
    assert f'class="box-mark">{made.number}' in body.replace("\n", "").replace("  ", "")
    assert "the free Gift bag" in body
    assert "refund" not in body.lower()


def test_the_package_is_on_its_way(world: World) -> None:
    rma = world.authorized()
    assert "letters and digits only" in text(world.post(rma, "shipped", tracking_number="<script>"))
    assert world.post(rma, "shipped", carrier="pigeon").status_code == 422
    assert status_of(rma) == "authorized"
    world.post(rma, "shipped", carrier="UPS", tracking_number="1z 999-aa1")
    row = ReturnRequest.objects.get(pk=rma.pk)
    assert (row.status, row.carrier, row.tracking_number) == ("shipped", "UPS", "1Z999AA1")
    assert world.post(rma, "shipped").status_code == 409
    assert "On its way" in world.page(rma)


def test_the_promised_day_is_fixed_when_the_package_is_here(world: World) -> None:
    body = world.page(world.received(SPA))
    assert "Thursday, December 3, 2026." in body
    assert "10 business days after your package came on Wednesday, November 18, 2026." in body
    assert "Saturday, November 28, 2026." in world.page(world.received(IMAGE))


def test_what_was_found_stands_beside_what_was_told_and_the_first_quote_stays(world: World) -> None:
    rma = world.received(SPA)
    line = factories.finding(1, 2, condition=Condition.OPENED, used_percent=Decimal(20))
    inspection.inspect(request_id=rma.pk, findings=[line], by=world.staff, now=world.now)
    body = world.page(rma)
    assert "2 opened, 20% used" in body
    assert "2 unopened" in body
    assert "Your quote on Wednesday, November 18, 2026" in body
    assert "$122.40" in body
    assert "$61.20" in body


@pytest.mark.parametrize(
    ("slug", "asked", "word"),
    [
        (IMAGE, {}, "Processed"),
        (SPA, {}, "Credited"),
        (IMAGE, {"wants": Wish.EXCHANGE}, "Exchanged"),
        (PRO, {"wants": Wish.STORE_CREDIT}, "Credited"),
    ],
)
def test_a_completed_return_is_called_by_how_it_ended(
    world: World, slug: str, asked: dict[str, object], word: str
) -> None:
    rma = world.settled(slug, asked=asked)
    assert word in world.page(rma)
    assert word in text(world.client.get(reverse("portal:returns", args=[slug])))


def test_the_settled_lines_are_those_of_the_settlement(world: World) -> None:
    rma = world.settled(days_ago=47)
    shown = world.client.get(world.url(rma)).context["ledger"]
    booked = [line.amount for line in rma.settlement.lines.order_by("position")]
    assert [row.amount for row in shown.rows] == booked
    assert shown.total == rma.settlement.total


def test_a_replacement_that_needs_no_package_is_done_without_one(world: World) -> None:
    asked = {"reason": Reason.DAMAGED, "wants": Wish.REPLACEMENT}
    rma = world.authorized(delivered_hours_ago=10, asked=asked)
    settlement.settle_without_goods(request_id=rma.pk, expected_total=Decimal("0.00"), by=world.staff, now=world.now)
    body = world.page(rma)
    assert "We send you a replacement Our package leaves by Friday, November 20, 2026." in words_of(body)
    for words in ("Package on its way", "We found", "Not in the package"):
        assert words not in body, "no package was to come"


def test_a_replacement_that_is_asked_for_says_nothing_of_a_package(world: World) -> None:
    body = world.page(
        world.request(delivered_hours_ago=10, asked={"reason": Reason.DAMAGED, "wants": Wish.REPLACEMENT})
    )
    assert "Nothing to send back unless we ask." in body
    for words in ("ship anything", "reaches us", "Shipping to us", "Package on its way", "Fixes your date"):
        assert words not in body
    for stage in ("Authorized", "Replaced"):
        assert stage in body
    money = world.page(world.request(delivered_hours_ago=10, asked={"reason": Reason.DAMAGED, "wants": Wish.REFUND}))
    assert "ship anything yet" in money
    assert "reaches us" in money


def test_where_nothing_comes_back_nothing_says_to_send_it(world: World) -> None:
    asked = {"reason": Reason.DAMAGED, "wants": Wish.REPLACEMENT}
    rma = world.authorized(delivered_hours_ago=10, asked=asked)
    body = world.page(rma)
    assert "Nothing to send back" in body
    assert "We send your replacement. Our package leaves by Friday, November 20, 2026." in body
    for words in ("Pack ", "outside of the box", "I have shipped it", "reaches us", "Shipping to us", "Package on its"):
        assert words not in body
    for name in ("slip", "slip_pdf"):
        refused = world.client.get(world.url(rma, name))
        assert refused.status_code == 409
        said = re.sub(r"</?span[^>]*>", "", text(refused))  # the number stands in one, so that no line breaks in it
        assert f"Nothing has to come back for {rma.number}, so there is no slip." in said
    assert world.post(rma, "shipped").status_code == 409
    assert status_of(rma) == "authorized"


def test_replaced_goods_that_are_asked_back_are_sent_like_any(world: World) -> None:
    rma = world.request(delivered_hours_ago=10, asked={"reason": Reason.DAMAGED, "wants": Wish.REPLACEMENT})
    authorization.authorize(
        request_id=rma.pk, decisions=[Decision(1, 2)], by=world.staff, now=world.now, asks_goods_back=True
    )
    body = world.page(rma)
    assert "Send your package" in body
    assert "Put it in as it came to you, with everything that came with it." in body
    assert "as new" not in body
    assert "as new" not in text(world.client.get(world.url(rma, "slip")))


def test_a_refusal_gives_its_reason_line_by_line(world: World) -> None:
    rma = world.request(lines=({"title": "Serum"}, {"title": "Crème"}))
    decisions = [Decision(1, 2), Decision(2, 0, "discretion", "We saw it was used.")]
    authorization.authorize(request_id=rma.pk, decisions=decisions, by=world.staff, now=world.now)
    assert "We saw it was used." in world.page(rma)
    other = world.request()
    authorization.reject(request_id=other.pk, reason="discretion", text="Not this time.", by=world.staff, now=world.now)
    body = world.page(other)
    assert "Not accepted" in body
    assert "Not this time." in body


def test_a_redirected_customer_learns_where_to_go(world: World) -> None:
    rma = world.request(
        channel="partner", seller_name="Glow Spa", seller_contact="704-555-0142", asked={"ask_anyway": True}
    )
    authorization.redirect(request_id=rma.pk, by=world.staff, now=world.now)
    body = world.page(rma)
    assert "You bought it at Glow Spa." in body
    assert "704-555-0142" in body


# ------------------------------------------------------------------------------------------------------------- withdraw


def test_withdrawing_is_asked_first_and_gives_the_units_back(world: World) -> None:
    rma = world.request()
    asked = text(world.client.get(world.url(rma, "withdraw")))
    assert "Withdraw this return?" in asked
    assert status_of(rma) == "submitted"
    world.post(rma, "withdraw")
    assert status_of(rma) == "withdrawn"
    assert rma.order.lines.get().available == 2
    assert "You withdrew this return" in world.page(rma)


def test_a_withdrawal_twice_leads_to_the_page(world: World) -> None:
    rma = world.request()
    for _ in range(2):
        assert world.post(rma, "withdraw").status_code == 302
    assert rma.events.filter(action="withdraw").count() == 1


def test_goods_that_are_here_cannot_be_withdrawn(world: World) -> None:
    rma = world.received()
    assert "Withdraw this return" not in world.page(rma)
    assert world.client.get(world.url(rma, "withdraw")).status_code == 302
    assert world.post(rma, "withdraw").status_code == 409
    assert status_of(rma) == "received"


@pytest.mark.parametrize("name", STEPS)
def test_looking_changes_nothing(world: World, name: str) -> None:
    rma = world.authorized()
    world.client.get(world.url(rma, name))
    assert status_of(rma) == "authorized"


def test_a_reference_nobody_has_is_not_found(world: World) -> None:
    for reference in ("XXXX-XXXX", "RMA-2222-2222-2", "%00", "1"):
        address = f"{reverse('portal:returns', args=[IMAGE])}{reference}/"
        assert world.client.get(address).status_code in {400, 404}


def test_disposition_of_goods_is_not_the_customers_business(world: World) -> None:
    rma = world.received()
    found = factories.finding(1, 2, disposition=Disposition.QUARANTINE)
    inspection.inspect(request_id=rma.pk, findings=[found], by=world.staff, now=world.now + timedelta(minutes=1))
    assert "quarantine" not in world.page(rma).lower()
