"""Code 128: what a scanner reads is what was meant."""

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from returns.slips.code128 import QUIET, Barcode, code128


def read(barcode: Barcode, *, module: int = 2) -> list[str]:
    """What a scanner makes of it: zxing-cpp, which has never seen our table."""
    picture = Image.new("L", (barcode.width * module, 60), 255)
    pen = ImageDraw.Draw(picture)
    for start, width in barcode.bars:
        pen.rectangle((start * module, 5, (start + width) * module - 1, 55), fill=0)
    return [found.text for found in zxingcpp.read_barcodes(picture) if found.format == zxingcpp.BarcodeFormat.Code128]


@pytest.mark.parametrize("text", ["RMA-7K3F-9Q2M-X", "IC-20418", "#1042", "LPS-30121", "a b~c", " !\"#$%&'()*+,-./"])
def test_a_scanner_reads_what_was_written(text: str) -> None:
    barcode = code128(text)
    assert barcode is not None
    assert read(barcode) == [text]


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=2, max_size=40))
def test_any_plain_text_comes_back(text: str) -> None:
    barcode = code128(text)
    assert barcode is not None
    assert read(barcode) == [text]


def test_bars_never_touch_and_leave_the_quiet_zones_free() -> None:
    barcode = code128("RMA-7K3F-9Q2M-X")
    assert barcode is not None
    ends = [start + width for start, width in barcode.bars]
    assert barcode.bars[0][0] == QUIET
    assert ends[-1] == barcode.width - QUIET
    assert all(end < start for end, (start, _) in zip(ends[:-1], barcode.bars[1:], strict=True))


@pytest.mark.parametrize("text", ["", "Łódź", "a\tb", "#1042\n", "é"])
def test_what_it_cannot_say_is_not_said_wrongly(text: str) -> None:
    assert code128(text) is None
