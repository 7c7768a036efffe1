"""New by phone: the customer's form as rows, judged at the moment of asking, filed and decided in one step (07b)."""

import re
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from returns.domain.workflow import Status
from returns.invariants import violations
from returns.models import Message, Notification, Order, OrderLine, ReturnEvent, ReturnRequest, Storefront
from returns.services.storefronts import change_return_address
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, PRO, SPA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(now: datetime) -> Iterator[Any]:
    with time_machine.travel(now, tick=False) as clock:
        yield clock


@pytest.fixture
def renee(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.renee)


@pytest.fixture
def order(cast: Cast, shops: dict[str, Storefront], now: datetime) -> Order:
    return factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], days_ago=47, number="IC-20418")


def test_staff_are_asked_in_words_about_the_caller(renee: Client, shops: dict[str, Storefront], now: datetime) -> None:
    guest = factories.order(shops[SPA], now=now, number="LPS-7", email="gia@example.com")
    line = guest.lines.earliest("position")
    html = renee.post(page_of(guest), answers(line, condition="opened") | {"update": "1"}).content.decode()
    assert "If they have one." in html
    assert ("Used, %" in html, "Not complete" in html) == (True, True)
    for told in ("on your invoice", "You don", "you don", "What would you like?"):
        assert told not in html


def page_of(order: Order) -> str:
    return reverse("desk:phone_order", args=[order.public_id])


def answers(line: OrderLine, **instead: str) -> dict[str, str]:
    typed = {"back": "1", "reason": "changed_mind", "condition": "unopened", **instead}
    return {f"{line.public_id}-0-{name}": value for name, value in typed.items()}


def shown(page: Any) -> dict[str, str]:
    """The hidden fields that a page sends along: which page it is, and which answer was read aloud."""
    text = page.content.decode()
    return {name: re.findall(rf'name="{name}" value="([^"]*)"', text)[-1] for name in ("nonce", "shown")}


def entered(browser: Client, order: Order, press: str, **instead: str) -> Any:
    """What staff do: enter, read what the page answers, press a button."""
    typed = {"asked_on": "2026-11-18", "asked_at": "12:00", **answers(order.lines.earliest("position"))} | instead
    page = browser.post(page_of(order), typed)
    return browser.post(page_of(order), {**typed, **shown(page), press: "1"})


def kinds() -> list[str]:
    return sorted(Notification.objects.values_list("kind", flat=True))


# --- finding the order -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["IC-20418", "ic 20418", "#ic20418", "A-CODE"])
def test_the_order_opens_by_its_number_or_its_account(renee: Client, order: Order, typed: str) -> None:
    typed = order.account.number if typed == "A-CODE" and order.account else typed
    assert renee.get(reverse("desk:phone"), {"q": typed}).headers["Location"] == page_of(order)


def test_an_address_with_several_orders_lists_them_newest_first(
    cast: Cast, shops: dict[str, Storefront], renee: Client, order: Order, now: datetime
) -> None:
    newer = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], days_ago=3, number="IC-3")
    page = renee.get(reverse("desk:phone"), {"q": "MAYA@example.com"}).content.decode()
    assert 0 < page.index(page_of(newer)) < page.index(page_of(order))


def test_orders_of_other_storefronts_are_not_there(cast: Cast, signed_in: SignIn, order: Order) -> None:
    lena = signed_in(cast.lena)
    assert "No order found" in lena.get(reverse("desk:phone"), {"q": order.number}).content.decode()
    assert lena.get(page_of(order)).status_code == 404
    assert entered_status(lena, order) == 404


def entered_status(browser: Client, order: Order) -> int:
    return int(browser.post(page_of(order), {"authorize": "1"}).status_code)


def test_the_list_of_orders_costs_the_same_however_many_there_are(
    cast: Cast, shops: dict[str, Storefront], renee: Client, now: datetime, django_assert_num_queries: Any
) -> None:
    for _ in range(2):
        factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], lines=({}, {}))
    url = f"{reverse('desk:phone')}?q=maya@example.com"
    renee.get(url)
    with django_assert_num_queries(4):
        renee.get(url)
    for _ in range(5):
        factories.order(shops[SPA], now=now, customer=cast.accounts[SPA])
    with django_assert_num_queries(4):
        renee.get(url)


# --- entering --------------------------------------------------------------------------------------------------------


