"""le petit spa: store credit only, half for opened products, and the order number on the box."""

from decimal import Decimal

import pytest

from tests.browser import at_the_desk, at_the_portal
from tests.browser.almanac import business_days_after
from tests.browser.ledgers import read_ledger
from tests.browser.whole_portal import WholePortal
from tests.browser.window import Window

pytestmark = pytest.mark.browser

SHOP, ORDER = "le-petit-spa", "LPS-30118"
SERUM, MASK = "Vital C hydrating anti-aging serum", "Ormedic balancing gel mask"
FREE_ITEM = "Lip enhancement complex"


def test_a_return_at_le_petit_spa_from_the_order_to_the_store_credit(
    customer: Window, desk: Window, portal: WholePortal
) -> None:
    # Of two serums one is opened, so the line is split; half comes back for that one. The mask goes back too.
    at_the_portal.open_order(customer, SHOP, ORDER, who=at_the_portal.MAYA)
    customer.follow("Choose what to return")
    at_the_portal.choose(customer, SERUM)
    customer.press("Split this line", within=customer.part(SERUM))
    customer.field("About how much is used?", within=customer.part(SERUM)).fill("20")
    at_the_portal.choose(customer, MASK)
    customer.reads_soon("You'd get as store credit $129.80")
    customer.look()
    customer.reads("Yes: $61.20 credit", "Yes: $30.60 credit", "Yes: $38.00 credit")
    quote = read_ledger(customer.sheet("Your quote"))
    assert quote.amount("Half stays with us") == Decimal("-30.60")
    assert quote.after[f"Send back too: {FREE_ITEM}"] == "came free"
    at_the_portal.go_on(customer)
    at_the_portal.send(customer)

    # Support takes back the serums, and says in their own words why not the mask.
    at_the_desk.open_from_queue(desk, ORDER)
    at_the_desk.reject_line(desk, 3, MASK, reason="Not complete, or not as it was sent", text="The lid is missing.")
    desk.reads_soon("Authorize 2 units, reject 1, for $91.80.")
    rma_number = at_the_desk.authorize(desk)

    # The box is marked with the order number here, and the free item comes back in it.
    letter = portal.mailbox.wait_for(at_the_portal.MAYA, rma_number)
    assert letter.box_mark == ORDER
    assert f"what came free with the order: {FREE_ITEM}." in letter.words
    assert "1 Sample Street Charlotte, NC 00000" in letter.words
    assert "You pay the shipping." in letter.words
    assert "The lid is missing." in letter.words
    customer.open(letter.link(f"{portal.url}/{SHOP}/returns/"))
    customer.reads("Send your package", "Write your order number on the outside of the box", "The lid is missing.")
    assert customer.main.locator(".box-mark").inner_text() == ORDER
    at_the_portal.mark_shipped(customer, rma_number, carrier="USPS", tracking="9400 1118 9922 3197 4285 18")

    # Ten business days run from the receipt.
    at_the_desk.receive(
        desk, rma_number.lower().replace("-", ""), due=lambda received: business_days_after(received, 10)
    )
    customer.reload()
    customer.reads("Promised by", "Weekends and federal holidays aren't counted.")

    # All is as declared, and what is settled is store credit and never a refund.
    desk.follow("Inspect it now")
    opened = desk.part(SERUM).filter(has_text="Opened, 20% used")
    for label, grams in {"Full": "142", "Empty": "88", "Now": "131.2"}.items():
        opened.get_by_label(f"Weight {label.lower()}").fill(grams)
    desk.press("Save the findings")
    settlement = read_ledger(desk.sheet("To settle"))
    assert settlement.total == Decimal("91.80")
    desk.press("Settle and credit $91.80")
    desk.reads(f"{rma_number} settled: $91.80 store credit")

    # The main contact reads of the credit, and so does the customer.
    completed = portal.mailbox.wait_for(at_the_portal.MAYA, "$91.80")
    assert "credit" in completed.subject
    assert "refund" not in completed.words.lower()
    customer.reload()
    customer.reads("Credited", "Your $91.80 credit is ready")
    assert read_ledger(customer.sheet("What you get")).total == Decimal("91.80")
