"""Photos: how many, when, by whom; and that rows and files never part (B20, B21, C23–C25, D4)."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.limits import Limit
from returns import picture_files
from returns.models import Draft, License, Order, Photo, ReturnEvent, ReturnRequest, Storefront
from returns.picture_files import names
from returns.services import drafts, photo_files, photo_limits, photos, requests
from returns.services.errors import Refused
from returns.services.transition import By
from returns.tasks import sweep_photos
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, picture

pytestmark = pytest.mark.django_db

COLORS = [f"#{number:02x}4060" for number in range(0, 250, 10)]


@pytest.fixture(autouse=True)
def media(settings: object, tmp_path: Path) -> Path:
    """A place of this test's own, so that its files can be counted."""
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    return tmp_path / "media"


@pytest.fixture
def order(cast: Cast, shops: dict[str, Storefront], now: datetime) -> Order:
    return factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])


@pytest.fixture
def draft(order: Order, cast: Cast, now: datetime) -> Draft:
    return drafts.open_draft(order=order, user=cast.maya, now=now)


@pytest.fixture
def request_(order: Order, now: datetime) -> ReturnRequest:
    return factories.submitted(order, now=now)


def test_a_photo_is_kept_under_names_of_ours_for_nobody_else(draft: Draft, now: datetime, media: Path) -> None:
    photo = factories.photo(draft, now=now, caption="  The  seal ")
    assert photo.caption == "The seal"
    for name in (photo.file, photo.thumbnail):
        folder, first, second, file = name.split("/")
        assert folder == "photos"
        assert file.startswith(first + second)
        assert (media / name).stat().st_mode & 0o777 == 0o600
        assert (media / name).parent.stat().st_mode & 0o777 == 0o700
    assert (media / photo.file).read_bytes() == picture().large
    assert picture_files.checksum(photo.file) == photo.sha256


# --- how many --------------------------------------------------------------------------------------------------------


def test_eight_photos_and_no_ninth(draft: Draft, now: datetime) -> None:
    for color in COLORS[:8]:
        factories.photo(draft, now=now, color=color)
    with pytest.raises(Refused, match="At most 8 photos"):
        factories.photo(draft, now=now, color=COLORS[8])
    assert draft.photos.count() == 8
    assert len(list(names())) == 16


def test_the_photos_of_a_draft_count_for_the_request_it_becomes(
    draft: Draft, request_: ReturnRequest, now: datetime
) -> None:
    for color in COLORS[:8]:
        factories.photo(draft, now=now, color=color)
    assert photos.adopt(draft=draft, request=request_) == 8
    with pytest.raises(Refused, match="At most 8 photos"):
        factories.photo(request_, now=now, color=COLORS[8])


def test_all_or_none(draft: Draft, now: datetime) -> None:
    with pytest.raises(Refused):
        photos.add_all(owner=draft, uploads=[picture(color) for color in COLORS[:9]], by=By.owner(None), now=now)
    assert list(names()) == []


def test_the_same_photo_sent_twice_is_there_once(request_: ReturnRequest, now: datetime) -> None:
    first, second = (factories.photo(request_, now=now) for _ in range(2))
    assert first == second
    assert len(list(names())) == 2
    assert request_.events.filter(action="photos_added").count() == 1


def test_what_staff_found_counts_apart_and_hidden_photos_do_not_count(
    request_: ReturnRequest, cast: Cast, now: datetime
) -> None:
    for color in COLORS[:8]:
        shown = factories.photo(request_, now=now, color=color)
    staff = By.staff(cast.renee)
    factories.photo(request_, now=now, by=staff, stage=Photo.FOUND)
    photos.hide(photo=shown, reason="A face is on it", by=staff, now=now)
    assert photos.left(request_, By.owner(None)) == 1


def test_a_person_cannot_fill_the_disk_by_adding_and_removing(
    draft: Draft, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_limits, "OF_A_PERSON", Limit("photos, person", 3, timedelta(days=1)))
    by = By.owner(cast.maya)
    for color in COLORS[:3]:
        photos.remove(photo=factories.photo(draft, now=now, by=by, color=color), by=by, now=now)
    with pytest.raises(Refused, match="Many photos were added today"):
        factories.photo(draft, now=now, by=by, color=COLORS[3])
    factories.photo(draft, now=now + timedelta(days=1, seconds=1), by=by, color=COLORS[3])


