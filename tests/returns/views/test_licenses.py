"""Licenses: shown by the customer, decided at the desk, once, by somebody else (PRO-05, PRO-06)."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from returns.licensing import types_above
from returns.models import CustomerAccount, License, Notification, Storefront
from returns.services import licenses
from returns.services.errors import AlreadyDecided, Refused
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, PRO

pytestmark = pytest.mark.django_db


def photo_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("license.jpg", factories.picture().large, "image/jpeg")


def send(browser: Client, slug: str = PRO, **data: Any) -> Any:
    given = {"wanted_type": "professional", "photos": photo_file()} | data
    return browser.post(reverse("portal:license", args=[slug]), given)


@pytest.fixture
def shown(cast: Cast, now: datetime) -> License:
    return licenses.show(
        account_id=cast.accounts[PRO].pk,
        wanted_type="professional",
        pictures=[factories.picture()],
        by=By.owner(cast.maya),
        now=now,
    )


# --- showing one -----------------------------------------------------------------------------------------------------


def test_a_license_is_shown_with_its_photo_once(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.maya)
    assert send(browser).status_code == 302
    assert send(browser).status_code == 409
    [kept] = License.objects.all()
    assert (kept.state, kept.photos.count(), kept.uploaded_by) == ("waiting", 1, cast.maya)
    assert "We are looking at your license" in browser.get(reverse("portal:account", args=[PRO])).content.decode()


def test_a_license_without_a_photo_or_of_no_such_kind_comes_back(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.maya)
    bad: list[dict[str, Any]] = [
        {"photos": []},
        {"photos": SimpleUploadedFile("x.jpg", b"<?php ?>", "image/jpeg")},
        {"wanted_type": "owner"},
        {"wanted_type": "student"},
    ]
    assert [send(browser, **data).status_code for data in bad] == [422] * 4
    assert not License.objects.exists()


def test_elsewhere_nobody_shows_a_license(cast: Cast, signed_in: SignIn) -> None:
    assert send(signed_in(cast.maya), IMAGE).status_code == 404


def test_an_account_rises_only_to_what_is_above_it(cast: Cast) -> None:
    account = cast.accounts[PRO]
    above = {
        "consumer": ["professional", "business"],
        "student": ["professional", "business"],
        "professional": ["business"],
        "business": [],
    }
    for account.type, types in above.items():
        assert types_above(account) == types


# --- deciding --------------------------------------------------------------------------------------------------------


def test_granting_raises_the_account_and_tells_its_owner(cast: Cast, signed_in: SignIn, shown: License) -> None:
    desk = signed_in(cast.renee)
    assert cast.accounts[PRO].number in desk.get(reverse("desk:licenses")).content.decode()
    page = desk.get(reverse("desk:license", args=[shown.public_id])).content.decode()
    assert "Grant it" in page
    assert desk.post(reverse("desk:license_grant", args=[shown.public_id])).status_code == 302
    assert CustomerAccount.objects.get(pk=cast.accounts[PRO].pk).type == "professional"
    assert Notification.objects.filter(kind="license_granted", recipient=cast.maya.email).count() == 1


def test_the_mail_is_in_the_language_of_the_page_that_showed_it(cast: Cast, signed_in: SignIn) -> None:
    given = {"wanted_type": "professional", "photos": photo_file()}
    spanish = {"accept-language": "es-US"}
    signed_in(cast.maya).post(reverse("portal:license", args=[PRO]), given, headers=spanish)
    signed_in(cast.renee).post(reverse("desk:license_grant", args=[License.objects.get().public_id]))
    assert Notification.objects.get(kind="license_granted").language == "es"


def test_a_refusal_needs_words_and_the_customer_reads_them(cast: Cast, signed_in: SignIn, shown: License) -> None:
    desk, url = signed_in(cast.renee), reverse("desk:license_refuse", args=[shown.public_id])
    assert desk.post(url, {"text": ""}).status_code == 422
    assert desk.post(url, {"text": "We need its back, too."}).status_code == 302
    assert "We need its back, too." in signed_in(cast.maya).get(reverse("portal:account", args=[PRO])).content.decode()
    assert CustomerAccount.objects.get(pk=cast.accounts[PRO].pk).type == "consumer"


def test_a_second_decision_changes_nothing(cast: Cast, shown: License, now: datetime) -> None:
    licenses.refuse(license_id=shown.public_id, text="No.", by=By.staff(cast.renee), now=now)
    for decide in (licenses.grant, lambda **given: licenses.refuse(text="No!", **given)):
        with pytest.raises(AlreadyDecided, match="Renee O. was first"):
            decide(license_id=shown.public_id, by=By.staff(cast.sam), now=now)
    assert Notification.objects.filter(kind__startswith="license").count() == 1


def test_a_license_of_which_nothing_is_left_to_see_is_not_granted(cast: Cast, shown: License, now: datetime) -> None:
    shown.photos.update(hidden_at=now, hidden_by=cast.renee, hidden_reason="A face.")
    with pytest.raises(Refused, match="No photo of this license is left to see"):
        licenses.grant(license_id=shown.public_id, by=By.staff(cast.renee), now=now)
    assert CustomerAccount.objects.get(pk=cast.accounts[PRO].pk).type == "consumer"


def test_nobody_decides_about_themselves(shops: dict[str, Storefront], cast: Cast, now: datetime) -> None:
    own = factories.account(shops[PRO], user=cast.renee)
    mine = License.objects.create(account=own, wanted_type="professional", uploaded_at=now)
    with pytest.raises(Refused):
        licenses.grant(license_id=mine.public_id, by=By.staff(cast.renee), now=now)
    with pytest.raises(Refused):
        licenses.grant(license_id=mine.public_id, by=By.owner(cast.maya), now=now)


def test_staff_of_another_storefront_find_nothing(cast: Cast, signed_in: SignIn, shown: License) -> None:
    lena = signed_in(cast.lena)
    assert lena.get(reverse("desk:license", args=[shown.public_id])).status_code == 404
    assert lena.post(reverse("desk:license_grant", args=[shown.public_id])).status_code == 404
    assert cast.accounts[PRO].number not in lena.get(reverse("desk:licenses")).content.decode()


def at_once(acts: list[Callable[[], object]]) -> list[str]:
    """Do all of it at the same moment; what became of each, sorted."""
    start, ended = threading.Barrier(len(acts)), list[str]()

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
            ended.append("done")
        except Refused:
            ended.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ended)


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_once_one_counts(cast: Cast, shown: License, now: datetime) -> None:
    key = shown.public_id
    acts: list[Callable[[], object]] = [
        lambda: licenses.grant(license_id=key, by=By.staff(cast.renee), now=now),
        lambda: licenses.refuse(license_id=key, text="No.", by=By.staff(cast.sam), now=now),
    ]
    assert at_once(acts) == ["done", "refused"]
    assert Notification.objects.filter(kind__startswith="license").count() == 1


# --- the account at the desk -----------------------------------------------------------------------------------------


def test_care_changes_the_account_and_everybody_sees_who_did(cast: Cast, signed_in: SignIn) -> None:
    account, desk = cast.accounts[PRO], signed_in(cast.renee)
    url = reverse("desk:account", args=[account.public_id])
    data = {"name": "Studio Brennan", "phone": "704-555-0100", "email": "studio@example.com"}
    assert desk.post(url, data).status_code == 302
    text = desk.get(url).content.decode()
    assert "Studio Brennan" in text
    assert "Renee O." in text
    assert "studio@example.com" in text
    assert desk.post(url, {"name": ""}).status_code == 422
    assert desk.post(url, {**data, "email": ""}).status_code == 422
    assert signed_in(cast.lena).get(url).status_code == 404
