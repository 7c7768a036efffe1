"""What was found isn't what was told: the customer takes it, has it sent back, or sees it otherwise."""

import re

import pytest

from tests.browser import own_orders
from tests.browser.at_the_portal import open_order
from tests.browser.own_orders import GUS, NOOR
from tests.browser.whole_portal import WholePortal
from tests.browser.window import Window

pytestmark = pytest.mark.browser

SHOP = "image-consumer"
UNPROCESSABLE = 422


def test_a_guest_takes_what_was_found(customer: Window, portal: WholePortal) -> None:
    customer.open(f"/{SHOP}/start/")
    customer.field("Order number").fill(own_orders.GUEST_FOUND)
    customer.field("Email").fill(GUS)
    customer.press("Email me the link")
    letter = portal.mailbox.wait_for(GUS, own_orders.GUEST_FOUND, mentions=f"/{SHOP}/link/")
    customer.open(letter.link(f"{portal.url}/{SHOP}/link/"))
    customer.press("Open my order")
    open_return(customer)
    customer.reads("What shall we do?", "The seal of both was broken when they came.")
    customer.press("Send my answer", status=UNPROCESSABLE)
    customer.reads("There is a problem", "Choose one of the answers.")
    answer(customer, "accept")


def test_a_customer_has_it_sent_back(customer: Window) -> None:
    open_order(customer, SHOP, own_orders.FOUND, who=NOOR)
    open_return(customer)
    answer(customer, "send_back")


def test_a_customer_sees_it_otherwise_and_says_why(customer: Window) -> None:
    open_order(customer, SHOP, own_orders.FOUND_TOO, who=NOOR)
    open_return(customer)
    customer.main.locator("input[name=answer][value=disagree]").check()
    customer.press("Send my answer", status=UNPROCESSABLE)
    customer.reads("Tell us what you see otherwise.")
    customer.field("What do you see otherwise?").fill("They were sealed when I sent them.")
    answer(customer, "disagree")


def open_return(customer: Window) -> None:
    """The only one of the order that is open."""
    customer.follow(customer.sheet("Returns of this order").get_by_role("link").inner_text())


def answer(customer: Window, value: str) -> None:
    """Choose this answer and send it; the page thanks, and asks no more."""
    customer.main.locator(f"input[name=answer][value={value}]").check()
    customer.press("Send my answer")
    customer.reads("Your answer is here. We go on with it.")
    assert not customer.main.get_by_role("button", name=re.compile("Send my answer")).count()
