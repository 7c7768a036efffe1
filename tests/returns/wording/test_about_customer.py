"""What customers read about themselves, staff read about them."""

import pytest

from returns.wording.desk import about_customer


@pytest.mark.parametrize(
    ("told", "about"),
    [
        ("Yours is July 4, 2027.", "Expires July 4, 2027."),
        (
            "You returned an opened product in March 2026. That is possible once.",
            "They returned an opened product in March 2026. That is possible once.",
        ),
        ("It isn't complete, and as you received it.", "It isn't complete, and as they received it."),
        ("Day 34 after your order, 20% less.", "Day 34 after the order, 20% less."),
        ("You get a refund, in full.", "They get a refund, in full."),
        (
            "Nothing arrived. A person looks for it with you. You hear from us by email.",
            "Nothing arrived. Look for it with the customer and the carrier.",
        ),
        (
            "We can't see when it arrived. A person decides. You hear from us by email.",
            "We can't see when it arrived. A person decides.",
        ),
        ("Returns are closed since day 16.", "Returns are closed since day 16."),
    ],
)
def test_a_sentence_for_the_customer_reads_about_them(told: str, about: str) -> None:
    assert about_customer(told) == about
