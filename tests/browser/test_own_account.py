"""What customers see and change of themselves: data, store credit, license, mail, and the address they sign in with."""

import pytest
from playwright.sync_api import expect

from returns.demo.people import EVERYWHERE, PASSWORD
from tests.browser import at_the_portal, camera
from tests.browser.own_orders import IVY, IVY_NUMBER, KIM, LEE, NOOR
from tests.browser.whole_portal import WholePortal
from tests.browser.window import Window

pytestmark = pytest.mark.browser

UNPROCESSABLE, NOT_FOUND, CONFLICT = 422, 404, 409


def test_a_customer_keeps_their_data_up_to_date(customer: Window) -> None:
    customer.sign_in(KIM, at="/image-consumer/account/")
    customer.follow("Change it")
    customer.field("Name").fill("")
    customer.field("Phone").fill("soon")
    customer.field("Main contact’s email").fill("kim")
    customer.press("Save my account", status=UNPROCESSABLE)
    customer.reads("There is a problem", "Enter your name.")
    assert customer.field("Phone").input_value() == "soon"
    customer.field("Name").fill("Kim Doe-Park")
    customer.field("Phone").fill("704-555-0199")
    customer.field("Main contact’s email").fill("")
    customer.press("Save my account")
    customer.reads("Kim Doe-Park", "704-555-0199")
    customer.open("/le-petit-spa/account/")
    customer.reads("yet")
    customer.open("/image-consumer/account/credit/")
    customer.reads("No store credit yet")


def test_store_credit_is_told_line_by_line(customer: Window) -> None:
    customer.sign_in(at_the_portal.MAYA, at="/le-petit-spa/account/")
    customer.follow("See where it comes from")
    balance = customer.main.locator(".lead strong").inner_text()
    newest = customer.main.get_by_role("row").nth(1)
    assert newest.get_by_role("cell").last.inner_text() == balance
    customer.follow(newest.get_by_role("link").inner_text())
    customer.follow("See how the sum came about")
    expect(customer.main.get_by_role("button", name="Print")).to_be_visible()


def test_business_customers_read_what_the_shop_keeps(customer: Window) -> None:
    customer.sign_in(at_the_portal.PAUL, at="/image-professional/account/")
    customer.reads("We are looking at your license")
    customer.open("/image-professional/account/credit/")


def test_a_license_is_shown_and_refused_with_a_reason(customer: Window, desk: Window, portal: WholePortal) -> None:
    customer.sign_in(IVY, at="/image-professional/account/")
    customer.follow("Show a license")
    customer.press("Send my license", status=UNPROCESSABLE)
    customer.reads("Choose one.", "Add a photo.")
    customer.main.get_by_role("radio").first.check()
    customer.page.locator("input[type=file]").first.set_input_files([camera.heic("license.heic")])
    customer.press("Send my license")
    customer.reads("We are looking at your license")

    desk.sign_in("renee@desk.example", at="/desk/licenses/")
    desk.follow(IVY_NUMBER)
    desk.press("Refuse and email why", status=UNPROCESSABLE)
    desk.field("What the customer reads").fill("We can't read the date. A sharper photo would help.")
    desk.press("Refuse and email why")
    desk.reads(f"License of account {IVY_NUMBER} refused")
    portal.mailbox.wait_for(IVY, "license", mentions="A sharper photo would help.")
    customer.reload()
    customer.reads("Your last license wasn’t enough", "A sharper photo would help.")

    # Customer care changes the data of such an account, and who did is noted.
    desk.follow(IVY_NUMBER)
    desk.field("Phone").fill("soon")
    desk.press("Save the account", status=UNPROCESSABLE)
    desk.field("Phone").fill("407-555-0123")
    desk.press("Save the account")
    desk.reads(f"Account {IVY_NUMBER} is up to date.", "Renee")


def test_reminders_are_switched_off_and_on(customer: Window, portal: WholePortal) -> None:
    customer.open(portal.mail_choice)
    customer.press("Send me no reminders")
    customer.reads("Reminders are off")
    customer.press("Remind me again")
    customer.reads("Reminders are on")
    customer.open("/image-consumer/mail-choice/x/", status=NOT_FOUND)
    customer.sign_in(NOOR, at="/image-consumer/account/mail/")
    customer.press("Send me no reminders")
    customer.reads("Reminders: off")
    customer.press("Remind me again")
    customer.reads("Reminders: on")


def test_another_address_to_sign_in_with(customer: Window, portal: WholePortal) -> None:
    new = "lee.roy@shop.example"
    customer.sign_in(LEE, at="/image-consumer/account/")
    customer.follow("Change the email address")
    customer.field("New email").fill(LEE)
    customer.field("Password").fill("not this one, surely")
    customer.press("Email me the link", status=UNPROCESSABLE)
    customer.reads("There is a problem", "This is the address you sign in with already.")
    customer.field("New email").fill(new)
    customer.field("Password").fill(PASSWORD)
    customer.press("Email me the link")
    customer.reads("Look into your new mailbox")
    letter = portal.mailbox.wait_for(new, "", mentions="/accounts/email/confirm/")
    link = letter.link(f"{portal.url}/accounts/email/confirm/")
    customer.open(link)
    customer.field("Password").fill("not this one, surely")
    customer.press("Make it my address", status=UNPROCESSABLE)
    customer.field("Password").fill(PASSWORD)
    customer.press("Make it my address")
    customer.reads(f"From now on you sign in with {new}.")
    customer.open(link, status=NOT_FOUND)
    for shop in EVERYWHERE:
        customer.open(f"/{shop}/account/")
