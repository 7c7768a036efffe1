"""The queue as staff work it: views, filters, saved views."""

import pytest
from playwright.sync_api import expect

from tests.browser import at_the_desk
from tests.browser.window import Window

pytestmark = pytest.mark.browser


def test_a_filter_becomes_a_view_and_goes_again(desk: Window) -> None:
    desk.sign_in(at_the_desk.RENEE, at="/desk/")
    views = desk.main.get_by_role("navigation", name="Views")
    views.get_by_role("link", name="To decide").click()
    expect(desk.page.get_by_role("heading", name="To decide", level=1)).to_be_visible()
    desk.main.get_by_text("More", exact=True).click()
    desk.field("Reason").select_option(label="Changed their mind")
    desk.field("Amount from").fill("a lot")
    desk.press("Filter")
    desk.reads("An amount is a number")
    desk.field("Amount from").fill("$5")
    desk.field("Sort").select_option(label="Largest amount first")
    desk.press("Filter")
    desk.follow("Save this view")
    desk.reads("Status: To decide", "Amount from $5.00")
    desk.press("Save the view", status=422)
    desk.reads("Give it a name.")
    desk.field("Name").fill("Worth a look")
    desk.press("Save the view")
    desk.reads("View “Worth a look” saved")
    desk.follow("Rename or remove")
    desk.field("Name").fill("Worth two looks")
    desk.press("Rename")
    desk.reads("The view is called “Worth two looks” now")
    desk.follow("Rename or remove")
    desk.press("Remove this view")
    desk.reads("View “Worth two looks” removed", "Everything open")


def test_rows_in_different_states_say_so_before_anything_is_pressed(desk: Window) -> None:
    desk.sign_in(at_the_desk.RENEE, at="/desk/?status=to_decide")
    rows = desk.main.get_by_role("row")
    for status in ("Submitted", "In review"):
        rows.filter(has_text=status).first.get_by_role("checkbox").check()
    desk.reads_soon("2 chosen: Submitted, In review. Only rows in the same state go together")
    desk.press("Take", status=422)
    desk.reads("Choose returns in the same state")
    desk.reads_soon("2 chosen: Submitted, In review.")


def test_the_queue_fits_1280_pixels(desk: Window) -> None:
    desk.sign_in(at_the_desk.RENEE, at="/desk/")
    desk.page.set_viewport_size({"width": 1280, "height": 800})
    line = desk.main.locator(".page-head p").first
    assert line.evaluate("(one) => one.offsetHeight < 2 * parseFloat(getComputedStyle(one).lineHeight)")
    assert desk.main.locator(".scroll").evaluate("(one) => one.scrollWidth <= one.clientWidth"), "amounts are in sight"


def test_rows_are_chosen_by_keys_and_walked_through_in_order(desk: Window) -> None:
    desk.sign_in(at_the_desk.RENEE, at="/desk/?status=to_receive&sort=newest")
    keys, rows = desk.page.keyboard, desk.main.get_by_role("row")
    keys.press("j")
    keys.press("x")
    desk.reads_soon("1 chosen")
    desk.page.set_viewport_size({"width": 1280, "height": 360})
    take = desk.main.get_by_role("button", name="Take")
    expect(take).to_be_in_viewport()
    keys.press("Escape")
    expect(take).not_to_be_in_viewport()
    desk.reads_soon("Tick rows in the same state")
    desk.press("Hand over", status=422)
    desk.reads("Choose the colleague")
    first, second = (rows.nth(number).get_by_role("link").inner_text() for number in (1, 2))
    desk.follow(first)
    desk.reads("To receive")
    desk.follow("Next")
    desk.reads(second)
