"""Reads static/css/tokens.css: what each token is in every theme, in light and in dark."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOKENS = (ROOT / "static/css/tokens.css").read_text()
THEMES = ("", 'data-area="desk"', *(f'data-storefront="{look}"' for look in ("le-petit-spa", "image-consumer")))
THEMES += ('data-storefront="image-professional"',)
SCHEMES = ("light", "dark")
_DARK = "@media (prefers-color-scheme: dark)"


def tokens(theme: str, scheme: str) -> dict[str, str]:
    """Token → value, as the cascade leaves it: the neutral set, then the theme's, dark over light."""
    text = re.sub(r"/\*.*?\*/", "", TOKENS, flags=re.DOTALL)
    light, _, rest = text.partition(_DARK)
    dark, _, after = rest.partition("\n}\n")
    found: dict[str, str] = {}
    for part in (light + after, dark if scheme == "dark" else ""):
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", part.lstrip(" {")):
            wanted = re.findall(r"\[([^\]]+)\]", selector.replace(':not([data-theme="light"])', ""))
            if not wanted or wanted == [theme]:
                found |= dict(re.findall(r"(--[\w-]+):\s*([^;]+);", body))
    return found


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colors by WCAG 2.x, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(color: str) -> float:
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
