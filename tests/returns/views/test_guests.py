"""Guests in the browser: ask for a link, open it, see one order and nothing else (D7, B3-B9, B36)."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from returns.letters import letter_of
from returns.models import GuestLink, Notification, Order, Storefront
from returns.services import guest_links
from rma_portal import logs
from tests import factories
from tests.accounts.pages import seen

pytestmark = pytest.mark.django_db

EMAIL = "gia@example.com"
# Which link it was, signed and as long for one that never was; and the address itself, for the choice of a language.
LOST = re.compile(rb'(name="lost" value=")[^"]{80}(?=")|(name="next" value=")[^"]*')
HIDDEN = re.compile(r'<input type="hidden" name="(lost|lane)" value="([^"]*)">')


@pytest.fixture
def clock(now: datetime) -> Iterator[Any]:
    with time_machine.travel(now, tick=False) as clock:
        yield clock


@pytest.fixture
def shop(shops: dict[str, Storefront]) -> Storefront:
    return shops[factories.IMAGE]


@pytest.fixture
def order(shop: Storefront, now: datetime, clock: Any) -> Order:
    del clock
    return factories.order(shop, now=now, number="#1042", email=EMAIL)


@pytest.fixture
def link(order: Order, now: datetime) -> GuestLink:
    return guest_links.fresh_link_for(order, EMAIL, now=now)


def ask(client: Client, shop: Storefront, number: str, email: str, **more: str) -> Any:
    return client.post(
        reverse("portal:start", args=[shop.slug]), {"order_number": number, "email": email, "company_site": "", **more}
    )


def mailed(link: GuestLink) -> str:
    """The mailed address, without the host."""
    return guest_links.url_for(link).removeprefix(settings.SITE_URL)


def open_it(client: Client, link: GuestLink) -> Any:
    """Follow the mailed link and press the button."""
    button = client.get(mailed(link)).headers["Location"]
    return client.post(button)


# --- asking ----------------------------------------------------------------------------------------------------------


def test_right_and_wrong_pairs_see_the_same_bytes(order: Order, shop: Storefront) -> None:
    pairs = [("#1042", EMAIL), ("#1042", "eve@example.com"), ("#9999", EMAIL), ("x", "nobody@example.com")]
    answers = []
    for number, email in pairs:
        browser = Client()
        answers.append((seen(ask(browser, shop, number, email)), seen(browser.get(f"/{shop.slug}/start/sent/"))))
    assert all(answer == answers[0] for answer in answers)
    assert Notification.objects.count() == GuestLink.objects.filter(order=order).count() == 1


@pytest.mark.usefixtures("order")
def test_what_was_typed_wrongly_is_said_without_looking_anything_up(client: Client, shop: Storefront) -> None:
    for email in ("gia", "gia@", "gia@example.com,eve@example.com", "gia@example.com\nBcc: eve@example.com", "@" * 300):
        response = ask(client, shop, "#1042", email)
        assert response.status_code == 422
        assert "There is a problem" in response.content.decode()
    assert not Notification.objects.exists()


@pytest.mark.usefixtures("order")
def test_a_form_that_comes_back_is_the_same_for_an_order_that_is_and_one_that_isnt(shop: Storefront) -> None:
    known, unknown = (seen(ask(Client(), shop, number, "gia@"), number) for number in ("#1042", "#9999"))
    assert known == unknown
    assert known[0] == 422


@pytest.mark.usefixtures("order")
def test_who_fills_in_the_field_that_people_do_not_see_gets_no_mail(client: Client, shop: Storefront) -> None:
    person = seen(ask(Client(), shop, "#9999", EMAIL))
    program = seen(ask(client, shop, "#1042", EMAIL, company_site="https://spam.example"))
    assert program == person
    assert not Notification.objects.exists()


@pytest.mark.usefixtures("order")
def test_too_many_look_ups_are_told_to_wait_right_or_wrong(shop: Storefront) -> None:
    statuses = {}
    for email, place in ((EMAIL, "198.51.100.1"), ("eve@example.com", "198.51.100.2")):
        browser = Client(REMOTE_ADDR=place)
        statuses[email] = [ask(browser, shop, "#1042", email).status_code for _ in range(11)]
    assert statuses[EMAIL] == statuses["eve@example.com"] == [302] * 10 + [429]


@pytest.mark.usefixtures("order")
def test_forged_headers_meet_the_same_limit(shop: Storefront) -> None:
    statuses = [
        ask(Client(HTTP_X_FORWARDED_FOR=f"192.0.2.{turn}"), shop, f"{turn}", f"person{turn}@example.com").status_code
        for turn in range(51)
    ]
    assert statuses == [302] * 50 + [429]


def test_the_mailed_address_never_follows_the_host_header(client: Client, order: Order, shop: Storefront) -> None:
    evil = client.post(reverse("portal:start", args=[shop.slug]), HTTP_HOST="evil.example")
    assert evil.status_code == 400
    ask(client, shop, order.number, EMAIL)
    assert guest_links.url_for(GuestLink.objects.get()).startswith(f"{settings.SITE_URL}/")


# --- following the link ----------------------------------------------------------------------------------------------


def test_the_button_opens_the_one_order(client: Client, link: GuestLink, order: Order, shop: Storefront) -> None:
    response = open_it(client, link)
    assert response.headers["Location"] == reverse("portal:order", args=[shop.slug, order.public_id])
    assert client.get(response.headers["Location"]).status_code == 200
    assert GuestLink.objects.get().openings == 1


def test_the_button_pressed_twice_and_the_way_back_lead_to_the_order(
    client: Client, link: GuestLink, order: Order, shop: Storefront
) -> None:
    opened = open_it(client, link).headers["Location"]
    page = reverse("portal:link", args=[shop.slug])
    assert [client.post(page).headers["Location"], client.get(page).headers["Location"]] == [opened, opened]
    assert GuestLink.objects.get().openings == 1
    guest_links.revoke_links(order, now=link.created_at)
    assert [client.post(page).status_code, client.get(page).status_code] == [404, 404]


def test_the_token_leaves_the_address_at_once(client: Client, link: GuestLink) -> None:
    response = client.get(mailed(link))
    token = guest_links.token_for(link)
    assert token not in response.headers["Location"]
    assert token.encode() not in client.get(response.headers["Location"]).content
    assert token not in str(client.session.items())
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_following_it_twenty_times_changes_nothing(
    client: Client, link: GuestLink, order: Order, shop: Storefront
) -> None:
    page = reverse("portal:order", args=[shop.slug, order.public_id])
    for _ in range(20):
        for method in (client.get, client.head, Client().get, Client().head):
            assert method(mailed(link)).status_code == 302
        client.get(reverse("portal:link", args=[shop.slug]))
    assert GuestLink.objects.get().openings == 0
    assert client.get(page).headers["Location"].startswith(reverse(settings.LOGIN_URL))
    assert open_it(client, link).status_code == 302


def test_links_that_open_nothing_all_look_alike(link: GuestLink, shop: Storefront, order: Order, clock: Any) -> None:
    token = guest_links.token_for(link)
    base = f"/{shop.slug}/link/"
    elsewhere = factories.order(shop, now=link.created_at, email=EMAIL)
    revoked = guest_links.fresh_link_for(elsewhere, EMAIL, now=link.created_at)
    guest_links.revoke_links(elsewhere, now=link.created_at)
    used_up = guest_links.fresh_link_for(order, EMAIL, now=link.created_at)
    GuestLink.objects.filter(pk=used_up.pk).update(openings=30)
    dead = [
        base,
        *(f"{base}{wrong}/" for wrong in ("x", token[:-1], token.swapcase(), token[::-1], f"{token}A", "A" * 64)),
    ]
    dead += [f"{base}{guest_links.token_for(other)}/" for other in (revoked, used_up)]
    dead += [f"{base}?token={token}", f"{base}?token[]={token}", f"{base}token[]={token}/"]
    answers = [seen_dead(path) for path in dead]
    clock.shift(timedelta(days=7))
    answers.append(seen_dead(f"{base}{token}/"))
    assert {status for status, _, _ in answers} == {404}
    assert all(answer[1:] == answers[0][1:] for answer in answers)
    assert b"Send a new one" in answers[0][1]


def seen_dead(path: str) -> Any:
    """The page as a stranger compares it, without what they typed."""
    status, body, headers = seen(Client().get(path))
    return status, LOST.sub(b"", body), headers


def send_again(client: Client, page: Any, shop: Storefront) -> Any:
    """Press the one button of a dead link's page."""
    hidden = dict(HIDDEN.findall(page.content.decode()))
    return client.post(reverse("portal:link_again", args=[shop.slug]), hidden)