def test_one_line_is_filed_authorized_and_mailed_in_one_step(
    renee: Client, order: Order, cast: Cast, now: datetime
) -> None:
    answer = entered(renee, order, "authorize")
    filed = ReturnRequest.objects.get()
    assert answer.headers["Location"] == reverse("desk:request", args=[filed.reference])
    assert (filed.status, filed.units, filed.amount) == (Status.AUTHORIZED.value, 1, Decimal("48.96"))
    assert filed.rma_number
    assert filed.submitted_by == cast.renee
    assert kinds() == ["authorized"]
    assert [event.data.get("by_staff") for event in filed.events.filter(action="file")] == [True]
    page = renee.get(answer.headers["Location"]).content.decode()
    assert "entered by staff" in page
    assert f"{filed.rma_number}" in page
    assert list(violations()) == []


def test_saved_for_review_waits_in_the_queue_and_the_customer_has_a_copy(renee: Client, order: Order) -> None:
    entered(renee, order, "save", note="Called twice.")
    assert ReturnRequest.objects.get().status == Status.SUBMITTED.value
    assert kinds() == ["received"]
    assert Message.objects.get().internal


def test_rejected_at_once_tells_why(renee: Client, order: Order) -> None:
    entered(renee, order, "reject", **{"no-reason": "discretion", "no-text": "We spoke about it."})
    filed = ReturnRequest.objects.get()
    assert (filed.status, kinds()) == (Status.REJECTED.value, ["rejected"])
    assert order.lines.get().returning_quantity == 0


def test_what_the_policy_refuses_can_be_saved_or_rejected_and_not_authorized(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    late = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA], days_ago=16)
    page = entered(renee, late, "authorize")
    assert (page.status_code, "choose Override" in page.content.decode()) == (409, True)
    assert not ReturnRequest.objects.exists()
    assert kinds() == []
    entered(renee, late, "save")
    assert ReturnRequest.objects.get().lines.get().ask_anyway


def test_without_a_return_address_it_is_saved_for_review(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    change_return_address(storefront=shops[SPA], address="")
    order = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA])
    page = renee.post(page_of(order), answers(order.lines.get()) | {"asked_on": "2026-11-18", "asked_at": "12:00"})
    assert "has no return address yet" in page.content.decode()
    assert 'name="authorize"' not in page.content.decode()
    assert entered(renee, order, "authorize").status_code == 409
    assert not ReturnRequest.objects.exists()


@pytest.mark.parametrize("slug", [SPA, IMAGE, PRO])
def test_the_words_to_say_come_from_the_policy_and_have_the_sum(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime, slug: str
) -> None:
    order = factories.order(shops[slug], now=now, customer=cast.accounts[slug], days_ago=10)
    page = renee.post(page_of(order), answers(order.lines.get(), back="2")).content.decode()
    assert re.search(r"<p>You&#x27;d get[^<]*: \$122\.40\.</p>", page)
    assert "You pay for shipping it to us." in page
    assert ("store credit" in page) is (slug == SPA)


def test_nothing_is_filed_before_its_answer_was_on_the_page(renee: Client, order: Order) -> None:
    typed = answers(order.lines.get()) | {"asked_on": "2026-11-18", "asked_at": "12:00", "authorize": "1"}
    page = renee.post(page_of(order), typed)
    assert (page.status_code, "Read this one" in page.content.decode()) == (409, True)
    assert not ReturnRequest.objects.exists()
    assert renee.post(page_of(order), {**typed, **shown(page)}).status_code == 302


def test_pressed_twice_it_is_entered_once(renee: Client, order: Order) -> None:
    typed = answers(order.lines.get()) | {"asked_on": "2026-11-18", "asked_at": "12:00"}
    typed |= shown(renee.post(page_of(order), typed))
    first = renee.post(page_of(order), typed | {"authorize": "1"})
    second = renee.post(page_of(order), typed | {"authorize": "1"})
    assert first.headers["Location"] == second.headers["Location"]
    assert (ReturnRequest.objects.count(), kinds()) == (1, ["authorized"])


# --- when they asked -------------------------------------------------------------------------------------------------


