"""IMAGE Pro: 20% after 30 days, peels never, and what the account owes comes off."""

from decimal import Decimal

import pytest

from tests.browser import at_the_desk, at_the_portal, at_the_reports
from tests.browser.almanac import days_after
from tests.browser.ledgers import read_ledger
from tests.browser.whole_portal import WholePortal
from tests.browser.window import Window

pytestmark = pytest.mark.browser

SHOP, NAME, ORDER = "image-professional", "IMAGE Skincare Professional", "IP-88213"
SERUM, PEEL, MOISTURIZER = (
    "Vital C hydrating anti-aging serum",
    "Perfecting Lift peel",
    "Prevention+ daily ultimate moisturizer SPF 50",
)


def test_a_return_at_image_pro_from_the_order_to_the_netted_settlement(
    customer: Window, desk: Window, manager: Window, portal: WholePortal
) -> None:
    manager.sign_in(at_the_reports.MONA, at="/reports/")
    refunded_before = at_the_reports.refunds_of_today(manager, NAME)

    # All six serums and four of five moisturizers go back; the peel is asked for anyway.
    at_the_portal.open_order(customer, SHOP, ORDER, who=at_the_portal.HANA)
    customer.follow("Choose what to return")
    for product in (SERUM, PEEL, MOISTURIZER):
        at_the_portal.choose(customer, product)
    customer.part(MOISTURIZER).get_by_label("How many").select_option(label="4 of 5")
    customer.part(PEEL).get_by_label("Ask us anyway").check()
    customer.reads_soon("You'd get back $103.20")
    customer.look()
    quote = read_ledger(customer.sheet("Your quote"))
    assert quote.amount("Restocking, 20% of $204.00") == Decimal("-40.80")
    assert quote.amount("Restocking, 20% of $100.00") == Decimal("-20.00")
    assert quote.amount("Your open balance") == Decimal("-140.00")
    customer.press("Continue")
    at_the_portal.send(customer)

    # Support takes one moisturizer less, and not the peel.
    at_the_desk.open_from_queue(desk, ORDER)
    desk.reads("Owes $140.00")
    at_the_desk.reject_line(desk, 2, PEEL, reason="The return policy doesn't take it back")
    moisturizer = desk.part(f"3. {MOISTURIZER}")
    moisturizer.get_by_label("Units").fill("3")
    moisturizer.get_by_label("Why not").select_option(label="Not complete, or not as it was sent")
    moisturizer.get_by_label("What the customer reads").fill("One carton is torn.")
    desk.reads_soon("Authorize 9 units, reject 3, for $83.20.")
    rma_number = at_the_desk.authorize(desk)

    # The mail goes to the business; the RMA number goes on the box.
    letter = portal.mailbox.wait_for(at_the_portal.HANA, rma_number)
    assert letter.box_mark == rma_number
    assert f"3 × {MOISTURIZER}" in letter.words
    assert "One carton is torn." in letter.words
    assert "You pay the shipping." in letter.words
    customer.open(letter.link(f"{portal.url}/{SHOP}/returns/"))
    customer.reads("1 of 4: One carton is torn.")
    assert customer.main.locator(".box-mark").inner_text() == rma_number
    at_the_portal.mark_shipped(customer, rma_number, carrier="UPS", tracking="1Z999AA10123456799")

    # Ten calendar days run from the receipt, also here.
    at_the_desk.receive(desk, rma_number.lower().replace("-", ""), due=lambda received: days_after(received, 10))

    # All is as declared; the balance is netted once.
    desk.follow("Inspect it now")
    desk.press("Save the findings")
    settlement = read_ledger(desk.sheet("To settle"))
    assert settlement.amount("Open balance") == Decimal("-140.00")
    # Before the balance it is worth $223.20, more than one person gives: support proposes it, a manager agrees.
    desk.press("Propose $83.20")
    manager.open(f"{desk.path}settle/")
    manager.press("Settle and refund $83.20")
    manager.reads(f"{rma_number} settled: $83.20 to refund")
    completed = portal.mailbox.wait_for(at_the_portal.HANA, "$83.20")
    assert "−$140.00" in completed.words
    customer.reload()
    assert read_ledger(customer.sheet("What you get")).total == Decimal("83.20")
    assert at_the_reports.refunds_of_today(manager, NAME) == refunded_before + Decimal("83.20")