def test_one_button_sends_a_new_link_to_where_the_old_one_went(
    client: Client, link: GuestLink, shop: Storefront, clock: Any
) -> None:
    clock.shift(timedelta(days=8))
    answer = send_again(client, client.get(mailed(link)), shop)
    assert answer.headers["Location"] == f"{reverse('portal:start_sent', args=[shop.slug])}?again"
    assert "If the old link was one of ours" in client.get(answer.headers["Location"]).content.decode()
    row = Notification.objects.get()
    assert (row.recipient, row.context) == (EMAIL, {"link": str(GuestLink.objects.exclude(pk=link.pk).get().pk)})


def test_sent_again_the_answer_is_the_same_for_a_link_that_never_was_and_nothing_is_sent(
    client: Client, link: GuestLink, shop: Storefront, shops: dict[str, Storefront], clock: Any
) -> None:
    clock.shift(timedelta(days=8))
    right = seen(send_again(Client(), client.get(mailed(link)), shop))
    Notification.objects.all().delete()
    wrong = seen(send_again(Client(), client.get(f"/{shop.slug}/link/{'A' * 64}/"), shop))
    assert right == wrong
    elsewhere = shops[factories.PRO]
    there = mailed(link).replace(shop.slug, elsewhere.slug)
    send_again(Client(), client.get(there), elsewhere)
    guest_links.revoke_links(link.order, now=link.created_at)
    send_again(Client(), client.get(mailed(link)), shop)
    assert not Notification.objects.exists()


