"""A shop's one color becomes a set in which everything can be read, whatever the color is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from returns.domain.accents import contrast, dark_set, light_set, mark_of, readable, stylesheet
from tests.look.css_tokens import contrast as measured

LIGHT, DARK = ("#f6f4ee", "#ffffff"), ("#121615", "#1a1f1e")
colors = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colors)
def test_every_color_becomes_a_set_that_can_be_read(color: str) -> None:
    for found, grounds, inks in (
        (light_set(color), LIGHT, ("#1d2422", "#545c58")),
        (dark_set(color), DARK, ("#eceae3", "#adb4af")),
    ):
        assert min(measured(found.accent, ground) for ground in grounds) >= 7
        assert min(measured(found.link, ground) for ground in grounds) >= 4.5
        assert min(measured(found.on_accent, each) for each in (found.accent, found.accent_strong)) >= 4.5
        assert min(measured(found.accent_soft, each) for each in (*inks, found.link)) >= 4.5


@given(colors)
def test_what_can_be_read_already_stays_as_it_is(color: str) -> None:
    once = readable(color)
    assert readable(once) == once
    assert (once == color) == (contrast(color, LIGHT[0]) >= 7)


@pytest.mark.parametrize("shipped", ["#7a3b5a", "#0d5963", "#37418c"])
def test_the_accents_that_come_with_the_portal_need_no_correction(shipped: str) -> None:
    assert readable(shipped) == shipped


def test_the_name_of_a_style_sheet_follows_its_content() -> None:
    one, other = stylesheet("green-pot", "#2f6b3a"), stylesheet("green-pot", "#2f6b3b")
    assert one.startswith(':root[data-storefront="green-pot"]{--accent:#')
    assert mark_of(one) != mark_of(other)
