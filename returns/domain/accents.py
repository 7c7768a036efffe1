"""One color of a shop becomes the set that its pages need, light and dark, each readable by WCAG 2.x.

Hue and saturation stay the shop's; lightness alone is moved, and only as far as it must be: text in the accent has
7:1 on paper, text on a button and on the soft ground 4.5:1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass

STRONG, ENOUGH = 7.0, 4.5
"""The least contrast of the accent on paper, and of text on what it colors."""

_STEP = 0.005
_LIGHT_GROUNDS, _DARK_GROUNDS = ("#f6f4ee", "#ffffff"), ("#121615", "#1a1f1e")
_LIGHT_INKS, _DARK_INKS = ("#1d2422", "#545c58"), ("#eceae3", "#adb4af")
_WHITE, _INK = "#ffffff", "#0f1614"


@dataclass(frozen=True, slots=True)
class AccentSet:
    """The colors of one scheme, by the names of the style sheet."""

    accent: str
    accent_strong: str
    accent_soft: str
    on_accent: str
    link: str


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colors, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable(color: str) -> str:
    """The color itself where it can be read on paper, else the nearest darker one of its hue that can."""
    return next(shade for shade in _shades(color, -_STEP) if _least(shade, _LIGHT_GROUNDS) >= STRONG)


def light_set(color: str) -> AccentSet:
    """The colors on paper."""
    accent = readable(color)
    soft = _soft(accent, _WHITE, _LIGHT_INKS)
    return AccentSet(accent, _mixed(accent, "#000000", 0.3), soft, _WHITE, accent)


def dark_set(color: str) -> AccentSet:
    """The colors in the dark."""
    accent = next(shade for shade in _shades(color, _STEP) if _least(shade, _DARK_GROUNDS) >= STRONG)
    soft = _soft(accent, _DARK_GROUNDS[1], _DARK_INKS)
    return AccentSet(accent, _mixed(accent, _WHITE, 0.5), soft, _INK, accent)


def stylesheet(look: str, color: str) -> str:
    """The colors of a storefront's pages as a style sheet; ``look`` is a slug."""
    light, dark = (_declared(colors) for colors in (light_set(color), dark_set(color)))
    selector = f':root[data-storefront="{look}"]'
    return (
        f'{selector}{{{light}}}\n@media (prefers-color-scheme:dark){{{selector}:not([data-theme="light"]){{{dark}}}}}\n'
    )


def mark_of(text: str) -> str:
    """The mark of a style sheet's content in its name, so that it can be kept for ever."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _declared(colors: AccentSet) -> str:
    pairs = (
        ("accent", colors.accent),
        ("accent-strong", colors.accent_strong),
        ("accent-soft", colors.accent_soft),
        ("on-accent", colors.on_accent),
        ("link", colors.link),
    )
    return "".join(f"--{name}:{value};" for name, value in pairs)


def _soft(accent: str, ground: str, inks: tuple[str, ...]) -> str:
    """The accent mixed into the ground until text and the accent itself can be read on it."""
    shares = (0.82 + 0.01 * step for step in range(19))
    mixes = (_mixed(accent, ground, min(share, 1.0)) for share in shares)
    return next((mix for mix in mixes if _least(mix, (accent, *inks)) >= ENOUGH), ground)


def _least(color: str, others: tuple[str, ...]) -> float:
    return min(contrast(color, other) for other in others)


def _shades(color: str, step: float) -> Iterator[str]:
    """The color, then ever darker or lighter ones of its hue, black or white at last."""
    yield color
    hue, lightness, saturation = rgb_to_hls(*_channels(color))
    while 0 < lightness < 1:
        lightness = min(max(lightness + step, 0.0), 1.0)
        yield _hex(hls_to_rgb(hue, lightness, saturation))
    yield _WHITE if step > 0 else "#000000"


def _mixed(one: str, other: str, share: float) -> str:
    """One color with a share of the other."""
    red, green, blue = (
        mine + (theirs - mine) * share for mine, theirs in zip(_channels(one), _channels(other), strict=True)
    )
    return _hex((red, green, blue))


def _channels(color: str) -> tuple[float, float, float]:
    return int(color[1:3], 16) / 255, int(color[3:5], 16) / 255, int(color[5:7], 16) / 255


def _hex(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)


def _luminance(color: str) -> float:
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
