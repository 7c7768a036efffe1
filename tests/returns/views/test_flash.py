"""What is said at the head of a page after a step, and numbers in running text."""

from time import process_time

import pytest
from django.utils.safestring import SafeString

from returns.templatetags.house import unbroken


def test_a_reference_stays_on_one_line() -> None:
    said = unbroken("We have your request FTCM-RJX3. <b>")
    assert said == 'We have your request <span class="nowrap">FTCM-RJX3</span>. &lt;b&gt;'
    assert unbroken("RMA-EVBC-UGAQ-9 is on its way.") == '<span class="nowrap">RMA-EVBC-UGAQ-9</span> is on its way.'


@pytest.mark.parametrize("phone", ["1-855-791-5800", "980-216-1527", "(800) 796-7546"])
def test_a_phone_number_stays_on_one_line(phone: str) -> None:
    assert unbroken(f"Call {phone}.") == f'Call <span class="nowrap">{phone}</span>.'


def test_an_address_breaks_before_its_at_sign_if_anywhere() -> None:
    assert unbroken("Write to care@shop.example.") == ("Write to care<wbr>@shop.example.")


def test_what_stands_in_tags_is_left_alone() -> None:
    link = '<a href="mailto:care@shop.example" title="RMA-EVBC-UGAQ-9">'
    assert unbroken(SafeString(f"{link}1-855-791-5800</a>")) == (
        f'{link}<span class="nowrap">1-855-791-5800</span></a>'
    )


@pytest.mark.parametrize("text", ["ABCD-EFGH-IJKL", "2026-11-22", "9400-111-222-3333-44"])
def test_what_only_looks_like_a_part_of_one_is_left_alone(text: str) -> None:
    assert unbroken(text) == text


def test_a_long_word_without_an_end_is_looked_through_once() -> None:
    began = process_time()
    assert unbroken("1-" * 20_000) == "1-" * 20_000
    assert process_time() - began < 1
