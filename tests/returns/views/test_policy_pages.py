"""Managers make their policies: a draft is begun, edited, published for a day to come, and never changes again."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import StaffMembership
from returns.models import PolicyVersion, StorefrontChange
from returns.policy_in_force import policy_version_for
from returns.services.policies import earliest_day
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, PRO, SPA
from tests.policy_typing import typed

pytestmark = pytest.mark.django_db

LIST = "/reports/policies/"
DRAFT = f"{LIST}{IMAGE}/2/"


@pytest.fixture
def mona(cast: Cast, signed_in: SignIn, now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield signed_in(cast.mona)


def first(slug: str = IMAGE) -> PolicyVersion:
    return PolicyVersion.objects.get(storefront__slug=slug, number=1)


def begin(mona: Client, slug: str = IMAGE, copied: PolicyVersion | None = None) -> PolicyVersion:
    page = mona.post(f"{LIST}{slug}/new/", {"copied": (copied or first(slug)).pk})
    draft = PolicyVersion.objects.drafts().get(storefront__slug=slug)
    assert page.headers["Location"] == f"{LIST}{slug}/{draft.number}/edit/"
    return draft


def save(mona: Client, draft: PolicyVersion, **instead: Any) -> Any:
    data = typed(draft.parsed(), **instead)
    data["seen"] = draft.edited_at.isoformat() if draft.edited_at else ""
    return mona.post(f"{LIST}{draft.storefront.slug}/{draft.number}/edit/", data.urlencode(), FORM)


def publish(mona: Client, draft: PolicyVersion, **instead: Any) -> Any:
    seen = draft.edited_at.isoformat() if draft.edited_at else ""
    answers = {"begins_on": "2026-12-01", "reason": "Fewer complaints about the fee", "seen": seen, **instead}
    return mona.post(f"{LIST}{draft.storefront.slug}/{draft.number}/publish/", answers)


FORM = "application/x-www-form-urlencoded"


def test_a_version_begins_on_the_storefronts_next_day_also_late_in_its_evening(mona: Client, now: datetime) -> None:
    late = now.replace(hour=23) + timedelta(hours=4)  # 10 p.m. in New York, and tomorrow by Greenwich
    assert earliest_day(first().storefront, late) == date(2026, 11, 19)


def test_the_list_names_every_version_and_where_it_stands(
    mona: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    begin(mona)
    with django_assert_max_num_queries(8):
        html = mona.get(LIST).content.decode()
    assert html.count("In force") == 3
    assert html.count("<span>Draft</span>") == 1
    assert html.count("New draft") == 2


def test_a_draft_begins_as_a_copy_of_another_storefronts_policy_in_the_currency_of_its_own(mona: Client) -> None:
    PolicyVersion.objects.filter(pk=first().pk)
    draft = begin(mona, SPA, first(PRO))
    assert draft.parsed() == first(PRO).parsed()
    assert draft.copied_from == first(PRO)


def test_there_is_one_draft_at_a_time(mona: Client) -> None:
    begin(mona)
    page = mona.post(f"{LIST}{IMAGE}/new/", {"copied": first().pk}, follow=True)
    assert "There is a draft already" in page.content.decode()
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyVersion.objects.create(storefront=first().storefront, number=9, terms=first().terms)


def test_only_versions_of_ones_own_storefronts_can_be_copied(mona: Client, cast: Cast) -> None:
    StaffMembership.objects.filter(user=cast.mona, storefront__slug=PRO).delete()
    page = mona.post(f"{LIST}{IMAGE}/new/", {"copied": first(PRO).pk})
    assert page.status_code == 422
    assert "IMAGE Professional" not in page.content.decode()
    assert not PolicyVersion.objects.drafts().exists()


def test_a_draft_is_saved_and_tells_what_it_changes(mona: Client) -> None:
    draft = begin(mona)
    assert save(mona, draft, tiers__1__fee_percent="15").headers["Location"] == DRAFT
    html = mona.get(DRAFT).content.decode()
    assert "Tier 2: restocking fee, %" in html
    assert '<del class="was">20%</del>' in html
    assert '<ins class="becomes">15%</ins>' in html
    assert "Orders placed before that day keep version 1." in html


def test_nonsense_comes_back_with_what_was_typed_and_saves_nothing(mona: Client) -> None:
    draft = begin(mona)
    page = save(mona, draft, tiers__1__until_day="12", processing__days="0", tiers__0__fixed_fee="7.25")
    html = page.content.decode()
    assert page.status_code == 422
    assert "<title>Error: " in html
    assert "Write a whole number from 1 to 365." in html
    assert 'value="7.25"' in html
    draft.refresh_from_db()
    assert draft.parsed() == first().parsed()


def test_the_words_follow_the_form_and_save_nothing(mona: Client) -> None:
    draft = begin(mona)
    data = typed(draft.parsed(), tiers__0__until_day="14", tiers__1__fee_percent="15")
    words = mona.post(f"{DRAFT}words/", data.urlencode(), FORM).content.decode()
    assert "Up to day 14" in words
    assert "less 15%" in words
    assert "<html" not in words
    data["show"] = "1"
    page = mona.post(f"{DRAFT}edit/", data.urlencode(), FORM)
    assert (page.status_code, "Up to day 14" in page.content.decode()) == (200, True)
    data["tiers-0-until_day"] = "soon"
    assert "Not yet a policy" in mona.post(f"{DRAFT}words/", data.urlencode(), FORM).content.decode()
    draft.refresh_from_db()
    assert draft.parsed() == first().parsed()


def test_a_list_grows_without_a_script(mona: Client) -> None:
    draft = begin(mona)
    data = typed(draft.parsed())
    data["more"] = "tiers"
    page = mona.post(f"{DRAFT}edit/", data.urlencode(), FORM)
    assert page.status_code == 200
    assert 'name="tiers-2-until_day"' in page.content.decode()


@pytest.mark.parametrize("total", ["9" * 5000, "-1", "many"])
def test_a_list_of_no_number_of_rows_begins_anew(mona: Client, total: str) -> None:
    draft = begin(mona)
    data = typed(draft.parsed())
    data["more"], data["tiers-TOTAL_FORMS"] = "tiers", total
    page = mona.post(f"{DRAFT}edit/", data.urlencode(), FORM)
    assert page.status_code == 200
    assert 'name="tiers-1-until_day"' not in page.content.decode()


@pytest.mark.parametrize("seen", ["", "yesterday", "2026-13-01T00:00:00Z"])
def test_nobody_publishes_what_they_have_not_seen(mona: Client, seen: str) -> None:
    draft = begin(mona)
    assert publish(mona, draft, seen=seen).status_code == 409
    draft.refresh_from_db()
    assert draft.is_draft


def test_nobody_saves_over_what_they_have_not_seen(mona: Client, cast: Cast) -> None:
    draft = begin(mona)
    PolicyVersion.objects.filter(pk=draft.pk).update(edited_at=draft.edited_at + timedelta(seconds=1))  # type: ignore[operator]
    page = save(mona, draft, tiers__1__fee_percent="15")
    assert page.status_code == 409
    assert "Mona M. has saved this draft since you opened it" in page.content.decode()
    assert 'value="15"' in page.content.decode()


def test_a_published_version_holds_for_orders_from_its_day_on_and_older_orders_keep_theirs(
    mona: Client, cast: Cast, now: datetime
) -> None:
    draft = begin(mona)
    save(mona, draft, tiers__1__fee_percent="15")
    draft.refresh_from_db()
    publish(mona, draft, keeps_words="on")
    draft.refresh_from_db()
    assert draft.effective_from is not None
    assert draft.effective_from.astimezone(draft.storefront.zone).isoformat() == "2026-12-01T00:00:00-05:00"
    assert (draft.published_by, draft.reason) == (cast.mona, "Fewer complaints about the fee")
    older, newer = (
        factories.order(draft.storefront, now=now, placed_at=draft.effective_from + timedelta(seconds=seconds))
        for seconds in (-1, 0)
    )
    assert [policy_version_for(order).number for order in (older, newer)] == [1, 2]
    change = StorefrontChange.objects.get(actor=cast.mona)
    assert change.about == "Version 2"
    assert "December 1, 2026" in change.after


@pytest.mark.parametrize(
    ("instead", "words"),
    [
        ({"begins_on": "2026-11-18"}, "Choose November 19, 2026 or later"),
        ({"begins_on": "2020-01-01"}, "Choose November 19, 2026 or later"),
        ({"begins_on": "9999-12-31"}, "within the next five years"),
        ({"begins_on": ""}, "Choose the day from which it holds."),
        ({"begins_on": "soon"}, "Choose a day of the calendar."),
        ({"reason": " "}, "Write why, for the record."),
        ({"reason": "x" * 501}, "at most 500 characters"),
    ],
)
def test_publishing_needs_a_day_to_come_and_a_reason(mona: Client, instead: dict[str, str], words: str) -> None:
    draft = begin(mona)
    page = publish(mona, draft, **instead)
    assert page.status_code == 422
    assert words in page.content.decode()
    draft.refresh_from_db()
    assert draft.is_draft


def test_numbers_of_clauses_that_the_policy_does_not_have_are_named_and_confirmed(mona: Client) -> None:
    draft = begin(mona)
    assert "The words are meant so" not in mona.get(DRAFT).content.decode()
    save(mona, draft, tiers__1__fee_percent="15")
    draft.refresh_from_db()
    assert "CON-28 says 20%" in mona.get(f"{DRAFT}edit/").content.decode()
    assert "CON-28 says 20%. None of the policy’s figures says that." in mona.get(DRAFT).content.decode()
    page = publish(mona, draft)
    assert (page.status_code, "Correct the words" in page.content.decode()) == (422, True)
    draft.refresh_from_db()
    assert draft.is_draft
    assert publish(mona, draft, keeps_words="on").status_code == 302


def test_a_version_begins_after_the_one_that_is_published_already(mona: Client) -> None:
    publish(mona, begin(mona))
    page = publish(mona, begin(mona), begins_on="2026-12-01")
    assert "Choose December 2, 2026 or later" in page.content.decode()


def test_a_published_version_is_never_edited_dropped_or_published_again(mona: Client) -> None:
    for step in ("publish", "drop"):
        page = mona.post(f"{LIST}{IMAGE}/1/{step}/", {"reason": "x", "begins_on": "2026-12-01"})
        assert page.status_code == 409
        assert "never changes" in page.content.decode()
    assert mona.get(f"{LIST}{IMAGE}/1/edit/").status_code == 302
    for statement in (
        "UPDATE returns_policyversion SET terms = '{}' WHERE published_at IS NOT NULL",
        "UPDATE returns_policyversion SET published_at = NULL WHERE published_at IS NOT NULL",
        "DELETE FROM returns_policyversion",
    ):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_what_is_written_in_the_history_stays(mona: Client) -> None:
    publish(mona, begin(mona))
    with pytest.raises(DatabaseError), transaction.atomic():
        StorefrontChange.objects.update(after="nothing")
    with pytest.raises(DatabaseError), transaction.atomic():
        StorefrontChange.objects.all().delete()


def test_a_draft_can_be_dropped(mona: Client) -> None:
    begin(mona)
    assert mona.post(f"{DRAFT}drop/").headers["Location"] == LIST
    assert not PolicyVersion.objects.drafts().exists()
    assert mona.get(DRAFT).status_code == 404


def test_a_day_is_one_of_the_storefronts_calendar(mona: Client, now: datetime) -> None:
    draft = begin(mona)
    late = datetime(2026, 11, 19, 3, 0, tzinfo=now.tzinfo)  # still November 18 in New York
    with time_machine.travel(late, tick=False):
        publish(mona, draft, begins_on="2026-11-19")
    draft.refresh_from_db()
    assert draft.effective_from is not None
    assert draft.effective_from.astimezone(draft.storefront.zone).date() == date(2026, 11, 19)