def test_the_moment_of_asking_decides_and_is_logged(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    late = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA], days_ago=16)
    entered(renee, late, "authorize", asked_on="2026-11-17", asked_at="16:30")
    filed = ReturnRequest.objects.get()
    assert filed.requested_at == datetime.fromisoformat("2026-11-17T16:30-05:00")
    event = ReturnEvent.objects.get(action="file")
    assert (event.at, event.data["asked_at"]) == (now, "2026-11-17T16:30:00-05:00")
    assert filed.status == Status.AUTHORIZED.value


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        ({"asked_on": "2026-11-18", "asked_at": "12:01"}, "That is still to come"),
        ({"asked_on": "2026-11-19", "asked_at": "8:00"}, "That is still to come"),
        ({"asked_on": "2026-10-01", "asked_at": "8:00"}, "when you ordered"),
        ({"asked_on": "", "asked_at": "8:00"}, "Enter the day on which they asked."),
        ({"asked_on": "yesterday", "asked_at": "8:00"}, "Enter the day as month, day and year"),
        ({"asked_on": "2026-11-17", "asked_at": "25:00"}, "Enter the time with am or pm"),
    ],
)
def test_never_later_and_never_before_the_order(
    renee: Client, order: Order, moment: dict[str, str], sentence: str
) -> None:
    page = entered(renee, order, "authorize", **moment)
    assert (page.status_code, sentence in page.content.decode()) == (422, True)
    assert not ReturnRequest.objects.exists()


# --- the same checks as the customer's form --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instead", "sentence"),
    [
        ({"back": "0"}, "Choose at least one product to return."),
        ({"back": "3"}, "Enter a number from 1 to 2."),
        ({"back": "-1"}, "Enter a number from 1 to 2."),
        ({"reason": ""}, "Choose why you&#x27;re returning Vital C hydrating serum."),
        ({"reason": "because"}, "Select a valid choice"),
    ],
)
def test_what_the_customers_form_refuses_is_refused_in_its_words(
    renee: Client, order: Order, instead: dict[str, str], sentence: str
) -> None:
    page = entered(renee, order, "authorize", **answers(order.lines.get(), **instead))
    assert (page.status_code, sentence in page.content.decode()) == (422, True)
    assert not ReturnRequest.objects.exists()


def test_of_one_unit_only_one_comes_back(
    renee: Client, shops: dict[str, Storefront], cast: Cast, now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], lines=[{"quantity": 1}])
    page = entered(renee, order, "authorize", **answers(order.lines.get(), back="2"))
    assert (page.status_code, "Enter 1." in page.content.decode()) == (422, True)
    assert entered(renee, order, "authorize").status_code == 302


def test_a_guest_without_a_phone_number_is_asked_for_one(
    renee: Client, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now)
    page = entered(renee, order, "authorize")
    assert (page.status_code, "Enter a phone number" in page.content.decode()) == (422, True)
    assert entered(renee, order, "authorize", phone="704-555-0100").status_code == 302
    assert ReturnRequest.objects.get().contact_phone == "704-555-0100"


def test_a_claim_whose_delivery_nobody_knows_asks_when_it_came(
    renee: Client, shops: dict[str, Storefront], cast: Cast, now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], delivered_hours_ago=None)
    damaged = answers(order.lines.get(), reason="damaged")
    page = entered(renee, order, "save", **damaged)
    assert (page.status_code, "Enter the day on which it arrived." in page.content.decode()) == (422, True)
    entered(renee, order, "save", **damaged, arrived_on="2026-11-17", arrived_at="9:00")
    assert ReturnRequest.objects.get().stated_received_at == datetime.fromisoformat("2026-11-17T09:00-05:00")


def test_nothing_arrived_after_it_was_asked_about(
    renee: Client, shops: dict[str, Storefront], cast: Cast, now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], delivered_hours_ago=None)
    claim = answers(order.lines.get(), reason="damaged") | {"asked_on": "2026-11-17", "asked_at": "9:00"}
    page = entered(renee, order, "save", **claim, arrived_on="2026-11-17", arrived_at="9:01")
    assert (page.status_code, "That is after they asked" in page.content.decode()) == (422, True)
    assert not ReturnRequest.objects.exists()
    assert entered(renee, order, "save", **claim, arrived_on="2026-11-17", arrived_at="9:00").status_code == 302


def test_a_split_line_goes_back_in_two_conditions(
    renee: Client, shops: dict[str, Storefront], cast: Cast, now: datetime
) -> None:
    order = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA])
    line = order.lines.get()
    page = renee.post(page_of(order), answers(line) | {"split": str(line.public_id)}).content.decode()
    assert f'name="{line.public_id}-1-condition"' in page
    second = {
        f"{line.public_id}-1-{name}": value
        for name, value in {"back": "1", "reason": "dissatisfied", "condition": "opened", "used_percent": "40"}.items()
    }
    entered(renee, order, "authorize", **{f"{line.public_id}-parts": "2"}, **second)
    assert list(ReturnRequest.objects.get().lines.values_list("condition", flat=True)) == ["unopened", "opened"]


