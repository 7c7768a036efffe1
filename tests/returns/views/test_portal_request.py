"""The whole way of a request: drafts that survive, long orders, exchanges, nothing eligible, what each page says."""

import re
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from returns import drafts
from returns.models import CustomerAccount, Draft, Product, ReturnLine, ReturnRequest, Storefront
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, PRO, SPA
from tests.returns.views.test_portal_return import Choosing, guest_of

pytestmark = pytest.mark.django_db

MOST_QUERIES = 8


@pytest.fixture(autouse=True)
def today(now: datetime) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(now, tick=False) as moment:
        yield moment


@pytest.fixture
def choosing(cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime) -> Any:
    """`choosing(slug, **order)`: Maya in front of an order of hers."""

    def make(slug: str = IMAGE, **order: Any) -> Choosing:
        made = factories.order(shops[slug], now=now, customer=cast.accounts[slug], **order)
        return Choosing(signed_in(cast.maya), made)

    return make


def text(response: Any) -> str:
    return str(response.content.decode())


def says(response: Any, *sentences: str) -> None:
    body = text(response)
    missing = [sentence for sentence in sentences if str(escape(sentence)) not in body and sentence not in body]
    assert missing == []


# --------------------------------------------------------------------------------------------------------------- drafts


def test_a_return_goes_on_at_another_device(choosing: Any, cast: Cast, signed_in: SignIn) -> None:
    there = choosing(SPA)
    there.send(there.fields(reason="dissatisfied", quantity=1))
    elsewhere = Choosing(signed_in(cast.maya), there.order)
    assert 'value="dissatisfied" selected' in text(elsewhere.client.get(elsewhere.url))
    assert elsewhere.file().status_code == 302
    assert ReturnRequest.objects.get().units == 1
    assert not Draft.objects.exists()


def test_what_is_only_half_filled_in_is_kept_too(choosing: Any, cast: Cast, signed_in: SignIn) -> None:
    there = choosing(SPA, lines=[{}, {}])
    fields = there.fields(there.lines[1], reason="", condition="opened", used_percent="lots")
    there.client.post(there.url, fields, headers={"HX-Request": "true"})
    again = text(signed_in(cast.maya).get(there.url))
    assert 'value="lots"' in again
    assert there.check().headers["Location"] == there.url, "nothing is asked yet"


def test_answers_to_other_questions_are_not_kept(choosing: Any) -> None:
    there = choosing()
    there.send(
        there.fields(), {"amount": "9999", "csrfmiddlewaretoken": "x", f"{there.lines[0].public_id}-7-reason": "x"}
    )
    assert set(Draft.objects.get().data["entered"]) == set(there.fields())


def test_looking_and_choosing_nothing_begin_no_draft(choosing: Any) -> None:
    there = choosing()
    there.client.get(there.url)
    there.send(there.fields(chosen=None), button="update")
    assert not Draft.objects.exists()


def test_guests_of_an_order_go_on_with_the_same_draft(shops: dict[str, Storefront], now: datetime) -> None:
    made = factories.order(shops[SPA], now=now, email="gia@example.com")
    phone, laptop = Choosing(guest_of(made, now), made), guest_of(made, now)
    phone.send(phone.fields(reason="dissatisfied"))
    assert 'value="dissatisfied" selected' in text(laptop.get(phone.url))


def test_the_owners_draft_is_no_guests(choosing: Any, now: datetime) -> None:
    there = choosing(SPA)
    there.send(there.fields(reason="dissatisfied"))
    assert 'value="dissatisfied" selected' not in text(guest_of(there.order, now).get(there.url))


def test_whoever_comes_back_is_told_and_may_start_over(
    choosing: Any, cast: Cast, today: time_machine.Traveller, now: datetime
) -> None:
    there = choosing(lines=[{}, {}])
    there.send(there.fields(reason="dissatisfied"))
    assert "still here" not in text(there.client.get(there.url)), "going back isn't coming back"
    today.move_to(now + timedelta(days=2))
    there.client.force_login(cast.maya)
    says(there.client.get(there.url), "You began this on Wednesday, November 18, 2026; it's still here.", "Start over")
    assert there.client.post(there.url, {"start_over": "1"}).headers["Location"] == there.url
    assert not Draft.objects.exists()
    assert 'value="dissatisfied" selected' not in text(there.client.get(there.url))
    assert there.client.post(there.url, {"start_over": "1"}).status_code == 302, "pressed twice"


