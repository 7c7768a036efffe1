"""The slip as a PDF: real text, in the fonts that every reader has where they suffice, the same sheets as the page."""

from collections.abc import Sequence
from io import BytesIO

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from segno import make_qr

from returns.slips import sheets as plan
from returns.slips.code128 import code128
from returns.slips.contents import Slip, SlipLine
from returns.slips.fonts import BOLD, CODE, TEXT, TITLE, set_in
from returns.slips.sheets import Sheet, sheets

PAPERS = {"letter": LETTER, "a4": A4}
BODY, SMALL, MARK = 10.0, 8.5, 42.0
LEFT = 13.0
ROWS_OF_SENDER = 6  # what stands below begins there


def slip_pdf(slip: Slip, *, paper: str) -> bytes:
    """The file, on `letter` or `a4`."""
    target = BytesIO()
    width, height = PAPERS[paper]
    canvas = Canvas(target, pagesize=(width, height), lang=get_language() or "en", invariant=1)
    canvas.setTitle(_("Return slip %(number)s") % {"number": slip.number})
    canvas.setAuthor(slip.shop)
    pages = sheets(slip)
    for number, sheet in enumerate(pages, start=1):
        _Page(canvas, width / mm, height / mm).draw(slip, sheet, number, len(pages))
        canvas.showPage()
    canvas.save()
    return target.getvalue()


