"""What is entered wrong comes back as it was, with the reason at the top and beside the field."""

import pytest
from playwright.sync_api import Locator

from tests.browser import at_the_desk, at_the_portal, at_the_reports, own_orders
from tests.browser.window import Window

pytestmark = pytest.mark.browser

UNPROCESSABLE, CONFLICT = 422, 409


def points_to(window: Window, message: str) -> Locator:
    """The page says there is a problem, in its title too, and its summary has the focus; the link leads to the field.

    The field says the same beside itself, also to those who don't see it.
    """
    assert window.page.title().startswith("Error: ")
    assert window.page.evaluate("document.activeElement.id") == "error-summary"
    window.main.get_by_role("alert").get_by_role("link", name=message).click()
    control = window.page.locator(":focus")
    described_by = (control.get_attribute("aria-describedby") or "").split()
    beside = " ".join(window.page.locator(f"[id='{name}']").inner_text() for name in described_by)
    assert message in beside, f"“{message}” isn't what describes the field: {beside}"
    assert control.get_attribute("aria-invalid") == "true"
    return control


def test_a_wrong_date_comes_back_as_it_was_typed(customer: Window) -> None:
    at_the_portal.open_choose(customer, own_orders.WRONG_DATE)
    cleanser = customer.part("Ageless total facial cleanser")
    at_the_portal.choose(customer, "Ageless total facial cleanser")
    cleanser.get_by_label("Expiration date").fill("13 2030")
    customer.press("Continue", status=UNPROCESSABLE)
    date = points_to(customer, "The month must be between 01 and 12, for example 08 2028.")
    assert date.input_value() == "13 2030"
    assert cleanser.get_by_label("Why").input_value() == "changed_mind"

    # Put right, it goes on.
    date.fill("12 2030")
    customer.press("Continue")
    customer.reads("Check, then send", "Expires December 31, 2030.")


def test_something_has_to_be_chosen(customer: Window) -> None:
    at_the_portal.open_choose(customer, own_orders.NOTHING_CHOSEN)
    customer.press("Continue", status=UNPROCESSABLE)
    customer.reads("Choose at least one product to return.")
    assert customer.page.evaluate("document.activeElement.id") == "error-summary"


def test_a_product_needs_a_reason_and_a_no_has_to_be_asked_anyway(customer: Window) -> None:
    at_the_portal.open_choose(customer, own_orders.NO_REASON)
    customer.part("Vital C hydrating").get_by_role("checkbox").first.check()
    at_the_portal.choose(customer, "Glow T-shirt")
    customer.press("Continue", status=UNPROCESSABLE)
    customer.reads("Glow T-shirt: take it off your list, or choose “Ask us anyway”.")
    why = points_to(customer, "Choose why you're returning Vital C hydrating anti-aging serum.")
    why.select_option(label="I ordered the wrong product")
    customer.part("Glow T-shirt").get_by_label("Ask us anyway").check()
    customer.press("Continue")

    # The check page asks for what is to be changed, and keeps what was typed.
    customer.press("Change phone")
    customer.field("Phone").fill("soon")
    customer.press("Send my request", status=UNPROCESSABLE)
    phone = points_to(customer, "Enter a phone number, for example 704-555-0100.")
    assert phone.input_value() == "soon"


def test_a_guest_is_told_what_is_missing(customer: Window) -> None:
    customer.open("/le-petit-spa/start/")
    customer.field("Order number").fill("LPS-30121")
    customer.field("Email").fill("gia")
    customer.press("Email me the link", status=UNPROCESSABLE)
    email = points_to(customer, "Enter an email address such as name@example.com.")
    assert email.input_value() == "gia"
    assert customer.field("Order number").input_value() == "LPS-30121"


def test_a_wrong_password_says_nothing_about_the_account(customer: Window) -> None:
    customer.open("/accounts/login/")
    customer.field("Email").fill(at_the_portal.MAYA)
    customer.field("Password").fill("not this one, surely")
    customer.press("Sign in", status=UNPROCESSABLE)
    assert customer.page.evaluate("document.activeElement.id") == "error-summary"
    assert customer.field("Email").input_value() == at_the_portal.MAYA


def test_staff_are_told_what_a_decision_lacks(desk: Window) -> None:
    at_the_desk.open_first(desk, "submitted")
    line = desk.part("1. ")
    line.get_by_label("Override").check()
    line.get_by_label("Share of the price").fill("80")
    desk.press("Authorize and email the RMA", status=UNPROCESSABLE)
    why = points_to(desk, "Write why you decide otherwise than the policy.")
    assert line.get_by_label("Share of the price").input_value() == "80"
    assert line.get_by_label("Override").is_checked()
    assert why.input_value() == ""


def test_the_dock_tells_a_mistyped_number_from_an_unknown_one(desk: Window) -> None:
    at_the_desk.open_first(desk, "received")
    number = desk.main.get_by_role("heading", level=1).inner_text()
    desk.open("/desk/receive/")
    desk.field("Scan or type").fill(number[:-1] + ("A" if number[-1] != "A" else "C"))
    desk.press("Find")
    desk.reads("Not a number of ours: at least one character is wrong.")
    desk.field("Scan or type").fill("no such thing")
    desk.press("Find")
    desk.reads("Nothing at your storefronts has the number or the name “no such thing”.")


def test_a_count_has_to_be_a_number(desk: Window) -> None:
    at_the_desk.open_first(desk, "authorized")
    desk.open(f"{desk.path}receive/")
    desk.main.get_by_role("spinbutton").first.fill("")
    desk.field("Tracking number").fill("1Z999AA10123450000")
    desk.press("Received", status=UNPROCESSABLE)
    points_to(desk, "Count it; enter 0 if it isn't in the package.")
    assert desk.field("Tracking number").input_value() == "1Z999AA10123450000"


def test_what_somebody_else_decided_meanwhile_is_shown_and_not_overwritten(desk: Window, manager: Window) -> None:
    at_the_desk.open_first(desk, "in_review")
    manager.sign_in(at_the_reports.MONA, at=desk.path)
    rma_number = at_the_desk.authorize(desk)
    manager.press("Authorize and email the RMA", status=CONFLICT)
    manager.reads("Nothing was changed", rma_number, "Renee")
