"""What else may become of a request: a question, a no, a second look, a replacement, the seller, a change of mind."""

from decimal import Decimal

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import at_the_desk, at_the_portal, at_the_reports, own_orders
from tests.browser.ledgers import read_ledger
from tests.browser.own_orders import NOOR
from tests.browser.whole_portal import WholePortal
from tests.browser.window import Window

pytestmark = pytest.mark.browser

SHOP = "image-consumer"
SERUM, MASK = "Vital C hydrating anti-aging serum", "Ormedic balancing gel mask"


def test_a_damaged_product_is_asked_about_refused_looked_at_again_and_replaced(
    customer: Window, desk: Window, manager: Window, portal: WholePortal
) -> None:
    # Reported within 48 hours, so it is a claim: new goods or all of the money.
    at_the_portal.open_order(customer, SHOP, "IC-20561", who=at_the_portal.MAYA)
    customer.follow("Choose what to return")
    at_the_portal.choose(customer, SERUM, reason="It arrived damaged")
    customer.part(SERUM).get_by_label("A replacement").check()
    customer.reads_soon("1 new")
    at_the_portal.go_on(customer)
    at_the_portal.send(customer)

    # Support asks; the customer answers on the status page.
    at_the_desk.open_from_queue(desk, "IC-20561")
    desk.follow("Ask for information")
    desk.field("What do you need to know?").fill("Which part of it is broken?")
    desk.press("Email the question")
    question = portal.mailbox.wait_for(at_the_portal.MAYA, "One question", mentions="Which part of it is broken?")
    customer.open(question.link(f"{portal.url}/{SHOP}/returns/"))
    customer.reads("We need one thing from you", "Which part of it is broken?")
    customer.press("Send my answer", status=422)
    customer.field("Your answer").fill("The pump. It came off.")
    customer.press("Send my answer")

    # A note of the staff stays with them; a message doesn't.
    desk.reload()
    desk.reads("The pump. It came off.")
    desk.field("Text").fill("Third broken pump this week.")
    desk.press("Add it")
    desk.main.get_by_label("Message to customer").check()
    desk.field("Text").fill("Thank you, that helps.")
    desk.press("Add it")
    customer.reload()
    customer.reads("Thank you, that helps.")
    assert "Third broken pump" not in customer.text

    # Support refuses all of it; a manager opens it again, once.
    desk.follow("Reject all")
    desk.field("Reason").select_option(label="Declined after review")
    desk.field("What the customer reads").fill("We can't see any damage.")
    desk.press("Reject and email the reason")
    refusal = portal.mailbox.wait_for(at_the_portal.MAYA, "We can't take back")
    assert "We can't see any damage." in refusal.words
    manager.sign_in(at_the_reports.MONA, at=desk.path)
    manager.follow("Open it again")
    manager.press("Open it again")

    # A replacement needs nothing back: it is settled as soon as it is authorized.
    desk.reload()
    rma_number = at_the_desk.authorize(desk)
    desk.follow("Replace it, nothing comes back")
    desk.press("Settle as a replacement")
    portal.mailbox.wait_for(at_the_portal.MAYA, "replacement", mentions=rma_number)
    customer.reload()
    customer.reads("Replaced", "We send you a replacement")
    assert read_ledger(customer.sheet("What you get")).total == Decimal(0)

    # Until it has left, it stands among the packages to send.
    at_the_desk.look_among_packages(desk, rma_number, "as a replacement")

    # Once it has left, the customer gets the tracking number.
    at_the_desk.send_goods(desk, carrier="UPS", tracking="1Z999AA10123456799")
    portal.mailbox.wait_for(at_the_portal.MAYA, "Your package is on its way", mentions="1Z999AA10123456799")
    customer.reload()
    customer.reads("Our package to you", "1Z999AA10123456799")