class _Page:
    """One sheet, drawn from the top down; places are millimeters from the upper left corner."""

    def __init__(self, canvas: Canvas, width: float, height: float) -> None:
        self.canvas = canvas
        self.right = width - LEFT
        self.height = height
        self.y = (height - plan.HEIGHT) / 2

    def draw(self, slip: Slip, sheet: Sheet, number: int, pages: int) -> None:
        """The half for the box, and on the first sheet the half for the outside."""
        top = self.y
        self._head(slip, number, pages)
        if sheet.lines:
            self._table(sheet.lines, is_continued=number < pages)
        if sheet.checks:
            self._checks(slip, sheet.checks, with_code=number == 1)
        if number == 1:
            self._small(slip.small)
            self.y = top + plan.HEIGHT - plan.OUTSIDE - plan.MARK_ROW * (plan.mark_rows(slip.mark) - 1)
            self._cut()
            self._outside(slip, top + plan.HEIGHT)

    # ---------------------------------------------------------------------------------------------------- inside

    def _head(self, slip: Slip, number: int, pages: int) -> None:
        top = self.y
        self._say(slip.shop, LEFT, top + 4, TITLE, 12)
        title = _("Return slip") if pages == 1 else _("Return slip, sheet %(number)s of %(pages)s")
        self._say(title % {"number": number, "pages": pages}, LEFT, top + 11.5, TITLE, 18)
        self._say(slip.sender, LEFT, top + 18, TEXT, BODY, room=self.right - LEFT - 108)
        self._say(_("Order %(number)s") % {"number": slip.order_number}, LEFT, top + 22.5, BOLD, BODY)
        inside = _("Put this half in the box.") if number == 1 else _("Put this sheet in the box.")
        self._say(inside, LEFT, top + 26.5, TEXT, SMALL)
        self._barcode(slip.number, self.right - 104, top, 104, 15)
        self._say(slip.number, self.right - 52, top + 20.5, CODE, 14, align=0.5)
        self.y = top + plan.HEAD

    def _table(self, lines: Sequence[SlipLine], *, is_continued: bool) -> None:
        self._title(_("In this package"))
        self._say(_("Product"), LEFT + 9, self.y + 4, BOLD, SMALL)
        self._say(_("Quantity"), LEFT + 106, self.y + 4, BOLD, SMALL, align=0.5)
        self._say(_("You told us"), LEFT + 118, self.y + 4, BOLD, SMALL)
        self.y += plan.TABLE_HEAD
        self._rule()
        for line in lines:
            top = self.y
            self._box(top + 1.2)
            most = plan.line_rows(line)
            self._rows(line.title, LEFT + 9, top, 88, most=most)
            self._say(str(line.quantity), LEFT + 106, top + 4.6, TEXT, BODY, align=0.5)
            self._rows(line.told, LEFT + 118, top, self.right - LEFT - 118, most=most)
            self.y = top + plan.line_height(line)
            self._rule()
        if is_continued:
            self._say(_("More on the next sheet."), LEFT + 9, self.y + 4.5, TEXT, SMALL)
            self.y += plan.FURTHER

    def _checks(self, slip: Slip, checks: Sequence[str], *, with_code: bool) -> None:
        self._title(_("Before you close the box"))
        top = self.y
        if with_code:
            self._code(slip.url, self.right - 30, top - 5, 28)
            self._say(_("Follow your return"), self.right - 16, top + 26.5, TEXT, SMALL, align=0.5)
        for check in checks:
            self._box(self.y + 0.6)
            self._rows(check, LEFT + 7, self.y - 0.7, self.right - LEFT - 45, most=plan.check_rows(check))
            self.y += plan.check_height(check)
        if with_code:
            self.y = max(self.y, top + plan.QR - 4)

    def _small(self, text: str) -> None:
        self._rows(text, LEFT, self.y, self.right - LEFT, size=SMALL)

    # --------------------------------------------------------------------------------------------------- outside

    def _cut(self) -> None:
        words = _("Cut here, and tape this half to the outside of the box.")
        middle, y = (LEFT + self.right) / 2, self.y - plan.CUT / 2
        gap = stringWidth(*set_in(words, TEXT), SMALL) / mm / 2 + 3
        self.canvas.setDash(2, 2)
        self._line(LEFT, middle - gap, y)
        self._line(middle + gap, self.right, y)
        self.canvas.setDash()
        self._say(words, middle, y + 1, TEXT, SMALL, align=0.5)

    def _outside(self, slip: Slip, bottom: float) -> None:
        top, half = self.y, (LEFT + self.right) / 2 + 12
        self.canvas.setLineWidth(2)
        self.canvas.roundRect(
            LEFT * mm, self._up(bottom), (self.right - LEFT) * mm, (bottom - top) * mm, 4 * mm, stroke=1, fill=0
        )
        self.canvas.setLineWidth(0.5)
        self._say(_("From"), LEFT + 7, top + 9, TEXT, SMALL)
        self._rows(slip.sender, LEFT + 7, top + 9.7, half - LEFT - 14, most=ROWS_OF_SENDER)
        self._say(_("To"), half, top + 9, TEXT, SMALL)
        self._address(slip.address, half, top + 15)
        rows = _pieces(slip.mark)
        start = bottom - 30 - plan.MARK_ROW * (len(rows) - 1)
        self._say(slip.mark_label, (LEFT + self.right) / 2, start - 15, TEXT, SMALL, align=0.5)
        for number, row in enumerate(rows):
            self._say(row, (LEFT + self.right) / 2, start + plan.MARK_ROW * number, CODE, MARK, align=0.5, room=172)
        self._barcode(slip.mark, LEFT + 7, bottom - 20, 104, 13)
        self._say(_("Package ____ of ____"), self.right - 7, bottom - 9, TEXT, BODY, align=1)

    def _address(self, address: Sequence[str], x: float, y: float) -> None:
        step = min(6.2, 42 / max(len(address), 1))
        for number, line in enumerate(address):
            self._say(line, x, y + step * number, BOLD, min(14.0, step * 2.3), room=self.right - x - 5)

    # ---------------------------------------------------------------------------------------------------- pieces

    def _up(self, y: float) -> float:
        return (self.height - y) * mm

    def _say(
        self, text: str, x: float, y: float, font: str, size: float, *, align: float = 0, room: float | None = None
    ) -> None:
        """One row of text; `align` is the part of it that stands left of x. Where there is less room, it is smaller."""
        plain, font = set_in(text, font)
        width = stringWidth(plain, font, size)
        if room is not None and width > room * mm:
            size, width = size * room * mm / width, room * mm
        self.canvas.setFont(font, size)
        self.canvas.drawString(x * mm - align * width, self._up(y), plain)

    def _rows(self, text: str, x: float, y: float, room: float, *, size: float = BODY, most: int | None = None) -> None:
        """Text over as many rows as it takes; where there is room for fewer, it is smaller."""
        plain, font = set_in(text, TEXT)
        rows = _wrapped(plain, room * mm, font, size)
        while most is not None and len(rows) > most:
            size *= 0.95
            rows = _wrapped(plain, room * mm, font, size)
        for row in rows:
            y += plan.ROW
            self._say(row, x, y, font, size)

    def _title(self, text: str) -> None:
        self._say(text, LEFT, self.y + 6.5, TITLE, 12)
        self.y += plan.TITLE

    def _rule(self) -> None:
        self.canvas.setLineWidth(0.5)
        self._line(LEFT, self.right, self.y)

    def _line(self, start: float, end: float, y: float) -> None:
        self.canvas.line(start * mm, self._up(y), end * mm, self._up(y))

    def _box(self, y: float) -> None:
        self.canvas.setLineWidth(0.7)
        self.canvas.rect(LEFT * mm, self._up(y + 3.8), 3.8 * mm, 3.8 * mm)

    def _barcode(self, text: str, x: float, y: float, room: float, height: float) -> None:
        barcode = code128(text)
        if barcode is None:
            return
        module = min(room / barcode.width, 0.5)
        x += (room - module * barcode.width) / 2
        for start, width in barcode.bars:
            self._fill(x + start * module, y, width * module, height)

    def _code(self, text: str, x: float, y: float, size: float) -> None:
        rows = list(make_qr(text).matrix_iter(border=2))
        module = size / len(rows)
        for row, signs in enumerate(rows):
            for column, is_dark in enumerate(signs):
                if is_dark:
                    self._fill(x + column * module, y + row * module, module, module)

    def _fill(self, x: float, y: float, width: float, height: float) -> None:
        self.canvas.rect(x * mm, self._up(y + height), width * mm, height * mm, stroke=0, fill=1)


def _pieces(mark: str) -> Sequence[str]:
    """The mark in rows of the same length, so that none is smaller than it has to be."""
    rows = plan.mark_rows(mark)
    size = -(-len(mark) // rows) or 1
    return [mark[start : start + size] for start in range(0, len(mark), size)]


def _wrapped(text: str, room: float, font: str, size: float) -> list[str]:
    rows: list[str] = []
    for word in [piece for whole in text.split() for piece in _broken(whole, room, font, size)]:
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and stringWidth(longer, font, size) <= room:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows


def _broken(word: str, room: float, font: str, size: float) -> Sequence[str]:
    """The word, in pieces where it is wider than the room."""
    pieces, start = [], 0
    for end in range(1, len(word) + 1):
        if end - start > 1 and stringWidth(word[start:end], font, size) > room:
            pieces.append(word[start : end - 1])
            start = end - 1
    return [*pieces, word[start:]]
