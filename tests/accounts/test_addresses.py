"""A new address to sign in with: nobody learns who has it, and nobody takes an account by it (B4, B9, B36, B37, D7)."""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from accounts import addresses, mails
from accounts.models import AddressChange, User
from returns import mail, notifications
from returns.forms.portal import known_contact
from returns.letters import NoLongerTrue
from returns.models import AccountChange, CustomerAccount, GuestLink, Notification, Order, Storefront
from returns.preferences import wants_optional
from returns.services import guest_links, preferences, requests, transition
from returns.services.errors import Refused
from returns.services.transition import By
from returns.tokens import address_change_token
from tests import factories
from tests.accounts.pages import is_signed_in, seen
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, PASSWORD, PRO

pytestmark = pytest.mark.django_db

NEW = "maya@new.example.com"


@pytest.fixture
def clock(now: datetime) -> Iterator[Any]:
    with time_machine.travel(now, tick=False) as clock:
        yield clock


def ask(browser: Client, email: str, password: str = PASSWORD) -> Any:
    return browser.post(reverse("account_change_email"), {"email": email, "password": password})


def link_to(user: User) -> str:
    return reverse("account_confirm_new_email", args=[address_change_token(user.address_change.pk)])


def asked(user: User, now: datetime, email: str = NEW) -> str:
    addresses.ask(user=user, email=email, now=now)
    return link_to(User.objects.get(pk=user.pk))


def kinds() -> list[tuple[str, str]]:
    return sorted(Notification.objects.values_list("kind", "recipient"))


# --- asking ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("clock")
def test_a_taken_address_looks_like_a_free_one(cast: Cast, signed_in: SignIn) -> None:
    EmailAddress.objects.create(user=cast.otto, email=cast.otto.email, verified=True, primary=True)
    answers = []
    for email in (NEW, cast.otto.email, cast.otto.email.upper(), "nobody@example.com"):
        browser = signed_in(cast.maya)
        answer = ask(browser, email)
        answers.append((seen(answer), seen(browser.get(answer.headers["Location"]))))
    assert all(answer == answers[0] for answer in answers)


def test_who_has_the_address_is_told_and_gets_no_link(cast: Cast, now: datetime) -> None:
    addresses.ask(user=cast.maya, email=cast.otto.email, now=now)
    assert kinds() == [("account_address_asked", cast.maya.email), ("account_exists", cast.otto.email)]


def test_the_link_goes_to_the_new_address_and_a_notice_to_the_old(cast: Cast, now: datetime) -> None:
    addresses.ask(user=cast.maya, email=NEW, now=now)
    assert kinds() == [("account_address_asked", cast.maya.email), ("account_new_address", NEW)]
    assert User.objects.get(pk=cast.maya.pk).email == cast.maya.email


