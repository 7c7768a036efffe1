"""The damage lane: the clock, the form, and what becomes of it. Facts about the order never come from the browser."""

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from returns.domain.facts import Reason, Wish
from returns.models import Draft, Order, OrderLine, Photo, Product, ReturnLine, ReturnRequest, Storefront
from returns.services.errors import Refused
from returns.views import photo_box, portal_damage
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, PRO, SPA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(now: datetime) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(now, tick=False) as moment:
        yield moment


def a_photo() -> SimpleUploadedFile:
    """A file as a phone sends it."""
    return SimpleUploadedFile("damage.jpg", factories.picture().large, content_type="image/jpeg")


class Reporting:
    """Somebody in front of the damage form of an order."""

    def __init__(self, client: Client, order: Order) -> None:
        self.client, self.order = client, order
        self.lines = list(order.lines.order_by("position"))
        self.url = reverse("portal:damage", args=[order.storefront.slug, order.public_id])

    def client_of_the_same_person(self) -> Client:
        """Another tab: it waits for no answer of this one."""
        tab = Client()
        tab.cookies = self.client.cookies
        return tab

    def open(self, **query: str) -> Any:
        """Look at the page."""
        return self.client.get(self.url, query)

    def fields(self, *lines: OrderLine, **values: object) -> dict[str, str]:
        """What the page sends: the first line is damaged, one unit, a new one wished, unless told otherwise."""
        usual = {"reason": "damaged", "wants": "replacement", **values}
        ticks = {f"chosen-{line.public_id}": "on" for line in lines or self.lines[:1]}
        return ticks | {name: str(value) for name, value in usual.items() if value is not None}

    def send(self, fields: dict[str, str] | None = None, *, button: str = "report", **more: Any) -> Any:
        """Press the button, on a page that shows the answer to what is sent."""
        fields = self.fields() if fields is None else fields
        shown = self.client.post(self.url, {**fields, "update": "1"}).context["shown"]
        return self.client.post(
            self.url, {"nonce": str(uuid.uuid4()), "shown": shown, **fields, "send": button, **more}
        )


@pytest.fixture
def reporting(cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime) -> Any:
    """`reporting(slug, **order)`: Maya in front of the form, her package delivered 19 hours ago."""

    def make(slug: str = IMAGE, **order: Any) -> Reporting:
        values = {"delivered_hours_ago": 19, **order}
        return Reporting(
            signed_in(cast.maya), factories.order(shops[slug], now=now, customer=cast.accounts[slug], **values)
        )

    return make


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def filed(response: HttpResponse) -> ReturnRequest:
    assert response.status_code == 302, text(response)
    request = ReturnRequest.objects.get()
    assert response.headers["Location"] == reverse("portal:return", args=[request.storefront.slug, request.reference])
    return request


def refused(response: HttpResponse, *, status: int = 422) -> str:
    assert response.status_code == status
    assert not ReturnRequest.objects.exists()
    return text(response)


# -------------------------------------------------------------------------------------------------------- how it starts


def test_the_page_says_how_much_time_is_left_and_until_when(reporting: Any) -> None:
    body = text(reporting().open())
    assert "29 hours left" in body
    assert "Until Thursday, November 19, 2026, 5 pm Eastern." in body
    assert "48 hours" in body


def test_the_bar_is_drawn_in_percent(reporting: Any) -> None:
    assert 'width="39.58%"' in text(reporting().open())


def test_a_shop_that_counts_days_shows_its_days(reporting: Any) -> None:
    body = text(reporting(SPA, days_ago=5).open())
    assert "10 days left" in body
    assert "Until Saturday, November 28, 2026." in body
    assert "today, day 5" in body
    assert "hours left" not in body


def test_on_the_last_day_the_page_says_so(reporting: Any) -> None:
    assert "Today is the last day" in text(reporting(SPA, days_ago=15).open())


