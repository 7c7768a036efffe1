"""A slip fits on one sheet, and what is too much runs on to further ones; nothing is lost or told twice."""

from dataclasses import replace

import pytest

from returns.slips.contents import Slip, SlipLine
from returns.slips.sheets import sheets

SLIP = Slip(
    shop="IMAGE Skincare",
    number="RMA-7K3F-9Q2M-X",
    order_number="IC-20418",
    sender="Maya Brennan, (561) 555-0148",
    lines=[SlipLine("Vital C hydrating anti-aging serum, 1.7 fl oz", 2, "2 unopened")],
    checks=["Put in the products of this return, unopened and as new.", "This half of the slip is inside."],
    small="You pay the shipping.",
    address=["IMAGE Skincare", "Lantana, FL 33462"],
    mark="RMA-7K3F-9Q2M-X",
    mark_label="RMA number",
    url="https://returns.example/image-consumer/returns/4T7H-2WPC/",
)


def with_lines(number: int, title: str = "Cleanser") -> Slip:
    return replace(SLIP, lines=[SlipLine(f"{title} {each}", 1, "Unopened") for each in range(number)])


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_an_ordinary_return_takes_one_sheet(number: int) -> None:
    (sheet,) = sheets(with_lines(number))
    assert len(sheet.lines) == number
    assert sheet.checks == SLIP.checks


@pytest.mark.parametrize("number", [10, 40, 200])
@pytest.mark.parametrize("title", ["Cleanser", "A name that is so long that it takes several rows of the table " * 3])
def test_many_products_run_on_and_each_is_there_once(number: int, title: str) -> None:
    slip = with_lines(number, title)
    pages = sheets(slip)
    assert len(pages) > 1
    assert [line for sheet in pages for line in sheet.lines] == slip.lines
    assert pages[0].checks == SLIP.checks


def test_a_long_list_to_tick_runs_on_too() -> None:
    slip = replace(SLIP, checks=[f"Thing {each} is in the box." for each in range(70)])
    pages = sheets(slip)
    assert [check for sheet in pages for check in sheet.checks] == slip.checks
    assert pages[0].lines == SLIP.lines


def test_a_long_mark_takes_its_rows_from_the_products() -> None:
    room = len(sheets(with_lines(30))[0].lines)
    assert len(sheets(replace(with_lines(30), mark="1234567890" * 4))[0].lines) < room
