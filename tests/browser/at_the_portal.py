"""What customers do at the portal, step by step, for journeys to put together."""

import re

from tests.browser.own_orders import NOOR
from tests.browser.window import Window

MAYA, HANA, PAUL = "maya@shop.example", "hana@lumen.example", "paul@studio.example"
CHANGED_MIND = "I changed my mind"


def open_order(customer: Window, shop: str, order: str, *, who: str) -> None:
    """Sign in and pick the order from the list, which shows those with this number alone."""
    customer.sign_in(who, at=f"/{shop}/orders/?q={order}")
    customer.follow(f"Order {order}")


def choose(customer: Window, product: str, *, reason: str = CHANGED_MIND) -> None:
    """Tick a product and say why it goes back."""
    item = customer.part(product)
    item.get_by_role("checkbox").first.check()
    item.get_by_label("Why").first.select_option(label=reason)


def open_choose(customer: Window, order: str, *, who: str = NOOR, shop: str = "image-consumer") -> None:
    """From the order to the page on which products are chosen."""
    open_order(customer, shop, order, who=who)
    customer.follow("Choose what to return")


def go_on(customer: Window) -> None:
    """To the check page, past the step for photos where there is one."""
    customer.press("Continue")
    if customer.path.endswith("/return/photos/"):
        customer.press("Continue")


def send(customer: Window) -> str:
    """Press the button of the check page; the reference of the request."""
    customer.press("Send my request")
    found = re.search(r"We have your request (\w{4}-\w{4})\.", customer.text)
    assert found, customer.text
    return found[1]


def mark_shipped(customer: Window, number: str, *, carrier: str, tracking: str) -> None:
    """Say that the package is on its way."""
    customer.field("Shipped with").select_option(label=carrier)
    customer.field("Tracking number").fill(tracking)
    customer.press("I have shipped it")
    customer.reads(f"{number} is on its way", "Nothing to do for now")
