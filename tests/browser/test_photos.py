"""Photos from a phone: sent as soon as they are chosen, kept whatever goes wrong, and possible without script."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import FilePayload, Route, expect

from tests.browser import at_the_portal, camera, own_orders
from tests.browser.watch import PHONE
from tests.browser.window import Window, Windows

pytestmark = pytest.mark.browser

SERUM = "Vital C hydrating anti-aging serum"
UNPROCESSABLE = 422
PICTURE = "input[type=file]"


def test_photos_are_sent_while_the_page_stays(customer: Window) -> None:
    at_the_portal.open_choose(customer, own_orders.PHOTOS)
    at_the_portal.choose(customer, SERUM)
    customer.press("Continue")
    customer.press("Add photos")
    cards = customer.main.locator(".photo-card")

    # Progress is shown; going on waits for what is on its way.
    with held(customer) as waiting:
        choose_photos(customer, camera.jpeg("seal.jpg"), camera.heic("carton.heic"))
        expect(customer.main.get_by_role("progressbar", name="Sending seal.jpg")).to_be_visible()
        customer.look()
        customer.main.get_by_role("button", name="Continue").last.click()
        expect(customer.main.get_by_text("your photos are still on their way")).to_be_visible()
        with customer.page.expect_navigation(wait_until="load"):
            waiting.pop().continue_()
            customer.page.unroute("**/return/photos/")
    customer.look()
    customer.reads("Check, then send", "2 photos")

    # Back on the step, what is no photo is said in its place, and nothing else is lost.
    customer.press("Change the photos")
    expect(cards).to_have_count(2)
    choose_photos(customer, camera.no_photo("letter.jpg"))
    problem = cards.filter(has_text="letter.jpg").get_by_role("button", name="Leave it out")
    problem.wait_for()
    customer.noises.forgive(UNPROCESSABLE)
    customer.look()
    customer.main.get_by_role("button", name="Continue").last.click()
    expect(problem).to_be_focused()
    problem.click()
    expect(customer.page.locator(PICTURE).first).to_be_focused()

    # One is removed in place; a caption goes along.
    cards.first.get_by_role("button", name="Remove").click()
    expect(cards).to_have_count(1)
    expect(customer.page.locator(PICTURE).first).to_be_focused()
    customer.field("What does it show?").fill("The carton, from above")
    customer.press("Continue")
    customer.reads("1 photo")
    at_the_portal.send(customer)
    assert customer.main.get_by_role("img", name="The carton, from above").count()

    # Until the decision there may be more.
    customer.follow("Add or remove photos")
    choose_photos(customer, camera.jpeg("lid.jpg", "#a3342c"))
    expect(cards).to_have_count(2)
    expect(customer.main.get_by_role("progressbar")).to_have_count(0)
    customer.look()
    customer.press("Done")
    customer.reads("Your photos")


def test_photos_without_script(windows: Windows) -> None:
    customer = windows.open(PHONE, script=False)
    at_the_portal.open_choose(customer, own_orders.PHOTOS_PLAIN)
    at_the_portal.choose(customer, SERUM)
    customer.press("Continue")
    customer.press("Add photos")
    cards = customer.main.locator(".photo-card")
    choose_photos(customer, camera.jpeg("seal.jpg"), camera.no_photo("letter.jpg"))
    customer.press("Add these photos", status=UNPROCESSABLE)
    customer.reads("letter.jpg")
    expect(cards).to_have_count(1)
    choose_photos(customer, camera.heic("carton.heic"))
    customer.press("Add these photos")
    expect(cards).to_have_count(2)
    customer.press("Remove", within=cards.first)
    expect(cards).to_have_count(1)
    customer.press("Continue")
    customer.reads("Check, then send", "1 photo")
    at_the_portal.send(customer)


def choose_photos(customer: Window, *files: FilePayload) -> None:
    """As if picked from the phone's gallery."""
    customer.page.locator(PICTURE).first.set_input_files(list(files))


@contextmanager
def held(customer: Window) -> Iterator[list[Route]]:
    """Photos stay on their way until they are let go."""
    waiting: list[Route] = []
    customer.page.route(
        "**/return/photos/", lambda route: waiting.append(route) if is_upload(route) else route.continue_()
    )
    yield waiting
    assert not waiting


def is_upload(route: Route) -> bool:
    """Whether script sends a photo here."""
    return route.request.headers.get("accept", "").startswith("application/json")
