"""The due column of the queue: what is promised, and before that by when it is decided."""

from datetime import date

import pytest

from returns.components import Kind
from returns.domain.workflow import Status
from returns.wording.desk import Clock, due

TODAY = date(2026, 11, 18)  # a Wednesday


@pytest.mark.parametrize(
    ("decide_on", "is_claim", "words", "kind"),
    [
        (date(2026, 11, 20), False, "decide Fri, 2 d left", Kind.IDLE),
        (date(2026, 11, 18), False, "decide today", Kind.WAIT),
        (date(2026, 11, 16), False, "decide, 2 days over", Kind.LATE),
        (date(2026, 11, 30), False, "decide Nov 30, 12 d left", Kind.IDLE),
        (date(2026, 11, 19), True, "answer Thu, 1 d left", Kind.WAIT),
        (date(2026, 11, 17), True, "answer, 1 day over", Kind.LATE),
        (None, True, "answer first", Kind.WAIT),
        (None, False, "to decide", Kind.IDLE),
    ],
)
def test_where_only_the_decisions_clock_runs_its_day_is_shown(
    decide_on: date | None, is_claim: bool, words: str, kind: Kind
) -> None:
    for status in (Status.SUBMITTED, Status.IN_REVIEW):
        shown = due(Clock(status, None, None, decide_on, is_claim), TODAY)
        assert (shown.words, shown.kind) == (words, kind)


def test_once_it_is_decided_the_decisions_day_is_no_longer_shown() -> None:
    decided = date(2026, 11, 16)
    assert due(Clock(Status.AUTHORIZED, None, None, decided), TODAY).words == "not received yet"
    assert due(Clock(Status.INFORMATION_REQUESTED, None, None, decided), TODAY).words == "waits for the answer"
    running = Clock(Status.RECEIVED, date(2026, 11, 17), date(2026, 11, 27), decided)
    assert due(running, TODAY).words == "Nov 27, 9 d left"
