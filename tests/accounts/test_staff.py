"""The administrator's pages: who works here, inviting, moving, disabling; every change is noted (D4, B35)."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts import invitations, links, people
from accounts.models import Invitation, StaffChange, User
from accounts.roles import Role
from returns.models import Notification, Storefront
from returns.services.errors import Refused
from returns.tokens import invitation_token
from tests import factories
from tests.accounts.mailbox import kinds_to, mails_to, path_of
from tests.accounts.pages import is_signed_in, sign_in
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, PRO, SPA

pytestmark = pytest.mark.django_db

PASSWORD = "a password for the desk"
IRIS = {"name": "Iris Ivers", "email": "Iris@Example.com", "role": "support", "storefronts": [SPA, IMAGE]}


@pytest.fixture(autouse=True)
def clock(now: datetime) -> Iterator[Any]:
    with time_machine.travel(now, tick=False) as clock:
        yield clock


@pytest.fixture
def admin(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.ada)


def invite(admin: Client, **instead: object) -> Any:
    return admin.post(reverse("accounts:staff_invite"), {**IRIS, **instead})


def link_to(address: str) -> str:
    return path_of(links.invitation_url(mails_to(address).latest("created_at").context))


def step(admin: Client, name: str, person: User, data: dict[str, object] | None = None) -> Any:
    return admin.post(reverse(f"accounts:staff_{name}", args=[person.public_id]), data or {})


def noted(person: User) -> list[tuple[str, str, list[str], str]]:
    changes = StaffChange.objects.filter(person=person).order_by("id")
    return [(one.action, one.role, one.storefronts, one.actor.email if one.actor else "") for one in changes]


# --- inviting --------------------------------------------------------------------------------------------------------


def test_the_invited_choose_a_password_behind_the_link_and_are_signed_in(admin: Client) -> None:
    assert invite(admin).status_code == 302
    iris, browser = User.objects.get(email="iris@example.com"), Client()
    assert kinds_to(iris.email) == ["staff_invited"]
    link = link_to(iris.email)
    assert "iris@example.com" in browser.get(link).content.decode()
    answer = browser.post(link, {"password1": PASSWORD, "password2": PASSWORD})
    assert answer.headers["Location"] == reverse("accounts:home")
    assert browser.get(reverse("desk:queue")).status_code == 200
    assert sign_in(Client(), iris.email, PASSWORD).status_code == 302
    assert noted(iris) == [("invited", "support", [SPA, IMAGE], "ada@example.com")]


def test_the_link_works_once_and_for_three_days(admin: Client, clock: Any) -> None:
    invite(admin)
    link = link_to("iris@example.com")
    clock.shift(timedelta(days=3))
    assert Client().get(link).status_code == 404
    clock.shift(timedelta(minutes=-1))
    assert Client().post(link, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    assert Client().get(link).status_code == 404
    assert (
        Client().post(link, {"password1": "another good password", "password2": "another good password"}).status_code
        == 404
    )


def test_a_weak_password_is_said_and_nothing_is_used_up(admin: Client) -> None:
    invite(admin)
    link = link_to("iris@example.com")
    page = Client().post(link, {"password1": "short", "password2": "short"})
    assert page.status_code == 422
    assert "Use at least 15 characters" in page.content.decode()
    assert Invitation.objects.exists()


def test_the_link_ends_once_a_password_was_chosen_another_way(admin: Client, client: Client) -> None:
    invite(admin)
    iris = User.objects.get(email="iris@example.com")
    link = link_to(iris.email)
    iris.set_password("chosen behind the link of forgotten ones")
    iris.save()
    assert client.get(link).status_code == 404
    with pytest.raises(Refused):
        invitations.accept(Invitation.objects.get(user=iris), password="another one of many words")


def test_another_link_ends_the_earlier_one(admin: Client) -> None:
    invite(admin)
    iris = User.objects.get(email="iris@example.com")
    before = invitation_token(iris.invitation.pk)
    assert step(admin, "invite_again", iris).status_code == 302
    assert Client().get(reverse("accounts:invited", args=[before])).status_code == 404
    newest = invitation_token(Invitation.objects.get(user=iris).pk)
    assert Client().get(reverse("accounts:invited", args=[newest])).status_code == 200
    assert step(admin, "invite_again", User.objects.get(email="renee@example.com")).status_code == 409


def test_five_more_links_a_day_are_enough_for_a_person(admin: Client, now: datetime) -> None:
    invite(admin)
    iris = User.objects.get(email="iris@example.com")
    for minutes in range(5):
        invitations.again(user=iris, now=now + timedelta(minutes=minutes))
    newest = Invitation.objects.get(user=iris).pk
    with pytest.raises(Refused, match="five links within a day"):
        invitations.again(user=iris, now=now + timedelta(hours=20))
    assert Invitation.objects.get(user=iris).pk == newest, "the last one still works"
    assert Notification.objects.filter(kind="staff_invited", recipient=iris.email).count() == 6
    invitations.again(user=iris, now=now + timedelta(days=1, minutes=1))


def test_two_who_use_one_link_set_one_password(admin: Client) -> None:
    invite(admin)
    found = Invitation.objects.get()
    invitations.accept(found, password=PASSWORD)
    with pytest.raises(Refused, match="used already"):
        invitations.accept(found, password="another good password")
    assert User.objects.get(email="iris@example.com").check_password(PASSWORD)


@pytest.mark.parametrize(
    ("instead", "status", "sentence"),
    [
        ({"email": "maya@example.com"}, 409, "signs in with maya@example.com already"),
        ({"email": "renee@example.com"}, 409, "signs in with renee@example.com already"),
        ({"email": "not an address"}, 422, "such as name@example.com"),
        ({"name": "  "}, 422, "Enter their name."),
        ({"name": "www.evil.example"}, 422, "without web addresses"),
        ({"role": "customer"}, 422, "Choose one of these roles."),
        ({"role": "superuser"}, 422, "Choose one of these roles."),
        ({"storefronts": []}, 409, "Choose at least one storefront."),
        ({"storefronts": ["nowhere"]}, 422, "Choose among these storefronts."),
        ({"role": "administrator"}, 409, "works for no storefront"),
    ],
)
def test_what_cannot_be_is_said_and_invites_nobody(
    admin: Client, instead: dict[str, object], status: int, sentence: str
) -> None:
    page = invite(admin, **instead)
    assert (page.status_code, sentence in page.content.decode()) == (status, True)
    assert not Invitation.objects.exists()
    assert not StaffChange.objects.exists()


def test_fields_of_the_model_are_nobodys_to_send(admin: Client) -> None:
    invite(admin, is_superuser="on", is_active="", password="x", public_id="00000000-0000-4000-8000-000000000000")
    iris = User.objects.get(email="iris@example.com")
    assert (iris.is_superuser, iris.is_active, iris.has_usable_password()) == (False, True, False)


# --- moving ----------------------------------------------------------------------------------------------------------


def test_role_and_storefronts_count_from_the_next_page_on(cast: Cast, admin: Client, signed_in: SignIn) -> None:
    renee = signed_in(cast.renee)
    assert renee.get(reverse("reports:overview")).status_code == 403
    step(admin, "person", cast.renee, {"name": "Renee O.", "role": "manager", "storefronts": [PRO]})
    assert renee.get(reverse("reports:overview")).status_code == 200
    assert list(cast.renee.memberships.values_list("storefront__slug", flat=True)) == [PRO]
    assert noted(cast.renee) == [("changed", "manager", [PRO], "ada@example.com")]


def test_a_storefront_may_have_as_long_a_name_as_there_is(cast: Cast, admin: Client) -> None:
    slug = "a" * 60
    Storefront.objects.filter(slug=PRO).update(slug=slug)
    changed = step(admin, "person", cast.renee, {"name": "Renee", "role": "support", "storefronts": [slug]})
    assert changed.status_code == 302
    assert StaffChange.objects.filter(person=cast.renee).latest("id").storefronts == [slug]


def test_saving_what_was_there_notes_nothing(cast: Cast, admin: Client) -> None:
    step(admin, "person", cast.renee, {"name": cast.renee.name, "role": "support", "storefronts": [SPA, IMAGE, PRO]})
    assert noted(cast.renee) == []


def test_who_administers_sees_no_return_and_no_money(cast: Cast, admin: Client) -> None:
    step(admin, "person", cast.mona, {"name": "Mona Meyer", "role": "administrator", "storefronts": []})
    browser = Client()
    browser.force_login(User.objects.get(pk=cast.mona.pk))
    for name in ("desk:queue", "desk:find", "reports:overview", "desk:payouts"):
        assert browser.get(reverse(name)).status_code == 403
    assert browser.get(reverse("accounts:home")).headers["Location"] == reverse("accounts:staff")
    assert 'name="q"' not in browser.get(reverse("accounts:staff")).content.decode()


def test_nobody_changes_or_disables_themselves(cast: Cast, admin: Client) -> None:
    page = step(admin, "person", cast.ada, {"name": "Ada", "role": "manager", "storefronts": [SPA]})
    assert (page.status_code, "Somebody else has to change your role." in page.content.decode()) == (409, True)
    assert step(admin, "disable", cast.ada).status_code == 409
    assert User.objects.filter(pk=cast.ada.pk, role="administrator", is_active=True).exists()


def test_customers_are_not_on_these_pages(cast: Cast, admin: Client) -> None:
    assert "maya@example.com" not in admin.get(reverse("accounts:staff")).content.decode()
    for name in ("person", "disable", "enable", "invite_again"):
        assert step(admin, name, cast.maya).status_code == 404


# --- disabling -------------------------------------------------------------------------------------------------------


def test_who_is_disabled_is_signed_out_and_stays_out_until_enabled(
    cast: Cast, admin: Client, signed_in: SignIn
) -> None:
    renee = signed_in(cast.renee)
    assert is_signed_in(renee)
    step(admin, "disable", cast.renee)
    assert not is_signed_in(renee)
    assert not is_signed_in(renee)
    step(admin, "enable", cast.renee)
    assert sign_in(Client(), cast.renee.email, factories.PASSWORD).status_code == 302
    assert [action for action, *_rest in noted(cast.renee)] == ["disabled", "enabled"]


def test_disabling_twice_is_noted_once(cast: Cast, admin: Client) -> None:
    step(admin, "disable", cast.renee)
    step(admin, "disable", cast.renee)
    assert [action for action, *_rest in noted(cast.renee)] == ["disabled"]


def test_the_last_administrator_stays(cast: Cast) -> None:
    eve = factories.person("eve@example.com", role=Role.ADMINISTRATOR)
    people.disable(cast.ada, actor=eve)
    with pytest.raises(Refused, match="last administrator"):
        people.disable(eve)
    with pytest.raises(Refused, match="last administrator"):
        people.make_staff(email=eve.email, role=Role.SUPPORT, storefronts=list(Storefront.objects.all()))
    people.enable(cast.ada, actor=eve)
    people.disable(eve, actor=cast.ada)


Act = Callable[[User], object]


def _at_once(act: Act, each: list[User]) -> list[object]:
    barrier = threading.Barrier(len(each))

    def run(user: User) -> object:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return act(user)
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(each)) as pool:
        return list(pool.map(run, each))


def _left() -> int:
    return User.objects.filter(role=Role.ADMINISTRATOR.value, is_active=True).count()


@pytest.mark.django_db(transaction=True)
def test_two_who_disable_each_other_leave_one(cast: Cast) -> None:
    eve = factories.person("eve@example.com", role=Role.ADMINISTRATOR)
    ended = _at_once(people.disable, [cast.ada, eve])
    assert sum(isinstance(one, Refused) for one in ended) == 1
    assert _left() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_would_leave_nobody(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the same service, reading the administrators without holding them."""
    eve = factories.person("eve@example.com", role=Role.ADMINISTRATOR)
    everybody_has_read, refuse = threading.Barrier(2), people._refuse_last_administrator
    monkeypatch.setattr(people, "_held", lambda **of: User.objects.get(public_id=of["public_id"]))

    def refuse_together(user: User) -> None:
        refuse(user)
        everybody_has_read.wait(timeout=30)

    monkeypatch.setattr(people, "_refuse_last_administrator", refuse_together)
    _at_once(people.disable, [cast.ada, eve])
    assert _left() == 0


