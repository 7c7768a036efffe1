"""The pages that no journey comes by: every address, every state, whoever may see it."""

import pytest

from returns.demo.people import EVERYWHERE
from returns.domain.workflow import Status
from tests.browser import at_the_desk, at_the_portal, at_the_reports, camera, own_orders
from tests.browser.own_orders import NOOR
from tests.browser.whole_portal import WholePortal
from tests.browser.window import Window

pytestmark = pytest.mark.browser

NOT_FOUND, FORBIDDEN, UNPROCESSABLE = 404, 403, 422
STEPS = ["withdraw/", "ask/", "reject/", "answer/", "shipped/", "photos/", "receive/", "inspect/"]
STEPS += ["difference/answer/", "close-lost/", "settle/"]  # telling a difference: test_difference.py


def test_what_everybody_may_see(customer: Window) -> None:
    customer.open("/")
    for shop in EVERYWHERE:
        customer.open(f"/{shop}/")
        customer.open(f"/{shop}/policy/")
    customer.open("/image-consumer/policy/1/")
    for page in (
        "login",
        "signup",
        "confirm-email",
        "password/reset",
        "password/reset/done",
        "password/reset/key/done",
    ):
        customer.open(f"/accounts/{page}/")
    customer.open("/le-petit-spa/link/", status=NOT_FOUND)
    customer.open("/nowhere/", status=NOT_FOUND)


@pytest.mark.parametrize(
    ("who", "shop"),
    [
        (at_the_portal.PAUL, "image-professional"),
        (NOOR, "le-petit-spa"),
        (at_the_portal.MAYA, "image-consumer"),
    ],
)
def test_every_return_of_a_customer(customer: Window, who: str, shop: str) -> None:
    customer.sign_in(who, at=f"/{shop}/returns/")
    steps: set[str] = set()
    for path in customer.links(f"/{shop}/returns/"):
        customer.open(path)
        for address in customer.links(path):
            step = address.removeprefix(path)
            if step not in steps and not step.endswith(".pdf"):
                customer.open(address)
            steps.add(step)


def test_every_order_of_a_customer_with_what_can_go_back(customer: Window) -> None:
    customer.sign_in(at_the_portal.MAYA, at="/image-consumer/orders/")
    for path in customer.links("/image-consumer/orders/"):
        customer.open(path)
        for step in ("return", "damage", "missing", "receipt"):
            customer.open(f"{path}{step}/")
    customer.open("/le-petit-spa/orders/")
    customer.open("/le-petit-spa/returns/")
    customer.open("/accounts/password/change/")
    customer.open("/accounts/logout/")
    customer.open("/desk/", status=FORBIDDEN)


def test_the_desk_in_every_state_with_every_step(desk: Window) -> None:
    desk.sign_in(at_the_desk.RENEE, at="/desk/")
    steps: set[str] = set()
    for status in Status:
        desk.open(f"/desk/?status={status.value}")
        for path in desk.links("/desk/requests/")[:5]:
            desk.open(path)
            for address in desk.links(path):
                step = address.removeprefix(path)
                if step not in steps:
                    desk.open(address)
                steps.add(step)
    assert set(STEPS) <= steps
    desk.open("/desk/?storefront=le-petit-spa&status=expired&owner=nobody&overdue=on")
    desk.reads("Nothing matches")
    desk.open("/desk/find/?q=Theo")
    desk.open("/desk/find/?q=nobody+of+this+name")
    desk.open("/desk/receive/?q=Theo")
    desk.open("/reports/", status=FORBIDDEN)


def test_photos_at_the_desk(desk: Window) -> None:
    desk.sign_in(at_the_desk.RENEE, at="/desk/?status=shipped")
    row = desk.page.get_by_role("row").filter(has_text=own_orders.SENT)
    desk.follow(row.get_by_role("link").inner_text(), within=row)
    desk.open(desk.links("/desk/photos/")[-1])
    desk.press("Hide the photo", status=UNPROCESSABLE)
    desk.reads("Say why.")
    at_the_desk.open_again(desk, "/desk/?status=received")
    desk.follow("Add photos")
    desk.press("Add the photos", status=UNPROCESSABLE)
    desk.page.locator("input[type=file]").first.set_input_files([camera.heic("seal.heic")])
    desk.field("What do they show?").fill("The seal, broken")
    desk.press("Add the photos")
    desk.reads("1 photo added to")


