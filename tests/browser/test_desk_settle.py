"""Settling beyond the ordinary: extras, a second person, and the refund paid out step by step."""

import pytest

from tests.browser import at_the_desk, at_the_reports
from tests.browser.own_orders import TO_SETTLE
from tests.browser.window import Window

pytestmark = pytest.mark.browser


def test_a_settlement_above_the_limit_takes_two_and_its_refund_is_paid_out(desk: Window, manager: Window) -> None:
    manager.sign_in(at_the_reports.MONA, at="/reports/storefronts/image-consumer/limit/")
    manager.field("A second person above").fill("a lot")
    manager.press("Save the limit", status=422)
    manager.field("A second person above").fill("200")
    manager.press("Save the limit")
    manager.reads("Above $200.00 a settlement")

    # Goodwill lifts the sum above the limit: support proposes it, a manager agrees.
    desk.sign_in(at_the_desk.RENEE, at=f"/desk/find/?q={TO_SETTLE}")
    if "/requests/" not in desk.path:
        desk.open(desk.links("/desk/requests/")[0])
    request = desk.path
    desk.follow("Settle")
    desk.follow("Goodwill")
    desk.field("Goodwill").fill("190")
    desk.press("Put it into the sum", status=422)
    desk.field("Why goodwill").fill("Three packages of theirs were late.")
    desk.press("Put it into the sum")
    desk.reads("It is worth more than $200.00")
    desk.press("Propose $")
    desk.reads("proposed. A manager agrees.")
    # It stands in the managers' list; one doesn't agree at first, and it comes back with the reason.
    manager.open("/desk/proposals/")
    manager.follow(manager.part("Proposals").get_by_role("rowheader").first.inner_text())
    manager.reads("Renee O. proposed it")
    manager.follow("Don't agree")
    manager.press("Send it back with the reason", status=422)
    manager.field("Why not").fill("Say which packages.")
    manager.press("Send it back with the reason")
    desk.open("/desk/proposals/?state=refused")
    desk.reads("Say which packages.")
    desk.open(f"{request}settle/")
    desk.press("Propose $")
    manager.open(f"{request}settle/")
    manager.reads("Renee O. proposed it")
    manager.press("Settle and refund $")

    # The refund waits to be paid out.
    manager.reload()
    desk.open("/desk/payouts/")
    number = manager.page.get_by_role("heading", level=1).inner_text().split()[-1]
    if number not in desk.text:
        desk.open("/desk/payouts/?state=decided")
    desk.follow(number)
    desk.press("Note it as sent", status=422)
    desk.field("Reference").fill(f"ch_{number}")
    desk.press("Note it as sent")
    desk.field("Why it failed").fill("Card closed")
    desk.press("Note it as failed")
    desk.field("Reference").fill(f"ch_{number}_2")
    desk.press("Note it as sent")
    desk.press("Note it as confirmed")
    desk.reads("refund confirmed")
