"""Files of a report's lines: typed, harmless, owner's alone, and finished whatever happens to the worker."""

import csv
import io
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import repeat
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from openpyxl import load_workbook

from accounts.models import StaffMembership
from accounts.roles import Role
from returns.models import Export, OrderLine, ReturnRequest, Storefront
from returns.reports.files import AT_ONCE, BYTE_ORDER_MARK, HEAD, csv_pieces, write_csv, write_xlsx
from returns.reports.lines import Line, lines
from returns.reports.periods import By, Period
from returns.services import exports
from returns.services.errors import Refused
from returns.tasks import sweep_exports, write_exports
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, PRO, SPA

pytestmark = pytest.mark.django_db

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
EVIL = ('=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＠SUM(A1)")

LINE = Line(
    number="RMA-7K3F-9Q2M-X",
    reference="4T7H-2WPC",
    storefront="IMAGE",
    order="IC-1",
    customer="Maya",
    account="A1",
    status="completed",
    requested=datetime(2026, 11, 1, 9, 30, 12),  # noqa: DTZ001  the storefront's clock, as spreadsheets have it
    decided=None,
    received=None,
    settled=None,
    due=date(2026, 11, 18),
    position=1,
    sku="V-1",
    product="Serum",
    reason="damaged",
    declared="opened",
    found="",
    asked=2,
    authorized=None,
    accepted=None,
    resolution="refund",
    gross=Decimal("122.40"),
    fee=Decimal("0.00"),
    amount=Decimal("122.40"),
    currency="USD",
)


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: object) -> Path:
    """A place for files of this test's own."""
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK))))


def test_a_row_for_each_line_of_the_days_and_storefronts(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    settled = factories.settled(cast.accounts[PRO], by=cast.renee, now=now)
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], lines=[{}, {"quantity": 1}])
    filed = factories.submitted(order, now=now - timedelta(days=2))
    factories.submitted(factories.order(shops[SPA], now=now, customer=cast.accounts[SPA]), now=now)
    shown = [shops[PRO], shops[IMAGE]]
    found = list(lines(shown, By.REQUESTED, YEAR))
    assert sorted((line.reference, line.position) for line in found) == sorted(
        [(settled.reference, 1), (filed.reference, 1), (filed.reference, 2)]
    )
    [done] = [line for line in found if line.reference == settled.reference]
    assert (done.number, done.amount, done.resolution) == (settled.rma_number, Decimal("122.40"), "refund")
    assert done.requested == datetime(2026, 11, 18, 12, 0)  # noqa: DTZ001  noon in New York
    assert [line.reference for line in lines(shown, By.SETTLED, YEAR)] == [settled.reference]
    assert list(lines(shown, By.RECEIVED, Period(date(2025, 1, 1), date(2025, 12, 31)))) == []
    assert list(lines([], By.REQUESTED, YEAR)) == []


def test_csv_says_words_days_and_amounts() -> None:
    [row] = rows_of("".join(csv_pieces([LINE])))
    assert list(row) == list(HEAD)
    assert (row["Requested"], row["Amount"], row["Due"]) == ("2026-11-01 09:30", "122.40", "2026-11-18")
    assert (row["Status"], row["Reason"], row["Customer gets"]) == ("Completed", "Arrived damaged", "Refund")
    assert row["Units authorized"] == row["Decided"] == ""