@pytest.mark.django_db(transaction=True)
def test_invited_twice_at_the_same_moment_they_are_one_person(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody_has_it, make = threading.Barrier(2), people.make_staff

    def make_together(**values: Any) -> tuple[User, bool]:
        nobody_has_it.wait(timeout=30)
        return make(**values)

    def invite(actor: User) -> User:
        shops = list(Storefront.objects.all())
        return invitations.invite(
            email="iris@example.com", name="Iris", role=Role.SUPPORT, storefronts=shops, actor=actor, now=now
        )

    monkeypatch.setattr(people, "make_staff", make_together)
    ended = _at_once(invite, [cast.ada, cast.ada])
    assert [str(one) for one in ended if isinstance(one, Refused)] == [
        "Somebody signs in with iris@example.com already."
    ]
    assert Invitation.objects.count() == 1


def test_what_was_noted_stays(cast: Cast, admin: Client) -> None:
    step(admin, "disable", cast.renee)
    for change in (
        lambda: StaffChange.objects.update(role="manager"),
        lambda: StaffChange.objects.all().delete(),
        lambda: User.objects.filter(pk=cast.renee.pk).update(role="root"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_list_costs_the_same_for_many_people(
    cast: Cast, shops: dict[str, Storefront], admin: Client, django_assert_num_queries: Any
) -> None:
    admin.get(reverse("accounts:staff"))
    with django_assert_num_queries(QUERIES):
        admin.get(reverse("accounts:staff"))
    for number in range(5):
        factories.person(f"more{number}@example.com", role=Role.SUPPORT, at=list(shops.values()))
    with django_assert_num_queries(QUERIES):
        assert "more4@example.com" in admin.get(reverse("accounts:staff")).content.decode()


QUERIES = 7