def test_a_check_page_opened_days_later_shows_the_new_sum_first(
    choosing: Any, cast: Cast, today: time_machine.Traveller, now: datetime
) -> None:
    there = choosing(days_ago=29)
    there.send(there.fields())
    today.move_to(now + timedelta(days=2))
    there.client.force_login(cast.maya)
    page = there.check()
    says(page, "The answer has changed", "Since you began, day 30 has passed.", "before it was $122.40", "$97.92")
    assert there.file(shown=page.context["shown"]).status_code == 302, "what was shown is what is sent"
    assert ReturnRequest.objects.get().amount == Decimal("97.92")


def test_a_page_that_shows_an_older_answer_cannot_send_the_new_one(
    choosing: Any, cast: Cast, today: time_machine.Traveller, now: datetime
) -> None:
    there = choosing(days_ago=30)
    there.send(there.fields())
    old = there.check()
    today.move_to(now + timedelta(days=1))
    there.client.force_login(cast.maya)
    sent = {"nonce": old.context["nonce"], "shown": old.context["shown"]}
    assert there.file(**sent).status_code == 409
    assert there.file(**sent).status_code == 409, "the page is still the old one"
    assert ReturnRequest.objects.count() == 0


def test_a_request_keeps_the_language_it_was_filed_in(choosing: Any) -> None:
    there = choosing()
    there.send(there.fields())
    nonce = there.nonce()
    there.client.post(there.check_url, {"nonce": nonce}, headers={"Accept-Language": "es"})
    assert ReturnRequest.objects.get().language.startswith(("en", "es"))


# --------------------------------------------------------------------------------------------------- what the pages say


def test_le_petit_spa_says_every_part_of_the_answer(choosing: Any) -> None:
    there = choosing(
        SPA, days_ago=5, lines=[{"title": "Serum"}, {"title": "Lip gift", "kind": "promo", "paid_total": Decimal(0)}]
    )
    page = there.send(there.fields(reason="dissatisfied", condition="opened", used_percent="30"), button="update")
    says(
        page, "Opened, about 30% used", "$61.20 credit", "more than 50% used gives nothing", "You'd get as store credit"
    )
    says(
        page,
        "Policy:",
        "Send back too: 2 × Lip gift",
        "Send back too, as soon as you return",
        "Shipping to us",
        "you pay",
    )
    says(page, "Processed within")
    there.send(there.fields())
    says(
        there.check(), "Day 5 after your order", "In full until Saturday, November 28, 2026", "fixes the day count at 5"
    )


def test_image_says_every_part_of_the_answer(choosing: Any) -> None:
    late, early = choosing(days_ago=47), choosing(days_ago=12)
    page = late.send(late.fields(), button="update")
    says(page, "Day 47 after your order, so 20% stays with us", "Restocking, 20% of $122.40", "−$24.48", "$97.92")
    says(page, "Policy:", "Shipping to us", "you pay", "Processed within", "It was in full until")
    says(early.send(early.fields(), button="update"), "In full until Sunday, December 6, 2026")


def test_image_pro_nets_what_the_account_owes(choosing: Any, cast: Cast) -> None:
    CustomerAccount.objects.filter(pk=cast.accounts[PRO].pk).update(outstanding_balance=Decimal("20.00"))
    there = choosing(PRO, days_ago=40)
    page = there.send(there.fields(), button="update")
    says(page, "Day 40 after your order", "Restocking, 20% of $122.40", "Your open balance", "−$20.00", "$77.92")
    says(page, "Policy:", "Shipping to us", "you pay", "Processed within")
    there.send(there.fields())
    says(there.check(), "Your open balance", "−$20.00", "fixes the day count at 40")


# ------------------------------------------------------------------------------------------------ long orders, and noes


def long_order(possible: int, excluded: int) -> list[dict[str, Any]]:
    takes = [{"title": f"Serum {number}"} for number in range(possible)]
    return [{"title": f"Kit {number}", "kind": "trial_kit"} for number in range(excluded)] + takes


def test_what_cannot_go_back_is_folded_in_a_long_order(choosing: Any) -> None:
    there = choosing(lines=long_order(7, 3))
    page = there.client.get(there.url)
    says(page, "3 products can't go back", "All 10", "?show=can", "Kit 1")
    body = text(page)
    assert body.index("Serum 6") < body.index("fold") < body.index("Kit 0")
    filtered = there.client.get(there.url, {"show": "can"})
    says(filtered, "7 can go back", "?show=all", "Serum 0")
    assert "Kit 0" not in text(filtered)