def test_only_product_is_ticked_and_a_link_may_name_one(reporting: Any) -> None:
    assert text(reporting().open()).count("checked") >= 1
    there = reporting(lines=({}, {"title": "Mask"}))
    assert f'id="id_chosen-{there.lines[1].public_id}" checked' not in text(there.open())
    body = text(there.open(line=str(there.lines[1].public_id), reason="shipping_error"))
    assert f'id="id_chosen-{there.lines[1].public_id}" checked' in body
    assert re.search(r'value="shipping_error"[^>]* checked', body)


@pytest.mark.parametrize(
    "query", [{"line": "x", "reason": "gold"}, {"line": str(uuid.uuid4())}, {"reason": "changed_mind"}]
)
def test_a_link_that_names_nothing_of_ours_does_no_harm(reporting: Any, query: dict[str, str]) -> None:
    assert reporting().open(**query).status_code == 200


def test_both_remedies_say_what_they_mean(reporting: Any) -> None:
    body = text(reporting().open())
    assert "Send me a new one" in body
    assert "Nothing to pay. Nothing to send back unless we ask." in body
    assert "Money back, $61.20" in body
    assert "You send it back, we pay the shipping." in body


def test_store_credit_is_all_that_le_petit_spa_offers_as_money(reporting: Any) -> None:
    body = text(reporting(SPA, shipping_paid=Decimal("9.95")).open())
    assert "Store credit, $71.15" in body, "with the original shipping (LPS-26)"
    assert "refund" not in body.lower()
    assert "money back" not in body.lower()


def test_each_form_of_money_is_offered_where_a_shop_has_several(reporting: Any) -> None:
    body = text(reporting(PRO).open())
    assert "Money back, $61.20" in body
    assert "Store credit, $61.20" in body


# ------------------------------------------------------------------------------------------------------------- sending


def test_a_report_is_filed_and_ends_on_its_page(reporting: Any, now: datetime) -> None:
    there = reporting()
    request = filed(there.send())
    line = ReturnLine.objects.get()
    assert (line.reason, line.wants, line.requested_quantity) == ("damaged", "replacement", 1)
    assert request.is_claim
    assert request.requested_at == now
    assert request.submitted_quote.lines[0].verdict.code == "DAMAGED"
    page = there.client.get(reverse("portal:return", args=[IMAGE, request.reference])).content.decode()
    assert "<h1>We have your report</h1>" in page
    assert "What you reported" in page
    assert page.count("A copy is on its way") == 1


def test_several_products_and_units_go_in_one_report(reporting: Any) -> None:
    there = reporting(lines=({}, {"title": "Mask", "quantity": 3, "paid_total": Decimal("90.00")}, {}))
    fields = there.fields(there.lines[0], there.lines[1], reason="shipping_error", wants="refund")
    request = filed(there.send(fields | {f"quantity-{there.lines[1].public_id}": "2"}))
    assert [(line.order_line_id, line.requested_quantity) for line in request.lines.order_by("position")] == [
        (there.lines[0].pk, 1),
        (there.lines[1].pk, 2),
    ]
    assert request.amount == Decimal("121.20")


def test_the_same_form_sent_twice_files_one_report(reporting: Any) -> None:
    there = reporting()
    nonce = str(uuid.uuid4())
    first, second = there.send(nonce=nonce), there.send(nonce=nonce)
    assert first.headers["Location"] == second.headers["Location"]
    assert ReturnRequest.objects.count() == 1


def test_a_nonce_of_another_orders_report_stands_in_nobodys_way(reporting: Any) -> None:
    nonce = str(uuid.uuid4())
    assert reporting().send(nonce=nonce).status_code == 302
    assert reporting().send(nonce=nonce).status_code == 302
    assert ReturnRequest.objects.count() == 2


def test_without_script_the_answer_is_shown_before_it_is_sent(reporting: Any) -> None:
    there = reporting()
    blind = there.client.post(there.url, {**there.fields(), "send": "report"})
    body = text(blind)
    assert blind.status_code == 200
    assert not ReturnRequest.objects.exists()
    assert "Look once more, then send it" in body
    assert "Yes, our mistake" in body
    again = {"nonce": str(blind.context["nonce"]), "shown": blind.context["shown"], "send": "report"}
    filed(there.client.post(there.url, {**there.fields(), **again}))


