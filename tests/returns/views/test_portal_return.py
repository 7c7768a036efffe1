"""Choosing what to return, checking it, sending it: what the browser sends decides nothing but what is asked."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from returns import drafts
from returns.models import Draft, Message, Order, OrderLine, ReturnLine, ReturnRequest, Storefront
from returns.services import guest_links
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, PRO, SPA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(now: datetime) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(now, tick=False) as moment:
        yield moment


class Choosing:
    """Somebody in front of an order: fills in the page and sends it."""

    def __init__(self, client: Client, order: Order) -> None:
        self.client, self.order = client, order
        self.lines = list(order.lines.order_by("position"))
        slug = order.storefront.slug
        self.url = reverse("portal:choose", args=[slug, order.public_id])
        self.check_url = reverse("portal:check", args=[slug, order.public_id])

    def fields(self, line: OrderLine | None = None, *, part: int = 0, **values: object) -> dict[str, str]:
        """What the page sends for one line: unopened, changed mind, all of it, unless `values` says otherwise."""
        line = line or self.lines[0]
        usual = {"chosen": "on", "reason": "changed_mind", "condition": "unopened", "quantity": str(line.quantity)}
        prefix = f"{line.public_id}-{part}"
        return {f"{prefix}-{name}": str(value) for name, value in {**usual, **values}.items() if value is not None}

    def send(self, *fields: dict[str, str], button: str = "continue", **more: str) -> Any:
        """Press a button of the page."""
        data = {name: value for one in fields for name, value in one.items()}
        return self.client.post(self.url, {**data, button: "1", **more})

    def check(self) -> Any:
        """Look at the check page."""
        return self.client.get(self.check_url)

    def nonce(self) -> str:
        """The nonce of the check page as it is now."""
        return str(self.check().context["nonce"])

    def file(self, *, nonce: str = "", **fields: str) -> Any:
        """Send the request."""
        return self.client.post(self.check_url, {"nonce": nonce or self.nonce(), **fields})


@pytest.fixture
def choosing(cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime) -> Any:
    """`choosing(slug, **order)`: Maya in front of an order of hers."""

    def make(slug: str = IMAGE, **order: Any) -> Choosing:
        made = factories.order(shops[slug], now=now, customer=cast.accounts[slug], **order)
        return Choosing(signed_in(cast.maya), made)

    return make


def guest_of(order: Order, now: datetime) -> Client:
    """A browser in which the guest link of this order was opened."""
    client = Client()
    link = guest_links.fresh_link_for(order, order.email, now=now)
    client.get(guest_links.url_for(link).removeprefix(settings.SITE_URL))
    client.post(reverse("portal:link", args=[order.storefront.slug]))
    return client


def text(response: HttpResponse) -> str:
    return response.content.decode()


def problem(response: HttpResponse) -> str:
    assert response.status_code in {409, 422}
    body = text(response)
    assert "There is a problem" in body
    assert ReturnRequest.objects.count() == 0
    return body


# ------------------------------------------------------------------------------------------------------- choosing items


def test_all_lines_are_shown_also_those_that_cannot_go_back(choosing: Any) -> None:
    there = choosing(lines=[{"title": "Serum"}, {"title": "The MAX kit", "kind": "trial_kit"}])
    body = text(there.client.get(there.url))
    assert "Serum" in body
    assert "Trial kits aren&#x27;t taken back at any time." in body


def test_the_quote_follows_what_is_chosen(choosing: Any) -> None:
    there = choosing(days_ago=47)
    response = there.send(there.fields(quantity=1), button="update")
    assert response.status_code == 200
    assert "Restocking, 20% of $61.20" in text(response)
    assert response.context["quote"].quote.total == Decimal("48.96")


def test_with_script_only_what_changed_comes_back(choosing: Any) -> None:
    there = choosing()
    response = there.client.post(there.url, there.fields(), headers={"HX-Request": "true"})
    body = text(response)
    assert "<html" not in body
    assert 'data-hx-swap-oob="true"' in body
    assert "$122.40" in body


def test_with_script_a_question_that_is_needed_now_comes_with_the_answer(choosing: Any) -> None:
    there = choosing(SPA, lines=[{"title": "Crème"}])
    first = there.client.post(there.url, there.fields(), headers={"HX-Request": "true"})
    assert "used_percent" not in text(first)
    opened = there.client.post(there.url, there.fields(condition="opened"), headers={"HX-Request": "true"})
    assert "About how much is used?" in text(opened)


HTMX = {"HX-Request": "true"}


def test_what_script_sends_late_does_not_undo_going_on(choosing: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The draft is read, then Continue goes through in between, then the answer that changed is kept."""
    there = choosing()
    there.client.post(there.url, there.fields(quantity=1), headers=HTMX)
    find, gone_on = drafts.find, list[Draft]()

    def find_and_go_on(*who: Any) -> Draft | None:
        found = find(*who)
        if not gone_on:
            gone_on.append(Draft())  # only once
            there.send(there.fields(quantity=2))
            gone_on[0] = Draft.objects.get()
        return found

    monkeypatch.setattr(drafts, "find", find_and_go_on)
    there.client.post(there.url, there.fields(quantity=1), headers=HTMX)
    after = Draft.objects.get()
    assert after.nonce == gone_on[0].nonce
    assert [one.quantity for one in drafts.asked_in(after)] == [2]
    assert drafts.seen_in(after) == drafts.seen_in(gone_on[0]) is not None


