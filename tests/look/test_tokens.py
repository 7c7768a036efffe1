"""The colors: every pair that stands on a page can be read, in every theme, in light and in dark (ux, section 2)."""

from collections.abc import Iterator
from itertools import product

import pytest

from returns.components import Kind
from tests.look.css_tokens import SCHEMES, THEMES, contrast, tokens

GROUNDS = ("ground", "surface", "sunken")
QUIET = [kind.value for kind in Kind if kind is not Kind.LATE]


def readable() -> Iterator[tuple[str, str, float]]:
    """Text on what lies behind it, and the least contrast it needs."""
    yield from ((ink, ground, 4.5) for ink, ground in product(("ink", "ink-soft", "link"), GROUNDS))
    yield from (("accent", ground, 7.0) for ground in ("ground", "surface"))
    yield from (("on-accent", accent, 4.5) for accent in ("accent", "accent-strong"))
    yield from ((ink, "accent-soft", 4.5) for ink in ("ink", "ink-soft", "link", "accent"))
    yield from ((f"{kind}-ink", f"{kind}-fill", 6.5) for kind in (*QUIET, "late"))
    yield from ((f"{kind}-ink", ground, 4.5) for kind, ground in product(QUIET, ("ground", "surface")))
    yield from (("ink", f"{kind}-fill", 7.0) for kind in QUIET)
    yield "ink", "mark", 7.0
    yield from ((ink, bar, 4.5) for ink, bar in product(("bar-ink", "bar-soft"), ("bar", "bar-here")))


def visible() -> Iterator[tuple[str, str, float]]:
    """Borders of controls, bars, rings and charts, which need 3:1 beside what they lie on."""
    yield from (("edge", ground, 3.0) for ground in ("ground", "surface"))
    yield from (("focus", ground, 3.0) for ground in GROUNDS)
    yield from (("bar-focus", bar, 3.0) for bar in ("bar", "bar-here"))
    yield from (("bar-edge", bar, 3.0) for bar in ("bar", "bar-here"))
    yield from ((f"{kind}-edge", ground, 3.0) for kind, ground in product(QUIET, ("surface", "ground")))
    yield from ((f"chart-{number}", "surface", 3.0) for number in (1, 2, 3, 4))
    shops = ("le-petit-spa", "image-consumer", "image-professional")
    yield from ((f"shop-{shop}", "surface", 3.0) for shop in shops)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("theme", THEMES)
def test_every_pair_of_colors_can_be_read(theme: str, scheme: str) -> None:
    found = tokens(theme, scheme)
    too_weak = {
        f"{front} on {back}": round(ratio, 2)
        for front, back, least in (*readable(), *visible())
        if (ratio := contrast(found[f"--{front}"], found[f"--{back}"])) < least
    }
    assert not too_weak


def test_the_themes_differ_by_accent_and_never_by_status() -> None:
    seen = {theme: tokens(theme, "light") for theme in THEMES}
    assert len({found["--accent"] for found in seen.values()}) == 4  # the desk has the neutral one
    for kind in Kind:
        assert len({found[f"--{kind}-fill"] for found in seen.values()}) == 1


def test_dark_is_a_set_of_its_own_for_every_color() -> None:
    light, dark = tokens("", "light"), tokens("", "dark")
    colors = {name for name, value in light.items() if value.startswith("#") and not name.startswith("--bar")}
    assert {name for name in colors if light[name] == dark[name]} == set()


def test_the_reader_of_this_file_tells_black_from_white() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0
    assert contrast("#777777", "#777777") == 1.0
