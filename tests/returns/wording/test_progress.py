"""Where a return stands: every status has its words, and nothing is promised that isn't fixed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from returns.components import Whose
from returns.domain.facts import Resolution
from returns.domain.storefront import SHIPPED, load_storefronts
from returns.domain.workflow import TRANSITIONS, Actor, Status, available
from returns.wording.progress import (
    COMPLETED_AS,
    STATUS,
    Ending,
    Findings,
    path_stages,
    promise_words,
    reached_statuses,
    status_words,
)

TERMS = {slug: terms for slug, (_, terms) in load_storefronts(SHIPPED).items()}
ZONE = ZoneInfo("America/New_York")
START = datetime(2026, 11, 18, 14, 52, tzinfo=UTC)
ANSWERABLE = {Status.INFORMATION_REQUESTED, Status.AUTHORIZED, Status.DIFFERENCE_SENT}


def names(status: Status, *reached: Status) -> list[str]:
    moments = reached_statuses([(step.value, START + timedelta(hours=n)) for n, step in enumerate(reached, 1)], START)
    return [f"{stage.progress.value} {stage.name}" for stage in path_stages(status, moments, ZONE, last="Paid")]


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_its_row(status: Status) -> None:
    words = STATUS[status]
    assert words.word
    assert words.turn.headline


@pytest.mark.parametrize("status", list(Status))
def test_it_is_the_customers_turn_exactly_where_only_they_can_go_on(status: Status) -> None:
    assert (STATUS[status].turn.whose is Whose.YOURS) == (status in ANSWERABLE)
    assert (STATUS[status].turn.whose is Whose.DONE) == status.is_final


def test_the_customer_can_act_wherever_it_is_their_turn() -> None:
    assert all(available(status, Actor.OWNER) for status in ANSWERABLE)


@pytest.mark.parametrize("status", list(Status))
def test_no_path_is_longer_than_six_stages(status: Status) -> None:
    on_the_way = [row.target for row in TRANSITIONS]
    assert 1 <= len(names(status, *dict.fromkeys(on_the_way))) <= 6
    assert len(names(status)) <= 6


def test_the_path_says_what_is_done_what_is_now_and_what_follows() -> None:
    assert names(Status.AUTHORIZED, Status.AUTHORIZED) == [
        "done Requested",
        "done Authorized",
        "now Package on its way",
        "next Received",
        "next Checked",
        "next Paid",
    ]


def test_a_return_that_was_refused_ends_with_that_stage() -> None:
    assert names(Status.REJECTED, Status.REJECTED) == ["done Requested", "ended Not accepted"]


def test_a_withdrawn_return_keeps_the_stages_it_had() -> None:
    reached = (Status.AUTHORIZED, Status.WITHDRAWN)
    assert names(Status.WITHDRAWN, *reached) == ["done Requested", "done Authorized", "ended Withdrawn"]


def test_goods_that_nobody_announced_skip_the_stage_on_its_way() -> None:
    reached = (Status.AUTHORIZED, Status.RECEIVED)
    assert names(Status.RECEIVED, *reached)[2:] == ["done Received", "now Checked", "next Paid"]


def test_a_replacement_without_goods_was_never_received() -> None:
    reached = (Status.AUTHORIZED, Status.COMPLETED)
    assert names(Status.COMPLETED, *reached) == ["done Requested", "done Authorized", "done Paid"]


def test_while_we_read_it_the_request_itself_is_the_stage_it_stands_on() -> None:
    assert names(Status.SUBMITTED)[:3] == ["now Requested", "next Authorized", "next Package on its way"]
    reached = (Status.IN_REVIEW, Status.INFORMATION_REQUESTED, Status.IN_REVIEW)
    assert names(Status.IN_REVIEW, *reached)[:2] == ["now Being read", "next Authorized"]


def test_nobody_is_told_to_send_what_isnt_authorized() -> None:
    stages = path_stages(Status.SUBMITTED, {Status.SUBMITTED: START}, ZONE)
    assert stages[0].note.endswith("A person reads your request")
    assert not any("send" in stage.note for stage in stages)


def test_a_disagreement_is_looked_at_again_before_it_is_done() -> None:
    reached = dict.fromkeys((Status.SUBMITTED, Status.AUTHORIZED, Status.RECEIVED, Status.INSPECTED), START)
    *_, checked, done = path_stages(Status.INSPECTED, reached, ZONE, looks_again=True)
    assert (checked.progress, done.progress) == ("now", "next")
    assert checked.note.endswith("A second person looks at it")


def test_a_missing_package_has_no_stage_for_shipping() -> None:
    stages = path_stages(Status.SUBMITTED, {Status.SUBMITTED: START}, ZONE, is_missing=True)
    assert [stage.name for stage in stages] == ["Reported", "Decided", "Done"]


def test_before_receipt_a_duration_is_promised_and_no_day() -> None:
    promise = promise_words(TERMS["le-petit-spa"], Status.AUTHORIZED, None, None)
    assert promise is not None
    assert promise.day is None
    assert promise.sentence.startswith("Within 10 business days after your package reaches us.")
    assert promise.leaf == ("within", "10", "business days")


def test_after_receipt_the_day_is_fixed_and_how_it_was_counted_is_said() -> None:
    received = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    promise = promise_words(TERMS["le-petit-spa"], Status.RECEIVED, received, date(2026, 12, 8))
    assert promise is not None
    assert promise.day == date(2026, 12, 8)
    assert promise.sentence == (
        "10 business days after your package came on Monday, November 23, 2026. "
        "Weekends and federal holidays aren't counted."
    )


@pytest.mark.parametrize("status", [Status.REJECTED, Status.REDIRECTED, Status.WITHDRAWN, Status.EXPIRED])
def test_nothing_is_promised_for_a_return_that_ended_before_the_package_came(status: Status) -> None:
    assert promise_words(TERMS["image-consumer"], status, None, None) is None


@pytest.mark.parametrize("resolution", list(Resolution))
def test_a_completed_return_is_called_by_what_was_given(resolution: Resolution) -> None:
    words = status_words(Status.COMPLETED, Ending(resolution, amount="$97.92"))
    assert words.word == COMPLETED_AS[resolution]
    assert words.turn.whose is Whose.DONE


def test_paid_is_said_only_once_the_money_has_left() -> None:
    assert Ending(Resolution.REFUND).word == "Processed"
    assert Ending(Resolution.REFUND, is_paid=True).word == "Paid"
    assert "refund" not in Ending(Resolution.STORE_CREDIT, amount="$80.00").headline.lower()


def test_goods_that_were_different_are_not_called_as_told() -> None:
    assert status_words(Status.INSPECTED).turn.headline == "All as you told us"
    assert (
        status_words(Status.INSPECTED, findings=Findings(is_different=True)).turn.headline == "Something was different"
    )
