"""At the dock the camera of a phone or tablet reads what is on the box, where there is no scanner."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserType

from tests.browser import at_the_desk, fake_camera
from tests.browser.own_orders import EXPECTED
from tests.browser.watch import DESK, Gallery
from tests.browser.whole_portal import WholePortal
from tests.browser.window import Window, Windows

pytestmark = pytest.mark.browser

BUTTON = "Use the camera"


@pytest.fixture
def with_camera(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    tmp_path: Path,
    portal: WholePortal,
    gallery: Gallery,
) -> Iterator[Window]:
    """A window of a browser whose camera sees the barcode of an order."""
    film = fake_camera.film_of(EXPECTED, tmp_path)
    arguments = {
        **browser_type_launch_args,
        "args": [*browser_type_launch_args["args"], *fake_camera.flags(film)],
    }
    browser = browser_type.launch(**arguments)
    try:
        yield Windows(browser, portal, gallery).open(DESK)
    finally:
        browser.close()


def test_the_camera_reads_the_barcode_and_the_package_is_found(with_camera: Window) -> None:
    desk = with_camera
    desk.sign_in(at_the_desk.RENEE, at="/desk/receive/")
    desk.page.get_by_role("button", name=BUTTON).click()
    desk.page.wait_for_url("**/receive/", wait_until="load")
    desk.page.wait_for_function("number => document.body.innerText.includes(number)", arg=EXPECTED)
    assert desk.page.url.endswith("/receive/")
    assert not desk.page.url.endswith("/desk/receive/")


def test_without_a_camera_the_page_says_so_and_typing_goes_on(desk: Window) -> None:
    desk.sign_in(at_the_desk.RENEE, at="/desk/receive/")
    button = desk.page.get_by_role("button", name=BUTTON)
    button.click()
    desk.reads_soon("No camera, or the browser doesn't allow it. Type what is on the box.")
    assert button.get_attribute("aria-pressed") == "false"


ASKS_SLOWLY = """() => {
  const devices = navigator.mediaDevices;
  const ask = devices.getUserMedia.bind(devices);
  const allowed = new Promise((resolve) => { window.allow = resolve; });
  window.given = new Promise((resolve) => {
    devices.getUserMedia = async (wanted) => {
      await allowed;
      const stream = await ask(wanted);
      resolve(stream);
      return stream;
    };
  });
}"""
"""The browser asks whether the camera may be used, and somebody takes their time to answer."""

ALLOWED = """async () => {
  window.allow();
  const stream = await window.given;
  await new Promise((resolve) => setTimeout(resolve, 100));
  return stream.getTracks().map((track) => track.readyState);
}"""


def test_a_camera_that_was_let_go_of_while_the_browser_asked_stays_off(with_camera: Window) -> None:
    desk = with_camera
    desk.sign_in(at_the_desk.RENEE, at="/desk/receive/")
    desk.page.evaluate(ASKS_SLOWLY)
    button = desk.page.get_by_role("button", name=BUTTON)
    button.click()
    button.click()
    assert desk.page.evaluate(ALLOWED) == ["ended"]
    assert button.get_attribute("aria-pressed") == "false"
    assert desk.page.locator("[data-camera] video").is_hidden()