def test_what_is_chosen_is_never_folded_away(choosing: Any) -> None:
    there = choosing(lines=long_order(7, 3))
    page = there.client.post(f"{there.url}?show=can", there.fields(there.lines[0]) | {"update": "1"})
    says(page, "Kit 0")
    assert "Kit 1" not in text(page)


@pytest.mark.parametrize("lines", [long_order(5, 3), long_order(12, 0), long_order(0, 12)])
def test_a_filter_of_one_choice_is_not_there(choosing: Any, lines: list[dict[str, Any]]) -> None:
    there = choosing(lines=lines)
    body = text(there.client.get(there.url, {"show": "can"}))
    assert 'href="?show=' not in body
    assert all(line["title"] in body for line in lines)


def test_where_nothing_can_go_back_the_page_says_so_and_can_be_asked(
    choosing: Any, shops: dict[str, Storefront]
) -> None:
    there = choosing(lines=[{"title": "Kit", "kind": "trial_kit"}, {"title": "Shirt", "kind": "tshirt"}])
    page = there.client.get(there.url)
    says(page, "Nothing of this order can go back", "none of these products is taken back", "Ask us anyway")
    says(page, f"Or call {shops[IMAGE].phone}.", "Trial kits aren't taken back at any time.")
    assert "Your quote" not in text(page)
    there.send(there.fields(ask_anyway="on"))
    assert there.file(note="It was a present.").status_code == 302
    assert ReturnRequest.objects.get().lines.get().ask_anyway


def test_where_nothing_can_go_back_a_claim_still_can(choosing: Any) -> None:
    there = choosing(delivered_hours_ago=20, lines=[{"title": "Kit", "kind": "trial_kit"}])
    page = there.send(there.fields(reason="damaged"), button="update")
    says(page, "Your quote", "a replacement")


def test_where_nothing_is_left_there_is_nothing_to_press(choosing: Any, now: datetime) -> None:
    there = choosing()
    factories.submitted(there.order, now=now)
    page = there.client.get(there.url)
    says(page, "Nothing is left to return")
    assert 'name="continue"' not in text(page)


def test_the_only_product_is_chosen_from_the_start(choosing: Any) -> None:
    one, two = choosing(), choosing(lines=[{}, {}])
    assert f'id="id_{one.lines[0].public_id}-0-chosen" checked' in text(one.client.get(one.url))
    assert '-0-chosen" checked' not in text(two.client.get(two.url))


# --------------------------------------------------------------------------------------------------- damage, and photos


@pytest.mark.parametrize("reason", ["damaged", "shipping_error"])
def test_a_claim_leads_to_its_own_lane_and_keeps_what_was_entered(choosing: Any, reason: str) -> None:
    there = choosing(delivered_hours_ago=20)
    fields = there.fields(reason=reason, quantity=1)
    says(there.send(fields, button="update"), "Report it with photos")
    line = there.lines[0].public_id
    went = there.send(fields, button="report", report=str(line)).headers["Location"]
    damage = reverse("portal:damage", args=[IMAGE, there.order.public_id])
    assert went == f"{damage}?line={line}&reason={reason}"
    assert f'value="{reason}" selected' in text(there.client.get(there.url))


def test_what_never_came_leads_to_the_page_that_looks_for_it(choosing: Any) -> None:
    there = choosing(SPA)
    fields = there.fields(reason="not_received", condition=None)
    says(there.send(fields, button="update"), "Look for the package")
    went = there.send(fields, button="report", report=str(there.lines[0].public_id)).headers["Location"]
    assert went == reverse("portal:missing", args=[SPA, there.order.public_id])


def test_what_never_came_never_goes_around_the_page_that_looks_for_it(choosing: Any) -> None:
    there = choosing(SPA, lines=[{}, {"title": "Mask"}, {"title": "Soap"}])
    lost, came, unasked = there.lines
    missing = there.fields(lost, reason="not_received", condition=None, quantity=1)
    went = there.send(missing, there.fields(came)).headers["Location"]
    assert went.startswith(reverse("portal:missing", args=[SPA, there.order.public_id]))
    page = there.client.get(went)
    says(page, "Your other products are kept. Go on with them once this is sent.")
    body = text(page)
    assert f'id="id_chosen-{lost.public_id}" checked' in body
    assert not any(f'id="id_chosen-{line.public_id}" checked' in body for line in (came, unasked))
    assert page.context["form"].initial[f"quantity-{lost.public_id}"] == "1"
    assert there.check().headers["Location"] == there.url, "nothing was kept that could be sent without it"
    again = there.client.get(there.url).context["formset"].forms
    assert [form.is_chosen for form in again] == [False, True, False]