def test_a_forged_form_asks_for_the_order_number_instead(client: Client, link: GuestLink, shop: Storefront) -> None:
    again = reverse("portal:link_again", args=[shop.slug])
    for forged in ({}, {"lost": str(link.pk)}, {"lost": f"{link.pk}:AAAA"}):
        assert client.post(again, forged).headers["Location"] == reverse("portal:start", args=[shop.slug])
    assert client.get(again).headers["Location"] == reverse("portal:start", args=[shop.slug])
    assert not Notification.objects.exists()


def test_pressing_it_again_and_again_is_told_to_wait(client: Client, link: GuestLink, shop: Storefront) -> None:
    GuestLink.objects.filter(pk=link.pk).update(openings=30)
    page = client.get(mailed(link))
    statuses = [send_again(client, page, shop).status_code for _ in range(11)]
    assert statuses == [302] * 10 + [429]
    assert Notification.objects.count() == 3


# --- the damage lane -------------------------------------------------------------------------------------------------


def test_the_lane_travels_from_the_landing_page_through_the_mail_to_the_order(
    client: Client, order: Order, shop: Storefront
) -> None:
    page = client.get(reverse("portal:start", args=[shop.slug]), {"lane": "damage"})
    assert 'name="lane" value="damage"' in page.content.decode()
    ask(client, shop, order.number, EMAIL, lane="damage")
    row = Notification.objects.get()
    url = letter_of(row, now=row.created_at)["url"]
    assert url.endswith("/?lane=damage")
    button = client.get(url.removeprefix(settings.SITE_URL)).headers["Location"]
    assert client.post(button).headers["Location"] == reverse("portal:damage", args=[shop.slug, order.public_id])


def test_a_mail_about_a_return_leads_to_that_return_and_to_no_other_orders(
    client: Client, order: Order, link: GuestLink, shop: Storefront, now: datetime
) -> None:
    asked = factories.submitted(order, now=now)
    elsewhere = factories.submitted(factories.order(shop, now=now, number="#1043", email=EMAIL), now=now)
    for reference, page in (
        (asked.reference, reverse("portal:return", args=[shop.slug, asked.reference])),
        (elsewhere.reference, reverse("portal:order", args=[shop.slug, order.public_id])),
    ):
        url = guest_links.url_for(link, reference=reference).removeprefix(settings.SITE_URL)
        assert client.post(client.get(url).headers["Location"]).headers["Location"] == page
        assert client.get(page).status_code == 200


def test_a_lost_link_to_the_damage_report_is_replaced_by_one_to_it(
    client: Client, link: GuestLink, shop: Storefront, clock: Any
) -> None:
    clock.shift(timedelta(days=8))
    send_again(client, client.get(f"{mailed(link)}?lane=damage"), shop)
    assert Notification.objects.get().context["lane"] == "damage"


