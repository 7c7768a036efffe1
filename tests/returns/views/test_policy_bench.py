"""A draft is tried on the requests that were really made, before it is published."""

import csv
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
import time_machine
from celery.exceptions import SoftTimeLimitExceeded
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from returns.domain.facts import Condition, Reason
from returns.models import PolicyReplay, PolicyVersion, ReturnRequest, Storefront
from returns.services import policy_replays
from returns.services.errors import Refused
from tests import factories
from tests.conftest import Cast, SignIn
from tests.factories import IMAGE, SPA
from tests.returns.views.test_policy_pages import begin, save

pytestmark = pytest.mark.django_db

PAGE = f"/reports/policies/{IMAGE}/2/"


@pytest.fixture
def mona(cast: Cast, signed_in: SignIn, now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield signed_in(cast.mona)


def asked(shop: Storefront, now: datetime, days_ago: int, **line: Any) -> ReturnRequest:
    order = factories.order(shop, now=now, days_ago=days_ago, lines=[line])
    return factories.submitted(order, now=now, lines=[factories.asked(order.lines.get(), ask_anyway=True)])


@pytest.fixture
def requests(shops: dict[str, Storefront], now: datetime) -> list[ReturnRequest]:
    """In full; less 20% (122.40 less 24.48); too close to expiration by 12 months, not by 9."""
    ten_months = date(2027, 9, 18)
    return [
        asked(shops[IMAGE], now, 5),
        asked(shops[IMAGE], now, 47),
        asked(shops[IMAGE], now, 47, expires_on=ten_months),
    ]


def draft(mona: Client, **instead: Any) -> PolicyVersion:
    made = begin(mona)
    save(mona, made, **(instead or {"tiers__1__fee_percent": "15", "tiers__1__min_shelf_months": "9"}))
    made.refresh_from_db()
    return made


def run(mona: Client, wanted: int = 500) -> Any:
    return mona.post(f"{PAGE}replay/", {"wanted": wanted})


def test_every_verdict_and_cent_that_would_change_is_shown(mona: Client, requests: list[ReturnRequest]) -> None:
    draft(mona)
    assert run(mona).headers["Location"] == PAGE
    result = PolicyReplay.objects.get().result
    assert result is not None
    assert {kind: (each["changes"], each["amount"]) for kind, each in result["kinds"].items()} == {
        "same": (1, "0.00"),
        "other_amount": (1, "6.12"),
        "other_verdict": (1, "104.04"),
    }
    assert (result["before"], result["after"]) == ("220.32", "330.48")
    assert result["worse"]["changes"] == 0
    assert sorted(result["matrix"]) == [["eligible", "eligible", 2], ["not_eligible", "eligible", 1]]
    html = mona.get(PAGE).content.decode()
    for words in ("+$110.16", "50.0% more", "Too close to expiration", "Less 15%", "Less 20%", requests[1].reference):
        assert words in html
    assert requests[0].reference not in html


def test_what_is_worse_for_the_customer_stands_on_its_own(mona: Client, requests: list[ReturnRequest]) -> None:
    draft(mona, tiers__1__fee_percent="25")
    run(mona)
    result = PolicyReplay.objects.get().result
    assert result is not None
    assert result["worse"] == {"changes": 1, "amount": "-6.12"}
    html = mona.get(f"{PAGE}?only=worse").content.decode()
    assert "worse for the customer" in html
    assert requests[1].reference in html


def test_only_the_newest_requests_of_the_storefront_count(
    mona: Client, requests: list[ReturnRequest], shops: dict[str, Storefront], now: datetime
) -> None:
    asked(shops[SPA], now, 5)
    draft(mona)
    run(mona, 2)
    assert PolicyReplay.objects.get().result["requests"] == 2  # type: ignore[index]


def test_the_answer_before_is_the_one_that_was_given(mona: Client, requests: list[ReturnRequest]) -> None:
    """Rows become the very facts that the request was judged by: the sums equal those of the stored quotes."""
    draft(mona)
    run(mona)
    stored = sum((request.submitted_quote.total for request in requests), Decimal(0))
    assert Decimal(PolicyReplay.objects.get().result["before"]) == stored  # type: ignore[index]


def test_a_second_return_of_opened_goods_is_known_to_a_replay(
    mona: Client, cast: Cast, shops: dict[str, Storefront], now: datetime
) -> None:
    for days in (40, 5):
        order = factories.order(shops[SPA], now=now - timedelta(days=days), customer=cast.accounts[SPA])
        opened = factories.asked(
            order.lines.get(),
            condition=Condition.OPENED,
            used_percent=Decimal(10),
            reason=Reason.DISSATISFIED,
            ask_anyway=True,
        )
        made = factories.submitted(order, now=now - timedelta(days=days), lines=[opened])
        if days == 40:
            factories.authorized(made, by=cast.sam, now=now - timedelta(days=39))
    begin(mona, SPA)
    mona.post(f"/reports/policies/{SPA}/2/replay/", {"wanted": "10"})
    result = PolicyReplay.objects.get().result
    assert result is not None
    assert sorted(result["matrix"]) == [["eligible", "eligible", 1], ["not_eligible", "not_eligible", 1]]


def test_a_long_run_is_a_workers_and_its_progress_is_shown(
    mona: Client, requests: list[ReturnRequest], now: datetime
) -> None:
    draft(mona)
    run(mona, policy_replays.AT_ONCE + 1)
    waiting = PolicyReplay.objects.get()
    assert waiting.begun_at is None
    html = mona.get(PAGE).content.decode()
    assert "0 of at most 2,001 requests" in html
    assert "Look again" in html
    part = mona.get(f"{PAGE}replay/", headers={"HX-Request": "true"}).content.decode()
    assert "data-hx-get" in part
    assert "<html" not in part
    assert policy_replays.run_waiting(now) == 1
    assert policy_replays.run_waiting(now) == 0
    part = mona.get(f"{PAGE}replay/", headers={"HX-Request": "true"}).content.decode()
    assert "data-hx-get" not in part
    assert "Same to the cent" in part


def test_a_run_whose_worker_died_is_run_anew(mona: Client, requests: list[ReturnRequest], now: datetime) -> None:
    draft(mona)
    run(mona, policy_replays.AT_ONCE + 1)
    PolicyReplay.objects.update(begun_at=now)
    assert policy_replays.run_waiting(now + timedelta(minutes=1)) == 0
    assert policy_replays.run_waiting(now + policy_replays.GIVEN_UP + timedelta(seconds=1)) == 1


def test_a_run_that_breaks_off_fails_after_some_attempts_and_can_be_asked_for_anew(
    mona: Client, requests: list[ReturnRequest], now: datetime
) -> None:
    draft(mona)
    run(mona, policy_replays.AT_ONCE + 1)
    version = PolicyReplay.objects.get().compared_with
    with mock.patch.object(policy_replays, "past_requests", side_effect=ArithmeticError):
        begun = [policy_replays.run_waiting(now) for _ in range(5)]
    assert begun == [1] * policy_replays.MOST_ATTEMPTS + [0, 0]
    failed = PolicyReplay.objects.get()
    assert (failed.attempts, failed.failed_at, failed.ended_at) == (3, now, None)
    html = mona.get(PAGE).content.decode()
    assert "The run failed" in html
    assert "Look again" not in html
    part = mona.get(f"{PAGE}replay/", headers={"HX-Request": "true"}).content.decode()
    assert "data-hx-get" not in part
    run(mona, policy_replays.AT_ONCE + 1)
    assert policy_replays.run_waiting(now) == 1
    assert PolicyReplay.objects.get(failed_at=None).compared_with == version


def test_a_run_that_takes_too_long_ends_its_task_and_is_counted(
    mona: Client, requests: list[ReturnRequest], now: datetime
) -> None:
    draft(mona)
    run(mona, policy_replays.AT_ONCE + 1)
    with (
        mock.patch.object(policy_replays, "past_requests", side_effect=SoftTimeLimitExceeded),
        pytest.raises(SoftTimeLimitExceeded),
    ):
        policy_replays.run_waiting(now)
    assert PolicyReplay.objects.get().attempts == 1


def test_a_run_that_always_kills_its_worker_fails(mona: Client, requests: list[ReturnRequest], now: datetime) -> None:
    draft(mona)
    run(mona, policy_replays.AT_ONCE + 1)
    PolicyReplay.objects.update(begun_at=now, attempts=policy_replays.MOST_ATTEMPTS)
    later = now + policy_replays.GIVEN_UP + timedelta(seconds=1)
    assert policy_replays.run_waiting(later) == 0
    assert PolicyReplay.objects.get().failed_at == later


def test_an_edited_draft_says_that_the_figures_are_older(
    mona: Client, requests: list[ReturnRequest], now: datetime
) -> None:
    made = draft(mona)
    run(mona)
    assert "The draft was edited since" not in mona.get(PAGE).content.decode()
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        save(mona, made, tiers__1__fee_percent="10")
    assert "The draft was edited since" in mona.get(PAGE).content.decode()


@pytest.mark.parametrize("wanted", ["", "0", "-1", "200001", "many", "1e3"])
def test_how_many_is_a_number_that_makes_sense(mona: Client, wanted: str) -> None:
    draft(mona)
    page = mona.post(f"{PAGE}replay/", {"wanted": wanted})
    assert page.status_code == 422
    assert "Write a whole number from 1 to 200,000." in page.content.decode()
    assert not PolicyReplay.objects.exists()


def test_a_published_version_is_not_tried(mona: Client) -> None:
    page = mona.post(f"/reports/policies/{IMAGE}/1/replay/", {"wanted": "5"})
    assert page.status_code == 409
    assert "Only drafts are tried" in page.content.decode()


def test_the_example_cases_that_expect_other_terms_are_named(mona: Client) -> None:
    draft(mona)
    run(mona)
    cases = PolicyReplay.objects.get().result["cases"]  # type: ignore[index]
    assert cases["all"] == 21
    assert 0 < len(cases["failing"]) < 21
    html = mona.get(PAGE).content.decode()
    assert f"{cases['all'] - len(cases['failing'])} of 21 pass" in html
    assert cases["failing"][0]["id"] in html


def test_the_example_cases_pass_under_the_policy_that_they_come_with(mona: Client) -> None:
    begin(mona)
    run(mona)
    assert "All 21 pass." in mona.get(PAGE).content.decode()


def test_the_file_names_every_changed_request_to_the_cent(mona: Client, requests: list[ReturnRequest]) -> None:
    draft(mona)
    run(mona)
    answer = mona.get(f"{PAGE}changed.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(text.splitlines()))
    found = {row["return"]: (row["before"], row["after"], row["change"]) for row in rows}
    assert found == {
        requests[1].reference: ("97.92", "104.04", "6.12"),
        requests[2].reference: ("0.00", "104.04", "104.04"),
    }


def test_a_replay_needs_as_many_queries_for_many_requests_as_for_one(
    mona: Client,
    cast: Cast,
    shops: dict[str, Storefront],
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    made, compared = draft(mona), PolicyVersion.objects.get(storefront=shops[IMAGE], number=1)
    for _ in range(6):
        asked(shops[IMAGE], now, 47)
    waiting = PolicyReplay.objects.create(
        draft=made, compared_with=compared, wanted=6, asked_by=cast.mona, asked_at=now
    )
    with django_assert_max_num_queries(5):
        policy_replays.run(waiting.pk, now=now)


def test_whoever_asks_again_while_a_long_run_goes_on_is_shown_that_one(
    mona: Client, requests: list[ReturnRequest]
) -> None:
    made = draft(mona)
    for _ in range(2):
        assert run(mona, policy_replays.AT_ONCE + 1).headers["Location"] == PAGE
    assert PolicyReplay.objects.count() == 1
    run(mona)
    assert PolicyReplay.objects.filter(ended_at__isnull=False).count() == 1
    later = made.edited_at + timedelta(seconds=1)  # type: ignore[operator]
    PolicyVersion.objects.filter(pk=made.pk).update(edited_at=later)
    run(mona, policy_replays.AT_ONCE + 1)
    assert PolicyReplay.objects.filter(ended_at__isnull=True).count() == 2  # other terms


def test_a_draft_that_was_dropped_meanwhile_is_not_tried(mona: Client, cast: Cast, now: datetime) -> None:
    made, compared = draft(mona), PolicyVersion.objects.get(storefront__slug=IMAGE, number=1)
    PolicyVersion.objects.filter(pk=made.pk).delete()
    with pytest.raises(Refused, match="was dropped"):
        policy_replays.ask(draft=made, compared=compared, wanted=5, by=cast.mona, now=now)
