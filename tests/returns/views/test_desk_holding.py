"""Packages nobody can place, and returns in several packages, through the desk's pages."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from returns.domain.holding import HoldingState
from returns.domain.workflow import Status
from returns.models import HeldPackage, Notification, ReturnRequest, Storefront
from returns.services import holding, requests
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, SPA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def renee(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.renee)


@pytest.fixture
def held(cast: Cast, shops: dict[str, Storefront], now: datetime) -> HeldPackage:
    return factories.held(
        shops[IMAGE], by=cast.renee, now=now - timedelta(days=4), sender_email="kate@example.com", shelf="U2"
    )


@pytest.fixture
def rma(cast: Cast, shops: dict[str, Storefront], now: datetime) -> ReturnRequest:
    made = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    request = factories.submitted(made, now=now - timedelta(hours=2))
    return factories.authorized(request, by=cast.sam, now=now - timedelta(hours=1))


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


def url(request: ReturnRequest, step: str = "receive") -> str:
    return f"/desk/requests/{request.reference}/{step}/"


def page(held: HeldPackage, step: str = "") -> str:
    return f"/desk/holding/{held.public_id}/{step}"


# --- from the dock to the shelf --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("RMA-7K3F-9Q2M-2", "Not a number of ours"),
        ("Order 88190?", "Nothing at your storefronts"),
        ('"><script>alert(1)</script>', "Nothing at your storefronts"),
    ],
)
def test_what_was_typed_in_vain_is_held_with_one_press(renee: Client, typed: str, said: str) -> None:
    found = renee.get("/desk/receive/", {"q": typed})
    assert said in text(found)
    assert "<script>" not in text(found).replace('<script src="', "")
    link = text(found).split('href="/desk/holding/new/')[1].split('"')[0]
    form = renee.get(f"/desk/holding/new/{link}").context["form"]
    assert form["on_the_box"].value() == typed


def test_a_held_package_gets_a_mark_that_the_scan_field_knows(renee: Client, shops: dict[str, Storefront]) -> None:
    sent = {"storefront": IMAGE, "on_the_box": "Order 88190?", "sender": "K.", "nonce": str(uuid.uuid4())}
    for _ in range(2):  # sent twice, held once
        answer = renee.post("/desk/holding/new/", sent)
    held = HeldPackage.objects.get()
    assert answer.headers["Location"] == page(held)
    assert held.mark in text(renee.get(page(held)))
    assert renee.get("/desk/receive/", {"q": held.mark.lower()}).headers["Location"] == page(held)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"on_the_box": ""}, "Write what is on the box or in it"),
        ({"storefront": ""}, "Choose the storefront it came to."),
        ({"storefront": "nowhere"}, "Select a valid choice"),
        ({"sender_email": "kate@example.com,eve@example.com"}, "Enter a valid email address"),
        ({"sender": "x" * 201}, "at most 200"),
        ({"nonce": "1"}, "Enter a valid UUID"),
    ],
)
def test_a_label_that_cannot_be_kept_comes_back(renee: Client, cast: Cast, changed: dict[str, str], said: str) -> None:
    sent = {"storefront": IMAGE, "on_the_box": "88190", "nonce": str(uuid.uuid4())} | changed
    answer = renee.post("/desk/holding/new/", sent)
    assert (answer.status_code, said in text(answer)) == (422, True)
    assert not HeldPackage.objects.exists()


def test_nothing_that_the_form_does_not_ask_is_taken(renee: Client, cast: Cast) -> None:
    sent = {"storefront": IMAGE, "on_the_box": "1", "nonce": str(uuid.uuid4()), "state": "scrapped", "mark": "H-22222"}
    renee.post("/desk/holding/new/", sent | {"held_by": str(cast.sam.pk), "reason": "x"})
    held = HeldPackage.objects.get()
    assert (held.state, held.held_by, held.reason) == ("held", cast.renee, "")
    assert held.mark != "H-22222"


def test_at_another_storefront_nothing_can_be_held(cast: Cast, signed_in: SignIn, shops: dict[str, Storefront]) -> None:
    sent = {"storefront": IMAGE, "on_the_box": "88190", "nonce": str(uuid.uuid4())}
    signed_in(cast.lena).post("/desk/holding/new/", sent)
    assert HeldPackage.objects.get().storefront == shops[SPA]


# --- the list --------------------------------------------------------------------------------------------------------


def test_the_list_shows_age_and_what_is_due_first(
    renee: Client, held: HeldPackage, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    fresh = factories.held(shops[SPA], by=cast.sam, now=now)
    shown = text(renee.get("/desk/holding/"))
    assert shown.index(held.mark) < shown.index(fresh.mark)
    assert "4 days" in shown
    assert "4 days over" in shown
    assert held.mark not in text(renee.get("/desk/holding/", {"state": "scrapped"}))
    assert held.mark in text(renee.get("/desk/holding/", {"state": "' OR 1=1", "after": "2026-13-01,x"}))


def test_the_list_costs_the_same_for_many(
    renee: Client,
    held: HeldPackage,
    cast: Cast,
    shops: dict[str, Storefront],
    now: datetime,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(8):
        factories.held(shops[IMAGE], by=cast.renee, now=now)
    with django_assert_max_num_queries(4):
        renee.get("/desk/holding/")
    with django_assert_max_num_queries(6):
        renee.get(page(held))


# --- the sender ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "looked_for"),
    [
        ({"on_the_box": "88190", "sender": "Kate Aldana, 12 Elm St"}, "88190"),
        ({"on_the_box": "", "sender": "Kate Aldana, 12 Elm St, Lantana FL"}, "Kate Aldana"),
        ({"on_the_box": "", "sender": "", "contents": "1 serum"}, ""),
    ],
)
def test_whose_it_is_is_looked_for_by_what_can_be_found(
    renee: Client, held: HeldPackage, label: dict[str, str], looked_for: str
) -> None:
    HeldPackage.objects.filter(pk=held.pk).update(tracking_number="", **label)
    assert renee.get(page(held)).context["search"] == looked_for


def test_an_email_to_the_sender_leaves_with_the_noted_try(renee: Client, held: HeldPackage) -> None:
    sent = {"try-way": "email", "try-note": "First try", "try-seen": "0"}
    assert "email sent to kate" in text(renee.post(page(held, "try/"), sent, follow=True))
    assert Notification.objects.get(kind="package_unknown").recipient == "kate@example.com"
    again = renee.post(page(held, "try/"), sent)
    assert again.status_code == 409
    assert "A try was noted" in text(again)
    assert Notification.objects.filter(kind="package_unknown").count() == 1


@pytest.mark.parametrize("changed", [{"try-way": ""}, {"try-way": "pigeon"}, {"try-seen": "-1"}, {"try-seen": ""}])
def test_a_try_that_says_nothing_comes_back(renee: Client, held: HeldPackage, changed: dict[str, str]) -> None:
    sent = {"try-way": "phone", "try-note": "", "try-seen": "0"} | changed
    assert renee.post(page(held, "try/"), sent).status_code == 422
    assert not held.tries.exists()


# --- the end ---------------------------------------------------------------------------------------------------------


def test_it_is_scrapped_with_a_reason_and_only_once(renee: Client, held: HeldPackage) -> None:
    assert renee.post(page(held, "end/"), {"end-state": "scrapped", "end-reason": " "}).status_code == 422
    assert renee.post(page(held, "end/"), {"end-state": "matched", "end-reason": "x"}).status_code == 422
    sent = {"end-state": "scrapped", "end-reason": "Leaking"}
    assert f"{held.mark} is scrapped" in text(renee.post(page(held, "end/"), sent, follow=True))
    again = renee.post(page(held, "end/"), sent)
    assert (again.status_code, "was first" in text(again)) == (409, True)
    assert "Leaking" in text(renee.get(page(held)))


def test_photos_are_added_by_staff_and_seen_by_staff_of_the_storefront(
    renee: Client, held: HeldPackage, cast: Cast, signed_in: SignIn
) -> None:
    label = SimpleUploadedFile("label.jpg", factories.picture().large, "image/jpeg")
    assert renee.post(page(held, "photos/"), {"photos": label, "caption": "Label"}).status_code == 302
    photo = held.photos.get()
    assert photo.from_staff
    assert renee.get(f"/desk/photos/{photo.public_id}/").status_code == 200
    assert signed_in(cast.lena).get(f"/desk/photos/{photo.public_id}/").status_code == 404
    assert signed_in(cast.maya).get(f"/{IMAGE}/photos/{photo.public_id}/").status_code == 404
    bad = SimpleUploadedFile("label.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    assert renee.post(page(held, "photos/"), {"photos": bad}).status_code == 422


# --- whose it is -----------------------------------------------------------------------------------------------------


def test_it_is_found_and_received_for_the_return_it_belongs_to(
    renee: Client, held: HeldPackage, rma: ReturnRequest, now: datetime
) -> None:
    found = text(renee.get(page(held), {"q": rma.number}))
    assert f"{url(rma)}?held={held.public_id}" in found
    form = renee.get(url(rma), {"held": str(held.public_id)})
    assert "This is the held package" in text(form)
    done = renee.post(url(rma), {"line-1": 2, "held": str(held.public_id)}, follow=True)
    assert held.mark in text(done)
    rma.refresh_from_db()
    assert (rma.status, rma.received_at) == (Status.RECEIVED, now)
    assert rma.number in text(renee.get(page(held)))


def test_a_held_package_that_went_meanwhile_is_not_received(
    renee: Client, held: HeldPackage, rma: ReturnRequest, cast: Cast, now: datetime
) -> None:
    holding.close(held_id=held.public_id, state=HoldingState.SENT_BACK, reason="x", by=By.staff(cast.sam), now=now)
    answer = renee.post(url(rma), {"line-1": 2, "held": str(held.public_id)})
    assert (answer.status_code, "Sam T. was first" in text(answer)) == (409, True)
    rma.refresh_from_db()
    assert rma.status == Status.AUTHORIZED


def test_a_held_package_of_another_storefront_is_not_there(
    cast: Cast, signed_in: SignIn, held: HeldPackage, shops: dict[str, Storefront], now: datetime
) -> None:
    made = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA])
    mine = factories.authorized(factories.submitted(made, now=now), by=cast.sam, now=now)
    lena = signed_in(cast.lena)
    for named in (str(held.public_id), "x", str(uuid.uuid4())):
        assert lena.get(url(mine), {"held": named}).status_code == 404
        assert lena.post(url(mine), {"line-1": 2, "held": named}).status_code == 404
    mine.refresh_from_db()
    assert mine.status == Status.AUTHORIZED


def test_a_return_that_takes_nothing_now_offers_to_hold_the_package(
    renee: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    made = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE])
    waiting = factories.submitted(made, now=now)
    assert f"/desk/holding/new/?typed={waiting.reference}" in text(renee.get(url(waiting)))


@pytest.mark.parametrize("at_the_dock", [False, True])
def test_returns_that_take_no_package_come_last_and_say_why(
    renee: Client, held: HeldPackage, rma: ReturnRequest, cast: Cast, now: datetime, at_the_dock: bool
) -> None:
    done = factories.settled(cast.accounts[IMAGE], by=cast.sam, now=now)
    unread = factories.submitted(factories.order(rma.storefront, now=now, customer=cast.accounts[IMAGE]), now=now)
    here = factories.submitted(factories.order(rma.storefront, now=now, customer=cast.accounts[IMAGE]), now=now)
    for step in (factories.authorized, factories.received):
        here = step(here, by=cast.sam, now=now)
    other = factories.submitted(factories.order(rma.storefront, now=now, customer=cast.accounts[IMAGE]), now=now)
    factories.authorized(other, by=cast.sam, now=now)
    answer = renee.get("/desk/receive/" if at_the_dock else page(held), {"q": "Maya"})
    shown, found = text(answer), answer.context["found"]
    assert [each.reference for each in found.open] == [other.reference, rma.reference, here.reference]
    assert {(each.reference, why) for each, why in found.shut} == {
        (done.reference, "Closed already"),
        (unread.reference, "Not authorized yet"),
    }
    taking = "" if at_the_dock else f"?held={held.public_id}"
    assert f'href="{url(rma)}{taking}"' in shown
    for each in (done, unread):
        assert url(each) not in shown
        assert shown.index(url(each, "").rstrip("/")) > shown.index(url(here))
    assert "Closed already, so it takes no package now." in shown


def test_returns_of_the_storefront_it_came_to_are_offered_first(
    renee: Client, held: HeldPackage, rma: ReturnRequest, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    made = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA])
    elsewhere = factories.authorized(factories.submitted(made, now=now), by=cast.sam, now=now)
    found = renee.get(page(held), {"q": "Maya"}).context["found"]
    assert [each.reference for each in found.open] == [rma.reference, elsewhere.reference]


def test_only_a_manager_is_offered_an_expired_return_for_a_package(
    cast: Cast, signed_in: SignIn, held: HeldPackage, rma: ReturnRequest, now: datetime
) -> None:
    requests.expire(request_id=rma.pk, now=now)
    for person, is_offered in ((cast.renee, False), (cast.mona, True)):
        shown = text(signed_in(person).get(page(held), {"q": rma.number}))
        assert (f"{url(rma)}?held=" in shown, "a manager can still receive it" in shown) == (is_offered, not is_offered)
        assert ("None of them takes a package now." in shown) is not is_offered


# --- several packages ------------------------------------------------------------------------------------------------


def another(renee: Client, rma: ReturnRequest, **sent: Any) -> Any:
    nonce = renee.get(url(rma, "receive/another")).context["form"]["nonce"].value()
    return renee.post(url(rma, "receive/another"), {"nonce": nonce, "line-1": 1} | sent)


def test_a_second_package_adds_up_and_is_shown_at_the_inspection(renee: Client, rma: ReturnRequest) -> None:
    first = renee.post(url(rma), {"line-1": 1, "damaged-1": 1, "other_items": "<b>A hat</b>"}, follow=True)
    assert "Another package of it came" in text(first)
    assert another(renee, rma).status_code == 302
    shown = text(renee.get(url(rma, "inspect")))
    for words in ("Package 1 of 2", "Package 2 of 2", "1 unit damaged on the way back", "&lt;b&gt;A hat&lt;/b&gt;"):
        assert words in shown
    assert "2 of 2 here" in shown


def test_more_than_authorized_is_asked_about_first(renee: Client, rma: ReturnRequest) -> None:
    assert "More came than was authorized" not in text(renee.get(url(rma)))
    asked = renee.post(url(rma), {"line-1": 3})
    assert (asked.status_code, "3 are more than the 2 expected" in text(asked)) == (422, True)
    assert "More came than was authorized" in text(asked)
    assert renee.post(url(rma), {"line-1": 3, "over_is_right": "on"}).status_code == 302
    assert "1 more than authorized" in text(renee.get(url(rma, "inspect")))


@pytest.mark.parametrize(
    "sent", [{"line-1": -1}, {"line-1": "1e3"}, {"damaged-1": 2}, {"damaged-1": -1}, {"nonce": "x"}, {"nonce": ""}]
)
def test_a_further_package_that_is_not_possible_changes_nothing(
    renee: Client, rma: ReturnRequest, sent: dict[str, Any]
) -> None:
    renee.post(url(rma), {"line-1": 1})
    assert another(renee, rma, **sent).status_code == 422
    assert rma.lines.get().received_quantity == 1


def test_after_the_inspection_a_further_package_is_held(
    renee: Client, rma: ReturnRequest, cast: Cast, now: datetime
) -> None:
    late = renee.get(url(rma, "receive/another"))
    assert late.headers["Location"] == url(rma)
    factories.inspected(factories.received(rma, by=cast.sam, now=now), by=cast.sam, now=now)
    sent = {"nonce": str(uuid.uuid4()), "line-1": 1, "over_is_right": "on"}
    answer = renee.post(url(rma, "receive/another"), sent)
    assert (answer.status_code, "Hold the package instead" in text(answer)) == (409, True)
    assert "Another package came: hold it" in text(renee.get(url(rma)))