def test_a_draft_of_before_leads_to_the_page_that_looks_for_it_too(choosing: Any, now: datetime) -> None:
    there = choosing(SPA)
    there.send(there.fields())
    draft = Draft.objects.get()
    draft.data["asked"][0]["reason"] = "not_received"
    draft.save()
    assert there.check().headers["Location"] == there.url
    assert there.client.post(there.check_url, {"nonce": str(draft.nonce)}).headers["Location"] == there.url
    assert not ReturnRequest.objects.exists()


def test_nothing_is_missing_here_either_before_it_shows_as_delivered(choosing: Any) -> None:
    there = choosing(SPA, status="shipped", delivered_hours_ago=None)
    went = there.send(there.fields(reason="not_received", condition=None)).headers["Location"]
    says(there.client.get(went), "on its way")
    assert not ReturnRequest.objects.exists()


def test_a_claim_can_still_be_filed_here(choosing: Any) -> None:
    there = choosing(delivered_hours_ago=20)
    there.send(there.fields(reason="damaged"))
    assert there.file().status_code == 302
    assert ReturnRequest.objects.get().is_claim


def test_other_reasons_and_foreign_lines_lead_nowhere_else(choosing: Any) -> None:
    there, elsewhere = choosing(), choosing()
    assert "Report it with photos" not in text(there.send(there.fields(), button="update"))
    stray = there.send(there.fields(), button="report", report=str(elsewhere.lines[0].public_id))
    assert stray.status_code == 200


@pytest.mark.parametrize(
    ("slug", "values", "helps"),
    [
        (IMAGE, {}, False),
        (IMAGE, {"reason": "dissatisfied"}, True),
        (IMAGE, {"incomplete": "on", "ask_anyway": "on"}, True),
        (SPA, {"condition": "opened", "used_percent": "10"}, True),
    ],
)
def test_photos_are_no_step_and_the_check_page_says_where_they_help(
    choosing: Any, slug: str, values: Any, helps: bool
) -> None:
    there = choosing(slug)
    assert there.send(there.fields(**values)).headers["Location"] == there.check_url
    page = there.check()
    says(page, "Photos", "None", "Add photos", "step 2 of 2")
    assert ("saves us a question" in text(page)) is helps


# -------------------------------------------------------------------------------------------- what the check page keeps

NEW = {"name": "Maya B.", "email": "new@example.com", "phone": "704-555-0199", "note": "Two of them leak."}


@pytest.mark.parametrize(
    "button",
    [{"change": "phone"}, {"go": "photos"}, {"go": "products"}, {"language": "es", "next": "/image-consumer/"}],
)
def test_no_button_of_the_check_page_loses_what_was_typed(choosing: Any, button: dict[str, str]) -> None:
    there = choosing()
    there.send(there.fields())
    assert there.client.post(there.check_url, {**NEW, "nonce": there.nonce(), **button}).status_code == 302
    there.client.cookies.pop(settings.LANGUAGE_COOKIE_NAME, None)
    page = text(there.check())
    assert "Two of them leak.</textarea>" in page
    for name in ("name", "email", "phone"):
        assert f'value="{NEW[name]}"' in page
    assert ReturnRequest.objects.count() == 0


def test_a_field_that_is_to_be_changed_begins_with_what_is_known(choosing: Any) -> None:
    there = choosing()
    there.send(there.fields())
    went = there.client.post(there.check_url, {"nonce": there.nonce(), "note": "", "change": "email"})
    assert went.headers["Location"] == f"{there.check_url}#id_email"
    assert 'value="maya@example.com"' in text(there.check())


def test_where_the_buttons_of_the_check_page_lead(choosing: Any) -> None:
    there = choosing()
    there.send(there.fields())
    photos = reverse("portal:draft_photos", args=[IMAGE, there.order.public_id])
    for place, url in {"photos": photos, "products": there.url}.items():
        sent = {"nonce": there.nonce(), "go": place}
        assert there.client.post(there.check_url, sent).headers["Location"] == url


