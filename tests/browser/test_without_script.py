"""The main path without any script: every page is a plain form and a plain link."""

from decimal import Decimal

import pytest

from tests.browser import at_the_desk, at_the_portal
from tests.browser.almanac import days_after
from tests.browser.ledgers import read_ledger
from tests.browser.watch import DESK, PHONE
from tests.browser.whole_portal import WholePortal
from tests.browser.window import Windows

pytestmark = pytest.mark.browser

SHOP, ORDER, SERUM = "image-professional", "IP-88290", "Vital C hydrating anti-aging serum"


def test_a_return_goes_all_the_way_without_script(windows: Windows, portal: WholePortal) -> None:
    customer, desk = windows.open(PHONE, script=False), windows.open(DESK, script=False)
    at_the_portal.open_order(customer, SHOP, ORDER, who=at_the_portal.PAUL)
    customer.follow("Choose what to return")
    at_the_portal.choose(customer, SERUM)
    customer.part(SERUM).get_by_label("How many").select_option(label="3 of 4")
    customer.press("Update the quote")
    assert read_ledger(customer.sheet("Your quote")).total == Decimal("102.00")
    customer.press("Continue")
    at_the_portal.send(customer)

    at_the_desk.open_from_queue(desk, ORDER)
    desk.part(f"1. {SERUM}").get_by_label("Units").fill("2")
    desk.part(f"1. {SERUM}").get_by_label("Why not").select_option(label="Declined after review")
    desk.part(f"1. {SERUM}").get_by_label("What the customer reads").fill("We take two.")
    desk.press("Update")
    desk.reads("Authorize 2 units, reject 1, for $68.00.")
    rma_number = at_the_desk.authorize(desk)

    customer.open(f"/{SHOP}/returns/")
    customer.follow(rma_number)
    at_the_portal.mark_shipped(customer, rma_number, carrier="FedEx", tracking="")
    at_the_desk.receive(desk, rma_number, due=lambda received: days_after(received, 10))
    desk.follow("Inspect it now")
    desk.part(SERUM).get_by_label("Units accepted").fill("1")
    desk.press("Update")
    assert read_ledger(desk.part("Recalculated")).total == Decimal("34.00")
    desk.press("Save the findings")

    # Less than was decided: the customer is asked first.
    desk.follow("Send the difference")
    desk.press("Send the difference")
    customer.reload()
    customer.main.locator("input[name=answer][value=accept]").check()
    customer.press("Send my answer")
    desk.reload()
    desk.follow("Settle")
    desk.press("Settle and refund $34.00")
    portal.mailbox.wait_for(at_the_portal.PAUL, "$34.00")
    customer.reload()
    assert read_ledger(customer.sheet("What you get")).total == Decimal("34.00")