def test_what_script_sends_after_the_request_opens_no_draft(choosing: Any, today: time_machine.Traveller) -> None:
    there = choosing(lines=[{}, {}])
    page_at = there.client.get(there.url).context["page_at"]
    assert f'name="page_at" value="{page_at}"' in there.client.get(there.url).content.decode()
    today.shift(timedelta(minutes=1))
    there.send(there.fields(), page_at=page_at)
    there.file()
    assert not Draft.objects.exists()
    second = there.fields(there.lines[1])
    late = there.client.post(there.url, {**second, "page_at": page_at}, headers=HTMX)
    assert late.status_code == 200
    assert not Draft.objects.exists()
    today.shift(timedelta(minutes=1))
    page_at = there.client.get(there.url).context["page_at"]
    there.client.post(there.url, {**second, "page_at": page_at}, headers=HTMX)
    assert Draft.objects.count() == 1


def test_a_part_used_product_asks_how_much_before_going_on(choosing: Any) -> None:
    there = choosing(SPA)
    response = there.send(there.fields(reason="dissatisfied", condition="opened"))
    assert "One more question" in text(response)
    assert "About how much is used?" in text(response)
    answered = there.send(there.fields(reason="dissatisfied", condition="opened", used_percent="30"))
    assert answered.status_code == 302
    assert there.check().context["quote"].quote.total == Decimal("61.20")


def test_not_knowing_how_much_is_used_goes_to_a_person(choosing: Any) -> None:
    there = choosing(SPA)
    there.send(there.fields(reason="dissatisfied", condition="opened", used_percent=""))
    assert "up to $61.20" in text(there.check())


def test_the_expiration_date_is_asked_only_where_it_decides(choosing: Any) -> None:
    young = choosing(days_ago=12, lines=[{"expires_on": None}])
    assert "Expiration date on the carton" not in text(young.send(young.fields(), button="update"))
    old = choosing(days_ago=47, lines=[{"expires_on": None}])
    assert "Expiration date on the carton" in text(old.send(old.fields(), button="update"))


@pytest.mark.parametrize(("typed", "meant"), [("08 2028", date(2028, 8, 31)), ("2/28/2028", date(2028, 2, 28))])
def test_month_and_year_mean_the_last_day_of_the_month(choosing: Any, typed: str, meant: date) -> None:
    there = choosing(days_ago=47, lines=[{"expires_on": None}])
    there.send(there.fields(expires_on=typed))
    there.file()
    assert ReturnLine.objects.get().expires_on == meant


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("13 2028", "The month must be between 01 and 12, for example 08 2028."),
        ("00 2028", "The month must be between 01 and 12, for example 08 2028."),
        ("08 9999", "The year must be between 2000 and 2099, for example 08 2028."),
        ("2/30/2028", "That month has no such day. Month and year are enough, for example 08 2028."),
        ("soon", "Write the expiration date as month and year, the month from 01 to 12, for example 08 2028."),
        ("０８ ２０２８", "Write the expiration date as month and year, the month from 01 to 12, for example 08 2028."),
    ],
)
def test_a_date_that_is_none_is_said_with_how_to_write_it_and_kept(choosing: Any, typed: str, said: str) -> None:
    there = choosing(days_ago=47, lines=[{"expires_on": None}])
    body = problem(there.send(there.fields(expires_on=typed)))
    assert said in body
    assert f'value="{typed}"' in body