def test_with_script_the_answer_follows_what_is_chosen(reporting: Any) -> None:
    there = reporting(lines=({}, {"title": "Mask"}))
    body = text(
        there.client.post(there.url, there.fields(*there.lines, wants="refund"), headers={"HX-Request": "true"})
    )
    assert "<html" not in body
    assert "$122.40" in body
    assert 'id="remedy"' in body


def test_another_answer_than_the_one_shown_comes_back_first(reporting: Any) -> None:
    there = reporting()
    stale = there.client.post(there.url, {**there.fields(), "update": "1"}).context["shown"]
    response = there.client.post(there.url, {**there.fields(wants="refund"), "shown": stale, "send": "report"})
    assert "The answer has changed" in text(response)
    assert not ReturnRequest.objects.exists()


def test_what_was_entered_waits_for_a_closed_browser(reporting: Any, cast: Cast, signed_in: SignIn) -> None:
    there = reporting(lines=({}, {"title": "Mask"}))
    there.client.post(
        there.url, there.fields(there.lines[1], note="The pump is broken."), headers={"HX-Request": "true"}
    )
    body = text(signed_in(cast.maya).get(there.url))
    assert f'id="id_chosen-{there.lines[1].public_id}" checked' in body
    assert "The pump is broken." in body
    assert Draft.objects.get().lane == Draft.DAMAGE


def test_a_sent_report_leaves_no_draft(reporting: Any) -> None:
    filed(reporting().send())
    assert not Draft.objects.exists()


def test_looking_at_the_page_begins_nothing(reporting: Any) -> None:
    reporting().open()
    assert not Draft.objects.exists()


def test_a_word_to_us_becomes_a_message(reporting: Any) -> None:
    there = reporting()
    request = filed(there.send(there.fields(note="The cap was open.")))
    assert request.messages.get().body == "The cap was open."


def test_the_person_is_asked_only_for_what_nobody_knows(reporting: Any) -> None:
    there = reporting()
    Order.objects.filter(pk=there.order.pk).update(phone="")
    there.order.account.phone = ""
    there.order.account.save()
    body = refused(there.send())
    assert "Enter a phone number, for example 704-555-0100." in body
    assert 'name="email"' not in body
    assert filed(there.send(there.fields(phone="704-555-0199"))).contact_phone == "704-555-0199"


def test_what_is_known_can_be_changed_without_losing_anything(reporting: Any) -> None:
    there = reporting()
    response = there.client.post(there.url, {**there.fields(note="Kept."), "change": "email"})
    body = text(response)
    assert 'value="maya@example.com"' in body
    assert "Kept." in body
    assert filed(there.send(there.fields(email="other@example.com"))).contact_email == "other@example.com"


# ------------------------------------------------------------------------------------------------------- what is wrong


def test_what_happened_has_to_be_said(reporting: Any) -> None:
    there = reporting()
    assert "Choose what happened." in refused(there.send(there.fields(reason=None)))


def test_at_least_one_product_has_to_be_chosen(reporting: Any) -> None:
    there = reporting(lines=({}, {}))
    assert "Choose at least one product." in refused(there.send({"reason": "damaged", "wants": "replacement"}))


@pytest.mark.parametrize("values", [{"reason": "changed_mind"}, {"reason": "not_received"}, {"wants": "gold"}])
def test_a_choice_that_isnt_there_is_refused(reporting: Any, values: dict[str, str]) -> None:
    there = reporting()
    refused(there.send(there.fields(**values)))


@pytest.mark.parametrize("typed", ["0", "3", "-1", "1e3", "１", "two", ""])
def test_a_number_of_units_that_is_none_is_refused(reporting: Any, typed: str) -> None:
    there = reporting()
    body = refused(there.send(there.fields() | {f"quantity-{there.lines[0].public_id}": typed}))
    assert "Enter a number from 1 to 2." in body