def test_another_language_keeps_what_was_chosen(choosing: Any) -> None:
    there = choosing()
    went = there.client.post(there.url, {**there.fields(), "language": "es", "next": there.url})
    assert went.headers["Location"] == there.url
    assert 'value="changed_mind" selected' in text(there.client.get(there.url))
    assert there.client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "es"


# -------------------------------------------------------------------------------------- what is live, what is apart


def live(there: Any, *fields: dict[str, str]) -> str:
    sent = {name: value for one in fields for name, value in one.items()}
    return text(there.client.post(there.url, sent, headers={"HX-Request": "true"}))


def shown_in(body: str, line: Any) -> str:
    found = re.search(rf'name="{line.public_id}-0-shown" value="([^"]*)"', body)
    assert found is not None
    return found[1]


def test_with_script_an_error_goes_where_it_is_mended_and_stays_where_it_is_not(choosing: Any) -> None:
    there = choosing(lines=[{"title": "Serum"}, {"title": "Mask"}])
    serum, mask = there.lines
    refused = text(there.send(there.fields(serum, reason=""), there.fields(mask, reason="")))
    shown = {f"{line.public_id}-0-shown": shown_in(refused, line) for line in there.lines}
    body = live(there, there.fields(serum), there.fields(mask, reason=""), shown)
    assert f'id="fields-{serum.public_id}-0" data-hx-swap-oob="true"' in body
    assert "returning Serum" not in body
    assert f'id="fields-{mask.public_id}-0"' not in body  # as it stands there already
    assert "<title>Error: What would you like to return?" in body
    mended = live(there, there.fields(serum), there.fields(mask), shown)
    assert "<title>What would you like to return?" in mended
    assert "returning Mask" not in mended


@pytest.mark.parametrize("typed", ["abc", "120"])
def test_with_script_an_error_is_said_beside_its_field(choosing: Any, typed: str) -> None:
    there = choosing(SPA)
    asked = there.fields(condition="opened", used_percent="")
    shown = {f"{there.lines[0].public_id}-0-shown": shown_in(live(there, asked), there.lines[0])}
    body = live(there, there.fields(condition="opened", used_percent=typed), shown)
    assert f'id="id_{there.lines[0].public_id}-0-used_percent_error"' in body
    assert "Enter a number from 0 to 100, for example 30." in body


def test_opened_products_are_not_exchanged_and_it_is_said(choosing: Any) -> None:
    there = choosing(SPA)
    unopened = text(there.send(there.fields(), button="update"))
    assert "An exchange" in unopened
    assert "Opened products aren&#x27;t exchanged." not in unopened
    for used in ("", "10"):
        opened = text(there.send(there.fields(condition="opened", used_percent=used), button="update"))
        assert "An exchange" not in opened
        assert "Opened products aren&#x27;t exchanged." in opened


def test_a_free_gift_is_asked_back_once(choosing: Any, now: datetime) -> None:
    gift = {"title": "Gift bag", "kind": "promo", "quantity": 1, "paid_total": Decimal("0.00")}
    there = choosing(SPA, lines=[{"title": "Serum"}, {"title": "Crème"}, gift])
    there.send(there.fields())
    says(there.check(), "Send back too: Gift bag")
    there.file()
    there.send(there.fields(there.lines[1]))
    assert "Send back too: Gift bag" not in text(there.check())
    ReturnRequest.objects.update(status="withdrawn")
    says(there.check(), "Send back too: Gift bag")


def test_what_is_asked_anyway_stands_apart_from_the_sum(choosing: Any) -> None:
    there = choosing(lines=[{"title": "Serum"}, {"title": "The MAX kit", "kind": "trial_kit", "quantity": 1}])
    there.send(there.fields(), there.fields(there.lines[1], ask_anyway="on"))
    says(there.check(), "The MAX kit, you ask us anyway", "not counted", "$122.40")


# ------------------------------------------------------------------------------------------------------------- exchange


@pytest.fixture
def mask(shops: dict[str, Storefront]) -> Product:
    return factories.product(shops[IMAGE], "OM-MASK", name="Ormedic gel mask", size="2 oz")


def wished(there: Choosing, **values: Any) -> dict[str, str]:
    return there.fields(reason="ordered_wrong_item", wants="exchange", **values)


def is_ticked(page: str, sku: str) -> bool:
    return re.search(rf'value="{sku}"[^>]* checked', page) is not None


