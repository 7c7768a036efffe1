"""Guests: without an account, a link in a mail opens one order."""

import pytest

from tests.browser import at_the_portal
from tests.browser.whole_portal import WholePortal
from tests.browser.window import Window

pytestmark = pytest.mark.browser

SHOP, ORDER, GIA = "image-consumer", "IC-20566", "gia@guest.example"
SERUM = "Vital C hydrating anti-aging serum"


def ask_for_link(guest: Window, order: str, email: str) -> str:
    """Fill in the start page; what the next page says."""
    guest.open(f"/{SHOP}/start/")
    guest.field("Order number").fill(order)
    guest.field("Email").fill(email)
    guest.press("Email me the link")
    return f"{guest.path}\n{guest.main.inner_html()}"


def test_a_right_pair_and_a_wrong_one_lead_to_the_same_page(customer: Window) -> None:
    wrong_email = ask_for_link(customer, "IC-20566", "somebody@guest.example")
    wrong_order = ask_for_link(customer, "IC-99999", GIA)
    assert wrong_email == wrong_order == ask_for_link(customer, ORDER, GIA)


def test_a_guest_files_a_return_by_a_mailed_link(customer: Window, portal: WholePortal) -> None:
    ask_for_link(customer, f" #{ORDER.lower()} ", GIA.upper())
    letter = portal.mailbox.wait_for(GIA, ORDER)
    link = letter.link(f"{portal.url}/{SHOP}/link/")

    # Following the link opens nothing yet, and takes the token out of the address.
    customer.open(link)
    assert customer.path == f"/{SHOP}/link/"
    customer.press("Open my order")
    customer.reads(f"Order {ORDER}")
    customer.follow("Choose what to return")
    at_the_portal.choose(customer, SERUM)
    customer.reads_soon("You'd get back $61.20")
    customer.press("Continue")
    customer.field("Anything we should know?").fill("Please write to me, I can't be called.")
    reference = at_the_portal.send(customer)
    portal.mailbox.wait_for(GIA, reference)

    # A guest sees nothing else.
    customer.open(f"/{SHOP}/orders/")
    customer.reads(ORDER)
    assert customer.main.get_by_role("listitem").count() == 1