@pytest.mark.parametrize("text", EVIL)
def test_no_text_becomes_a_formula(tmp_path: Path, text: str) -> None:
    evil = LINE._replace(customer=text, product=text, order=text)
    [row] = rows_of("".join(csv_pieces([evil])))
    assert row["Customer"] == row["Product"] == f"'{text}"
    path = tmp_path / "evil.xlsx"
    write_xlsx([evil], path, lambda _: None)
    cells = [cell for row in load_workbook(path)["Lines"].iter_rows(min_row=2) for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert cells[HEAD.index("Customer")].data_type == "s"


def test_the_cells_of_a_workbook_have_types(tmp_path: Path) -> None:
    path = tmp_path / "lines.xlsx"
    write_xlsx([LINE, LINE._replace(customer="A\x07 bell", amount=None)], path, lambda _: None)
    head, first, second = load_workbook(path)["Lines"].iter_rows()
    assert tuple(cell.value for cell in head) == HEAD
    one = dict(zip(HEAD, first, strict=True))
    assert (one["Amount"].value, one["Amount"].number_format, one["Amount"].data_type) == (122.4, "0.00", "n")
    assert one["Requested"].value == datetime(2026, 11, 1, 9, 30)  # noqa: DTZ001  as above
    assert one["Due"].value == datetime(2026, 11, 18)  # noqa: DTZ001  as above
    assert one["Units asked"].value == 2
    two = dict(zip(HEAD, second, strict=True))
    assert (two["Customer"].value, two["Amount"].value) == ("A bell", None)


def test_a_sheet_that_is_full_is_followed_by_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("returns.reports.files.SHEET_HOLDS", 2)
    path = tmp_path / "lines.xlsx"
    write_xlsx([LINE] * 5, path, lambda _: None)
    book = load_workbook(path)
    assert [(sheet.title, sheet.max_row) for sheet in book] == [("Lines", 3), ("Lines 2", 3), ("Lines 3", 2)]


@pytest.mark.parametrize("writer", [write_csv, write_xlsx])
def test_memory_stays_flat_however_many_lines_there_are(tmp_path: Path, writer: object) -> None:
    def peak(number: int) -> int:
        tracemalloc.start()
        writer(repeat(LINE, number), tmp_path / "lines", lambda _: None)  # type: ignore[operator]
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    small = peak(AT_ONCE)
    assert peak(4 * AT_ONCE) < 1.5 * small + 2**18


# ----------------------------------------------------------------------------------------------------------- the worker


def asked(cast: Cast, shops: dict[str, Storefront], now: datetime, form: str = Export.CSV) -> Export:
    return exports.ask(
        person=cast.mona, storefronts=list(shops.values()), by=By.REQUESTED, period=YEAR, form=form, expected=1, now=now
    )


@pytest.mark.parametrize("form", [Export.CSV, Export.XLSX])
def test_a_file_is_written_and_fetched_by_who_asked_alone(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime, form: str
) -> None:
    request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    export = asked(cast, shops, now, form)
    url = f"/reports/exports/{export.public_id}/"
    manager = signed_in(cast.mona)
    assert manager.get(url).status_code == 404, "it isn't there yet"
    write_exports()
    export.refresh_from_db()
    assert (export.state, export.written) == (Export.DONE, 1)
    answer = manager.get(url)
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert len(content) == export.size
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    if form == Export.CSV:
        assert [row["Reference"] for row in rows_of(content.decode())] == [request.reference]
    other = factories.person("max@example.com", role=Role.MANAGER, at=list(shops.values()))
    assert signed_in(other).get(url).status_code == 404
    assert signed_in(cast.renee).get(url).status_code == 403


def test_who_leaves_a_storefront_loses_its_files(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    export = asked(cast, shops, now)
    StaffMembership.objects.filter(user=cast.mona, storefront=shops[SPA]).delete()
    factories.submitted(factories.order(shops[SPA], now=now, customer=cast.accounts[SPA]), now=now)
    write_exports()
    export.refresh_from_db()
    assert export.written == 0, "the lines of the storefront that was left aren't in it"
    assert signed_in(cast.mona).get(f"/reports/exports/{export.public_id}/").status_code == 404


def test_a_worker_that_died_is_followed_by_another(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    export = asked(cast, shops, now)
    Export.objects.filter(pk=export.pk).update(state=Export.WRITING, touched_at=now)
    assert exports.write_next(now=now + timedelta(seconds=30)) is None, "it may still be at it"
    taken = exports.write_next(now=now + timedelta(minutes=3))
    assert taken is not None
    assert taken.state == Export.DONE


def test_what_cant_be_written_is_tried_three_times(
    cast: Cast, shops: dict[str, Storefront], now: datetime, monkeypatch: pytest.MonkeyPatch, media: Path
) -> None:
    def broken(found: object, path: Path, progress: object) -> None:
        path.write_text("half")
        raise OSError("disk full")

    monkeypatch.setitem(exports.WRITERS, Export.CSV, broken)
    export = asked(cast, shops, now)
    states = []
    for _ in range(3):
        exports.write_next(now=now)
        export.refresh_from_db()
        states.append(export.state)
    assert states == ["queued", "queued", "failed"]
    assert exports.write_next(now=now) is None
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_three_files_may_be_waited_for(cast: Cast, shops: dict[str, Storefront], now: datetime) -> None:
    for _ in range(3):
        asked(cast, shops, now)
    with pytest.raises(Refused, match="waiting for 3 files"):
        asked(cast, shops, now)


@pytest.mark.django_db(transaction=True)
def test_who_asks_many_times_at_once_waits_for_three_files(
    cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    def ask(_turn: int) -> bool:
        try:
            asked(cast, shops, now)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(ask, range(16))) == 3


def test_files_go_after_a_week_and_what_no_row_names_after_a_day(
    cast: Cast, shops: dict[str, Storefront], now: datetime, media: Path
) -> None:
    export = asked(cast, shops, now)
    exports.write_next(now=now)
    assert exports.open_path(export).stat().st_mode & 0o777 == 0o600
    orphan = media / exports.FOLDER / "0123.csv.part"
    orphan.write_text("half")
    later = datetime.now(now.tzinfo) + timedelta(days=2)
    assert exports.sweep(now=now + timedelta(days=6)) == 0
    assert exports.sweep(now=max(later, now + timedelta(days=8))) == 1
    assert [path for path in media.rglob("*") if path.is_file()] == []
    sweep_exports()


# ------------------------------------------------------------------------------------------------------------- the page


ASK = {"first": "2026-01-01", "last": "2026-12-31", "by": "requested", "storefront": "all", "format": "xlsx"}


def test_the_page_says_how_far_a_file_is(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime
) -> None:
    manager = signed_in(cast.mona)
    assert "No file yet" in manager.get("/reports/exports/").content.decode()
    assert manager.post("/reports/exports/", ASK).status_code == 302
    Export.objects.update(state=Export.WRITING, written=1500, expected=3000)
    html = manager.get("/reports/exports/").content.decode()
    assert "1,500 of 3,000 lines" in html
    assert 'value="50"' in html
    assert 'data-hx-trigger="every 2s"' in html
    Export.objects.update(state=Export.DONE)
    assert "every 2s" not in manager.get("/reports/exports/").content.decode()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"format": "pdf"}, "not one of the available choices"),
        ({"format": ""}, "Choose a format"),
        ({"last": "2025-01-01"}, "The last day is before the first"),
        ({"first": "1900-01-01"}, "between 2000 and 2199"),
        ({"storefront": "nowhere"}, "not one of the available choices"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_is_asked_for(
    cast: Cast, signed_in: SignIn, change: dict[str, str], word: str
) -> None:
    page = signed_in(cast.mona).post("/reports/exports/", ASK | change)
    assert page.status_code == 422
    assert word in page.content.decode()
    assert not Export.objects.exists()


def test_the_fourth_file_is_refused_on_the_page(cast: Cast, signed_in: SignIn) -> None:
    manager = signed_in(cast.mona)
    answers = [manager.post("/reports/exports/", ASK).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 409]


def test_a_short_csv_comes_at_once_and_a_long_one_is_asked_for(
    cast: Cast, shops: dict[str, Storefront], signed_in: SignIn, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = factories.submitted(factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE]), now=now)
    OrderLine.objects.filter(order=request.order).update(title='=cmd|" /C calc"!A0')
    url = "/reports/lines/?first=2026-01-01&last=2026-12-31&storefront=all"
    answer = signed_in(cast.mona).get(url)
    [row] = rows_of(b"".join(stream(answer)).decode())
    assert (row["Reference"], row["Product"]) == (request.reference, '\'=cmd|" /C calc"!A0')
    monkeypatch.setattr("returns.views.report_exports.MOST_AT_ONCE", 0)
    long = signed_in(cast.mona).get(url)
    assert (long.status_code, long["Location"].partition("?")[0]) == (302, "/reports/exports/")
    assert ReturnRequest.objects.count() == 1


def stream(answer: object) -> Iterator[bytes]:
    yield from answer.streaming_content  # type: ignore[attr-defined]


def test_the_files_lie_below_the_private_folder(media: Path) -> None:
    assert Path(settings.MEDIA_ROOT) == media
