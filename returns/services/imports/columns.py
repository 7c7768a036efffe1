"""Reading a CSV file row by row: columns by name, values with what is wrong about them."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from io import StringIO

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from returns.services.imports import RowError, clean_text

# What a column of an amount holds, and so the most that an order's sums may come to.
MOST_MONEY = Decimal("9999999999.99")
CENT = Decimal("0.01")
LONGEST_EMAIL = 254
# Far from both ends of the calendar, so that no count of days or years can fall off it.
YEARS = range(1900, 2900)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a CSV file, its columns found whatever their case, spaces and dashes."""

    line: int
    values: Mapping[str, str]

    def text(self, column: str, *, longest: int, required: bool = False) -> str:
        """The cleaned text, empty where the column is; RowError where it is required or too long."""
        # Called for every cell of a file, so almost all of them leave it without another call.
        value = self.values.get(column, "").strip()
        if not value.isprintable():
            value = clean_text(value)
        if required and not value:
            raise RowError(f"{column} is empty")
        return value if len(value) <= longest else fitting(value, column, longest)

    def email(self, column: str, *, required: bool = False) -> str:
        """An e-mail address in small letters."""
        value = self.text(column, longest=LONGEST_EMAIL, required=required)
        return read_email(value, column) if value else ""

    def choice(self, column: str, allowed: Iterable[str], *, default: str | None = None) -> str:
        """One of the allowed words, whatever its case."""
        value = self.text(column, longest=60).lower().replace(" ", "_").replace("-", "_") or default
        if value is None:
            raise RowError(f"{column} is empty; allowed are {', '.join(allowed)}")
        if value not in allowed:
            raise RowError(f"{column} is “{value}”; allowed are {', '.join(allowed)}")
        return value

    def amount(self, column: str, *, most: Decimal = MOST_MONEY) -> Decimal | None:
        """A number from zero to `most` with at most two decimals, None where it is empty."""
        value = self.text(column, longest=20)
        return read_amount(value, column, most=most) if value else None

    def day(self, column: str) -> date | None:
        """A date as YYYY-MM-DD, None where it is empty."""
        value = self.text(column, longest=20)
        return read_day(value, column) if value else None


def fitting(value: str, column: str, longest: int) -> str:
    """The text; RowError where it is too long for its column."""
    if len(value) > longest:
        raise RowError(f"{column} is longer than {longest} characters")
    return value


def read_email(value: str, column: str) -> str:
    """One e-mail address in small letters; RowError otherwise."""
    try:
        validate_email(value)
    except ValidationError as error:
        raise RowError(f"{column} “{value}” isn't an email address") from error
    # Small letters can be more letters than there were.
    return fitting(value.lower(), column, LONGEST_EMAIL)


def read_amount(value: object, column: str, *, most: Decimal = MOST_MONEY) -> Decimal:
    """A number from zero to `most` with at most two decimals; RowError otherwise."""
    text = str(value).strip().removeprefix("$")
    try:
        amount = Decimal(text) if text.isascii() else None
    except InvalidOperation:
        amount = None
    if amount is None or not amount.is_finite() or amount < 0 or "e" in text.lower():
        raise RowError(f"{column} “{value}” isn't an amount such as 12.50")
    if amount > most:
        raise RowError(f"{column} “{value}” is more than {most}")
    rounded = amount.quantize(CENT)
    if amount != rounded:
        raise RowError(f"{column} “{value}” has more than two decimals")
    return rounded


def read_day(value: object, column: str) -> date:
    """A date as YYYY-MM-DD; RowError otherwise, or where its year is a slip."""
    try:
        day = date.fromisoformat(str(value).strip())
    except ValueError as error:
        raise RowError(f"{column} “{value}” isn't a date such as 2028-03-31") from error
    check_year(day, column)
    return day


def check_year(when: date | datetime, column: str) -> None:
    """RowError where the year isn't one that a shop can mean."""
    if when.year not in YEARS:
        raise RowError(f"{column} “{when.isoformat()}” isn't between {YEARS.start} and {YEARS.stop - 1}")


def lines_of(text: str) -> Iterator[str]:
    """The lines of a CSV file. What else separates lines somewhere (U+2028, a form feed) is a part of its cell."""
    return StringIO(text, newline="")


def rows(lines: Iterable[str], required: Sequence[str]) -> Iterator[Row | tuple[int, str]]:
    """The rows of a CSV file with a heading; a pair of line and problem for one that can't be read as a row.

    Raises RowError where the heading is missing, lacks a required column, or names one twice.
    """
    reader = csv.reader(lines, strict=True)
    heading = _heading(reader, required)
    while True:
        first = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield first, _unreadable(first, reader.line_num, error)
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(heading):
            yield reader.line_num, f"has {len(cells)} cells, the heading has {len(heading)}"
            continue
        yield Row(reader.line_num, dict(zip(heading, cells, strict=True)))


def _heading(lines: Iterator[list[str]], required: Sequence[str]) -> list[str]:
    """The names of the columns; a column without one may stand there more than once, because nobody reads it."""
    try:
        heading = [column_name(cell) for cell in next(lines, [])]
    except csv.Error as error:
        raise RowError(f"the heading can't be read: {error}") from error
    if missing := [column for column in required if column not in heading]:
        raise RowError(f"the heading has no column {', '.join(missing)}")
    if twice := sorted({column for column in heading if column and heading.count(column) > 1}):
        raise RowError(f"the heading names a column twice: {', '.join(twice)}")
    return heading


def _unreadable(first: int, last: int, error: csv.Error) -> str:
    """Why a row can't be read; a quotation mark that nobody closes takes all the lines behind it along."""
    along = f", nor what follows up to line {last}" if last > first else ""
    return f"can't be read{along}: {error}"


def column_name(heading: str) -> str:
    """`Main contact` and `main-contact` are main_contact."""
    return heading.strip().lstrip("\ufeff").lower().replace(" ", "_").replace("-", "_")
