"""Making staff and disabling people from the command line."""

import io
from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from returns.models import Storefront
from returns.viewer import Viewer
from tests import factories
from tests.accounts.mailbox import confirmed, kinds_to
from tests.accounts.pages import is_signed_in, sign_in

pytestmark = pytest.mark.django_db

Run = Callable[..., str]
PASSWORD = "a password for the desk"


@pytest.fixture
def run(shops: dict[str, Storefront], monkeypatch: pytest.MonkeyPatch) -> Run:
    del shops
    monkeypatch.delenv("STAFF_PASSWORD", raising=False)

    def command(*arguments: str) -> str:
        printed = io.StringIO()
        # No terminal to ask at, as in a container.
        with patch("sys.stdin", io.StringIO()):
            call_command(*arguments, stdout=printed)
        return printed.getvalue()

    return command


RENEE = ("create_staff", "Renee@Example.com", "--role", "support", "--storefront", factories.SPA)


def test_a_member_of_staff_signs_in_with_the_password_of_the_variable(
    run: Run, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAFF_PASSWORD", PASSWORD)
    assert "renee@example.com is support at le-petit-spa." in run(*RENEE, "--name", "Renee Okafor")
    assert sign_in(client, "renee@example.com", PASSWORD).status_code == 302
    assert is_signed_in(client)
    assert kinds_to("renee@example.com") == []


def test_without_a_password_they_get_a_link_by_mail(run: Run) -> None:
    assert "They get a mail" in run(*RENEE)
    assert kinds_to("renee@example.com") == ["account_reset"]
    assert not User.objects.get(email="renee@example.com").has_usable_password()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [
        ([PASSWORD, PASSWORD], "Their password is set"),
        ([""], "They get a mail"),
        ([PASSWORD, "another one, mistyped"], "The two passwords differ"),
        (["short"], "Use at least 15 characters"),
    ],
)
@pytest.mark.usefixtures("shops")
def test_at_a_terminal_the_password_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, typed: list[str], outcome: str
) -> None:
    answers = iter(typed)
    monkeypatch.delenv("STAFF_PASSWORD", raising=False)
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda _question: next(answers))
    printed = io.StringIO()
    try:
        call_command(*RENEE, stdout=printed)
    except CommandError as error:
        printed.write(str(error))
    assert outcome in printed.getvalue()
    assert User.objects.get().check_password(PASSWORD) is (outcome == "Their password is set")


def test_running_it_again_changes_what_differs_and_nothing_else(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFF_PASSWORD", PASSWORD)
    run(*RENEE, "--name", "Renee Okafor")
    monkeypatch.delenv("STAFF_PASSWORD")
    printed = run(
        "create_staff", "renee@example.com", "--role", "manager", "--storefront", factories.IMAGE,
        "--storefront", factories.PRO, "--storefront", factories.PRO,
    )  # fmt: skip
    assert "was there already" in printed
    user = User.objects.get()
    assert (user.role, user.name) == ("manager", "Renee Okafor")
    assert user.check_password(PASSWORD)
    served = set(Storefront.objects.staffed_by(Viewer(user)).values_list("slug", flat=True))
    assert served == {factories.IMAGE, factories.PRO}


def test_who_is_disabled_stays_so_and_that_is_said(run: Run) -> None:
    run(*RENEE)
    run("disable_person", "renee@example.com")
    assert "They are disabled" in run(*RENEE)
    assert not User.objects.get(email="renee@example.com").is_active


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("not an address", "--role", "support", "--storefront", factories.SPA), "is not an email address"),
        (("a@example.com", "--role", "support", "--storefront", "nowhere"), "There are: le-petit-spa"),
        (("a@example.com", "--role", "customer", "--storefront", factories.SPA), "invalid choice"),
        (("a@example.com", "--role", "support"), "need a --storefront"),
        (("a@example.com", "--role", "administrator", "--storefront", factories.SPA), "administrators have none"),
        (("maya@example.com", "--role", "support", "--storefront", factories.SPA), "is a customer's account"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(run: Run, arguments: tuple[str, ...], sentence: str) -> None:
    factories.person("maya@example.com")
    with pytest.raises(CommandError, match=sentence):
        run("create_staff", *arguments)
    assert list(User.objects.values_list("email", "role")) == [("maya@example.com", "customer")]


def test_a_weak_password_makes_nobody(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFF_PASSWORD", "short")
    with pytest.raises(CommandError, match="Use at least 15 characters"):
        run(*RENEE)
    assert not User.objects.exists()


def test_disabling_ends_the_sessions_for_good(run: Run, client: Client) -> None:
    maya = confirmed(factories.person("maya@example.com"))
    other = factories.person("other@example.com")
    browsers = [client, Client(), Client()]
    for browser, user in zip(browsers, (maya, maya, other), strict=True):
        browser.force_login(user)
    assert "2 sessions ended" in run("disable_person", "MAYA@example.com")
    assert [is_signed_in(browser) for browser in browsers] == [False, False, True]
    assert sign_in(client, maya.email, factories.PASSWORD).status_code == 422

    run("disable_person", maya.email, "--enable")
    assert not is_signed_in(browsers[1])
    assert sign_in(client, maya.email, factories.PASSWORD).status_code == 302


def test_nobody_by_that_address_is_said(run: Run) -> None:
    with pytest.raises(CommandError, match="Nobody signs in as"):
        run("disable_person", "nobody@example.com")


def test_the_first_administrator_is_made_on_the_command_line_and_the_last_one_stays(
    run: Run, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAFF_PASSWORD", PASSWORD)
    assert "ada@example.com is administrator." in run("create_staff", "ada@example.com", "--role", "administrator")
    assert sign_in(client, "ada@example.com", PASSWORD).status_code == 302
    assert client.get("/accounts/staff/").status_code == 200
    with pytest.raises(CommandError, match="last administrator"):
        run("disable_person", "ada@example.com")
    assert is_signed_in(client)