def test_an_exchange_asks_for_the_right_product(choosing: Any, mask: Product, shops: dict[str, Storefront]) -> None:
    factories.product(shops[SPA], "SPA-ONLY", name="Another shop's")
    factories.product(shops[IMAGE], "SAMPLE", name="A sample", kind="sample")
    there = choosing()
    page = there.send(wished(there), button="update")
    says(page, "Which product instead?", "Ormedic gel mask, 2 oz", "I don't see it here")
    assert "Another shop's" not in text(page)
    assert "A sample" not in text(page)
    there.send(wished(there, exchange="OM-MASK"))
    says(there.check(), "An exchange for Ormedic gel mask, 2 oz", "the right product in exchange")
    assert is_ticked(text(there.client.get(there.url)), "OM-MASK")
    assert there.file().status_code == 302
    assert ReturnLine.objects.get().exchange_product == mask


def test_a_product_is_asked_for_only_with_an_exchange(choosing: Any, mask: Product) -> None:
    there = choosing()
    assert "Which product instead?" not in text(there.send(there.fields(), button="update"))
    there.send(there.fields(wants="refund", exchange="OM-MASK"))
    there.file()
    assert ReturnLine.objects.get().exchange_product is None


def test_the_only_other_product_is_ticked_already(choosing: Any, mask: Product) -> None:
    there = choosing()
    assert is_ticked(text(there.send(wished(there), button="update")), "OM-MASK")
    there.send(wished(there))
    says(there.check(), "An exchange for Ormedic gel mask, 2 oz")


def test_the_question_comes_once_more_before_it_is_missed(
    choosing: Any, mask: Product, shops: dict[str, Storefront]
) -> None:
    factories.product(shops[IMAGE])
    there = choosing()
    assert "One more question" in text(there.send(wished(there)))
    shown = wished(there, shown="quantity reason condition exchange")
    refused = there.send(shown)
    assert refused.status_code == 422
    says(refused, "Choose what you'd like instead of Vital C hydrating serum.")


def test_whoever_does_not_find_it_is_asked_by_a_person(choosing: Any, mask: Product) -> None:
    there = choosing()
    assert there.send(wished(there, exchange="other")).status_code == 302
    assert is_ticked(text(there.client.get(there.url)), "other")
    there.file()
    line = ReturnLine.objects.get()
    assert (line.wants, line.exchange_product) == ("exchange", None)


@pytest.mark.parametrize("sku", ["SPA-ONLY", "SAMPLE", "NOBODYS", "'; drop table", "1"])
@pytest.mark.parametrize("more", [0, 40])
def test_a_product_that_is_not_sold_here_is_refused(
    choosing: Any, mask: Product, shops: dict[str, Storefront], sku: str, more: int
) -> None:
    factories.product(shops[SPA], "SPA-ONLY")
    factories.product(shops[IMAGE], "SAMPLE", kind="sample")
    for _ in range(more):
        factories.product(shops[IMAGE])
    there = choosing()
    refused = there.send(wished(there, exchange=sku))
    assert refused.status_code == 422
    says(refused, "Choose one of these products.")
    assert "asked" not in Draft.objects.get().data
    assert there.check().headers["Location"] == there.url


def test_a_large_catalogue_is_searched(choosing: Any, mask: Product, shops: dict[str, Storefront]) -> None:
    for number in range(31):
        factories.product(shops[IMAGE], f"SERUM-{number}", name=f"Serum number {number}")
    there = choosing()
    page = there.send(wished(there), button="update")
    says(page, "Find the right product")
    assert "Which product instead?" not in text(page)
    hits = there.send(wished(there, find="MASK orm"), button="update")
    says(hits, "Which product instead?", "Ormedic gel mask, 2 oz")
    assert "Serum number 7" not in text(hits)
    says(there.send(wished(there, find="om-mask"), button="update"), "Ormedic gel mask, 2 oz")
    says(there.send(wished(there, find="unicorn"), button="update"), "No product has all these words.")
    refused = there.send(wished(there, shown="wants find"))
    assert refused.status_code == 422
    says(refused, "Find the product you'd like instead of Vital C hydrating serum.")
    assert there.send(wished(there, find="mask", exchange="OM-MASK")).status_code == 302
    there.file()
    assert ReturnLine.objects.get().exchange_product == mask


