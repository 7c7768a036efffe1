"""What managers read."""

from decimal import Decimal

from tests.browser.almanac import today
from tests.browser.window import Window

MONA = "mona@desk.example"


def refunds_of_today(manager: Window, shop: str) -> Decimal:
    """The refunds in a storefront's row of the report of this one day."""
    day = today().isoformat()
    manager.open(f"/reports/?first={day}&last={day}&by=settled&storefront=all")
    table = manager.part("By storefront").get_by_role("table")
    headings = table.locator("thead th").all_inner_texts()
    row = table.get_by_role("row").filter(has=manager.page.get_by_role("rowheader", name=shop, exact=True))
    cells = row.locator("th, td").all_inner_texts()
    return Decimal(cells[headings.index("Refunds")].replace("$", "").replace(",", ""))
