"""Lines as files: CSV as text in pieces, XLSX with typed cells. Both are written row by row and kept in memory nowhere.

A text that a spreadsheet would take for a formula stays a text in both (B26).
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from returns.components import STATUS_LOOKS
from returns.reports.lines import Line
from returns.wording.desk import REASON_WORDS, RESOLUTION_WORDS

HEAD = (
    "RMA number",
    "Reference",
    "Storefront",
    "Order",
    "Customer",
    "Account",
    "Status",
    "Requested",
    "Decided",
    "Received",
    "Settled",
    "Due",
    "Line",
    "SKU",
    "Product",
    "Reason",
    "Declared",
    "Found",
    "Units asked",
    "Units authorized",
    "Units accepted",
    "Customer gets",
    "Price paid",
    "Fee",
    "Amount",
    "Currency",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
BYTE_ORDER_MARK = "\ufeff"
"""Spreadsheet programs take the file for UTF-8 only with it."""

AT_ONCE = 1_000
"""Lines in one piece of a CSV file."""

SHEET_HOLDS = 1_000_000
"""Lines in one sheet of a workbook; programs stop reading at 1,048,576 rows."""

Progress = Callable[[int], None]
"""Told how many lines are written."""

_WORDS = {
    "status": {status.value: look.word(staff=True) for status, look in STATUS_LOOKS.items()},
    "reason": {reason.value: words for reason, words in REASON_WORDS.items()},
    "resolution": {given.value: words for given, words in RESOLUTION_WORDS.items()},
}


def said(line: Line) -> Line:
    """The line with words instead of codes."""
    return line._replace(
        status=_WORDS["status"].get(line.status, line.status),
        reason=_WORDS["reason"].get(line.reason, line.reason),
        resolution=_WORDS["resolution"].get(line.resolution, line.resolution),
    )


def csv_pieces(lines: Iterable[Line]) -> Iterator[str]:
    """The file as text, a thousand lines at a time; the heading first."""
    rows = (tuple(map(_as_text, said(line))) for line in lines)
    yield BYTE_ORDER_MARK + _written([HEAD])
    while piece := list(islice(rows, AT_ONCE)):
        yield _written(piece)


def _written(rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _as_text(cell: object) -> str:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA) else cell
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return str(cell)


def write_csv(lines: Iterable[Line], path: Path, progress: Progress) -> None:
    """The CSV file, piece by piece."""
    written = -1  # the heading
    with path.open("w", encoding="utf-8", newline="") as file:
        for piece in csv_pieces(lines):
            file.write(piece)
            written += 1
            progress(written * AT_ONCE)


def write_xlsx(lines: Iterable[Line], path: Path, progress: Progress) -> None:
    """The workbook: dates are dates, amounts numbers with two places, texts texts."""
    book = Workbook(write_only=True)
    sheet = Sheet(book, "Lines")
    for number, line in enumerate(lines, start=1):
        if number > 1 and number % SHEET_HOLDS == 1:
            sheet = Sheet(book, f"Lines {number // SHEET_HOLDS + 1}")
        sheet.add(said(line))
        if number % AT_ONCE == 0:
            progress(number)
    book.save(path)


class Sheet:
    """One sheet; cells that need more than a value are made once and filled again for every row."""

    def __init__(self, book: Workbook, name: str) -> None:
        self.sheet = book.create_sheet(name)
        self.sheet.freeze_panes = "A2"
        self.sheet.append(HEAD)
        self.formatted: dict[tuple[type, int], Any] = {}

    def add(self, line: Line) -> None:
        """One row."""
        self.sheet.append([self._typed(cell, place) for place, cell in enumerate(line)])

    def _typed(self, cell: object, place: int) -> object:
        if isinstance(cell, str):
            clean = ILLEGAL_CHARACTERS_RE.sub("", cell)
            # Only the equals sign makes a formula of a cell, and only where its type isn't said.
            return self._cell(place, str, clean, "@") if clean.startswith("=") else clean
        if isinstance(cell, Decimal):
            return self._cell(place, Decimal, cell, "0.00")
        if isinstance(cell, datetime):
            return self._cell(place, datetime, cell.replace(second=0, microsecond=0), "yyyy-mm-dd hh:mm")
        return cell

    def _cell(self, place: int, kind: type, value: object, look: str) -> object:
        made = self.formatted.get((kind, place))
        if made is None:
            made = self.formatted[kind, place] = WriteOnlyCell(self.sheet)
            made.number_format = look
        made.value = value
        if kind is str:
            made.data_type = "s"
        return made