def test_a_found_product_stays_when_another_word_is_searched(
    choosing: Any, mask: Product, shops: dict[str, Storefront]
) -> None:
    for number in range(31):
        factories.product(shops[IMAGE], f"SERUM-{number}", name=f"Serum number {number}")
    there = choosing()
    page = there.send(wished(there, find="serum", exchange="OM-MASK"), button="update")
    says(page, "Ormedic gel mask, 2 oz", "Serum number 10")


def test_what_is_out_of_stock_leads_to_money_instead(choosing: Any, mask: Product) -> None:
    Product.objects.update(in_stock=False)
    there = choosing()
    page = there.send(wished(there, exchange="OM-MASK"), button="update")
    says(page, "Ormedic gel mask, 2 oz: out of stock", "Ormedic gel mask is out of stock, and we take no back orders.")
    says(page, "take your money back instead: $122.40.", "Money back instead")
    assert there.send(wished(there, exchange="OM-MASK")).status_code == 422
    prefix = f"{there.lines[0].public_id}-0"
    turned = there.send(wished(there, exchange="OM-MASK"), button="instead", instead=prefix)
    says(turned, "You'd get back", "$122.40")
    assert "out of stock" not in text(turned)
    assert Draft.objects.get().data["entered"][f"{prefix}-wants"] == "refund"
    assert there.send(there.fields(reason="ordered_wrong_item", wants="refund")).status_code == 302


def test_le_petit_spa_offers_credit_in_place_of_what_is_out_of_stock(
    choosing: Any, shops: dict[str, Storefront]
) -> None:
    factories.product(shops[SPA], "LIP", name="Lip complex", in_stock=False)
    there = choosing(SPA)
    page = there.send(wished(there, exchange="LIP"), button="update")
    says(page, "take store credit instead: $122.40.", "Store credit instead")
    assert "money back" not in text(page).lower()


def test_stock_is_looked_at_again_when_it_is_sent(choosing: Any, mask: Product) -> None:
    there = choosing()
    there.send(wished(there, exchange="OM-MASK"))
    nonce = there.nonce()
    Product.objects.update(in_stock=False)
    refused = there.file(nonce=nonce)
    assert refused.status_code == 409
    says(refused, "Ormedic gel mask is out of stock by now, and we take no back orders.")
    assert ReturnRequest.objects.count() == 0
    assert Draft.objects.count() == 1


def test_an_exchange_that_a_person_decides_names_the_product_too(choosing: Any, shops: dict[str, Storefront]) -> None:
    serum = factories.product(shops[PRO], "VC", name="Vital C")
    there = choosing(PRO)
    there.send(wished(there, exchange="VC"))
    assert there.file().status_code == 302
    assert ReturnLine.objects.get().exchange_product == serum


def test_staff_see_which_product_to_send(
    choosing: Any, mask: Product, cast: Cast, signed_in: SignIn, now: datetime
) -> None:
    there = choosing()
    there.send(wished(there, exchange="OM-MASK"))
    there.file()
    request = ReturnRequest.objects.get()
    desk = signed_in(cast.renee)
    page = desk.get(reverse("desk:request", args=[request.reference]))
    says(
        page, "Wants an exchange for OM-MASK Ormedic gel mask", "Send in exchange: 2 × OM-MASK Ormedic gel mask, 2 oz."
    )
    says(page, "In stock.")
    factories.inspected(
        factories.received(factories.authorized(request, by=cast.renee, now=now), by=cast.renee, now=now),
        by=cast.renee,
        now=now,
    )
    Product.objects.update(in_stock=False)
    settle = desk.get(reverse("desk:settle", args=[request.reference]))
    says(settle, "Send in exchange: 2 × OM-MASK", "Out of stock, and there are no back orders: offer money instead.")


# ---------------------------------------------------------------------------------------------------------------- speed


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize("slug", [IMAGE, PRO, SPA])
@pytest.mark.parametrize("lines", [1, 30])
def test_choosing_and_checking_cost_few_queries_however_long_the_order(
    choosing: Any, shops: dict[str, Storefront], slug: str, lines: int
) -> None:
    product = factories.product(shops[slug])
    factories.product(shops[slug], "RIGHT-ONE")
    there = choosing(slug, lines=[{"product": product}] * lines)
    sent = [
        there.fields(line, reason="ordered_wrong_item", wants="exchange", exchange="RIGHT-ONE") for line in there.lines
    ]
    assert there.send(*sent).status_code == 302
    assert queries(there.client, there.url) <= MOST_QUERIES
    assert queries(there.client, there.check_url) <= MOST_QUERIES


