"""In which font a slip says something: those that every reader has, or ours, which then goes into the file.

Ours comes from the DejaVu family (LICENSE) and knows the letters of every language that is written in Latin, Greek or
Cyrillic ones. What it doesn't know either is printed as a box: whoever reads the slip sees that a sign is missing.
"""

import unicodedata
from functools import cache
from pathlib import Path

from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont

TEXT, BOLD, TITLE, CODE = "Helvetica", "Helvetica-Bold", "Times-Bold", "Courier-Bold"
MISSING = "\N{WHITE SQUARE}"

_HERE = Path(__file__).parent
_OURS = {"DejaVuSansCondensed", "DejaVuSansCondensed-Bold"}
_INSTEAD = {TEXT: "DejaVuSansCondensed"}
_INSTEAD_OF_BOLD = "DejaVuSansCondensed-Bold"
# Directions, joiners and selectors say how signs are drawn, and are none.
_UNSEEN = {"Cf", "Cc"}


def set_in(text: str, font: str) -> tuple[str, str]:
    """The text as it can be printed, and the font for it: the wanted one, or ours where that lacks a sign."""
    plain = "".join(_visible(sign) for sign in unicodedata.normalize("NFC", text))
    if font not in _OURS and all(_is_everywhere(sign) for sign in plain):
        return plain, font
    name = font if font in _OURS else _INSTEAD.get(font, _INSTEAD_OF_BOLD)
    return "".join(_known(sign, _signs_of(name)) for sign in plain), name


def _visible(sign: str) -> str:
    if sign.isspace() and sign != "\N{NO-BREAK SPACE}":
        return " "
    return "" if unicodedata.category(sign) in _UNSEEN else sign


def _is_everywhere(sign: str) -> bool:
    """Whether the fonts that every reader has know it."""
    try:
        sign.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _known(sign: str, signs: frozenset[str]) -> str:
    """The sign, else without its accent, else a box; an accent alone that is unknown is left out."""
    if sign in signs:
        return sign
    bare = unicodedata.normalize("NFKD", sign)[0]
    if unicodedata.combining(bare):
        return ""
    return bare if bare in signs else MISSING


@cache
def _signs_of(name: str) -> frozenset[str]:
    """What a font of ours knows; it is read when the first slip needs it."""
    font = TTFont(name, _HERE / f"{name}.ttf")
    registerFont(font)
    return frozenset(chr(code) for code in font.face.charToGlyph)