@pytest.mark.parametrize(
    "typed", ["0", "3", "-1", "1e3", "999999999999", "１", "NaN", "", "1.5", "two", "0x1", "1,0", "+1", "٢"]
)
def test_a_quantity_that_is_none_changes_nothing(choosing: Any, typed: str) -> None:
    there = choosing()
    assert "Enter a number from 1 to 2." in problem(there.send(there.fields(quantity=typed)))


@pytest.mark.parametrize("typed", ["-1", "101", "NaN", "Infinity", "５０", "1e1", "50.123", "half"])
def test_a_share_that_is_none_changes_nothing(choosing: Any, typed: str) -> None:
    there = choosing(SPA)
    response = there.send(there.fields(reason="dissatisfied", condition="opened", used_percent=typed))
    assert "Enter a number from 0 to 100, for example 30." in problem(response)


def test_a_reason_is_needed(choosing: Any) -> None:
    there = choosing(lines=[{"title": "Facial cleanser"}])
    assert "Choose why you&#x27;re returning Facial cleanser." in problem(there.send(there.fields(reason="")))


@pytest.mark.parametrize("values", [{"reason": "because"}, {"condition": "frozen"}, {"wants": "gold"}])
def test_a_choice_that_isnt_there_is_refused(choosing: Any, values: dict[str, str]) -> None:
    there = choosing(PRO)
    assert problem(there.send(there.fields(**values)))


def test_nothing_chosen_is_said(choosing: Any) -> None:
    there = choosing()
    assert "Choose at least one product to return." in problem(there.send(there.fields(chosen=None)))


def test_what_stands_in_a_line_that_is_not_chosen_does_not_matter(choosing: Any) -> None:
    there = choosing(lines=[{}, {}])
    untouched = there.fields(there.lines[1], chosen=None, quantity="-5", reason="")
    assert there.send(there.fields(), untouched).status_code == 302


def test_a_line_of_another_order_is_refused(choosing: Any) -> None:
    there, elsewhere = choosing(), choosing()
    body = problem(there.send(there.fields(), elsewhere.fields()))
    assert "One of the products isn&#x27;t part of this order." in body


@pytest.mark.parametrize("line", [uuid.uuid4(), "0", "x", ""])
def test_an_order_line_nobody_has_is_refused(choosing: Any, line: object) -> None:
    there = choosing()
    assert problem(there.send(there.fields(), {f"{line}-0-chosen": "on"}))


def test_a_chosen_line_without_a_reason_is_named_and_the_others_still_count(choosing: Any) -> None:
    there = choosing(lines=[{"title": "Serum"}, {"title": "Mask"}])
    body = text(there.send(there.fields(), there.fields(there.lines[1], reason=""), button="update"))
    assert "Choose why for Mask." in body
    assert "You&#x27;d get back" in body
    alone = text(there.send(there.fields(there.lines[1], reason=""), button="update"))
    assert "Nothing chosen yet" not in alone


def test_a_no_alone_shows_no_empty_box(choosing: Any) -> None:
    there = choosing(lines=[{"title": "The MAX kit", "kind": "trial_kit", "quantity": 1}])
    body = text(there.send(there.fields(), button="update"))
    assert "Not counted yet" not in body
    assert "nothing comes back for what you chose" in body


def test_a_no_has_to_be_asked_anyway(choosing: Any) -> None:
    there = choosing(lines=[{"title": "The MAX kit", "kind": "trial_kit", "quantity": 1}])
    body = problem(there.send(there.fields()))
    assert "The MAX kit: take it off your list, or choose “Ask us anyway”." in body
    there.send(there.fields(ask_anyway="on"))
    assert "Not counted yet" in text(there.check())
    there.file(note="It was a present.")
    filed = ReturnRequest.objects.get()
    assert filed.lines.get().ask_anyway
    assert Message.objects.get(request=filed).body == "It was a present."


