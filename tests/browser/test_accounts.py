"""A customer whom the shop knows makes an account, forgets the password and signs out; every page of it watched."""

import pytest

from tests.browser.whole_portal import WholePortal
from tests.browser.window import Window

pytestmark = pytest.mark.browser

UNPROCESSABLE = 422
# An account that the shop imported and that nobody signs in to yet.
THEO, SHOP = "theo@shop.example", "image-consumer"
FIRST, SECOND = "the first words that came up", "other words, chosen by mail"


def sign_in(customer: Window, password: str, *, status: int = 200) -> None:
    customer.field("Email").fill(THEO)
    customer.field("Password").fill(password)
    customer.press("Sign in", within=customer.main, status=status)


def make_account(customer: Window, portal: WholePortal) -> None:
    """Sign up, confirm by mail, and be in: with what was bought before."""
    customer.open(f"/{SHOP}/orders/")
    customer.reads("Returning Customers", "Forgot Password")
    customer.follow("Create an account")
    customer.press("Create my account", status=UNPROCESSABLE)
    customer.reads("There is a problem")
    customer.field("Email").fill(THEO)
    customer.field("Password").fill(FIRST)
    customer.press("Create my account")
    customer.reads("Check your email")
    link = portal.mailbox.wait_for(THEO, "Confirm your email address").link(f"{portal.url}/accounts/confirm-email/")
    customer.open(link)
    customer.field("Password").fill("words that somebody else guesses")
    customer.press("Confirm and sign in", status=UNPROCESSABLE)
    customer.reads("There is a problem")
    customer.field("Password").fill(FIRST)
    customer.press("Confirm and sign in")
    assert customer.path == f"/{SHOP}/orders/"
    customer.open(f"/{SHOP}/orders/")
    customer.reads("IC-")
    customer.open(link, status=404)


def get_new_password(customer: Window, portal: WholePortal) -> None:
    """Forget the password, and choose another by mail."""
    customer.open("/accounts/login/")
    sign_in(customer, "words that he does not remember", status=UNPROCESSABLE)
    customer.reads("There is a problem", "don’t belong together")
    customer.follow("Forgot Password")
    customer.reads("Forgot your password?")
    customer.field("Email").fill(THEO)
    customer.press("Email me the instructions")
    letter = portal.mailbox.wait_for(THEO, "Choose a new password")
    customer.open(letter.link(f"{portal.url}/accounts/password/reset/key/"))
    enter_new(customer, "short")
    customer.press("Save the new password", status=UNPROCESSABLE)
    customer.reads("There is a problem")
    enter_new(customer, SECOND)
    customer.press("Save the new password")
    customer.reads("Your new password is saved")
    portal.mailbox.wait_for(THEO, "Your password is changed")
    customer.follow("Sign in", within=customer.main)


def enter_new(customer: Window, password: str) -> None:
    customer.field("New password").fill(password)
    customer.field("New password, again").fill(password)


def test_theo_makes_an_account_forgets_its_password_and_changes_it(customer: Window, portal: WholePortal) -> None:
    make_account(customer, portal)
    customer.open("/accounts/logout/")
    customer.press("Sign out", within=customer.main)

    get_new_password(customer, portal)
    sign_in(customer, SECOND)
    assert customer.path == f"/{SHOP}/orders/"

    customer.open("/accounts/password/change/")
    customer.field("Current password").fill(SECOND)
    enter_new(customer, FIRST)
    customer.press("Change my password")
    customer.reads("Your password is changed")
    sign_in(customer, FIRST)
    assert customer.path == f"/{SHOP}/orders/"

    # What was asked for before the account came is there too, in whatever state it is.
    customer.open(f"/{SHOP}/returns/")
    for path in customer.links(f"/{SHOP}/returns/"):
        customer.open(path)


@pytest.mark.parametrize(
    "path", ["/accounts/confirm-email/x/", "/accounts/password/reset/key/1-x/", f"/{SHOP}/link/x/", f"/{SHOP}/link/"]
)
def test_a_link_that_works_no_more_says_what_to_do(customer: Window, path: str) -> None:
    customer.open(path, status=404)
    customer.reads("This link doesn’t work any more")
    assert customer.main.get_by_role("link").count() >= 1


def test_an_empty_form_says_what_is_missing(customer: Window) -> None:
    customer.open(f"/{SHOP}/start/")
    customer.press("Email me the link", status=UNPROCESSABLE)
    customer.reads("There is a problem", "Enter your order number")
