"""What has to be in sight at the desk on the screens it stands on."""

import pytest

from tests.browser import at_the_desk, at_the_reports
from tests.browser.own_orders import BY_PHONE
from tests.browser.window import Window

pytestmark = pytest.mark.browser

# Of an empty field: how wide its hint is, and the room it has.
HINT = """(field) => {
  const style = getComputedStyle(field);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = style.font;
  const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return [pen.measureText(field.placeholder).width, room];
}"""
RIGHT_EDGE = "(one) => one.getBoundingClientRect().right"


@pytest.mark.parametrize("width", [1280, 1440, 1920])
def test_the_hint_of_the_search_is_read_in_full_by_managers_too(desk: Window, width: int) -> None:
    desk.sign_in(at_the_reports.MONA, at="/desk/")
    desk.page.set_viewport_size({"width": width, "height": 900})
    needed, room = desk.page.locator("#find").evaluate(HINT)
    assert needed <= room, f"{needed:.0f} of {room:.0f} px"


@pytest.mark.parametrize("width", [1024, 1280])
def test_by_phone_what_a_line_gives_is_in_sight(desk: Window, width: int) -> None:
    desk.sign_in(at_the_desk.RENEE, at=f"/desk/phone/?q={BY_PHONE}")
    desk.page.set_viewport_size({"width": width, "height": 768})
    amounts = desk.page.locator(".phone-lines td.num").all()
    assert amounts
    assert all(one.evaluate(RIGHT_EDGE) <= width for one in amounts)


def test_the_parts_of_a_policy_are_a_click_away(desk: Window) -> None:
    desk.sign_in(at_the_reports.MONA, at="/reports/policies/image-consumer/new/")
    desk.press("Begin the draft")
    desk.page.get_by_role("navigation", name="Parts of the policy").get_by_role("link", name="Clauses").click()
    assert desk.page.url.endswith("#clauses")
    desk.page.wait_for_function("() => document.getElementById('clauses-title').getBoundingClientRect().top < 400")
    assert desk.page.get_by_role("navigation", name="Parts of the policy").is_visible()
    desk.open(desk.path.replace("edit/", ""))
    desk.press("Drop the draft")
