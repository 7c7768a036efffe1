"""Lines as files: CSV as text in pieces, XLSX with typed cells. Both are written row by row and kept in memory nowhere.

A workbook is put together on the disk beside where it will lie: about as much again as all of its cells as text.

A text that a spreadsheet would take for a formula stays a text in both (B26).
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from returns.components import STATUS_LOOKS
from returns.reports.lines import Line
from returns.reports.periods import DAY
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
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a formula begins with; the last four are the wide signs of East Asian keyboards."""

BYTE_ORDER_MARK = "\ufeff"
"""Spreadsheet programs take the file for UTF-8 only with it."""

AT_ONCE = 1_000
"""Lines in one piece of a CSV file."""

SHEET_HOLDS = 1_000_000
"""Lines in one sheet of a workbook; programs stop reading at 1,048,576 rows."""

UNKNOWN_TO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
NO_DAY = datetime(1899, 12, 30)  # noqa: DTZ001  the storefront's clock, as spreadsheets have it
"""Spreadsheets count moments in days from here."""

LOOKS = {Decimal: "0.00", datetime: "yyyy-mm-dd hh:mm", date: "yyyy-mm-dd"}

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


def harmless(text: str) -> str:
    """The text as a spreadsheet shows it and doesn't compute it (B26)."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _as_text(cell: object) -> str:
    if isinstance(cell, str):
        return harmless(cell)
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
    """The workbook: dates are dates, amounts numbers, texts texts. A full sheet is followed by another one."""
    with Workbook(path, {"constant_memory": True, "tmpdir": str(path.parent)}) as book:
        book.use_zip64()
        looks = {kind: book.add_format({"num_format": look}) for kind, look in LOOKS.items()}
        sheet = _sheet(book, 0)
        for number, line in enumerate(lines):
            row = number % SHEET_HOLDS + 1
            if number and row == 1:
                sheet = _sheet(book, number // SHEET_HOLDS)
            for column, cell in enumerate(said(line)):
                if isinstance(cell, str):
                    sheet.write_string(row, column, cell if cell.isprintable() else UNKNOWN_TO_XML.sub("", cell))
                elif cell is not None:
                    sheet.write_number(row, column, _as_number(cell), looks.get(type(cell)))
            if (number + 1) % AT_ONCE == 0:
                progress(number + 1)


def _sheet(book: Workbook, number: int) -> Worksheet:
    sheet = book.add_worksheet(f"Lines {number + 1}" if number else "Lines")
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, HEAD)
    return sheet


def _as_number(cell: Decimal | date | int) -> Decimal | int | float:
    if isinstance(cell, datetime):
        return (cell.replace(second=0, microsecond=0) - NO_DAY) / DAY
    if isinstance(cell, date):
        return (cell - NO_DAY.date()).days
    return cell