@pytest.mark.parametrize("line", [uuid.uuid4(), "0", "x", ""])
def test_a_line_that_isnt_of_this_order_is_refused(reporting: Any, line: object) -> None:
    there = reporting()
    body = refused(there.send(there.fields() | {f"chosen-{line}": "on"}))
    assert "One of the products isn&#x27;t part of this order." in body


def test_a_line_of_which_nothing_is_left_is_refused(reporting: Any) -> None:
    there = reporting(lines=({}, {"title": "Mask"}))
    OrderLine.objects.filter(pk=there.lines[1].pk).update(returning_quantity=2)
    assert "Mask: nothing is left to ask about." in refused(there.send(there.fields(*there.lines)))


def test_a_report_of_an_order_with_nothing_left_isnt_taken_for_filed(reporting: Any) -> None:
    there = reporting()
    OrderLine.objects.update(returning_quantity=2)
    assert there.client.post(there.url, {**there.fields(), "send": "report"}).status_code == 409
    assert not ReturnRequest.objects.exists()


def test_an_order_of_which_nothing_is_left_says_so(reporting: Any) -> None:
    there = reporting()
    OrderLine.objects.filter(pk=there.lines[0].pk).update(returning_quantity=2)
    assert "Everything of this order was returned or asked for already." in text(there.open())
    assert there.client.post(there.url, there.fields()).status_code == 200
    assert not ReturnRequest.objects.exists()


def test_what_is_wrong_costs_nothing_that_was_entered(reporting: Any) -> None:
    there = reporting()
    body = refused(there.send(there.fields(reason=None, wants="refund", note="Still here.")))
    assert "Still here." in body
    assert re.search(r'value="refund"[^>]* checked', body)


# ----------------------------------------------------------------------------------------------------------- the clock


def test_forty_eight_hours_sharp_is_in_time(reporting: Any, now: datetime) -> None:
    there = reporting(delivered_at=now - timedelta(hours=48))
    assert "Less than a minute left" in text(there.open())
    assert filed(there.send()).submitted_quote.lines[0].verdict.code == "DAMAGED"


def test_one_second_later_is_late_and_no_dead_end(reporting: Any, now: datetime) -> None:
    there = reporting(delivered_at=now - timedelta(hours=48, seconds=1))
    body = text(there.open())
    assert "49 hours after delivery, the limit is 48" in body
    assert "Ask us anyway" in body
    assert ">What you get<" not in body, "it is too late for a promise"
    assert reverse("portal:choose", args=[IMAGE, there.order.public_id]) in body, "an ordinary return is possible"
    request = filed(there.send(button="anyway"))
    assert request.submitted_quote.lines[0].verdict.code == "CLAIM_WINDOW_EXPIRED"
    assert request.lines.get().ask_anyway
    status = text(there.client.get(reverse("portal:return", args=[IMAGE, request.reference])))
    assert "a person decides" in status
    assert "$0.00" not in status, "nobody has said yet what it gives"


def test_a_page_opened_in_time_and_sent_late_is_not_filed_as_if_it_were(
    reporting: Any, today: Any, now: datetime
) -> None:
    there = reporting(delivered_hours_ago=47)
    shown = there.client.post(there.url, {**there.fields(), "update": "1"}).context["shown"]
    today.move_to(now + timedelta(hours=2))
    body = refused(there.client.post(there.url, {**there.fields(), "shown": shown, "send": "report"}), status=409)
    assert "The time ran out while this page was open" in body
    assert "Ask us anyway" in body


def test_excluded_goods_that_are_late_offer_no_ordinary_return(reporting: Any) -> None:
    there = reporting(delivered_hours_ago=51, lines=({"kind": "trial_kit"},))
    body = text(there.open())
    assert "51 hours after delivery, the limit is 48" in body
    assert "An ordinary return is still possible" not in body
    filed(there.send(button="anyway"))


