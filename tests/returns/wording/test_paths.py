"""The path of a return: what is done, what is now, what follows, and nothing that never was."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from returns.domain.workflow import TRANSITIONS, Status
from returns.wording.paths import path_stages, reached_statuses

ZONE = ZoneInfo("America/New_York")
START = datetime(2026, 11, 18, 14, 52, tzinfo=UTC)


def names(status: Status, *reached: Status) -> list[str]:
    moments = reached_statuses([(step.value, START + timedelta(hours=n)) for n, step in enumerate(reached, 1)], START)
    return [f"{stage.progress.value} {stage.name}" for stage in path_stages(status, moments, ZONE, last="Paid")]


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
