"""Damage, and packages that never came: one page on a phone, with the answer on it before anything is sent."""

import pytest
from playwright.sync_api import expect

from tests.browser import at_the_portal, camera, own_orders
from tests.browser.own_orders import NOOR
from tests.browser.window import Window

pytestmark = pytest.mark.browser

SHOP = "image-consumer"
SERUM = "Vital C hydrating anti-aging serum"
UNPROCESSABLE = 422


def open_lane(customer: Window, order: str) -> None:
    at_the_portal.open_order(customer, SHOP, order, who=NOOR)
    customer.follow("Arrived damaged, or not what you ordered?")


def test_damage_is_reported_with_photos_on_one_page(customer: Window) -> None:
    open_lane(customer, own_orders.BROKEN)
    customer.reads("Damaged or wrong? We’ll put it right.")

    # What is missing is said beside its field; photos that are there stay.
    photos = customer.main.locator(".photo-card")
    customer.page.locator("input[type=file]").first.set_input_files([camera.heic("pump.heic")])
    expect(photos.get_by_role("button", name="Remove")).to_have_count(1)
    customer.press("Send my report", status=UNPROCESSABLE)
    customer.reads("There is a problem", "Choose what happened.")
    assert customer.page.evaluate("document.activeElement.id") == "error-summary"
    expect(photos).to_have_count(1)

    # The answer follows what is chosen, and takes the focus from nothing.
    damaged = customer.field("It's broken or leaking")
    damaged.check()
    serum = customer.main.get_by_role("checkbox", name=SERUM)
    serum.check()
    expect(customer.main.locator("#outcome table.ledger")).to_be_visible()
    expect(serum).to_be_focused()
    customer.look()
    customer.page.locator("input[type=file]").first.set_input_files([camera.jpeg("box.jpg")])
    expect(photos.get_by_role("button", name="Remove")).to_have_count(2)
    customer.field("Anything we should know?").fill("The pump came off.")
    customer.press("Send my report")
    customer.reads("We have your report", "Our turn", "Your photos")
    assert customer.main.locator("img").count() >= 2


def test_a_late_report_is_read_by_a_person(customer: Window) -> None:
    open_lane(customer, own_orders.LATE)
    customer.field("It's broken or leaking").check()
    customer.main.get_by_role("checkbox").first.check()
    customer.reads_soon("A person reads it and decides")
    customer.look()
    customer.press("Ask us anyway")
    customer.reads("We have your report")


def test_whoever_knows_when_it_came_is_asked(customer: Window) -> None:
    open_lane(customer, own_orders.UNREPORTED)
    customer.reads("We can't see when it arrived")
    customer.field("It's broken or leaking").check()
    customer.main.get_by_role("checkbox").first.check()
    customer.press("Send my report", status=UNPROCESSABLE)
    customer.reads("Enter the day on which it arrived.", "Enter about what time it arrived.")
    customer.open(customer.path.removesuffix("damage/") + "missing/")
    customer.reads("Where is my package?")


def test_a_package_that_never_came_is_reported_after_a_look_around(customer: Window) -> None:
    at_the_portal.open_order(customer, SHOP, own_orders.MISSING, who=NOOR)
    customer.follow("It says delivered, and nothing is here")
    customer.press("Report it missing", status=UNPROCESSABLE)
    customer.reads("Look in at least one of these places first, and tick it.")
    customer.main.get_by_role("group", name="Where have you looked?").get_by_role("checkbox").first.check()
    customer.press("Report it missing")
    customer.reads("We have your report")
    customer.follow(own_orders.MISSING)
    for step in ("damage", "missing", "return"):  # nothing is left of it
        customer.open(f"{customer.path}{step}/")
        customer.back()