def test_a_wish_is_asked_only_where_there_are_two(choosing: Any) -> None:
    spa, pro = choosing(SPA), choosing(PRO)
    opened = spa.send(spa.fields(condition="opened", used_percent="10"), button="update")
    assert "What would you like?" not in text(opened)
    assert "What would you like?" in text(pro.send(pro.fields(), button="update"))


def test_the_wish_decides_what_is_given(choosing: Any) -> None:
    there = choosing(PRO)
    there.send(there.fields(wants="store_credit"))
    there.file()
    assert ReturnRequest.objects.get().submitted_quote.lines[0].resolution == "store_credit"


def test_a_line_can_be_split_by_condition(choosing: Any) -> None:
    there = choosing(SPA)
    line = there.lines[0]
    split = there.send(there.fields(), button="split", split=str(line.public_id))
    assert "part 2" in text(split)
    parts = {f"{line.public_id}-parts": "2"}
    first, second = there.fields(quantity=1), there.fields(part=1, quantity=1, condition="opened", used_percent="20")
    there.send(first, second, parts)
    there.file()
    assert [row.condition for row in ReturnLine.objects.order_by("position")] == ["unopened", "opened"]
    assert ReturnRequest.objects.get().submitted_quote.total == Decimal("91.80")


def test_a_split_line_can_be_put_together_again(choosing: Any) -> None:
    there = choosing(SPA)
    line = there.lines[0]
    parts = {f"{line.public_id}-parts": "2"}
    joined = there.send(there.fields(), there.fields(part=1), parts, button="join", join=str(line.public_id))
    assert "part 2" not in text(joined)


def test_two_parts_are_no_more_than_what_is_left(choosing: Any) -> None:
    there = choosing(SPA)
    parts = {f"{there.lines[0].public_id}-parts": "2"}
    body = problem(there.send(there.fields(quantity=2), there.fields(part=1, quantity=1), parts))
    assert "only 2 can go back, and these are 3." in body


def test_what_was_asked_for_already_cannot_be_asked_again(choosing: Any, now: datetime) -> None:
    there = choosing()
    page = text(there.client.get(there.url))
    assert "Continue" in page
    factories.submitted(there.order, now=now)
    response = there.send(there.fields())
    assert "nothing is left to return" in text(response)
    assert ReturnRequest.objects.count() == 1


def test_a_link_may_name_line_and_reason(choosing: Any) -> None:
    there = choosing()
    body = text(there.client.get(there.url, {"line": str(there.lines[0].public_id), "reason": "damaged"}))
    assert 'value="damaged" selected' in body
    there.client.get(there.url, {"line": "'; drop table", "reason": "<script>"})


# ------------------------------------------------------------------------------------------------------- check and send


def test_the_check_page_needs_something_chosen(choosing: Any) -> None:
    there = choosing()
    assert there.check().headers["Location"] == there.url
    assert there.client.post(there.check_url, {"nonce": str(uuid.uuid4())}).headers["Location"] == there.url


def test_going_back_keeps_what_was_filled_in(choosing: Any) -> None:
    there = choosing(SPA)
    there.send(there.fields(reason="dissatisfied", condition="opened", quantity=1, used_percent="30"))
    body = text(there.client.get(there.url))
    assert 'value="dissatisfied" selected' in body
    assert 'value="30"' in body


def test_what_the_account_knows_is_not_asked_again(choosing: Any) -> None:
    there = choosing()
    there.send(there.fields())
    body = text(there.check())
    assert "Maya Brennan" in body
    assert 'name="email"' not in body
    assert 'name="email"' in text(there.client.get(there.check_url, {"change": "email"}))


def test_what_nobody_knows_is_asked(choosing: Any, cast: Cast) -> None:
    type(cast.accounts[SPA]).objects.filter(pk=cast.accounts[SPA].pk).update(phone="")
    there = choosing(SPA)
    there.send(there.fields())
    assert "Enter a phone number, for example 704-555-0100." in problem(there.file())
    assert "Enter a phone number" in problem(there.file(phone="call me"))
    assert there.file(phone="(704) 555-0123 ext. 7").status_code == 302
    assert ReturnRequest.objects.get().contact_phone == "(704) 555-0123 ext. 7"