def test_late_at_le_petit_spa_a_person_decides(reporting: Any) -> None:
    there = reporting(SPA, days_ago=16)
    body = text(there.open())
    assert "a person decides" in body
    assert "Send my report" in body
    request = filed(there.send())
    assert request.submitted_quote.lines[0].verdict.code == "LATE_MERCHANT_FAULT"
    assert not request.lines.get().ask_anyway


def test_the_hours_are_real_ones_also_when_the_clocks_go_back(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, today: Any
) -> None:
    at = datetime(2026, 11, 1, 20, 0, tzinfo=UTC)  # 3 pm Eastern, after the clocks went back at 2 am
    today.move_to(at)
    made = factories.order(shops[IMAGE], now=at, customer=cast.accounts[IMAGE], delivered_hours_ago=24)
    body = text(Reporting(signed_in(cast.maya), made).open())
    assert "24 hours left" in body
    assert "delivered Sat, Oct 31, 4 pm" in body
    assert "Until Monday, November 2, 2026, 3 pm Eastern." in body


# --------------------------------------------------------------------------------------------------- delivery unknown


def test_an_unknown_delivery_is_asked_for_and_goes_to_a_person(reporting: Any) -> None:
    there = reporting(delivered_hours_ago=None)
    assert "When did it arrive?" in text(there.open())
    request = filed(there.send(there.fields(arrived_on="2026-11-17", arrived_at="16:30")))
    assert request.stated_received_at == datetime(2026, 11, 17, 21, 30, tzinfo=UTC)
    assert request.submitted_quote.lines[0].verdict.code == "DELIVERY_UNKNOWN"


def test_a_known_delivery_is_not_asked_for_and_not_taken_from_the_browser(reporting: Any) -> None:
    there = reporting()
    assert "When did it arrive?" not in text(there.open())
    assert filed(there.send(there.fields(arrived_on="2026-11-17", arrived_at="16:30"))).stated_received_at is None


def test_le_petit_spa_counts_from_the_order_and_needs_no_delivery(reporting: Any) -> None:
    assert "When did it arrive?" not in text(reporting(SPA, delivered_hours_ago=None).open())


@pytest.mark.parametrize(
    ("day", "at", "said"),
    [
        ("", "", "Enter the day on which it arrived."),
        ("2026-11-17", "", "Enter about what time it arrived."),
        ("2026-11-18", "23:59", "That is still to come. Enter when it arrived."),
        ("2027-01-01", "10:00", "That is still to come. Enter when it arrived."),
        ("2026-11-12", "10:00", "Enter a day from Friday, November 13, 2026 on, when you ordered."),
        ("0001-01-01", "00:00", "Enter a day from Friday, November 13, 2026 on, when you ordered."),
        ("9999-12-31", "23:59", "That is still to come. Enter when it arrived."),
        ("2026-02-30", "10:00", "Enter the day as month, day and year, for example 11/18/2026."),
        ("２０２６-11-17", "10:00", "Enter the day as month, day and year, for example 11/18/2026."),
        ("2026-11-17", "25:00", "Enter the time with am or pm, for example 2:30 pm."),
        ("2026-11-17", "13 pm", "Enter the time with am or pm, for example 2:30 pm."),
    ],
)
def test_an_arrival_that_cannot_be_is_said(reporting: Any, day: str, at: str, said: str) -> None:
    there = reporting(delivered_hours_ago=None)
    assert said in refused(there.send(there.fields(arrived_on=day, arrived_at=at)))


@pytest.mark.parametrize(
    ("day", "at"), [("11/17/2026", "4:30 pm"), ("2026-11-17", "16:30:00"), ("11-17-2026", "4.30PM")]
)
def test_an_arrival_may_be_typed_where_the_browser_has_no_calendar(reporting: Any, day: str, at: str) -> None:
    there = reporting(delivered_hours_ago=None)
    request = filed(there.send(there.fields(arrived_on=day, arrived_at=at)))
    assert request.stated_received_at == datetime(2026, 11, 17, 21, 30, tzinfo=UTC)


