"""How a slip fits on paper that is as narrow as A4 and as low as Letter, in millimeters.

The page and the PDF draw what is planned here. Lengths of text are guessed from the number of signs, for wide letters,
because the page is set in whatever font the device has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TypeVar

from returns.slips.contents import Slip, SlipLine

Thing = TypeVar("Thing")

WIDTH, HEIGHT, OUTSIDE, CUT = 184.0, 250.0, 106.0, 9.0
HEAD, TITLE, TABLE_HEAD, FOOT, FURTHER = 30.0, 9.0, 6.5, 11.0, 6.0
QR = 33.0
ROW, LINE_PAD, CHECK_PAD = 4.4, 2.4, 1.2
SIGNS_OF_TITLE, SIGNS_OF_TOLD, SIGNS_OF_CHECK, SIGNS_OF_MARK = 40, 26, 68, 18
MARK_ROW = 17.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one sheet holds of the half that goes into the box."""

    lines: Sequence[SlipLine]
    checks: Sequence[str]


def sheets(slip: Slip) -> list[Sheet]:
    """The slip's sheets: the outside half stands on the first, and what finds no room there on further ones."""
    room = HEIGHT - OUTSIDE - CUT - HEAD - FOOT - MARK_ROW * (mark_rows(slip.mark) - 1)
    checks, later_checks = _filled(slip.checks, [check_height(check) for check in slip.checks], room - 2 * TITLE - 30)
    room -= 2 * TITLE + TABLE_HEAD + max(QR, sum(check_height(check) for check in checks))
    heights = [line_height(line) for line in slip.lines]
    if sum(heights) > room:
        room -= FURTHER
    lines, later_lines = _filled(slip.lines, heights, room)
    return [Sheet(lines, checks), *_further(later_lines, later_checks)]


def _further(lines: Sequence[SlipLine], checks: Sequence[str]) -> list[Sheet]:
    found = []
    while lines or checks:
        room = HEIGHT - HEAD - 2 * TITLE - TABLE_HEAD - FURTHER
        here, lines = _filled(lines, [line_height(line) for line in lines], room)
        room -= sum(line_height(line) for line in here)
        checked, checks = ((), checks) if lines else _filled(checks, [check_height(each) for each in checks], room)
        found.append(Sheet(here, checked))
    return found


def _filled(things: Sequence[Thing], heights: Sequence[float], room: float) -> tuple[Sequence[Thing], Sequence[Thing]]:
    """As many of them as the room takes, one at least, and the rest."""
    taken, used = 0, 0.0
    for height in heights:
        if used + height > room and taken:
            break
        taken, used = taken + 1, used + height
    return things[:taken], things[taken:]


def line_height(line: SlipLine) -> float:
    """What a product takes in the table."""
    return line_rows(line) * ROW + LINE_PAD


def line_rows(line: SlipLine) -> int:
    """The rows of text that a product takes in the table."""
    return max(ceil(len(line.title) / SIGNS_OF_TITLE), ceil(len(line.told) / SIGNS_OF_TOLD), 1)


def check_height(check: str) -> float:
    """What a sentence takes in the list to tick."""
    return check_rows(check) * ROW + CHECK_PAD


def check_rows(check: str) -> int:
    """The rows of text that a sentence takes there."""
    return max(ceil(len(check) / SIGNS_OF_CHECK), 1)


def mark_rows(mark: str) -> int:
    """How many rows the mark on the box takes, in letters of 40 points."""
    return max(ceil(len(mark) / SIGNS_OF_MARK), 1)