def test_the_password_is_asked_for_and_guesses_are_limited(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.maya)
    statuses = [ask(browser, NEW, "not the password at all").status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert not AddressChange.objects.exists()


def test_what_cannot_be_an_address_is_said_beside_the_field_and_kept(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.maya)
    wrong = ["maya", "a@b,c@d.example", "a@b.example\nBcc: x@y.example", f"{'a' * 250}@b.example"]
    for email in (*wrong, cast.maya.email):
        page = ask(browser, email)
        assert page.status_code == 422, email
        assert "There is a problem" in page.content.decode()
    assert not Notification.objects.exists()


def test_staff_keep_their_address(cast: Cast, signed_in: SignIn) -> None:
    assert ask(signed_in(cast.renee), NEW).status_code == 403


# --- confirming ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("clock")
def test_following_the_link_changes_nothing(cast: Cast, now: datetime) -> None:
    link = asked(cast.maya, now)
    for _ in range(5):
        assert Client().get(link).status_code == 200
        assert Client().head(link).status_code == 200
    assert User.objects.get(pk=cast.maya.pk).email == cast.maya.email


@pytest.mark.usefixtures("clock")
def test_the_password_confirms_and_signs_in_here_and_out_elsewhere(
    cast: Cast, signed_in: SignIn, now: datetime
) -> None:
    elsewhere, here = signed_in(cast.maya), Client()
    answer = here.post(asked(cast.maya, now), {"password": PASSWORD})
    assert answer.status_code == 302
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    maya = User.objects.get(pk=cast.maya.pk)
    assert maya.email == NEW
    assert list(EmailAddress.objects.filter(user=maya).values_list("email", "verified", "primary")) == [
        (NEW, True, True)
    ]
    assert ("account_address_changed", cast.maya.email) in kinds()


@pytest.mark.usefixtures("clock")
def test_the_browser_that_asked_stays_signed_in_under_a_new_key(cast: Cast, signed_in: SignIn, now: datetime) -> None:
    browser = signed_in(cast.maya)
    before = browser.cookies[settings.SESSION_COOKIE_NAME].value
    browser.post(asked(cast.maya, now), {"password": PASSWORD})
    assert browser.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert is_signed_in(browser)


@pytest.mark.usefixtures("clock")
def test_who_got_the_link_by_a_typing_error_cannot_take_the_account(
    cast: Cast, signed_in: SignIn, now: datetime
) -> None:
    link = asked(cast.maya, now, email="stranger@example.com")
    stranger = signed_in(factories.person("stranger2@example.com"))
    for browser in (Client(), stranger):
        assert browser.post(link, {"password": "let me in, please do"}).status_code == 422
    assert User.objects.get(pk=cast.maya.pk).email == cast.maya.email


@pytest.mark.usefixtures("clock")
def test_a_link_works_once_and_only_the_newest(cast: Cast, now: datetime) -> None:
    first = asked(cast.maya, now, email="first@example.com")
    second = asked(cast.maya, now)
    assert Client().get(first).status_code == 404
    assert Client().post(second, {"password": PASSWORD}).status_code == 302
    assert Client().post(second, {"password": PASSWORD}).status_code == 404


def test_a_link_ends_after_three_days(cast: Cast, now: datetime, clock: Any) -> None:
    link = asked(cast.maya, now)
    clock.move_to(now + timedelta(days=3) - timedelta(seconds=1))
    assert Client().get(link).status_code == 200
    clock.move_to(now + timedelta(days=3))
    assert Client().get(link).status_code == 404


def test_a_disabled_person_confirms_nothing(cast: Cast, now: datetime) -> None:
    link = asked(cast.maya, now)
    User.objects.filter(pk=cast.maya.pk).update(is_active=False)
    assert Client().post(link, {"password": PASSWORD}).status_code == 404


@pytest.mark.usefixtures("clock")
def test_an_address_somebody_took_meanwhile_stays_theirs(cast: Cast, now: datetime) -> None:
    link = asked(cast.maya, now)
    factories.person(NEW)
    answer = Client().post(link, {"password": PASSWORD})
    assert answer.status_code == 409
    assert "There is an account with this address already" in answer.content.decode()
    assert User.objects.get(pk=cast.maya.pk).email == cast.maya.email


@pytest.mark.usefixtures("clock")
def test_who_signed_up_and_never_confirmed_keeps_no_address_from_its_owner(cast: Cast, now: datetime) -> None:
    squatter = factories.person(NEW)
    EmailAddress.objects.create(user=squatter, email=NEW, verified=False, primary=True)
    link = asked(cast.maya, now)
    assert kinds() == [("account_address_asked", cast.maya.email), ("account_new_address", NEW)]
    assert Client().post(link, {"password": PASSWORD}).status_code == 302
    assert User.objects.get(pk=cast.maya.pk).email == NEW
    assert not User.objects.filter(pk=squatter.pk).exists()


@pytest.mark.usefixtures("clock")
def test_who_ever_signed_in_keeps_their_address(cast: Cast, now: datetime) -> None:
    other = factories.person(NEW)
    EmailAddress.objects.create(user=other, email=NEW, verified=False, primary=True)
    link = asked(cast.maya, now)
    User.objects.filter(pk=other.pk).update(last_login=now)
    assert Client().post(link, {"password": PASSWORD}).status_code == 409
    assert User.objects.filter(pk=other.pk).exists()


FORGED = ["", "A", "A" * 63, "A" * 64, "A" * 65, "-" * 64, "_" * 64, "é" * 64, "token", "0", "null", "%20" * 3]


def test_every_forged_link_is_the_same_404(cast: Cast, now: datetime) -> None:
    token = link_to_token(asked(cast.maya, now))
    bad = [*(one for one in FORGED if one), token[:-1], token[1:], f"{token}A", token.swapcase(), token[::-1]]
    bad += [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(0, 64, 4)]
    pages = [Client().post(f"/accounts/email/confirm/{one}/", {"password": PASSWORD}) for one in bad]
    assert len(bad) >= 31
    assert {page.status_code for page in pages} == {404}
    assert all("This link doesn’t work any more" in page.content.decode() for page in pages)


def link_to_token(link: str) -> str:
    return link.split("/")[-2]


def test_no_token_is_stored_or_mailed_by_the_host_header(cast: Cast, now: datetime) -> None:
    token = link_to_token(asked(cast.maya, now))
    assert token not in str(list(Notification.objects.values()))
    assert not re.search(r"[A-Za-z0-9_-]{64}", str(list(AddressChange.objects.values())))


# --- what follows ----------------------------------------------------------------------------------------------------


def test_accounts_orders_and_open_returns_follow_where_customers_keep_their_data(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    request = factories.submitted(order, now=now)
    asked(cast.maya, now)
    addresses.confirm(AddressChange.objects.get(), now=now)
    for row in (cast.accounts[IMAGE], cast.accounts[PRO], order, request):
        row.refresh_from_db()
    assert (cast.accounts[IMAGE].email, order.email, request.contact_email) == (NEW, NEW, NEW)
    assert cast.accounts[PRO].email == cast.maya.email
    assert {change.account_id for change in AccountChange.objects.all()} >= {cast.accounts[IMAGE].pk}
    assert {tuple(change.fields) for change in AccountChange.objects.all()} == {("email",)}


def test_closed_returns_and_what_was_said_about_reminders_follow_too(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    closed = factories.submitted(order, now=now)
    requests.withdraw(request_id=closed.pk, by=By.owner(cast.maya), now=now)
    preferences.change(storefront=shops[IMAGE], email=cast.maya.email, wants_optional=False, now=now)
    asked(cast.maya, now)
    addresses.confirm(AddressChange.objects.get(), now=now)
    closed.refresh_from_db()
    assert closed.contact_email == NEW
    assert not wants_optional(shops[IMAGE], NEW)
    assert wants_optional(shops[PRO], NEW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("slug", [IMAGE, PRO])
def test_a_new_address_and_a_step_of_its_owner_never_wait_for_each_other_in_a_circle(
    cast: Cast, shops: dict[str, Storefront], now: datetime, slug: str
) -> None:
    request = factories.submitted(factories.order(shops[slug], now=now, customer=cast.accounts[slug]), now=now)
    addresses.ask(user=cast.maya, email=NEW, now=now)
    has_order, ended = threading.Event(), list[object]()

    def step() -> None:
        try:
            with transition.locked(request.pk) as held:
                has_order.set()
                waiting.wait(timeout=1)  # by then the other one has locked what it can
                transition.record(held, "tracking", by=By.owner(cast.maya), now=now)
            ended.append("recorded")
        except DatabaseError as error:
            ended.append(error)
        finally:
            connection.close()

    def move() -> None:
        try:
            has_order.wait(timeout=30)
            addresses.confirm(AddressChange.objects.get(), now=now)
            ended.append("moved")
        except DatabaseError as error:
            ended.append(error)
        finally:
            connection.close()

    waiting = threading.Event()
    threads = [threading.Thread(target=work) for work in (step, move)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, ended)) == ["moved", "recorded"]
    assert User.objects.get(pk=cast.maya.pk).email == NEW


@pytest.mark.parametrize("owe", [mails.owe_reset, mails.owe_account_exists, mails.owe_address_asked])
def test_mail_that_waits_lets_nobody_in_who_reads_the_old_mailbox(
    cast: Cast, now: datetime, owe: Callable[[User], None]
) -> None:
    owe(cast.maya)
    row = Notification.objects.get()
    mail.render(row, now=now)
    addresses.ask(user=cast.maya, email=NEW, now=now)
    addresses.confirm(AddressChange.objects.get(), now=now)
    row.refresh_from_db()
    assert row.state == Notification.DROPPED
    with pytest.raises(NoLongerTrue):  # nor where somebody sends it once more
        mail.render(row, now=now)


def test_warnings_that_wait_still_leave_to_the_old_address(cast: Cast, now: datetime) -> None:
    mails.owe_password_changed(cast.maya)
    old = cast.maya.email
    addresses.ask(user=cast.maya, email=NEW, now=now)
    addresses.confirm(AddressChange.objects.get(), now=now)
    waiting = Notification.objects.filter(recipient=old, state=Notification.QUEUED)
    assert sorted(row.kind for row in waiting) == ["account_address_changed", "account_password_changed"]
    assert all(mail.render(row, now=now).to == [old] for row in waiting)


def test_guest_links_to_the_old_address_die(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    for slug in (IMAGE, PRO):
        order = factories.order(shops[slug], now=now, customer=cast.accounts[slug])
        guest_links.fresh_link_for(order, cast.maya.email, now=now)
    others = factories.order(shops[IMAGE], now=now, customer=cast.ottos[IMAGE])
    kept = guest_links.fresh_link_for(others, cast.otto.email, now=now)
    asked(cast.maya, now)
    addresses.confirm(AddressChange.objects.get(), now=now)
    assert list(GuestLink.objects.filter(revoked_at__isnull=True)) == [kept]


@pytest.mark.parametrize("slug", [IMAGE, PRO])
def test_the_old_mailbox_gets_no_link_any_more_whoever_keeps_the_data(
    cast: Cast, shops: dict[str, Storefront], now: datetime, slug: str
) -> None:
    old, account = cast.maya.email, cast.accounts[slug]
    order = factories.order(shops[slug], now=now, customer=account)
    request = factories.submitted(order, now=now)
    addresses.ask(user=cast.maya, email=NEW, now=now)
    addresses.confirm(AddressChange.objects.get(), now=now)
    request.refresh_from_db()
    assert request.contact_email == NEW
    CustomerAccount.objects.filter(pk=account.pk).update(email=old, main_contact_email=old)  # as care may have it
    Order.objects.filter(pk=order.pk).update(email=old)  # or the next import
    for email in (old, NEW):
        guest_links.request_link(
            storefront=shops[slug], order_number=order.number, email=email, client="203.0.113.7", now=now
        )
    assert [row.recipient for row in Notification.objects.filter(kind="guest_link")] == [NEW]
    fresh = {email: guest_links.fresh_link_for(order, email, now=now) for email in (old, NEW)}
    found = {email: guest_links.find_link(link.pk, storefront=shops[slug], now=now) for email, link in fresh.items()}
    assert found == {old: None, NEW: fresh[NEW]}


def test_mail_to_an_address_that_care_still_has_opens_nothing(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    old = cast.accounts[PRO].completion_email
    request = factories.submitted(factories.order(shops[PRO], now=now, customer=cast.accounts[PRO]), now=now)
    addresses.ask(user=cast.maya, email=NEW, now=now)
    addresses.confirm(AddressChange.objects.get(), now=now)
    request.refresh_from_db()
    assert notifications._way_in(request, old, now) == {}
    assert known_contact(Order.objects.get(pk=request.order_id))["email"] == NEW


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_one_address_at_once_one_gets_it(cast: Cast, now: datetime) -> None:
    changes = []
    for user in (cast.maya, cast.otto):
        addresses.ask(user=user, email=NEW, now=now)
        changes.append(AddressChange.objects.get(user=user))
    start, ended = threading.Barrier(2), []

    def confirm(change: AddressChange) -> None:
        start.wait()
        try:
            addresses.confirm(change, now=now)
            ended.append("changed")
        except Refused:
            ended.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm, args=[change]) for change in changes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["changed", "refused"]
    assert User.objects.filter(email=NEW).count() == 1
