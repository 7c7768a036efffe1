"""Code 128, set B: the one encoder of the slip's barcodes, on the page and in the PDF.

Widths are counted in modules, the width of the narrowest bar.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

QUIET = 10
"""Modules without ink that a scanner needs on either side."""

_START_B, _CHECK_MODULUS = 104, 103
_STOP = "2331112"
# The widths of bars and gaps in turn, for the values 0 to 105.
_WIDTHS = (  # noqa: SIM905  a list of 106 texts would hide the table
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 "
    "113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 "
    "212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 "
    "113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 "
    "314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 "
    "241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 "
    "214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 "
    "211232"
).split()


@dataclass(frozen=True, slots=True)
class Barcode:
    """The bars of a text as (start, width), and the width of it all with both quiet zones."""

    text: str
    bars: tuple[tuple[int, int], ...]
    width: int


def code128(text: str) -> Barcode | None:
    """The barcode of a text of printable ASCII; None for any other, which set B can't say, and for none."""
    if not text or not all(" " <= sign <= "~" for sign in text):
        return None
    widths = [int(width) for symbol in _symbols(text) for width in symbol]
    edges = list(accumulate(widths, initial=QUIET))
    return Barcode(text, tuple(zip(edges[:-1:2], widths[::2], strict=True)), edges[-1] + QUIET)


def _symbols(text: str) -> Iterator[str]:
    values = [ord(sign) - ord(" ") for sign in text]
    check = (_START_B + sum(place * value for place, value in enumerate(values, start=1))) % _CHECK_MODULUS
    yield _WIDTHS[_START_B]
    yield from (_WIDTHS[value] for value in (*values, check))
    yield _STOP
