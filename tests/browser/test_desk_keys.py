"""What trained staff do all day, counted in keystrokes and page loads."""

import pytest
from playwright.sync_api import Response, expect

from tests.browser import at_the_desk, own_orders
from tests.browser.window import Window

pytestmark = pytest.mark.browser


class Counted:
    """Presses keys in a window, and counts them and the pages that were loaded."""

    def __init__(self, window: Window) -> None:
        self.window, self.keys, self.loads = window, 0, 0
        window.page.on("response", self._count)

    def _count(self, response: Response) -> None:
        is_page = response.request.resource_type == "document" and not response.request.redirected_to
        self.loads += int(is_page and 300 > response.status >= 200)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.window.page.keyboard.press(key)
            self.keys += 1

    def go(self, key: str) -> None:
        """A key that leads to another page."""
        with self.window.page.expect_navigation(wait_until="load"):
            self.press(key)

    def taken(self) -> tuple[int, int]:
        """How many keys and pages it took since the last time."""
        keys, loads = self.keys, self.loads
        self.keys = self.loads = 0
        return keys, loads


def test_the_next_request_is_opened_read_and_authorized_by_few_keys(desk: Window) -> None:
    desk.sign_in(at_the_desk.RENEE, at="/desk/?status=submitted&storefront=image-professional")
    counted = Counted(desk)
    counted.press("j")
    counted.go("Enter")
    keys, loads = counted.taken()
    assert (keys <= 3, loads) == (True, 1)
    expect(desk.main.get_by_role("heading", name="Verdict at submission")).to_be_visible()
    expect(desk.main.locator(".verdict").first).to_be_in_viewport()
    desk.page.keyboard.press("m")
    expect(desk.field("Message to customer")).to_be_checked()
    desk.page.keyboard.type("g is a letter here")
    desk.page.evaluate("document.activeElement.blur()")
    counted.press("g")
    expect(desk.page.get_by_role("button", name="Authorize and email the RMA")).to_be_focused()
    counted.go("Enter")
    keys, loads = counted.taken()
    assert (keys <= 3, loads) == (True, 1)
    desk.reads("authorized, email sent to")
    expect(desk.page.locator("#flash .flash")).to_be_focused()
    counted.go("j")
    assert counted.taken() == (1, 1)


def test_a_line_in_full_is_entered_by_phone_in_under_ten_keys(desk: Window) -> None:
    desk.sign_in(at_the_desk.RENEE, at="/desk/")
    counted, page = Counted(desk), desk.page
    counted.go("n")
    page.keyboard.type(own_orders.BY_PHONE)  # which whoever calls reads out
    counted.go("Enter")
    desk.look()
    counted.press("1", "Tab", "c")
    desk.reads_soon("You'd get back: $61.20.")
    expect(desk.main.get_by_label("Why").first).to_be_focused()
    desk.look()
    counted.go("Control+Enter")
    keys, loads = counted.taken()
    assert (keys < 10, loads) == (True, 3)
    desk.reads("authorized, email sent to Noor Haddad", "entered by staff")


def test_by_phone_escape_leaves_the_field_and_then_puts_the_call_aside(desk: Window) -> None:
    desk.sign_in(at_the_desk.RENEE, at="/desk/phone/?q=IC-20570")
    page = desk.page
    why = desk.main.get_by_label("Why").first
    why.focus()
    why.select_option(label="Not satisfied")
    page.keyboard.press("Escape")
    expect(why).not_to_be_focused()
    assert "/desk/phone/" in page.url
    page.keyboard.press("Escape")
    page.wait_for_url("**/desk/phone/")
    desk.reads("Order IC-20570 is put aside.")
    desk.look()
    desk.follow("IC-20570", within=desk.sheet("Put aside"))
    desk.reads("This call was put aside")
    assert desk.main.get_by_label("Why").first.locator("option:checked").inner_text() == "Not satisfied"
    desk.press("Begin anew")
    assert "This call was put aside" not in desk.main.inner_text()


def test_by_phone_in_every_state(desk: Window) -> None:
    desk.sign_in(at_the_desk.RENEE, at="/desk/phone/")
    desk.open("/desk/phone/?q=nobody%40example.com")
    desk.open("/desk/phone/?q=maya%40shop.example")
    desk.follow("IC-20570")
    why = desk.main.get_by_label("Why").first
    why.focus()
    why.select_option(label="Arrived damaged")
    desk.reads_soon("When did it arrive?")
    expect(why).to_be_focused()
    desk.press("Save for review", status=422)
    desk.reads("Enter the day on which it arrived.")


def test_escape_on_a_request_leads_back_to_the_queue_it_came_from(desk: Window) -> None:
    queue = "/desk/?storefront=image-professional&status=to_receive"
    desk.sign_in(at_the_desk.RENEE, at=queue)
    page = desk.page
    with page.expect_navigation(wait_until="load"):
        page.locator("tbody a").first.click()
    request = page.url
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("m")
    page.keyboard.type("Is the seal broken?")
    page.keyboard.press("Escape")
    expect(page.locator(".message-form textarea")).not_to_be_focused()
    page.keyboard.press("Escape")
    assert page.url == request, "what was written isn't lost"
    page.locator(".message-form textarea").fill("")
    page.keyboard.press("Escape")
    assert page.url == request
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Escape")
    assert page.url.endswith(queue)