def test_staff_see_what_the_customer_said_about_the_arrival(reporting: Any, cast: Cast, signed_in: SignIn) -> None:
    there = reporting(delivered_hours_ago=None)
    request = filed(there.send(there.fields(arrived_on="2026-11-17", arrived_at="16:30")))
    body = text(signed_in(cast.renee).get(reverse("desk:request", args=[request.reference])))
    assert "Tue, Nov 17, 4:30 pm, says the customer" in body


# ------------------------------------------------------------------------------------------- what is never taken back


def test_excluded_goods_are_replaced_and_that_is_a_sentence(reporting: Any) -> None:
    there = reporting(lines=({"title": "The MAX kit", "kind": "trial_kit", "quantity": 1},))
    body = text(there.open())
    assert "Trial kits: replaced, never taken back for money." in body
    assert 'name="wants"' not in body, "one way is no choice"
    request = filed(there.send(there.fields(wants=None)))
    assert request.submitted_quote.lines[0].resolution == "replacement"


def test_excluded_goods_beside_others_leave_the_choice_for_the_others(reporting: Any) -> None:
    there = reporting(lines=({}, {"title": "The MAX kit", "kind": "trial_kit", "quantity": 1}))
    response = there.client.post(there.url, {**there.fields(*there.lines, wants="refund"), "update": "1"})
    assert "Trial kits: replaced, never taken back for money." in text(response)
    request = filed(there.send(there.fields(*there.lines, wants="refund")))
    assert [line.resolution for line in request.submitted_quote.lines] == ["refund", "replacement"]


# -------------------------------------------------------------------------------------------------------- out of stock


def gone(there: Any) -> Product:
    """The first product, known to the catalogue and out of stock."""
    made = factories.product(there.order.storefront, name="Vital C serum", in_stock=False)
    OrderLine.objects.filter(pk=there.lines[0].pk).update(product=made)
    return made


def test_no_new_one_is_offered_of_what_is_out_of_stock(reporting: Any, cast: Cast, signed_in: SignIn) -> None:
    there = reporting()
    gone(there)
    body = text(there.open())
    said = "Out of stock, and we take no back orders: Vital C hydrating serum. You get money instead of a new one."
    assert said in body
    assert "Send me a new one" not in body
    assert 'value="replacement"' not in body
    request = filed(there.send(there.fields(wants="refund")))
    assert request.submitted_quote.lines[0].resolution == "refund"


def test_what_is_only_replaced_is_left_to_a_person_while_it_is_out_of_stock(
    reporting: Any, cast: Cast, signed_in: SignIn
) -> None:
    there = reporting(lines=({"title": "The MAX kit", "kind": "trial_kit", "quantity": 1},))
    gone(there)
    body = text(there.open())
    assert "The MAX kit. A person decides what you get instead." in body
    assert "We replace it." not in body
    assert "Send me a new one" not in body
    request = filed(there.send(there.fields(wants=None)))
    page = text(signed_in(cast.renee).get(reverse("desk:request", args=[request.reference])))
    assert "Out of stock, and there are no back orders: offer money instead." in page


def test_stock_is_looked_at_again_when_the_report_is_sent(reporting: Any) -> None:
    there = reporting()
    product = gone(there)
    asked = factories.asked(there.lines[0], reason=Reason.DAMAGED, wants=Wish.REPLACEMENT)
    with pytest.raises(Refused, match="by now, and we take no back orders. Go back and choose money instead"):
        factories.submitted(there.order, now=datetime.now(UTC), lines=[asked])
    assert not ReturnRequest.objects.exists()
    product.in_stock = True
    product.save()
    assert filed(there.send()).submitted_quote.lines[0].resolution == "replacement"


# ---------------------------------------------------------------------------------------------------- whose order it is


def test_a_partner_order_is_sent_to_its_seller_and_may_be_asked_anyway(reporting: Any) -> None:
    there = reporting(channel="partner", seller_name="Glow Bar", seller_contact="704-555-0142")
    body = text(there.open())
    assert "Bought at Glow Bar" in body
    assert 'href="tel:7045550142"' in body
    assert "hours left" not in body
    refused(there.send(), status=409)
    assert filed(there.send(button="anyway")).submitted_quote.lines[0].verdict.code == "PARTNER_PURCHASE"


