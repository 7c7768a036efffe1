"""Photos on pages: the step before sending, more until the decision, one's own only, and the desk's."""

import io
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.limits import Limit
from returns import drafts as reading
from returns import pictures
from returns.models import Draft, Message, Order, Photo, ReturnRequest, Storefront
from returns.picture_files import names
from returns.services import authorization, conversation, drafts, photo_limits, photos
from returns.services.transition import By
from tests import factories
from tests.access_world import guest
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE
from tests.returns.picture_corpus import MARKER, bad_files, drawing, good_files, saved

pytestmark = pytest.mark.django_db

UNPROCESSABLE = 422


@pytest.fixture(autouse=True)
def media(settings: object, tmp_path: Path, now: datetime) -> object:
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    with time_machine.travel(now, tick=False):
        yield tmp_path / "media"


@pytest.fixture
def order(cast: Cast, shops: dict[str, Storefront], now: datetime) -> Order:
    lines: list[dict[str, object]] = [{"title": "Vital C serum"}, {"title": "Repair crème"}]
    return factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], lines=lines)


@pytest.fixture
def draft(order: Order, cast: Cast, now: datetime) -> Draft:
    draft = drafts.open_draft(order=order, user=cast.maya, now=now)
    asked = [factories.asked(line) for line in order.lines.all()]
    drafts.keep(draft, data=reading.as_data(asked), now=now)
    return draft


@pytest.fixture
def maya(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.maya)


@pytest.fixture
def rma(order: Order, now: datetime) -> ReturnRequest:
    return factories.submitted(order, now=now)


def step(order: Order) -> str:
    return reverse("portal:draft_photos", args=[order.storefront.slug, order.public_id])


def sheet(rma: ReturnRequest) -> str:
    return reverse("portal:return_photos", args=[rma.storefront.slug, rma.reference])


def own(photo: Photo, name: str = "photo") -> str:
    return reverse(f"portal:{name}", args=[IMAGE, photo.public_id])


def at_the_desk(photo: Photo) -> str:
    return reverse("desk:photo", args=[photo.public_id])


def jpeg(name: str = "seal.jpg", color: str = "teal") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, factories.picture(color).large, content_type="text/html")


# --- the step --------------------------------------------------------------------------------------------------------


def test_without_script_photos_are_a_plain_form(maya: Client, order: Order, draft: Draft) -> None:
    page = maya.get(step(order)).content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert 'accept="image/jpeg,image/png,image/webp,image/heic,image/heif"' in page
    assert 'capture="environment"' in page
    response = maya.post(step(order), {"photos": [jpeg(), jpeg("box.jpg", "red")], "continue": "1"})
    assert response.headers["Location"] == reverse("portal:check", args=[IMAGE, order.public_id])
    assert draft.photos.count() == 2
    assert {photo.uploaded_by for photo in draft.photos.all()} == {draft.user}


def test_no_photo_is_fine(maya: Client, order: Order, draft: Draft) -> None:
    response = maya.post(step(order), {"continue": "1"})
    assert response.headers["Location"] == reverse("portal:check", args=[IMAGE, order.public_id])


def test_captions_and_products_are_kept(maya: Client, order: Order, draft: Draft, now: datetime) -> None:
    photo = factories.photo(draft, now=now)
    line = order.lines.get(title="Repair crème")
    told = {f"caption-{photo.public_id}": "The seal", f"line-{photo.public_id}": line.public_id}
    maya.post(step(order), told | {"continue": "1"})
    photo.refresh_from_db()
    assert (photo.caption, photo.order_line) == ("The seal", line)
    assert 'alt="The seal, Repair crème"' in maya.get(step(order)).content.decode()


def test_a_bad_file_is_named_and_the_good_one_beside_it_is_kept(maya: Client, order: Order, draft: Draft) -> None:
    text = SimpleUploadedFile("photo.txt", b"words", content_type="image/jpeg")
    response = maya.post(step(order), {"photos": [jpeg(), text], "continue": "1"})
    page = response.content.decode()
    assert response.status_code == UNPROCESSABLE
    assert page.count("photo.txt isn&#x27;t a photo we can read. JPEG, PNG, WebP and HEIC work.") == 2
    assert "<title>Error: " in page
    assert 'href="#id_photos"' in page
    assert draft.photos.count() == 1
    assert own(draft.photos.get(), "photo_small") in page


