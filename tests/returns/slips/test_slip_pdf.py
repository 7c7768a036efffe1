"""The slip as a PDF: real text, no font inside unless a name needs it, one page unless there is too much."""

import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth

from returns.slips.contents import SlipLine
from returns.slips.fonts import MISSING, TEXT, set_in
from returns.slips.pdf import slip_pdf
from tests.returns.slips.test_sheets import SLIP, with_lines


def opened(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def words(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in opened(content).pages)


@pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a4", (595, 842))])
def test_it_is_one_page_of_the_paper_asked_for(paper: str, size: tuple[int, int]) -> None:
    (page,) = opened(slip_pdf(SLIP, paper=paper)).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == size


def test_everything_on_it_is_text() -> None:
    told = words(slip_pdf(SLIP, paper="letter"))
    for said in (SLIP.shop, SLIP.sender, SLIP.small, *SLIP.address, *SLIP.checks, "Order IC-20418", "2 unopened"):
        assert said in told
    assert told.count(SLIP.number) == 2


def test_nothing_is_embedded_where_the_fonts_that_every_reader_has_suffice() -> None:
    for page in opened(slip_pdf(SLIP, paper="a4")).pages:
        assert not page.images
        fonts: Any = page["/Resources"]["/Font"]  # type: ignore[index]  # a PDF's parts have no types of their own
        assert {font.get_object()["/Subtype"] for font in fonts.values()} == {"/Type1"}
        assert not any("/FontDescriptor" in font.get_object() for font in fonts.values())


def test_the_mark_is_as_large_as_it_has_to_be() -> None:
    content = opened(slip_pdf(SLIP, paper="letter")).pages[0].get_contents()
    assert content is not None
    sizes = [float(size) for size in re.findall(rb"/F\d+ ([\d.]+) Tf", content.get_data())]
    assert max(sizes) >= 40


def test_many_products_run_on_to_a_second_page_and_the_outside_stays_on_the_first() -> None:
    pages = [page.extract_text() for page in opened(slip_pdf(with_lines(20), paper="letter")).pages]
    assert len(pages) == 2
    assert "More on the next sheet." in pages[0]
    assert "Lantana, FL 33462" in pages[0]
    assert "Lantana, FL 33462" not in pages[1]
    assert "Cleanser 19" in pages[1]


@pytest.mark.parametrize(
    "name",
    ["Núria Muñoz Güell", "Łukasz Żółć", "Ayşe Şahin", "Erdős Pál", "Nguyễn Thị", "Ελένη", "Ярослав"],
)
def test_a_name_of_europe_is_printed_with_all_its_letters(name: str) -> None:
    slip = replace(SLIP, sender=name, address=[name, *SLIP.address], lines=[SlipLine("Crème™ “à l’œuf”", 1, name)])
    told = words(slip_pdf(slip, paper="a4"))
    assert told.count(name) == 4
    assert "Crème™ “à l’œuf”" in told
    assert MISSING not in told


def test_the_font_of_a_name_goes_into_the_file() -> None:
    page = opened(slip_pdf(replace(SLIP, sender="Łukasz"), paper="a4")).pages[0]
    fonts: Any = page["/Resources"]["/Font"]  # type: ignore[index]  # a PDF's parts have no types of their own
    embedded = [font.get_object() for font in fonts.values() if "/FontDescriptor" in font.get_object()]
    assert [font["/BaseFont"].partition("+")[2] for font in embedded] == ["DejaVuSansCondensed"]
    assert "/FontFile2" in embedded[0]["/FontDescriptor"]


def test_the_same_slip_is_the_same_file() -> None:
    slip = replace(SLIP, sender="Łukasz")
    assert slip_pdf(slip, paper="a4") == slip_pdf(slip, paper="a4")


@pytest.mark.parametrize(
    ("name", "printed"),
    [("李 Wei", f"{MISSING} Wei"), ("Noa \N{HEBREW LETTER ALEF}", f"Noa {MISSING}"), ("Ana 💐", f"Ana {MISSING}")],
)
def test_a_sign_that_no_font_here_knows_is_a_box_and_no_error(name: str, printed: str) -> None:
    assert printed in words(slip_pdf(replace(SLIP, sender=name), paper="letter"))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("s\N{COMBINING CEDILLA}en", "şen"),  # as some keyboards send it
        ("a\N{ZERO WIDTH JOINER}b\N{RIGHT-TO-LEFT MARK}", "ab"),
        ("one\ttwo\nthree", "one two three"),
        ("\N{DOUBLE-STRUCK CAPITAL R}", "R"),
        ("x\N{COMBINING ENCLOSING CIRCLE}", "x" + MISSING),
        ("\ud800", MISSING),
    ],
)
def test_what_is_not_one_plain_sign_is_printed_as_well_as_it_can_be(text: str, printed: str) -> None:
    assert set_in(text, TEXT)[0] == printed


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_no_text_is_an_error(text: str) -> None:
    assert slip_pdf(replace(SLIP, sender=text, mark=text, shop=text), paper="letter").startswith(b"%PDF")


def rightmost(content: bytes, text: str) -> list[tuple[float, float]]:
    """Where each row with this text begins and ends, in points."""
    found: list[tuple[float, float]] = []

    def visit(said: str, _cm: Any, at: list[float], _font: Any, size: float) -> None:
        if text in said:
            found.append((at[4], at[4] + stringWidth(said.strip(), "Helvetica", size)))

    for page in opened(content).pages:
        page.extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_a_name_without_blanks_stays_beside_the_address_and_a_product_in_its_column(paper: str) -> None:
    slip = replace(SLIP, sender="W" * 150, lines=[SlipLine("M" * 200, 1, "Q" * 60)])
    content = slip_pdf(slip, paper=paper)
    width = opened(content).pages[0].mediabox.width
    names, titles, told = (rightmost(content, sign * 5) for sign in "WMQ")
    assert len(names) > 2
    assert all(end < width / 2 + 13 * mm for _start, end in names)
    assert all(end < (13 + 9 + 89) * mm for _start, end in titles)
    assert all(end <= width - 12 * mm for _start, end in told)
    assert words(content).count("W") >= 300


def test_an_empty_or_odd_mark_is_no_error() -> None:
    for mark in ("Bestellung 7/ä", "1234567890" * 4):
        assert slip_pdf(replace(SLIP, mark=mark, address=["line"] * 12), paper="letter").startswith(b"%PDF")