def test_a_lane_that_nobody_has_is_the_order_itself(client: Client, order: Order, shop: Storefront) -> None:
    page = client.get(reverse("portal:start", args=[shop.slug]), {"lane": "https://evil.example"})
    assert 'name="lane" value' not in page.content.decode()
    ask(client, shop, order.number, EMAIL, lane="//evil.example")
    assert "lane" not in Notification.objects.get().context
    link = GuestLink.objects.get()
    button = client.get(f"{mailed(link)}?lane=//evil.example").headers["Location"]
    assert client.post(button).headers["Location"] == reverse("portal:order", args=[shop.slug, order.public_id])


def test_the_token_of_another_storefronts_order_opens_nothing(client: Client, link: GuestLink) -> None:
    assert client.get(f"/{factories.PRO}/link/{guest_links.token_for(link)}/").status_code == 404


def test_the_token_stays_out_of_the_logs(client: Client, link: GuestLink, capfd: pytest.CaptureFixture[str]) -> None:
    open_it(client, link)
    client.get(f"{mailed(link)}?x=1")
    told = capfd.readouterr()
    token = guest_links.token_for(link)
    assert token not in told.err + told.out
    assert token not in logs.scrub(f"GET {guest_links.url_for(link)} HTTP/1.1")


# --- one session, one order ------------------------------------------------------------------------------------------


def test_the_session_gets_a_new_key(client: Client, link: GuestLink) -> None:
    client.get(mailed(link))
    before = client.session.session_key or ""
    client.post(reverse("portal:link", args=[link.order.storefront.slug]))
    assert client.session.session_key != before
    planted = Client()
    planted.cookies[settings.SESSION_COOKIE_NAME] = before
    assert not guest_links.granted_orders(planted.session, now=link.created_at)


def test_a_guest_reaches_no_page_of_an_account(client: Client, link: GuestLink, shop: Storefront) -> None:
    open_it(client, link)
    for name in ("account_change_password", "accounts:home", "desk:queue"):
        assert client.get(reverse(name)).headers["Location"].startswith(reverse(settings.LOGIN_URL)), name
    assert client.get(reverse("portal:orders", args=[shop.slug])).status_code in {200, 302}


def test_a_link_opened_in_another_guests_browser_shows_its_own_order_only(
    client: Client, link: GuestLink, order: Order, shop: Storefront, now: datetime
) -> None:
    theirs = factories.order(shop, now=now, email="other@example.com")
    open_it(client, guest_links.fresh_link_for(theirs, "other@example.com", now=now))
    open_it(client, link)
    assert client.get(reverse("portal:order", args=[shop.slug, order.public_id])).status_code == 200
    assert client.get(reverse("portal:order", args=[shop.slug, theirs.public_id])).status_code == 404


def test_the_grant_dies_with_the_link_within_the_session(
    client: Client, link: GuestLink, order: Order, shop: Storefront, clock: Any
) -> None:
    page = open_it(client, link).headers["Location"]
    assert client.get(page).status_code == 200
    clock.shift(timedelta(hours=11))
    assert client.get(page).status_code == 200
    guest_links.revoke_links(order, now=link.created_at)
    assert client.get(page).headers["Location"].startswith(reverse(settings.LOGIN_URL))


def test_who_signs_in_leaves_the_guests_order_behind(
    client: Client, link: GuestLink, order: Order, shop: Storefront
) -> None:
    from tests.accounts.mailbox import confirmed
    from tests.accounts.pages import sign_in

    maya = confirmed(factories.person("maya@example.com"))
    open_it(client, link)
    sign_in(client, maya.email, factories.PASSWORD)
    assert client.get(reverse("portal:order", args=[shop.slug, order.public_id])).status_code == 404


def test_a_customer_who_is_signed_in_can_open_a_link_too(
    client: Client, link: GuestLink, order: Order, shop: Storefront
) -> None:
    client.force_login(factories.person("maya@example.com"))
    open_it(client, link)
    assert client.get(reverse("portal:order", args=[shop.slug, order.public_id])).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("portal:order", args=[shop.slug, order.public_id])).status_code == 302


@pytest.mark.usefixtures("order")
def test_pages_of_guests_are_kept_by_no_cache(client: Client, shop: Storefront, link: GuestLink) -> None:
    pages = [client.get(reverse("portal:start", args=[shop.slug])), client.get(mailed(link))]
    pages.append(client.get(reverse("portal:link", args=[shop.slug])))
    for response in pages:
        assert re.search("no-store", response.headers["Cache-Control"])