def test_an_answer_comes_alone_and_changes_nothing(renee: Client, order: Order) -> None:
    page = renee.post(page_of(order), answers(order.lines.get()), headers={"hx-request": "true"})
    text = page.content.decode()
    assert (page.status_code, "<html" in text) == (200, False)
    assert 'id="phone-say"' in text
    assert not ReturnRequest.objects.exists()


# --- one's own -------------------------------------------------------------------------------------------------------


def test_nobody_enters_a_return_of_their_own(
    renee: Client, cast: Cast, shops: dict[str, Storefront], order: Order, now: datetime
) -> None:
    own = factories.order(shops[IMAGE], now=now, customer=factories.account(shops[IMAGE], user=cast.renee))
    assert "This is your own order" in renee.get(page_of(own)).content.decode()
    assert renee.post(page_of(own), {"save": "1", **answers(own.lines.get())}).status_code == 409
    Order.objects.filter(pk=order.pk).update(email=cast.renee.email)
    assert renee.post(page_of(order), {"save": "1", **answers(order.lines.get())}).status_code == 409
    assert not ReturnRequest.objects.exists()


def test_fields_of_the_model_are_nobodys_to_send(renee: Client, order: Order) -> None:
    forged = {"status": "completed", "amount": "999", "rma_number": "RMA-2222-2222-2", "requested_at": "2020-01-01"}
    entered(renee, order, "save", **forged, nonce=str(uuid.uuid4()))
    filed = ReturnRequest.objects.get()
    assert (filed.status, filed.amount, filed.rma_number) == ("submitted", Decimal("48.96"), None)
    assert filed.requested_at > order.placed_at + timedelta(days=40)


# --- putting a call aside ---------------------------------------------------------------------------------------------


def test_a_call_is_put_aside_and_gone_on_with_by_whoever_took_it(
    cast: Cast, renee: Client, order: Order, signed_in: SignIn
) -> None:
    line = order.lines.earliest("position")
    typed = {
        "asked_on": "2026-11-18",
        "asked_at": "12:00",
        **answers(line, reason="dissatisfied"),
        "note": "Calls again.",
    }
    page = renee.post(page_of(order), typed)
    sent = {**typed, **shown(page)}
    aside = renee.post(page_of(order), {**sent, "aside": "1"})
    assert aside.headers["Location"] == reverse("desk:phone")
    assert not ReturnRequest.objects.exists()
    assert order.number in renee.get(reverse("desk:phone")).content.decode()
    assert order.number not in signed_in(cast.sam).get(reverse("desk:phone")).content.decode()
    assert "This call was put aside" not in signed_in(cast.sam).get(page_of(order)).content.decode()
    back = renee.get(page_of(order))
    text = back.content.decode()
    assert "This call was put aside" in text
    assert 'value="dissatisfied" selected' in text
    assert "Calls again." in text
    assert shown(back)["nonce"] == sent["nonce"], "sent twice it is still one request"
    filed = renee.post(page_of(order), {**typed, **shown(back), "save": "1"})
    assert filed.status_code == 302
    assert ReturnRequest.objects.count() == 1
    assert "This call was put aside" not in renee.get(page_of(order)).content.decode()


def test_a_call_that_was_entered_meanwhile_waits_no_longer(renee: Client, order: Order) -> None:
    line = order.lines.earliest("position")
    typed = {"asked_on": "2026-11-18", "asked_at": "12:00", **answers(line, reason="dissatisfied")}
    sent = {**typed, **shown(renee.post(page_of(order), typed))}
    assert renee.post(page_of(order), {**sent, "save": "1"}).status_code == 302
    renee.post(page_of(order), {**sent, "aside": "1"})  # in another window
    assert "This call was put aside" in renee.get(page_of(order)).content.decode()
    assert renee.post(page_of(order), {**sent, "save": "1"}).status_code == 302
    assert ReturnRequest.objects.count() == 1
    assert "This call was put aside" not in renee.get(page_of(order)).content.decode()


def test_a_call_that_was_put_aside_can_begin_anew(renee: Client, order: Order) -> None:
    line = order.lines.earliest("position")
    renee.post(page_of(order), {**answers(line, reason="dissatisfied"), "aside": "1"})
    assert renee.post(page_of(order), {"anew": "1"}).headers["Location"] == page_of(order)
    text = renee.get(page_of(order)).content.decode()
    assert "This call was put aside" not in text
    assert 'value="dissatisfied" selected' not in text