def test_what_was_bought_elsewhere_is_sent_to_the_seller(customer: Window, desk: Window, portal: WholePortal) -> None:
    at_the_portal.open_order(customer, SHOP, "IC-P-881", who=at_the_portal.MAYA)
    customer.follow("Ask us anyway")
    customer.reads("Please return it where you bought it", "le petit spa")
    at_the_portal.choose(customer, SERUM)
    customer.part(SERUM).get_by_label("Ask us anyway").check()
    customer.press("Ask us anyway")
    at_the_portal.send(customer)
    at_the_desk.open_from_queue(desk, "IC-P-881")
    desk.follow("Send to the seller")
    desk.press("Redirect and email the customer")
    portal.mailbox.wait_for(at_the_portal.MAYA, "where you bought it")
    customer.reload()
    customer.reads("Redirected", "customerservice@lepetitspacharlotte.com")


def test_what_is_out_of_stock_can_not_be_had_in_exchange(customer: Window) -> None:
    at_the_portal.open_choose(customer, own_orders.EXCHANGE)
    at_the_portal.choose(customer, SERUM)
    serum = customer.part(SERUM)
    serum.get_by_label("An exchange").check()
    which = serum.get_by_role("group", name="Which product instead?")
    which.wait_for()
    customer.look()
    pick(which, MASK)
    customer.reads_soon("is out of stock, and we take no back orders", within=serum)
    customer.look()

    # What was entered is there again, also in another browser.
    customer.open(customer.path)
    expect(serum.get_by_label("An exchange")).to_be_checked()
    pick(which, "The MAX stem cell creme")
    expect(serum.get_by_text("is out of stock, and we take no back orders")).to_have_count(0)
    at_the_portal.go_on(customer)
    customer.reads("An exchange for The MAX stem cell creme")
    customer.press("Back")
    expect(which.get_by_role("radio", name="The MAX stem cell creme")).to_be_checked()


def test_who_comes_back_goes_on_or_starts_over(customer: Window) -> None:
    at_the_portal.open_choose(customer, own_orders.BEGUN)
    customer.reads("You began this on", "it's still here.")
    begun = customer.part(SERUM).get_by_role("checkbox").first
    expect(begun).to_be_checked()
    customer.press("Start over")
    expect(begun).not_to_be_checked()


def pick(which: Locator, product: str) -> None:
    """Choose the one with this product's name."""
    which.get_by_role("radio", name=product).check()


def test_a_package_on_its_way_is_put_right_and_written_about(customer: Window) -> None:
    customer.sign_in(NOOR, at=f"/{SHOP}/orders/")
    customer.follow(f"Order {own_orders.SENT}")
    customer.follow(customer.sheet("Returns of this order").get_by_role("link").inner_text())
    customer.main.get_by_text("Correct the tracking number").click()
    customer.field("Tracking number").fill("none, sorry!")
    customer.press("Save", status=422)
    customer.reads("There is a problem", "A tracking number has letters and digits only.")
    customer.field("Shipped with").select_option(label="USPS")
    customer.field("Tracking number").fill("9400 1118 9922 3197 4285 18")
    customer.press("Save")
    customer.reads("Saved. We look for it under that number.", "USPS")
    customer.press("Send message", status=422)
    customer.reads("There is a problem")
    customer.field("Write to us").fill("It left on Monday.")
    customer.press("Send message")
    customer.reads("Your message is sent.", "It left on Monday.")


def test_a_late_claim_is_asked_anyway_and_withdrawn(customer: Window, portal: WholePortal) -> None:
    at_the_portal.open_order(customer, SHOP, "IC-20557", who=at_the_portal.MAYA)
    customer.follow("Choose what to return")
    at_the_portal.choose(customer, MASK, reason="It arrived damaged")
    customer.reads_soon("the limit is 48")
    customer.part(MASK).get_by_label("Ask us anyway").check()
    at_the_portal.go_on(customer)
    reference = at_the_portal.send(customer)
    customer.follow("Withdraw the request")
    customer.press("Withdraw this return")
    customer.reads(f"You withdrew {reference}.")
    assert "$" not in customer.text  # nothing is promised any more
    portal.mailbox.wait_for(at_the_portal.MAYA, reference, mentions="withdr")
