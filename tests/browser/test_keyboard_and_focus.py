"""What people who don't use a mouse rely on: the focus stays, keys lead, and no single key sends anything."""

import pytest
from playwright.sync_api import expect

from tests.browser import at_the_desk, at_the_portal, own_orders
from tests.browser.window import Window

pytestmark = pytest.mark.browser


def test_a_live_update_leaves_the_focus_where_it_is(customer: Window) -> None:
    at_the_portal.open_choose(customer, own_orders.LIVE_UPDATE)
    serum = customer.part("Vital C hydrating")
    serum.get_by_role("checkbox").first.check()
    why = serum.get_by_label("Why")
    why.focus()
    why.select_option(label="It never arrived")  # takes away the question whether it is sealed
    expect(serum.get_by_label("Unopened")).to_have_count(0)
    expect(why).to_be_focused()
    why.select_option(label="I changed my mind")
    expect(serum.get_by_label("Unopened")).to_be_visible()
    expect(why).to_be_focused()
    customer.look()


def test_reading_the_clause_costs_nothing_that_was_filled_in(customer: Window) -> None:
    at_the_portal.open_choose(customer, own_orders.CLAUSE)
    cleanser = customer.part("Ageless total facial cleanser")
    at_the_portal.choose(customer, "Ageless total facial cleanser")
    cleanser.get_by_label("Expiration date").fill("08 2030")
    customer.reads_soon("Yes: $27.36 back", within=cleanser)
    with customer.page.expect_popup() as opened:
        cleanser.get_by_role("link", name="After 30 days (new tab)").click()
    expect(opened.value.get_by_role("heading", name="Return policy")).to_be_visible()
    opened.value.close()
    expect(cleanser.get_by_label("Expiration date")).to_have_value("08 2030")


def test_the_first_tab_leads_past_the_head(customer: Window) -> None:
    customer.open("/image-consumer/")
    customer.page.keyboard.press("Tab")
    expect(customer.page.get_by_role("link", name="Skip to the content")).to_be_focused()
    customer.page.keyboard.press("Enter")
    expect(customer.main).to_be_focused()


def test_the_desk_goes_by_keys(desk: Window) -> None:
    desk.sign_in(at_the_desk.RENEE, at="/desk/?status=submitted")
    keys, rows = desk.page.keyboard, desk.main.get_by_role("row")
    keys.press("j")
    keys.press("j")
    expect(rows.nth(2).get_by_role("link")).to_be_focused()
    keys.press("k")
    expect(rows.nth(1).get_by_role("link")).to_be_focused()
    keys.press("/")
    expect(desk.page.get_by_role("searchbox")).to_be_focused()
    desk.page.get_by_role("searchbox").blur()
    keys.press("?")
    expect(desk.page.get_by_role("dialog")).to_be_visible()
    desk.look()
    keys.press("Escape")
    expect(desk.page.get_by_role("dialog")).to_be_hidden()

    # On a request G goes to the button that sends the mail, and goes no further.
    desk.follow(rows.nth(1).get_by_role("link").inner_text())
    before = desk.page.url
    keys.press("g")
    expect(desk.page.get_by_role("button", name="Authorize and email the RMA")).to_be_focused()
    assert desk.page.url == before


def test_a_return_is_asked_for_by_keys_alone(customer: Window) -> None:
    at_the_portal.open_choose(customer, own_orders.KEYS_ONLY)
    keys, serum = customer.page.keyboard, customer.part("Vital C hydrating")
    customer.by_keys_to(serum.get_by_role("checkbox").first)
    keys.press("Space")
    customer.by_keys_to(serum.get_by_label("Why").first)
    keys.press("ArrowDown")
    customer.reads_soon("You'd get back $122.40")
    for button in ("Continue", "Send my request"):
        customer.by_keys_to(customer.main.get_by_role("button", name=button).filter(visible=True))
        customer.press_enter()
    customer.reads("We have your request")


def test_a_split_line_stays_where_it_is_looked_at(customer: Window) -> None:
    at_the_portal.open_choose(customer, own_orders.SPLIT)
    serum = customer.part("Vital C hydrating")
    at_the_portal.choose(customer, "Vital C hydrating")
    customer.press("Split this line", within=serum)
    opened = serum.get_by_label("Opened").last
    opened.focus()
    opened.check()
    customer.reads_soon("opened", within=serum)
    expect(opened).to_be_focused()
    customer.look()
    customer.press("Put it together again", within=serum)
    expect(serum.get_by_role("checkbox").first).to_be_checked()