def test_licenses_and_accounts_at_the_desk(desk: Window) -> None:
    desk.sign_in(at_the_desk.RENEE, at="/desk/licenses/")
    desk.follow("77131")
    desk.follow("77131")
    desk.open("/desk/customers/?q=nobody+of+this+name")
    desk.open("/desk/customers/?q=maya%40shop.example")
    desk.follow("LP-2041")


def test_what_administrators_do(manager: Window, customer: Window, portal: WholePortal) -> None:
    manager.sign_in("ada@desk.example", at="/accounts/")
    manager.reads("Everybody who works with returns")
    manager.follow("Invite somebody")
    manager.press("Send the invitation", status=UNPROCESSABLE)
    manager.field("Name").fill("Iris Ivers")
    manager.field("Email").fill("iris@desk.example")
    manager.main.get_by_label("Support").check()
    manager.main.get_by_label("le petit spa").check()
    manager.press("Send the invitation")
    manager.follow("Iris Ivers")
    manager.press("Disable Iris Ivers")
    manager.press("Let them sign in again")
    customer.open(portal.mailbox.wait_for("iris@desk.example", "invited").link("http"))
    customer.press("Save it and sign in", status=UNPROCESSABLE)
    for field in customer.main.locator("input[type=password]").all():
        field.fill("paper, pens and parcels")
    customer.press("Save it and sign in")
    customer.reads("Welcome, Iris Ivers")
    customer.open("/accounts/staff/", status=FORBIDDEN)
    customer.open("/accounts/invited/no-such-token/", status=NOT_FOUND)


def test_what_managers_set_and_read(manager: Window) -> None:
    manager.sign_in(at_the_reports.MONA, at="/accounts/")
    for shop in EVERYWHERE:
        manager.open(f"/reports/storefronts/{shop}/")
    manager.main.get_by_role("textbox").fill("")
    manager.press("Save the address", status=422)
    manager.open("/desk/register/?kind=GOODWILL")
    manager.open("/reports/replies/new/")
    manager.field("Text").fill("Dear {name}")
    manager.press("Offer it at the desk", status=422)
    manager.field("Name").fill("A first word")
    manager.field("Text").fill("Dear {customer}, we have {products}.")
    manager.press("Offer it at the desk")
    manager.follow("A first word")
    manager.press("Put it away")
    manager.open("/reports/mails/")
    manager.open("/reports/mails/catalogue/")
    manager.open("/reports/mails/catalogue/image-consumer/authorized/")
    manager.open("/reports/storefronts/image-consumer/deadlines/")
    manager.open("/reports/?first=2026-03-01&last=2026-02-01&storefront=all", status=422)
    manager.open("/reports/?first=2020-01-01&last=2020-01-31&storefront=le-petit-spa")
    manager.open("/reports/")
    manager.open("/reports/returns/?figure=reason")
    manager.open("/reports/credit/")
    manager.open("/reports/exports/")
    manager.press("Make the file")
    manager.reads("is being made")
    manager.open("/reports/weekly/")
    manager.open("/le-petit-spa/orders/")
    manager.reads("No orders here yet")
    manager.open("/reports/policies/image-professional/1/")
    manager.open("/reports/storefronts/")
    manager.open("/reports/storefronts/new/")
    manager.press("Open the storefront", status=422)
    manager.open("/reports/storefronts/image-professional/settings/")
    manager.open("/reports/storefronts/image-professional/history/")
    manager.open("/reports/catalogue/image-professional/")
    manager.open("/reports/catalogue/image-professional/new/")
    manager.press("Save the product", status=422)
    manager.open("/reports/catalogue/image-professional/file/")
    manager.open("/reports/catalogue/image-consumer/")
    manager.open(manager.links("/reports/catalogue/image-consumer/products/")[0])


def test_a_draft_of_a_policy_in_plain_words(manager: Window) -> None:
    manager.sign_in(at_the_reports.MONA, at="/reports/policies/")
    manager.open("/reports/policies/image-professional/new/")
    manager.press("Begin the draft")
    manager.press("Save the draft")
    manager.reads("Compared with version 1")
    manager.press("Run")
    manager.reads("Lines by verdict")
    manager.press("Drop the draft")


def test_the_mails_of_the_demo(customer: Window, portal: WholePortal) -> None:
    portal.mailbox.wait_for("theo@shop.example", "One question")
    customer.open("/mail/")
    customer.open(customer.links("/mail/")[0])