def test_nine_photos_are_answered_in_words(maya: Client, order: Order, draft: Draft, now: datetime) -> None:
    for number in range(7):
        factories.photo(draft, now=now, color=f"#{number}04060")
    response = maya.post(step(order), {"photos": [jpeg(color="red"), jpeg(color="blue")]})
    assert response.status_code == UNPROCESSABLE
    assert "Only 1 more photo is possible." in response.content.decode()
    assert draft.photos.count() == 7


def test_nothing_of_the_hostile_corpus_is_stored(
    maya: Client, order: Order, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every one through the page, with a name and a type that lie; nobody else may send so many."""
    monkeypatch.setattr(photo_limits, "FILES_OF_AN_ORDER", photo_limits.FILES_OF_A_PERSON)
    files = [SimpleUploadedFile(name, content, content_type="image/jpeg") for name, content in bad_files()]
    for start in range(0, len(files), 8):
        part = files[start : start + 8]
        response = maya.post(step(order), {"photos": part})
        assert response.status_code == UNPROCESSABLE
        assert len(response.context["form"].problems) == len(part)
    assert list(names()) == []
    assert not Photo.objects.exists()


def test_what_is_stored_and_served_carries_no_load(maya: Client, order: Order, draft: Draft, media: Path) -> None:
    loaded = [(name, content) for name, content in good_files() if MARKER in content][:8]
    assert len(loaded) == 8
    maya.post(step(order), {"photos": [SimpleUploadedFile(*one) for one in loaded]})
    assert draft.photos.count() == len({photo.sha256 for photo in draft.photos.all()})
    assert all(MARKER not in path.read_bytes() for path in media.rglob("*.jpg"))
    for photo in draft.photos.all():
        assert MARKER not in maya.get(own(photo)).content


@pytest.mark.parametrize(
    "name",
    [
        "../../x.jpg",
        "/etc/x.jpg",
        "CON",
        "x" * 300,
        "\u202egpj.exe",
        "a\r\nX-Evil: 1.jpg",
        '"q".jpg',
        "🧴.jpg",
        "a\x00b.jpg",
    ],
)
def test_a_name_decides_nothing(maya: Client, order: Order, draft: Draft, media: Path, name: str) -> None:
    file = jpeg()
    file._name = name  # type: ignore[attr-defined]  # past Django's own cleaning
    maya.post(step(order), {"photos": file})
    photo = draft.photos.get()
    response = maya.get(own(photo))
    assert response.headers["Content-Disposition"] == f'inline; filename="photo-{photo.public_id.hex[:8]}.jpg"'
    assert "X-Evil" not in response.headers
    assert all(path.is_relative_to(media / "photos") for path in media.rglob("*.jpg"))


def test_a_full_disk_is_a_sentence_beside_the_field(
    maya: Client, order: Order, draft: Draft, now: datetime, media: Path
) -> None:
    photo = factories.photo(draft, now=now)
    (media / "photos").rename(media / "elsewhere")
    (media / "photos").write_text("no folder")
    told = {f"caption-{photo.public_id}": "Typed", "photos": jpeg(color="red")}
    page = maya.post(step(order), told).content.decode()
    assert "We couldn&#x27;t store the photos. What you typed is kept." in page
    assert 'value="Typed"' in page


def test_who_chose_nothing_yet_is_led_to_choosing(maya: Client, order: Order) -> None:
    assert maya.get(step(order)).headers["Location"] == reverse("portal:choose", args=[IMAGE, order.public_id])
    assert maya.post(step(order), {"photos": jpeg()}).status_code == HTTPStatus.CONFLICT
    assert list(names()) == []


def test_in_another_lane_photos_may_come_first(maya: Client, order: Order) -> None:
    maya.post(f"{step(order)}?lane=damage", {"photos": jpeg()})
    assert Draft.objects.get(lane="damage").photos.count() == 1
    assert maya.get(f"{step(order)}?lane=nonsense").status_code == HTTPStatus.NOT_FOUND


def test_a_package_that_never_came_takes_no_photos(maya: Client, order: Order) -> None:
    for send in (maya.get, maya.post):
        assert send(f"{step(order)}?lane=missing").status_code == HTTPStatus.NOT_FOUND
    assert not Draft.objects.exists()
    assert list(names()) == []


# --- with script -----------------------------------------------------------------------------------------------------


def test_script_gets_the_new_photo_as_it_stands_on_the_page(maya: Client, order: Order, draft: Draft) -> None:
    response = maya.post(step(order), {"photos": jpeg()}, headers={"accept": "application/json"})
    answer = response.json()
    assert response.status_code == HTTPStatus.OK
    assert (answer["problems"], answer["left"]) == ([], 7)
    (card,) = answer["cards"]
    assert own(draft.photos.get(), "photo_small") in card
    assert "What does it show?" in card


def test_script_gets_the_refusal(maya: Client, order: Order, draft: Draft) -> None:
    file = SimpleUploadedFile("photo.txt", b"words")
    response = maya.post(step(order), {"photos": file}, headers={"accept": "application/json"})
    assert response.status_code == UNPROCESSABLE
    assert response.json() == {
        "cards": [],
        "problems": ["photo.txt isn't a photo we can read. JPEG, PNG, WebP and HEIC work."],
        "again": False,
        "left": 8,
    }


def test_a_photo_tried_again_after_a_lost_answer_is_there_once(maya: Client, order: Order, draft: Draft) -> None:
    for _ in range(2):
        answer = maya.post(step(order), {"photos": jpeg()}, headers={"accept": "application/json"}).json()
        assert len(answer["cards"]) == 1
    assert draft.photos.count() == 1


# --- removing --------------------------------------------------------------------------------------------------------


def test_the_remove_button_keeps_what_else_was_entered(maya: Client, order: Order, draft: Draft, now: datetime) -> None:
    gone, kept = (factories.photo(draft, now=now, color=color) for color in ("red", "blue"))
    maya.post(step(order), {"remove": gone.public_id, f"caption-{kept.public_id}": "The box"})
    assert [photo.caption for photo in draft.photos.all()] == ["The box"]


def test_a_photo_is_removed_by_its_own_address_too(maya: Client, draft: Draft, now: datetime) -> None:
    photo = factories.photo(draft, now=now)
    assert maya.get(own(photo, "photo_remove")).headers["Location"] == step(draft.order)
    assert maya.post(own(photo, "photo_remove")).headers["Location"] == step(draft.order)
    assert maya.post(own(photo, "photo_remove")).status_code == HTTPStatus.NOT_FOUND


def test_what_was_decided_on_stays(maya: Client, rma: ReturnRequest, cast: Cast, now: datetime) -> None:
    photo = factories.photo(rma, now=now)
    factories.authorized(rma, by=cast.renee, now=now)
    assert maya.post(own(photo, "photo_remove")).status_code == HTTPStatus.CONFLICT
    assert maya.post(sheet(rma), {"photos": jpeg(color="red")}).status_code == HTTPStatus.CONFLICT
    assert maya.get(sheet(rma)).headers["Location"] == reverse("portal:return", args=[IMAGE, rma.reference])
    assert rma.photos.count() == 1


def test_more_photos_until_the_decision(maya: Client, rma: ReturnRequest) -> None:
    assert maya.get(sheet(rma)).status_code == HTTPStatus.OK
    response = maya.post(sheet(rma), {"photos": jpeg(), "continue": "1"})
    assert response.headers["Location"] == reverse("portal:return", args=[IMAGE, rma.reference])
    assert rma.photos.count() == 1


# --- seeing ----------------------------------------------------------------------------------------------------------


def test_a_photo_is_served_as_a_picture_and_nothing_else(maya: Client, rma: ReturnRequest, now: datetime) -> None:
    photo = factories.photo(rma, now=now)
    for name in ("photo", "photo_small"):
        response = maya.get(own(photo, name), headers={"range": "bytes=0-9", "if-none-match": '"x"'})
        assert response.status_code == HTTPStatus.OK
        assert response.headers["Content-Type"] == "image/jpeg"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in response.headers["Cache-Control"]
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert response.headers["Content-Disposition"].startswith("inline; filename=")
    assert maya.get(own(photo)).content == factories.picture().large


def test_no_address_leads_to_the_files(maya: Client, rma: ReturnRequest, now: datetime) -> None:
    photo = factories.photo(rma, now=now)
    for path in (f"/{photo.file}", f"/media/{photo.file}", f"/static/{photo.file}", f"/static/..%2fmedia/{photo.file}"):
        assert maya.get(path).status_code == HTTPStatus.NOT_FOUND


def test_each_sees_the_photos_of_their_own_only(
    cast: Cast, signed_in: SignIn, order: Order, draft: Draft, rma: ReturnRequest, now: datetime
) -> None:
    by_guest = drafts.open_draft(order=order, user=None, now=now)
    shown = {
        "request": factories.photo(rma, now=now),
        "her draft": factories.photo(draft, now=now, color="red"),
        "the guests' draft": factories.photo(by_guest, now=now, color="blue"),
    }
    sees = {
        "owner": (signed_in(cast.maya), {"request", "her draft"}),
        "guest": (guest(order, now), {"request", "the guests' draft"}),
        "another customer": (signed_in(cast.otto), set()),
        "staff, as a customer": (signed_in(cast.renee), set()),
        "a guest of another order": (guest(factories.order(order.storefront, now=now), now), set()),
    }
    for who, (browser, visible) in sees.items():
        found = {what for what, photo in shown.items() if browser.get(own(photo)).status_code == HTTPStatus.OK}
        assert found == visible, who
    assert Client().get(own(shown["request"])).status_code == HTTPStatus.FOUND


def test_staff_see_photos_of_requests_at_their_storefronts_only(
    cast: Cast, signed_in: SignIn, draft: Draft, rma: ReturnRequest, now: datetime
) -> None:
    sent, unsent = factories.photo(rma, now=now), factories.photo(draft, now=now, color="red")
    assert signed_in(cast.renee).get(at_the_desk(sent)).status_code == HTTPStatus.OK
    assert signed_in(cast.renee).get(at_the_desk(unsent)).status_code == HTTPStatus.NOT_FOUND
    assert signed_in(cast.lena).get(at_the_desk(sent)).status_code == HTTPStatus.NOT_FOUND
    assert signed_in(cast.maya).get(at_the_desk(sent)).status_code == HTTPStatus.FORBIDDEN


def test_the_photos_of_an_internal_note_are_staffs_alone(
    maya: Client, rma: ReturnRequest, cast: Cast, now: datetime
) -> None:
    note = Message.objects.create(request=rma, author=cast.renee, from_staff=True, internal=True, body="x", at=now)
    photo = factories.photo(rma, now=now, by=By.staff(cast.renee), message=note)
    assert maya.get(own(photo)).status_code == HTTPStatus.NOT_FOUND
    assert own(photo) not in maya.get(sheet(rma)).content.decode()


def test_a_hidden_photo_leaves_its_place_with_the_reason(
    maya: Client, signed_in: SignIn, rma: ReturnRequest, cast: Cast, now: datetime
) -> None:
    photo, renee = factories.photo(rma, now=now), signed_in(cast.renee)
    where = reverse("desk:photo_hide", args=[photo.public_id])
    assert renee.get(where).status_code == HTTPStatus.OK
    assert renee.post(where, {"reason": ""}).status_code == UNPROCESSABLE
    assert maya.get(own(photo)).status_code == HTTPStatus.OK
    renee.post(where, {"reason": "A face is on it"})
    for name in ("photo", "photo_small"):
        assert maya.get(own(photo, name)).status_code == HTTPStatus.NOT_FOUND
    assert maya.post(own(photo, "photo_remove")).status_code == HTTPStatus.NOT_FOUND
    assert "Hidden: A face is on it" in maya.get(sheet(rma)).content.decode()
    assert renee.get(reverse("desk:photo", args=[photo.public_id])).status_code == HTTPStatus.OK


@pytest.mark.parametrize("is_there", [True, False])
def test_a_missing_file_leaves_a_drawing_and_the_page_stands(
    maya: Client, rma: ReturnRequest, now: datetime, media: Path, is_there: bool, caplog: pytest.LogCaptureFixture
) -> None:
    photo = factories.photo(rma, now=now)
    if not is_there:
        (media / photo.thumbnail).unlink()
    with caplog.at_level(logging.ERROR):
        response = maya.get(own(photo, "photo_small"))
    assert response.headers["Content-Type"] == ("image/jpeg" if is_there else "image/svg+xml")
    assert (b"Photo not available" in response.content) is not is_there
    assert (str(photo.public_id) in caplog.text) is not is_there
    assert maya.get(sheet(rma)).status_code == HTTPStatus.OK


# --- the desk --------------------------------------------------------------------------------------------------------


def test_the_desk_shows_what_was_declared_beside_what_was_found(
    signed_in: SignIn, rma: ReturnRequest, cast: Cast, now: datetime
) -> None:
    line = rma.order.lines.get(title="Vital C serum")
    factories.photo(rma, now=now, caption="The seal", order_line=line)
    photos.add(
        owner=factories.received(factories.authorized(rma, by=cast.renee, now=now), by=cast.renee, now=now),
        upload=factories.picture("red"),
        by=By.staff(cast.renee),
        now=now,
        stage=Photo.FOUND,
        caption="On the scale",
    )
    page = signed_in(cast.renee).get(reverse("desk:request", args=[rma.reference])).content.decode()
    assert 'alt="The seal, Vital C serum"' in page
    assert page.index("What the customer showed") < page.index("What we found") < page.index("On the scale")


def test_the_pages_ask_the_database_as_often_for_eight_photos_as_for_one(
    maya: Client, order: Order, draft: Draft, now: datetime, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for number in range(8):
        factories.photo(draft, now=now, color=f"#{number}04060", order_line=order.lines.first())
    with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
        maya.get(step(order))


def test_a_photo_taken_by_a_phone_comes_through_whole(maya: Client, order: Order, draft: Draft) -> None:
    photo = SimpleUploadedFile("IMG_0001.HEIC", saved(drawing(size=(1200, 900)), "HEIF"))
    maya.post(step(order), {"photos": photo})
    assert (draft.photos.get().width, draft.photos.get().height) == (1200, 900)


def test_staff_add_photos_of_what_they_found(
    signed_in: SignIn, maya: Client, rma: ReturnRequest, cast: Cast, now: datetime
) -> None:
    factories.received(factories.authorized(rma, by=cast.renee, now=now), by=cast.renee, now=now)
    line = rma.lines.select_related("order_line").first()
    assert line is not None
    where = reverse("desk:photos_add", args=[rma.reference])
    data = {"photos": [jpeg()], "caption": "The seal, broken", "line": str(line.order_line.public_id)}
    assert signed_in(cast.renee).post(where, data).status_code == HTTPStatus.FOUND
    added = rma.photos.get()
    assert (added.stage, added.from_staff, added.order_line_id) == (Photo.FOUND, True, line.order_line_id)
    assert maya.get(own(added)).status_code == HTTPStatus.OK
    assert signed_in(cast.lena).post(where, {"photos": [jpeg()]}).status_code == HTTPStatus.NOT_FOUND
    assert signed_in(cast.maya).post(where, {"photos": [jpeg()]}).status_code == HTTPStatus.FORBIDDEN


def test_what_staff_add_before_the_decision_stands_with_what_the_customer_showed(
    signed_in: SignIn, maya: Client, rma: ReturnRequest, cast: Cast
) -> None:
    renee, where = signed_in(cast.renee), reverse("desk:photos_add", args=[rma.reference])
    assert "among the photos of their own" in renee.get(where).content.decode()
    renee.post(where, {"photos": [jpeg()], "caption": "Came by mail"})
    added = rma.photos.get()
    assert (added.stage, added.from_staff) == (Photo.DECLARED, True)
    page = maya.get(reverse("portal:return", args=[IMAGE, rma.reference])).content.decode()
    assert own(added, "photo_small") in page


def test_what_staff_add_is_checked_and_said_beside_the_field(signed_in: SignIn, rma: ReturnRequest, cast: Cast) -> None:
    renee, where = signed_in(cast.renee), reverse("desk:photos_add", args=[rma.reference])
    nothing = renee.post(where, {"caption": "The seal"})
    assert (nothing.status_code, rma.photos.count()) == (UNPROCESSABLE, 0)
    assert "Add a photo." in nothing.content.decode()
    other = renee.post(where, {"photos": [SimpleUploadedFile("note.jpg", b"<html>")], "line": "foreign"})
    assert (other.status_code, rma.photos.count()) == (UNPROCESSABLE, 0)


def test_a_return_that_is_done_takes_no_photos_at_the_desk(
    signed_in: SignIn, rma: ReturnRequest, cast: Cast, now: datetime
) -> None:
    authorization.reject(request_id=rma.pk, reason="discretion", text="No.", by=By.staff(cast.renee), now=now)
    where = reverse("desk:photos_add", args=[rma.reference])
    renee = signed_in(cast.renee)
    assert "takes no photos any more" in renee.get(where).content.decode()
    assert renee.post(where, {"photos": [jpeg()]}).status_code == HTTPStatus.CONFLICT
    assert not rma.photos.exists()


# --- before anything is read -----------------------------------------------------------------------------------------


JSON = {"accept": "application/json"}


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file may be looked at."""

    def read(_data: bytes) -> None:
        raise AssertionError("it was read")

    monkeypatch.setattr(pictures, "_drawn", read)


def spend(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody may send more files."""
    for name in ("FILES_OF_A_PERSON", "FILES_OF_AN_ORDER", "FILES_OF_STAFF", "FILES_OF_A_PLACE"):
        monkeypatch.setattr(photo_limits, name, Limit(name, 0, timedelta(hours=1)))


def test_each_form_with_photos_counts_files_before_it_reads_them(
    maya: Client, cast: Cast, signed_in: SignIn, rma: ReturnRequest, monkeypatch: pytest.MonkeyPatch, unread: None
) -> None:
    spend(monkeypatch)
    at = [IMAGE, rma.reference]
    shown = [
        maya.post(sheet(rma), {"photos": jpeg()}),
        maya.post(reverse("portal:message", args=at), {"body": "See", "nonce": uuid4(), "photos": jpeg()}),
        signed_in(cast.renee).post(reverse("desk:photos_add", args=[rma.reference]), {"photos": jpeg()}),
    ]
    assert {response.status_code for response in shown} == {UNPROCESSABLE}
    assert all("Many photos were sent within the hour." in response.content.decode() for response in shown)


def test_a_return_that_takes_no_photos_reads_none(
    maya: Client, cast: Cast, rma: ReturnRequest, unread: None, now: datetime
) -> None:
    factories.authorized(rma, by=cast.renee, now=now)
    for name, more in (("return_photos", {}), ("answer", {"body": "x"}), ("answer", {}), ("message", {"body": "x"})):
        url = reverse(f"portal:{name}", args=[IMAGE, rma.reference])
        response = maya.post(url, {"nonce": str(uuid4()), "photos": jpeg(), **more})
        assert response.status_code == HTTPStatus.CONFLICT, name


def test_one_message_too_many_reads_no_photos(maya: Client, rma: ReturnRequest, unread: None, now: datetime) -> None:
    url = reverse("portal:message", args=[IMAGE, rma.reference])
    for _number in range(conversation.MOST_MESSAGES_AN_HOUR):
        maya.post(url, {"nonce": str(uuid4()), "body": "Hello"})
    response = maya.post(url, {"nonce": str(uuid4()), "body": "Hello", "photos": jpeg()})
    assert response.status_code == HTTPStatus.CONFLICT


def test_a_file_that_got_lost_on_the_way_is_said_to_script(maya: Client, order: Order, draft: Draft) -> None:
    nameless = io.BytesIO(b"x")
    nameless.name = ".."
    answer = maya.post(step(order), {"photos": nameless}, headers=JSON)
    assert answer.status_code == UNPROCESSABLE
    assert answer.json()["problems"] == ["This file has no name that we can read. Rename it, or choose another one."]


def test_a_photo_that_found_no_turn_may_be_sent_again(maya: Client, order: Order, draft: Draft) -> None:
    with pictures._seats, pictures._seats:
        answer = maya.post(step(order), {"photos": jpeg()}, headers=JSON)
    assert (answer.status_code, answer.json()["again"]) == (UNPROCESSABLE, True)
    text = SimpleUploadedFile("photo.txt", b"words")
    assert maya.post(step(order), {"photos": text}, headers=JSON).json()["again"] is False
