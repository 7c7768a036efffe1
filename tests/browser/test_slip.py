"""What is printed: the slip is one sheet of paper, here and elsewhere."""

import io

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser import own_orders
from tests.browser.own_orders import NOOR
from tests.browser.window import Window

pytestmark = pytest.mark.browser

SHOP = "image-consumer"


def test_the_slip_is_one_sheet_of_either_paper(customer: Window) -> None:
    customer.sign_in(NOOR, at=f"/{SHOP}/orders/")
    customer.follow(f"Order {own_orders.TO_SEND}")
    customer.follow(customer.sheet("Returns of this order").get_by_role("link").inner_text())
    number = customer.main.locator(".box-mark").first.inner_text()
    customer.follow("Print the slip")
    expect(customer.main.get_by_role("button", name="Print")).to_be_visible()
    for paper in ("A4", "Letter"):
        pages = PdfReader(io.BytesIO(customer.page.pdf(format=paper))).pages
        words = " ".join(pages[0].extract_text().split())
        assert (len(pages), words.count(number)) == (1, 2), f"{paper}: {len(pages)} pages, {words}"
        assert "Put this half in the box." in words
        assert "Cut here" in words
