"""RMA numbers survive handwriting: every single error and every swap is found, by brute force."""

import itertools
import math

import pytest

from returns.domain.rma_number import (
    ALPHABET,
    BODY_LENGTH,
    Reading,
    check_symbol,
    format_rma_number,
    new_reference,
    new_rma_number,
    read_beginning,
    read_reference,
    read_rma_number,
)

BODIES = ("7K3F9Q2M", "22222222", "ZZZZZZZZ", "23456789", "MNPQRSTU")


def symbols_of(number: str) -> str:
    return number.removeprefix("RMA-").replace("-", "")


def test_nothing_in_the_alphabet_looks_like_something_else() -> None:
    assert len(ALPHABET) == 31
    assert not set("01IOL") & set(ALPHABET)
    assert math.log2(len(ALPHABET)) * BODY_LENGTH > 39


@pytest.mark.parametrize("body", BODIES)
def test_every_single_wrong_symbol_is_found(body: str) -> None:
    right = body + check_symbol(body)
    for place, symbol in itertools.product(range(len(right)), ALPHABET):
        wrong = right[:place] + symbol + right[place + 1 :]
        if wrong != right:
            assert read_rma_number(wrong).reading is Reading.MISTYPED


@pytest.mark.parametrize("body", BODIES)
def test_every_swap_of_two_symbols_is_found(body: str) -> None:
    right = body + check_symbol(body)
    for one, other in itertools.combinations(range(len(right)), 2):
        swapped = list(right)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        wrong = "".join(swapped)
        if wrong != right:
            assert read_rma_number(wrong).reading is Reading.MISTYPED


@pytest.mark.parametrize(
    "typed",
    [
        "RMA-7K3F-9Q2M-{c}",
        "rma 7k3f 9q2m {c}",
        "7K3F9Q2M{c}",
        " RMA7K3F-9Q2M{c} ",
        "rma–7k3f–9q2m–{c}",
        "#7k3f.9q2m.{c}",
    ],
)
def test_case_spaces_and_dashes_do_not_matter(typed: str) -> None:
    number = format_rma_number("7K3F9Q2M")
    assert read_rma_number(typed.format(c=number[-1])).number == number


def test_a_mistyped_number_is_told_apart_from_other_texts() -> None:
    number = format_rma_number("7K3F9Q2M")
    other_check = "2" if number[-1] != "2" else "3"
    assert read_rma_number(number[:-1] + other_check).reading is Reading.MISTYPED
    for short in ("RMA-7K3F-9Q2M", "RMA-7K3F-9Q2"):
        assert read_rma_number(short).reading is Reading.MISTYPED
    assert read_rma_number("RMA-0K3F-9Q2M-X").reading is Reading.MISTYPED
    for text in ("", "IC-20418", "Maya Brennan", "maya@example.com", "1Z999AA10123456784", "７Ｋ３Ｆ９Ｑ２ＭＸ"):
        assert read_rma_number(text).reading is Reading.OTHER


def test_new_numbers_are_valid_and_differ() -> None:
    numbers = {new_rma_number() for _ in range(2_000)}
    assert len(numbers) == 2_000
    assert all(read_rma_number(number).number == number for number in numbers)


def test_a_reference_can_not_be_taken_for_an_rma_number() -> None:
    reference = new_reference()
    assert read_reference(reference.lower().replace("-", " ")) == reference
    assert read_rma_number(reference).reading is Reading.OTHER
    assert read_reference("RMA-7K3F-9Q2M-X") is None
    assert read_reference("not one") is None


@pytest.mark.parametrize(
    ("typed", "beginning"),
    [
        ("7k3f", "7K3F"),
        ("RMA-7K3F", "7K3F"),
        ("rma 7k3f 9q", "7K3F-9Q"),
        ("7K3F9Q2M", "7K3F-9Q2M"),
        ("7K3", None),
        ("RMA-7K3", None),
        ("7K3F9Q2MX", None),
        ("Olivia", None),
        ("", None),
    ],
)
def test_the_beginning_of_a_number_is_read_from_four_symbols_on(typed: str, beginning: str | None) -> None:
    assert read_beginning(typed) == beginning