def test_a_claim_whose_arrival_nobody_knows_is_asked_when_it_came(choosing: Any) -> None:
    there = choosing(lines=({}, {}), delivered_hours_ago=None)
    first, second = there.lines
    answer = there.send(there.fields(first, reason="shipping_error", quantity=1), there.fields(second))
    lane = reverse("portal:damage", args=[IMAGE, there.order.public_id])
    assert (answer.status_code, answer.headers["Location"]) == (302, lane)
    says(
        there.client.get(lane),
        "When did it arrive?",
        "Your other products are kept. Go on with them once this is sent.",
    )
    kept = drafts.entered_in(Draft.objects.get(lane=Draft.DAMAGE))
    assert kept is not None
    assert (kept["reason"], kept[f"chosen-{first.public_id}"], kept[f"quantity-{first.public_id}"]) == (
        "shipping_error",
        "on",
        "1",
    )
    left = drafts.entered_in(Draft.objects.get(lane=Draft.RETURN))
    assert left is not None
    assert f"{second.public_id}-0-chosen" in left
    assert f"{first.public_id}-0-chosen" not in left
    fields = {**kept, "arrived_on": "2026-11-17", "arrived_at": "16:30", "nonce": str(uuid.uuid4()), "send": "report"}
    looked = {name: value for name, value in fields.items() if name not in ("send", "nonce")}
    shown = there.client.post(lane, {**looked, "update": "1"}).context["shown"]
    assert there.client.post(lane, {**fields, "shown": shown}).status_code == 302
    assert ReturnRequest.objects.get().stated_received_at is not None


def report(there: Choosing, fields: dict[str, str]) -> ReturnRequest:
    """Send the damage lane as it stands, with when it came."""
    lane = reverse("portal:damage", args=[there.order.storefront.slug, there.order.public_id])
    came = {**fields, "arrived_on": "2026-11-17", "arrived_at": "16:30"}
    shown = there.client.post(lane, {**came, "update": "1"}).context["shown"]
    sent = {**came, "nonce": str(uuid.uuid4()), "send": "report", "shown": shown}
    assert there.client.post(lane, sent).status_code == 302
    return ReturnRequest.objects.latest("requested_at", "id")


def test_claims_with_different_reasons_keep_them_in_the_lane(choosing: Any) -> None:
    there = choosing(lines=({}, {"title": "Mask"}, {}), delivered_hours_ago=None)
    first, second, unasked = there.lines
    answer = there.send(
        there.fields(first, reason="shipping_error", quantity=1), there.fields(second, reason="damaged", quantity=1)
    )
    page = there.client.get(answer.headers["Location"])
    form = page.context["form"]
    assert [form[f"reason-{line.public_id}"].value() for line in (first, second)] == ["shipping_error", "damaged"]
    assert 'name="reason"' not in text(page), "nothing is asked for all of them"
    kept = drafts.entered_in(Draft.objects.get(lane=Draft.DAMAGE))
    assert kept is not None
    more = {**kept, f"chosen-{unasked.public_id}": "on", "update": "1"}
    again = there.client.post(answer.headers["Location"], more)
    assert f'name="reason-{unasked.public_id}"' in text(again)
    lacking = there.client.post(answer.headers["Location"], {**more, "send": "report", "nonce": str(uuid.uuid4())})
    assert lacking.status_code == 422
    says(lacking, "Choose what happened.")
    filed = report(there, kept)
    assert [(line.order_line, line.reason) for line in filed.lines.order_by("position")] == [
        (first, "shipping_error"),
        (second, "damaged"),
    ]


def test_two_reasons_for_one_product_are_reported_one_after_the_other(choosing: Any) -> None:
    there = choosing(lines=({"quantity": 3},), delivered_hours_ago=None)
    (line,) = there.lines
    parts = {f"{line.public_id}-parts": "2"}
    there.send(
        there.fields(reason="shipping_error", quantity=1), there.fields(part=1, reason="damaged", quantity=2), parts
    )
    kept = drafts.entered_in(Draft.objects.get(lane=Draft.DAMAGE))
    assert kept is not None
    assert (kept["reason"], kept[f"quantity-{line.public_id}"]) == ("shipping_error", "1")
    (waiting,) = there.client.get(there.url).context["formset"].answered
    assert (waiting.asked.reason, waiting.asked.quantity) == ("damaged", 2)
    assert report(there, kept).lines.get().reason == "shipping_error"