def at_once(work: object, people: int) -> list[object]:
    barrier = threading.Barrier(people)

    def run(number: int) -> object:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return work(number)  # type: ignore[operator]
        except Exception as error:  # noqa: BLE001  whatever it is, the test looks at it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(run, range(people)))


@pytest.mark.django_db(transaction=True)
def test_twenty_uploads_at_once_do_not_exceed_the_limit(draft: Draft, now: datetime) -> None:
    results = at_once(lambda number: factories.photo(draft, now=now, color=COLORS[number]), 20)
    assert draft.photos.count() == photos.MOST_PHOTOS
    assert sum(isinstance(result, Photo) for result in results) == photos.MOST_PHOTOS
    assert all("At most 8" in str(result) for result in results if not isinstance(result, Photo)), results
    assert len(list(names())) == 2 * photos.MOST_PHOTOS


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_would(draft: Draft, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin."""
    for color in COLORS[:7]:
        factories.photo(draft, now=now, color=color)
    everybody_has_read = threading.Barrier(6)
    refuse = photo_limits.refuse_flood

    @contextmanager
    def unlocked(owner: Draft) -> Iterator[Draft]:
        with transaction.atomic():
            yield owner

    def wait_then_refuse(new: int, **facts: Any) -> None:
        everybody_has_read.wait(timeout=30)
        refuse(new, **facts)

    monkeypatch.setattr(photos, "_held", unlocked)
    monkeypatch.setattr(photos, "refuse_flood", wait_then_refuse)
    at_once(lambda number: factories.photo(draft, now=now, color=COLORS[10 + number]), 6)
    assert draft.photos.count() > photos.MOST_PHOTOS


# --- when, and by whom -----------------------------------------------------------------------------------------------


def test_customers_add_and_remove_until_the_request_is_decided(
    request_: ReturnRequest, cast: Cast, now: datetime
) -> None:
    photo = factories.photo(request_, now=now)
    factories.authorized(request_, by=cast.renee, now=now)
    with pytest.raises(Refused, match="takes no photos any more"):
        factories.photo(request_, now=now, color="red")
    with pytest.raises(Refused, match="can't be changed any more"):
        photos.remove(photo=photo, by=By.owner(cast.maya), now=now)
    with pytest.raises(Refused, match="can't be changed any more"):
        photos.describe(photo=photo, caption="Other", order_line=None, by=By.owner(cast.maya))
    assert len(list(names())) == 2


def test_staff_add_what_they_found_once_the_goods_are_here(request_: ReturnRequest, cast: Cast, now: datetime) -> None:
    staff = By.staff(cast.renee)
    factories.authorized(request_, by=cast.renee, now=now)
    with pytest.raises(Refused):
        factories.photo(request_, now=now, by=staff, stage=Photo.FOUND)
    factories.received(request_, by=cast.renee, now=now)
    found = factories.photo(request_, now=now, by=staff, stage=Photo.FOUND, caption="On the scale")
    assert found.from_staff
    with pytest.raises(Refused, match="You may not do this."):
        factories.photo(ReturnRequest.objects.create(**_copy(request_)), now=now, stage=Photo.FOUND)


def _copy(request: ReturnRequest) -> dict[str, object]:
    kept = ("storefront", "order", "account", "policy_version", "contact_name", "contact_email", "quote", "amount")
    at = request.requested_at
    copied = {name: getattr(request, name) for name in kept}
    return copied | {"reference": "2222-3333", "requested_at": at, "last_activity_at": at, "units": request.units}


def test_what_staff_added_or_hid_is_not_the_customers_to_change(
    request_: ReturnRequest, cast: Cast, now: datetime
) -> None:
    staff, owner = By.staff(cast.renee), By.owner(cast.maya)
    theirs = factories.photo(request_, now=now, by=staff)
    hidden = photos.hide(photo=factories.photo(request_, now=now), reason="A face", by=staff, now=now)
    for photo in (theirs, hidden):
        with pytest.raises(Refused, match="can't be changed any more"):
            photos.remove(photo=photo, by=owner, now=now)
    with pytest.raises(Refused, match="can't be changed any more"):
        photos.remove(photo=factories.photo(request_, now=now, color="red"), by=staff, now=now)


def test_hiding_takes_a_reason_and_staff(request_: ReturnRequest, cast: Cast, now: datetime) -> None:
    photo = factories.photo(request_, now=now)
    with pytest.raises(Refused, match="You may not"):
        photos.hide(photo=photo, reason="no", by=By.owner(cast.maya), now=now)
    with pytest.raises(Refused, match="Say why."):
        photos.hide(photo=photo, reason=" ", by=By.staff(cast.renee), now=now)
    photos.hide(photo=photo, reason="A face is on it", by=By.staff(cast.renee), now=now)
    with pytest.raises(Refused, match="hidden already"):
        photos.hide(photo=photo, reason="again", by=By.staff(cast.renee), now=now)


def test_events_hold_ids_and_no_text(request_: ReturnRequest, cast: Cast, now: datetime) -> None:
    kept = factories.photo(request_, now=now, caption="canary-caption")
    gone = factories.photo(request_, now=now, color="red")
    photos.remove(photo=gone, by=By.owner(cast.maya), now=now)
    photos.hide(photo=kept, reason="canary-reason", by=By.staff(cast.renee), now=now)
    events = ReturnEvent.objects.filter(request=request_, action__startswith="photo").order_by("seq")
    assert [(event.action, event.data) for event in events] == [
        ("photos_added", {"photos": [str(kept.public_id)]}),
        ("photos_added", {"photos": [str(gone.public_id)]}),
        ("photo_removed", {"photos": [str(gone.public_id)]}),
        ("photo_hidden", {"photos": [str(kept.public_id)]}),
    ]


def test_a_photo_shows_a_product_of_its_own_order(draft: Draft, shops: dict[str, Storefront], now: datetime) -> None:
    foreign = factories.order(shops[IMAGE], now=now).lines.get()
    with pytest.raises(Refused, match="isn't part of this order"):
        factories.photo(draft, now=now, order_line=foreign)
    photo = factories.photo(draft, now=now, order_line=draft.order.lines.get())
    with pytest.raises(Refused, match="isn't part of this order"):
        photos.describe(photo=photo, caption="", order_line=foreign, by=By.owner(None))


def test_what_was_shown_of_a_license_stays(cast: Cast, now: datetime) -> None:
    license_ = License.objects.create(account=cast.accounts[IMAGE], wanted_type="professional", uploaded_at=now)
    page = factories.photo(license_, now=now, by=By.owner(cast.maya))
    with pytest.raises(Refused, match="can't be changed any more"):
        photos.remove(photo=page, by=By.owner(cast.maya), now=now)
    License.objects.update(state=License.GRANTED, decided_at=now)
    with pytest.raises(Refused, match="decided already"):
        factories.photo(license_, now=now, color="red")


def test_a_hidden_photo_does_not_come_back(request_: ReturnRequest, cast: Cast, now: datetime) -> None:
    photo = factories.photo(request_, now=now)
    photos.hide(photo=photo, reason="A face.", by=By.staff(cast.renee), now=now)
    with pytest.raises(Refused, match="We hid this photo, so it can't be sent again"):
        factories.photo(request_, now=now)
    factories.photo(request_, now=now, color="red")
    assert photos.left(request_, By.owner(cast.maya)) == photos.MOST_PHOTOS - 1


# --- files that are sent ---------------------------------------------------------------------------------------------


def test_files_count_before_they_are_read_whatever_becomes_of_them(draft: Draft, cast: Cast, now: datetime) -> None:
    guest = partial(photo_limits.why_unread, order_id=draft.order_id, by=By.owner(None), now=now)
    for number in range(photo_limits.FILES_OF_AN_ORDER.amount // 8):
        assert guest(8, client=f"10.0.0.{number}") == ""
    assert guest(1, client="10.0.1.1") == (
        "Many photos were sent within the hour. Wait a while, or send them by email."
    )
    assert guest(8, client="10.0.1.1", now=now + timedelta(hours=2)) == ""
    person = partial(photo_limits.why_unread, order_id=None, by=By.owner(cast.maya), client="10.0.2.1", now=now)
    assert person(photo_limits.FILES_OF_A_PERSON.amount) == ""
    assert person(1)
    assert not photo_limits.why_unread(8, order_id=draft.order_id, by=By.staff(cast.renee), client="10.0.2.1", now=now)


def test_a_place_sends_only_so_many(now: datetime) -> None:
    place = partial(photo_limits.why_unread, by=By.owner(None), client="10.0.0.1", now=now)
    orders = photo_limits.FILES_OF_A_PLACE.amount // 60
    assert [bool(place(60, order_id=number)) for number in range(orders + 1)] == [*orders * [False], True]


def test_a_draft_that_was_sent_meanwhile_takes_no_photo(draft: Draft, now: datetime) -> None:
    drafts.drop(draft)
    with pytest.raises(Refused, match="sent meanwhile"):
        factories.photo(draft, now=now)
    assert list(names()) == []


def test_sending_a_draft_takes_its_photos_along(order: Order, draft: Draft, cast: Cast, now: datetime) -> None:
    photo = factories.photo(draft, now=now)
    request = requests.submit(
        order=order,
        asked=[factories.asked(order.lines.get())],
        contact=factories.contact(order),
        by=By.owner(cast.maya),
        now=now,
        nonce=draft.nonce,
        draft=draft,
    )
    photo.refresh_from_db()
    assert (photo.request, photo.draft) == (request, None)


# --- files and rows --------------------------------------------------------------------------------------------------


def test_removing_takes_the_files_too(
    draft: Draft, cast: Cast, now: datetime, django_capture_on_commit_callbacks: object
) -> None:
    photo = factories.photo(draft, now=now)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        photos.remove(photo=photo, by=By.owner(cast.maya), now=now)
    assert list(names()) == []
    with pytest.raises(Refused, match="removed already"):
        photos.remove(photo=photo, by=By.owner(cast.maya), now=now)


def test_a_full_disk_is_said_and_leaves_nothing(draft: Draft, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    write = picture_files._write
    written: list[str] = []

    def full(name: str, content: bytes) -> None:
        if written:
            raise OSError(28, "No space left on device")
        written.append(name)
        write(name, content)

    monkeypatch.setattr(picture_files, "_write", full)
    with pytest.raises(Refused, match="We couldn't store the photos. What you typed is kept."):
        factories.photo(draft, now=now)
    assert written
    assert list(names()) == []
    assert not draft.photos.exists()


def test_a_folder_that_cannot_be_written_is_said_too(draft: Draft, now: datetime, media: Path) -> None:
    media.mkdir()
    (media / "photos").write_text("a file where the folder should be")
    with pytest.raises(Refused, match="We couldn't store the photos"):
        factories.photo(draft, now=now)


def test_the_sweep_removes_old_files_without_a_row_and_nothing_else(draft: Draft, now: datetime, media: Path) -> None:
    kept, dropped = (factories.photo(draft, now=now, color=color) for color in ("red", "blue"))
    fresh = picture_files.keep(picture("green"))
    dropped.delete()
    age(media, [kept.file, kept.thumbnail, dropped.file, dropped.thumbnail])
    sweep_photos()
    assert set(names()) == {kept.file, kept.thumbnail, fresh.large, fresh.small}


def test_the_sweep_reports_a_row_whose_file_is_gone(
    draft: Draft, now: datetime, media: Path, caplog: pytest.LogCaptureFixture
) -> None:
    photo = factories.photo(draft, now=now)
    (media / photo.thumbnail).unlink()
    photo_files.sweep(now)
    assert f"The files of photo {photo.public_id} are missing." in caplog.text


def age(media: Path, files: list[str]) -> None:
    for name in files:
        os.utime(media / name, (0, 0))