def test_sending_files_the_request_with_the_quote_that_was_shown(choosing: Any, now: datetime, cast: Cast) -> None:
    there = choosing(days_ago=47)
    there.send(there.fields())
    shown = there.check().context["quote"].quote
    response = there.file()
    filed = ReturnRequest.objects.get()
    assert response.headers["Location"] == reverse("portal:return", args=[IMAGE, filed.reference])
    assert filed.submitted_quote == shown
    assert (filed.requested_at, filed.submitted_by, filed.contact_email) == (now, cast.maya, "maya@example.com")


def test_a_form_sent_twice_files_one_request(choosing: Any) -> None:
    there = choosing()
    there.send(there.fields())
    nonce = there.nonce()
    first, second = there.file(nonce=nonce), there.file(nonce=nonce)
    assert first.headers["Location"] == second.headers["Location"]
    assert ReturnRequest.objects.count() == 1


def test_a_draft_changed_in_another_window_is_looked_at_again(choosing: Any) -> None:
    there = choosing()
    there.send(there.fields())
    old = there.nonce()
    there.send(there.fields(quantity=1))
    assert "in another window" in problem(there.file(nonce=old))
    assert "in another window" in problem(there.file(nonce="x"))


def test_midnight_between_looking_and_sending_shows_the_new_sum_first(
    choosing: Any, today: time_machine.Traveller, now: datetime
) -> None:
    today.move_to(now + timedelta(hours=11, minutes=59))
    there = choosing(days_ago=30)
    there.send(there.fields())
    nonce = there.nonce()
    today.move_to(now + timedelta(hours=12, minutes=1))
    response = there.file(nonce=nonce)
    assert response.status_code == 409
    assert "The answer has changed" in text(response)
    assert "$97.92" in text(response)
    assert "before it was $122.40" in text(response)
    assert ReturnRequest.objects.count() == 0
    assert there.file(nonce=nonce).status_code == 302
    assert ReturnRequest.objects.get().amount == Decimal("97.92")


def test_units_that_somebody_else_asked_for_meanwhile_are_refused_with_a_message(choosing: Any, now: datetime) -> None:
    there = choosing()
    there.send(there.fields())
    nonce = there.nonce()
    factories.submitted(there.order, now=now)
    response = there.file(nonce=nonce)
    assert response.status_code == 409
    assert "nothing is left to return" in text(response)
    assert ReturnRequest.objects.count() == 1


def test_facts_about_order_and_request_are_never_taken_from_the_browser(choosing: Any) -> None:
    there = choosing(days_ago=47)
    stranger = dict.fromkeys(("amount", "total", "paid_total", "price", "refund", "fee"), "9999.00")
    stranger |= {"placed_at": "2026-11-18", "delivered_at": "2026-11-18", "status": "authorized"}
    stranger |= {"rma_number": "RMA-2222-2222-2", "requested_at": "2026-10-03", "storefront": SPA, "order": "1"}
    stranger |= {"account": "1", "policy_version": "1", "reference": "AAAA-AAAA", "is_claim": "on", "quote": "{}"}
    prefixed = {f"{there.lines[0].public_id}-0-{name}": value for name, value in stranger.items()}
    there.send(there.fields(), stranger, prefixed)
    there.file(**stranger)
    filed = ReturnRequest.objects.get()
    assert (filed.amount, filed.status, filed.rma_number) == (Decimal("97.92"), "submitted", None)
    assert (filed.order, filed.storefront.slug, filed.account) == (there.order, IMAGE, there.order.account)


def test_a_guest_returns_without_an_account(shops: dict[str, Storefront], now: datetime) -> None:
    made = factories.order(shops[IMAGE], now=now, email="gia@example.com", name="Gia Guest")
    there = Choosing(guest_of(made, now), made)
    there.send(there.fields())
    assert there.file(phone="704-555-0111").status_code == 302
    filed = ReturnRequest.objects.get()
    assert (filed.contact_email, filed.submitted_by, filed.account) == ("gia@example.com", None, None)


@pytest.mark.parametrize("name", ["choose", "check"])
def test_looking_changes_nothing(choosing: Any, name: str) -> None:
    there = choosing()
    there.client.get(reverse(f"portal:{name}", args=[IMAGE, there.order.public_id]))
    assert ReturnRequest.objects.count() == 0