def test_a_seller_with_a_storefront_of_its_own_is_linked(reporting: Any) -> None:
    there = reporting(channel="partner", seller_name="Le Petit Spa", seller_contact="javascript:alert(1)")
    body = text(there.open())
    assert f'href="{reverse("portal:landing", args=[SPA])}"' in body
    assert 'href="javascript:' not in body


def test_somebody_elses_order_is_not_found(reporting: Any, cast: Cast, signed_in: SignIn) -> None:
    there = reporting()
    for person in (cast.otto, cast.renee, cast.mona):
        assert signed_in(person).get(there.url).status_code == 404
        assert signed_in(person).post(there.url, there.fields()).status_code == 404


def test_an_order_without_a_policy_can_not_be_reported(cast: Cast, signed_in: SignIn, now: datetime) -> None:
    bare = Storefront.objects.create(slug="bare", name="Bare", short_name="Bare")
    made = factories.order(bare, now=now, customer=factories.account(bare, user=cast.maya))
    assert Reporting(signed_in(cast.maya), made).open().status_code == 409


# -------------------------------------------------------------------------------------------------------------- photos


def test_photos_go_with_the_report(reporting: Any) -> None:
    there = reporting()
    request = filed(there.send(photos=a_photo()))
    assert request.photos.count() == 1


def test_photos_stay_when_another_field_is_wrong(reporting: Any) -> None:
    there = reporting()
    body = refused(there.send(there.fields(reason=None), photos=a_photo()))
    assert Photo.objects.get().draft == Draft.objects.get()
    assert str(Photo.objects.get().public_id) in body
    assert filed(there.send()).photos.count() == 1


def test_a_file_that_is_no_picture_is_named_and_the_rest_is_kept(reporting: Any) -> None:
    there = reporting()
    bad = SimpleUploadedFile("notes.jpg", b"not a picture", content_type="image/jpeg")
    body = refused(there.send(there.fields(note="Still here."), photos=bad))
    assert "notes.jpg" in body
    assert "Still here." in body


def test_a_photo_can_be_taken_back(reporting: Any) -> None:
    there = reporting()
    refused(there.send(there.fields(reason=None), photos=a_photo()))
    there.client.post(there.url, {**there.fields(), "remove": str(Photo.objects.get().public_id)})
    assert not Photo.objects.exists()


def test_a_form_sent_twice_adds_the_photos_that_came_along(reporting: Any) -> None:
    there = reporting()
    nonce = str(uuid.uuid4())
    first, second = there.send(nonce=nonce), there.send(nonce=nonce, photos=a_photo())
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert Photo.objects.get().request == ReturnRequest.objects.get()


def test_of_two_forms_at_the_same_moment_the_second_ends_on_the_page_of_the_first(
    reporting: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is filed while the second one's photos are read: its draft is gone, and so is what it asks for."""
    there, nonce, read = reporting(), str(uuid.uuid4()), photo_box.save_photos
    other = there.client_of_the_same_person()

    def meanwhile(*args: Any, **options: Any) -> Any:
        monkeypatch.setattr(portal_damage, "save_photos", read)
        there.client, mine = other, there.client
        assert there.send(nonce=nonce).status_code == 302
        there.client = mine
        return read(*args, **options)

    shown = there.client.post(there.url, {**there.fields(), "update": "1"}).context["shown"]
    monkeypatch.setattr(portal_damage, "save_photos", meanwhile)
    sent = {"nonce": nonce, "shown": shown, **there.fields(), "send": "report", "photos": a_photo()}
    second = there.client.post(there.url, sent)
    filed = ReturnRequest.objects.get()
    assert (second.status_code, second.headers["Location"].rstrip("/").split("/")[-1]) == (302, filed.reference)
    assert Photo.objects.get().request == filed
    assert not Draft.objects.exists()
