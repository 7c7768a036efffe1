"""Who changes an account's data, who is told, and what is noted about it (RES-38, CON-33, PRO-04)."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from returns import mail
from returns.models import AccountChange, CustomerAccount, Notification, ReturnRequest, Storefront
from returns.preferences import wants_optional
from returns.services import customer_accounts, guest_links, preferences
from returns.services.errors import Refused
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, PRO

pytestmark = pytest.mark.django_db


def test_owners_change_their_data_and_the_fields_are_noted_without_values(cast: Cast, now: datetime) -> None:
    by = By.owner(cast.maya)
    data = {"name": "Maya B. Stone", "phone": "704-555-0100", "address": "1 Main St\nCharlotte, NC 28202"}
    changed = customer_accounts.change(account_id=cast.accounts[IMAGE].pk, data=data, by=by, now=now)
    assert (changed.name, changed.address) == (data["name"], data["address"])
    [noted] = AccountChange.objects.all()
    assert (noted.fields, noted.actor, noted.actor_kind) == (["name", "address"], cast.maya, "owner")
    assert "Stone" not in str(AccountChange.objects.values())


def test_what_stays_the_same_is_no_change(cast: Cast, now: datetime) -> None:
    customer_accounts.change(
        account_id=cast.accounts[IMAGE].pk, data={"name": "Maya Brennan"}, by=By.owner(cast.maya), now=now
    )
    assert not AccountChange.objects.exists()


def test_where_care_keeps_the_data_owners_are_refused_and_staff_are_not(cast: Cast, now: datetime) -> None:
    account = cast.accounts[PRO]
    with pytest.raises(Refused):
        customer_accounts.change(account_id=account.pk, data={"name": "M"}, by=By.owner(cast.maya), now=now)
    customer_accounts.change(account_id=account.pk, data={"name": "M"}, by=By.staff(cast.renee), now=now)
    account.refresh_from_db()
    assert account.name == "M"


def test_nobody_changes_their_own_account_at_the_desk(shops: dict[str, Storefront], cast: Cast, now: datetime) -> None:
    account = factories.account(shops[PRO], user=cast.renee)
    with pytest.raises(Refused):
        customer_accounts.change(account_id=account.pk, data={"name": "R"}, by=By.staff(cast.renee), now=now)


def test_a_new_main_contact_is_told_to_the_old_and_the_new_address(cast: Cast, now: datetime) -> None:
    data = {"main_contact_name": "Office", "main_contact_email": "office@example.com"}
    for _ in range(2):
        customer_accounts.change(account_id=cast.accounts[IMAGE].pk, data=data, by=By.owner(cast.maya), now=now)
    told = Notification.objects.filter(kind="account_contact_changed").values_list("recipient", flat=True)
    assert sorted(told) == ["maya@example.com", "office@example.com"]
    assert "office@example.com" not in str(Notification.objects.values_list("context", flat=True))


def test_no_mailbox_is_filled_by_naming_it_main_contact_in_circles(cast: Cast, now: datetime) -> None:
    account, by = cast.accounts[IMAGE], By.owner(cast.maya)

    def name(email: str, minutes: int) -> None:
        data = {"main_contact_email": email}
        customer_accounts.change(account_id=account.pk, data=data, by=by, now=now + timedelta(minutes=minutes))

    for minutes, email in enumerate(["victim@example.com", "", "Vic.tim+1@example.com"]):
        name(email, minutes)
    with pytest.raises(Refused, match="main contact was changed many times"):
        name("", 4)
    account.refresh_from_db()
    assert account.main_contact_email == "Vic.tim+1@example.com"
    name("", 62)
    mails = Notification.objects.filter(kind="account_contact_changed", recipient__icontains="vic")
    assert mails.count() == 4


def test_an_account_is_changed_a_few_times_an_hour_by_its_owner_and_by_care_as_often_as_they_need(
    cast: Cast, now: datetime
) -> None:
    account = cast.accounts[IMAGE]
    for count in range(10):
        customer_accounts.change(account_id=account.pk, data={"name": f"Maya {count}"}, by=By.owner(cast.maya), now=now)
    with pytest.raises(Refused, match="Try again later"):
        customer_accounts.change(account_id=account.pk, data={"name": "Maya"}, by=By.owner(cast.maya), now=now)
    customer_accounts.change(account_id=account.pk, data={"name": "Maya"}, by=By.staff(cast.renee), now=now)
    assert AccountChange.objects.count() == 11


def test_the_notes_cannot_be_edited(cast: Cast, now: datetime) -> None:
    customer_accounts.change(account_id=cast.accounts[IMAGE].pk, data={"name": "M"}, by=By.owner(cast.maya), now=now)
    for sql in ("UPDATE returns_accountchange SET fields = '{phone}'", "DELETE FROM returns_accountchange"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


# --- the address of the account --------------------------------------------------------------------------------------

NEW = "maya@new.example.com"


def readdress(account: CustomerAccount, by: By, now: datetime, **more: str) -> CustomerAccount:
    return customer_accounts.change(account_id=account.pk, data={"email": NEW, **more}, by=by, now=now)


def test_care_corrects_the_address_and_what_carried_it_follows(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    account, renee = cast.accounts[PRO], By.staff(cast.renee)
    order = factories.order(shops[PRO], now=now, customer=account)
    filed = factories.submitted(order, now=now)
    link = guest_links.fresh_link_for(order, cast.maya.email, now=now)
    elsewhere = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    kept = guest_links.fresh_link_for(elsewhere, cast.maya.email, now=now)
    preferences.change(storefront=shops[PRO], email=cast.maya.email, wants_optional=False, now=now)
    Notification.objects.all().delete()
    readdress(account, renee, now)
    for row in (order, filed, link, kept, elsewhere):
        row.refresh_from_db()
    assert (order.email, filed.contact_email, elsewhere.email) == (NEW, NEW, cast.maya.email)
    assert (link.revoked_at, kept.revoked_at) == (now, None)
    assert not wants_optional(shops[PRO], NEW)
    assert AccountChange.objects.get().fields == ["email"]
    told = {row.recipient: mail.render(row, now=now).body for row in Notification.objects.all()}
    assert set(told) == {cast.maya.email, NEW}
    assert "This is the email address of account" in told[NEW]
    assert "no longer this one" in told[cast.maya.email]


def test_of_who_never_signs_in_the_old_address_opens_no_order_any_more(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    CustomerAccount.objects.filter(pk=cast.accounts[PRO].pk).update(user=None)
    order = factories.order(shops[PRO], now=now, customer=cast.accounts[PRO])
    readdress(cast.accounts[PRO], By.staff(cast.renee), now)
    Notification.objects.all().delete()
    for email in (cast.maya.email, NEW):
        guest_links.request_link(
            storefront=shops[PRO], order_number=order.number, email=email, client="192.0.2.7", now=now
        )
    assert [row.recipient for row in Notification.objects.filter(kind="guest_link")] == [NEW]


def test_owners_change_their_address_where_they_sign_in_and_staff_take_no_account_over(
    cast: Cast, now: datetime
) -> None:
    unchanged = readdress(cast.accounts[IMAGE], By.owner(cast.maya), now)
    assert unchanged.email == cast.maya.email
    with pytest.raises(Refused, match="your own account"):
        customer_accounts.change(
            account_id=cast.accounts[PRO].pk, data={"email": cast.renee.email}, by=By.staff(cast.renee), now=now
        )
    assert CustomerAccount.objects.get(pk=cast.accounts[PRO].pk).email == cast.maya.email


def test_mails_about_what_care_changed_are_in_the_customers_language(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    filed = factories.submitted(factories.order(shops[PRO], now=now, customer=cast.accounts[PRO]), now=now)
    ReturnRequest.objects.filter(pk=filed.pk).update(language="es")
    Notification.objects.all().delete()
    readdress(cast.accounts[PRO], By.staff(cast.renee), now, main_contact_email="office@example.com")
    rows = Notification.objects.all()
    assert {row.language for row in rows} == {"es"}
    assert {row.context["what"] for row in rows} == {"email", "main_contact"}
    assert all("cuenta" in mail.render(row, now=now).body for row in rows)
