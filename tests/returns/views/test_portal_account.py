"""A customer's own pages at a storefront: data, store credit, mail (RES-38, CON-06, PRO-04, LPS-25)."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from returns import statements
from returns.models import CustomerAccount, LedgerAccount, LedgerEntry, Storefront
from returns.preferences import wants_optional
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, PRO, SPA

pytestmark = pytest.mark.django_db

GOOD = {
    "name": "Maya B. Stone",
    "phone": "+1 (704) 555\u20110199 ext. 5",
    "address": " 1 Main St \n\nCharlotte,  NC 28202 ",
    "main_contact_name": "",
    "main_contact_email": "",
}


def page(browser: Client, name: str, slug: str, query: str = "") -> Any:
    return browser.get(reverse(f"portal:{name}", args=[slug]) + query)


def save(browser: Client, slug: str, **changes: str) -> Any:
    return browser.post(reverse("portal:account_edit", args=[slug]), GOOD | changes)


def credited(account: CustomerAccount, amounts: list[str], now: datetime) -> None:
    """Entries of these signed amounts, a day apart, the first one oldest."""
    shop = account.storefront
    book, returns = (
        LedgerAccount.objects.create(storefront=shop, customer_account=owner, kind=kind, currency=shop.currency)
        for owner, kind in ((account, LedgerAccount.STORE_CREDIT), (None, LedgerAccount.RETURNS))
    )
    for day, amount in enumerate(Decimal(text) for text in amounts):
        debit, credit = (returns, book) if amount > 0 else (book, returns)
        LedgerEntry.objects.create(
            debit=debit,
            credit=credit,
            amount=abs(amount),
            currency=shop.currency,
            idem_key=f"test:{account.pk}:{day}",
            at=now + timedelta(days=day),
        )


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_shows_what_is_known_and_what_is_owed(
    cast: Cast, signed_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    CustomerAccount.objects.filter(pk=cast.accounts[PRO].pk).update(outstanding_balance="12.50")
    browser = signed_in(cast.maya)
    with django_assert_max_num_queries(12):
        text = page(browser, "account", PRO).content.decode()
    assert cast.accounts[PRO].number in text
    assert "$12.50" in text
    assert "keeps this data for you" in text
    assert "Show a license" in text


def test_credit_is_shown_where_the_storefront_gives_it_or_there_is_some(
    cast: Cast, signed_in: SignIn, now: datetime
) -> None:
    browser = signed_in(cast.maya)
    assert "You can spend" in page(browser, "account", SPA).content.decode()
    assert "You can spend" not in page(browser, "account", IMAGE).content.decode()
    credited(cast.accounts[IMAGE], ["10.00"], now)
    assert "You can spend" in page(browser, "account", IMAGE).content.decode()


def test_a_license_is_shown_on_the_page_and_the_way_back_from_a_new_address_leads_there(
    cast: Cast, signed_in: SignIn
) -> None:
    browser = signed_in(cast.maya)
    text = page(browser, "account", PRO).content.decode()
    assert "Email us a copy" not in text
    assert "Show us your business license" in text
    assert reverse("portal:orders", args=[PRO]) in text
    here = reverse("portal:account", args=[PRO])
    changes = browser.get(reverse("account_change_email"), {"next": here}).content.decode()
    assert f'<p class="back"><a href="{here}">' in changes


def test_only_storefronts_that_net_balances_speak_of_debts(cast: Cast, signed_in: SignIn) -> None:
    CustomerAccount.objects.filter(user=cast.maya).update(outstanding_balance="12.50")
    for slug, is_told in ((SPA, False), (IMAGE, False), (PRO, True)):
        assert ("owes us" in page(signed_in(cast.maya), "account", slug).content.decode()) is is_told


def test_who_has_no_account_here_yet_sees_how_one_comes_about(signed_in: SignIn, shops: dict[str, Storefront]) -> None:
    newcomer = signed_in(factories.person("new@example.com"))
    shown = page(newcomer, "account", next(iter(shops)))
    assert shown.status_code == 200
    assert "It comes with your first order" in shown.content.decode()
    assert page(newcomer, "credit", SPA).status_code == 404


# --- changing it -----------------------------------------------------------------------------------------------------


def test_what_was_entered_is_tidied_and_kept(cast: Cast, signed_in: SignIn) -> None:
    assert save(signed_in(cast.maya), IMAGE).status_code == 302
    account = CustomerAccount.objects.get(pk=cast.accounts[IMAGE].pk)
    assert account.phone == "+1 (704) 555-0199 ext. 5"
    assert account.address == "1 Main St\nCharlotte, NC 28202"


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("name", "", "Enter your name."),
        ("name", "www.evil.example", "Enter a name, without web addresses"),
        ("phone", "call me", "Enter a phone number"),
        ("phone", "12", "Enter a phone number"),
        ("address", "\n".join("1234567"), "at most 6 lines"),
        ("main_contact_email", "a@b.example,c@d.example", "Enter an email address such as"),
        ("main_contact_email", "a@b.example\r\nBcc: c@d.example", "Enter an email address such as"),
        ("main_contact_name", "Office", "Enter the main contact’s email too"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_everything_stays(
    cast: Cast, signed_in: SignIn, field: str, text: str, said: str
) -> None:
    answer = save(signed_in(cast.maya), IMAGE, **{field: text})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert said in shown
    assert "Charlotte,  NC 28202" in shown or field == "address"


def test_where_care_keeps_the_data_nothing_can_be_posted(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.maya)
    assert save(browser, PRO).status_code == 409
    assert page(browser, "account_edit", PRO).status_code == 302
    assert CustomerAccount.objects.get(pk=cast.accounts[PRO].pk).name == "Maya Brennan"


def test_facts_never_come_from_the_browser(cast: Cast, signed_in: SignIn) -> None:
    save(signed_in(cast.maya), IMAGE, number="X", email="x@example.com", type="business", outstanding_balance="0")
    account = CustomerAccount.objects.get(pk=cast.accounts[IMAGE].pk)
    assert (account.number, account.email, account.type) == (cast.accounts[IMAGE].number, cast.maya.email, "consumer")


# --- store credit ----------------------------------------------------------------------------------------------------


def test_the_lines_add_up_on_every_page(cast: Cast, now: datetime) -> None:
    account = cast.accounts[SPA]
    credited(account, [*["10.00"] * 5, "-7.50", *["1.25"] * 4], now)
    after, seen, expected = "", 0, Decimal("47.50")
    while True:
        shown = statements.statement(account, after=after, size=3)
        assert shown.balance == Decimal("47.50")
        assert shown.lines[0].balance == expected
        assert shown.before + sum(line.amount for line in shown.lines) == expected
        expected, seen, after = shown.before, seen + len(shown.lines), shown.next
        if not after:
            break
    assert (seen, expected) == (10, Decimal("0.00"))


def test_a_page_costs_the_same_however_long_the_ledger(
    cast: Cast, signed_in: SignIn, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    credited(cast.accounts[SPA], ["1.00"] * 45, now)
    browser = signed_in(cast.maya)
    first = page(browser, "credit", SPA).content.decode()
    assert "$45.00" in first
    following = re.findall(r'href="(\?after=[^"]+)" rel="next"', first)
    with django_assert_max_num_queries(9):
        second = page(browser, "credit", SPA, following[0]).content.decode()
    assert "$25.00" in second


def test_a_forged_key_is_answered_with_the_first_page(cast: Cast, signed_in: SignIn, now: datetime) -> None:
    credited(cast.accounts[SPA], ["1.00"], now)
    for key in ("x", "1,2", "2026-01-01T00:00:00+00:00,x", "9999-12-31T23:59:59-23:59,x", ",", "%00"[:0]):
        assert "$1.00" in page(signed_in(cast.maya), "credit", SPA, f"?after={key}").content.decode()


def test_a_settled_return_is_named_beside_its_credit(cast: Cast, signed_in: SignIn, now: datetime) -> None:
    from tests.mails import asked_back, bought, settled

    shop = cast.accounts[SPA].storefront
    request = factories.authorized(asked_back(bought(shop, cast, now), now), by=cast.renee, now=now)
    request = factories.inspected(factories.received(request, by=cast.renee, now=now), by=cast.renee, now=now)
    request = settled(request, cast, now)
    text = page(signed_in(cast.maya), "credit", SPA).content.decode()
    assert request.rma_number in text
    assert reverse("portal:return", args=[SPA, request.reference]) in text


# --- mail ------------------------------------------------------------------------------------------------------------


def test_reminders_are_switched_off_and_on_for_every_address_of_the_person(
    cast: Cast, signed_in: SignIn, shops: dict[str, Storefront]
) -> None:
    CustomerAccount.objects.filter(pk=cast.accounts[IMAGE].pk).update(email="studio@example.com")
    browser, url = signed_in(cast.maya), reverse("portal:account_mail", args=[IMAGE])
    for choice in ("off", "off", "on"):
        browser.post(url, {"reminders": choice})
        for email in ("studio@example.com", cast.maya.email):
            assert wants_optional(shops[IMAGE], email) is (choice == "on")
    assert wants_optional(shops[SPA], cast.maya.email)
