"""At the dock: a package nobody can place is held, its sender tried, and at last it is somebody's second package."""

import pytest

from tests.browser import at_the_desk, camera
from tests.browser.own_orders import EXPECTED
from tests.browser.whole_portal import WholePortal
from tests.browser.window import Window

pytestmark = pytest.mark.browser

WRONG = "RMA-7K3F-9Q2M-2"


def test_an_unknown_package_is_held_its_sender_tried_and_matched_at_last(desk: Window, portal: WholePortal) -> None:
    # Nothing fits what is on the box, so it is held with what was typed.
    desk.sign_in(at_the_desk.RENEE, at="/desk/receive/")
    desk.field("Scan or type").fill(WRONG)
    desk.press("Find")
    desk.reads("Not a number of ours")
    desk.follow("Hold it as unknown")
    desk.press("Hold it", status=422)
    desk.reads("There is a problem", "Choose the storefront it came to.")
    desk.field("At which storefront?").select_option(label="IMAGE Skincare")
    desk.field("Sender's email").fill("kate@sender.example")
    desk.press("Hold it")
    desk.reads("is held. Write the mark on the package.", WRONG)
    record = desk.path

    # Its sender is written to, and a photo of the label is kept.
    desk.main.get_by_label("Email", exact=True).check()
    desk.press("Note this try")
    desk.reads("email sent to kate@sender.example", "Email again")
    portal.mailbox.wait_for("kate@sender.example", "We have a package from you")
    desk.main.locator("input[type=file]").first.set_input_files(camera.jpeg("label.jpg"))
    desk.press("Add the photos")
    desk.reads("Photos added to")
    desk.open("/desk/holding/")
    desk.reads("Holding", WRONG)

    # Months later somebody knows whose it is: it is received for a return that is here in part.
    desk.open("/desk/?status=received")
    at_the_desk.open_first_here(desk)
    number = desk.main.get_by_role("heading", level=1).inner_text()
    desk.open(record)
    desk.main.get_by_label("RMA, order, tracking, name").fill(number)
    desk.press("Find")
    whose = desk.sheet("Whose is it?")
    desk.follow(whose.get_by_role("link").first.inner_text(), within=whose)
    desk.reads("It's here")
    desk.follow("Another package of it came")
    for box in desk.main.locator("input[name^=line-]").all():
        box.fill("1")
    desk.press("Add this package", status=422)
    desk.reads("are more than the 0 expected")
    desk.main.get_by_label("More came than was authorized").check()
    desk.press("Add this package")
    desk.reads("Package 2 of 2", "1 more than authorized", "held before as")
    desk.open(record)
    desk.reads("Matched", f"It became a package of {number}")


def test_an_expected_package_is_received_by_one_scan_and_one_key(desk: Window) -> None:
    """A scanner types what it reads and ends with Enter; the field has the focus, and so has the count after it."""
    desk.sign_in(at_the_desk.RENEE, at="/desk/receive/")
    desk.page.keyboard.type(EXPECTED)
    desk.press_enter()  # the scanner's own
    desk.reads("What is in the package")
    desk.press_enter()  # the one key
    desk.reads("It's here", f"order {EXPECTED}")

    # The next one can be scanned at once; the same package again is told, and nothing is counted twice.
    desk.page.keyboard.type(EXPECTED)
    desk.press_enter()
    desk.reads("It's here")
