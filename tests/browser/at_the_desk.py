"""What support staff do with a request, step by step, for journeys to put together."""

import re
from collections.abc import Callable
from datetime import date

from tests.browser.almanac import read_day, today
from tests.browser.window import Window

RENEE = "renee@desk.example"


def open_from_queue(desk: Window, order: str) -> None:
    """Sign in, find the order's row in the queue, open it and take it."""
    desk.sign_in(RENEE, at="/desk/")
    row = desk.page.get_by_role("row").filter(has_text=order)
    desk.follow(row.get_by_role("link").inner_text(), within=row)
    desk.press("Take")
    desk.reads("You look after")


def open_first(desk: Window, status: str) -> None:
    """Sign in and open the first request of the demo that is in this state."""
    desk.sign_in(RENEE, at=f"/desk/?status={status}")
    open_first_here(desk)


def open_again(desk: Window, queue: str) -> None:
    """The first request of this part of the queue, for somebody who is signed in already."""
    desk.open(queue)
    open_first_here(desk)


def open_first_here(desk: Window) -> None:
    """The request at the top of the queue."""
    link = desk.main.get_by_role("table").get_by_role("link").first
    desk.follow(link.inner_text())


def reject_line(desk: Window, number: int, product: str, *, reason: str, text: str = "") -> None:
    """Decide against one line, with a reason of the list and a sentence of one's own or the policy's."""
    card = desk.part(f"{number}. {product}")
    card.get_by_label("Reject").check()
    card.get_by_label("Why not").select_option(label=reason)
    card.get_by_label("What the customer reads").fill(text)


def authorize(desk: Window) -> str:
    """Authorize what is decided; the RMA number that was issued."""
    desk.press("Authorize and email the RMA")
    found = re.search(r"(RMA-\S+) authorized, email sent to", desk.text)
    assert found, desk.text
    return found[1]


def receive(desk: Window, mark: str, *, due: Callable[[date], date]) -> None:
    """Type what is on the box, count all as authorized; the page names the day by which it is due."""
    desk.open("/desk/receive/")
    desk.field("Scan or type").fill(mark)
    desk.press("Find")
    before = today()
    desk.press("Received")
    found = re.search(r"Received (\w+, \w+ \d+, \d{4}), due (\w+, \w+ \d+, \d{4})", desk.text)
    assert found, desk.text
    received_on, due_on = map(read_day, found.groups())
    assert before <= received_on <= today()
    assert due_on == due(received_on)


def look_among_packages(desk: Window, *words: str) -> None:
    """The return that is open stands among the packages to send, with these words; then it is open again."""
    request = desk.path
    desk.open("/desk/payouts/")
    desk.follow("Packages to send")
    desk.reads(*words)
    desk.open(request)


def send_goods(desk: Window, *, carrier: str, tracking: str) -> None:
    """Note the package that left for the customer; without a carrier it comes back."""
    desk.follow("Note the package to the customer")
    desk.press("It has left, email the customer", status=422)
    desk.field("Shipping service").fill(carrier)
    desk.field("Tracking number").fill(tracking)
    desk.press("It has left, email the customer")
    desk.follow("Correct it")
    desk.field("Tracking number").fill(f"{tracking}-2")
    desk.press("Correct it and email the customer")
    desk.reads("package corrected")
