"""Dates as people read them off a carton."""

from datetime import date

import pytest
from django import forms

from returns.forms.fields import read_expiration

END_OF_AUGUST = date(2028, 8, 31)


@pytest.mark.parametrize(
    "text",
    [
        *("08/28", "8/28", "08-28", "08.28", "08 28", "08/2028", "08-2028", "08 2028", "8 2028", "082028"),
        *(
            "2028-08",
            "2028/8",
            "Aug 2028",
            "AUG 2028",
            "Aug. 2028",
            "August 2028",
            "aug 28",
            "Aug-28",
            "aug28",
            "AUG2028",
        ),
        *("EXP 08 2028", "EXP: 08/28", "Exp. Aug 2028", "exp08/2028", "Expires 08/28", "Use by 08/2028"),
        *("agosto 2028", "ago 2028", "agosto de 2028", "31 de agosto de 2028", "Vence 08/28", "CAD 08 2028"),
        *("08/31/2028", "8/31/2028", "08-31-28", "08 31 2028", "2028-08-31", "2028/08/31"),
        *("August 31, 2028", "Aug 31 2028", "31 Aug 2028", "31-AUG-28", "2028 Aug 31", "EXP 08/31/28"),
    ],
)
def test_a_month_means_its_last_day_and_a_day_itself(text: str) -> None:
    assert read_expiration(text) == END_OF_AUGUST


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("02/2028", date(2028, 2, 29)),
        ("12/28", date(2028, 12, 31)),
        ("08/10/2028", date(2028, 8, 10)),  # as Americans write it
        ("may 2030", date(2030, 5, 31)),
        ("sept 29", date(2029, 9, 30)),
    ],
)
def test_each_way_of_writing_has_one_meaning(text: str, day: date) -> None:
    assert read_expiration(text) == day


@pytest.mark.parametrize(
    "text",
    [
        *("soon", "2028", "28", "0828", "28/08", "31/08/2028", "13/2028", "00/28", "2028-13", "8/2/208"),
        *(
            "2/30/2028",
            "Foo 2028",
            "Aug",
            "Aug Sep 2028",
            "08/2028/08/2028",
            "EXP",
            "٠٨/٢٨",
            "08/1999",
            "Aug 31 2028 1",
            "de 2028",
        ),
    ],
)
def test_what_could_mean_anything_is_answered_with_an_example(text: str) -> None:
    with pytest.raises(forms.ValidationError, match="for example 08 2028"):
        read_expiration(text)
