"""The table of the life of a return: what leads where, and who may."""

import pytest

from returns.domain.workflow import (
    AWAITING_DECISION,
    BY_ACTION,
    FINAL,
    OPEN,
    TRANSITIONS,
    Action,
    Actor,
    Status,
    available,
    is_legal,
    may,
    pairs,
)

EXPECTED = {
    "submitted": "in_review information_requested authorized rejected redirected withdrawn",
    "in_review": "information_requested authorized rejected redirected withdrawn",
    "information_requested": "in_review rejected withdrawn",
    "authorized": "shipped received withdrawn expired completed",
    "shipped": "received withdrawn expired",
    "received": "inspected",
    "inspected": "difference_sent completed",
    "difference_sent": "inspected completed",
    "expired": "received",
    "rejected": "in_review",
    "completed": "",
    "redirected": "",
    "withdrawn": "",
}


def test_the_moves_are_those_and_no_others() -> None:
    assert pairs() == {
        (Status(source), Status(target)) for source, targets in EXPECTED.items() for target in targets.split()
    }


def test_every_action_has_one_row() -> None:
    assert [row.action for row in TRANSITIONS] == list(Action)
    assert set(BY_ACTION) == set(Action)


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("actor", list(Actor))
def test_available_is_exactly_what_may_be_done(status: Status, actor: Actor) -> None:
    assert set(available(status, actor)) == {action for action in Action if may(action, status, actor)}


def test_only_managers_undo_an_ending() -> None:
    for status in FINAL:
        for actor in (Actor.OWNER, Actor.SUPPORT, Actor.WORKER):
            assert available(status, actor) == ()
    assert available(Status.REJECTED, Actor.MANAGER) == (Action.REOPEN,)
    assert available(Status.EXPIRED, Actor.MANAGER) == (Action.RECEIVE_LATE,)


def test_the_owner_withdraws_until_the_goods_are_here() -> None:
    allowed = {status for status in Status if may(Action.WITHDRAW, status, Actor.OWNER)}
    assert allowed == {
        Status.SUBMITTED,
        Status.IN_REVIEW,
        Status.INFORMATION_REQUESTED,
        Status.AUTHORIZED,
        Status.SHIPPED,
    }


def test_the_owner_never_decides() -> None:
    for action in (Action.AUTHORIZE, Action.REJECT, Action.RECEIVE, Action.INSPECT, Action.SETTLE, Action.REOPEN):
        assert not any(may(action, status, Actor.OWNER) for status in Status)
        assert any(is_legal(action, status) for status in Status)


def test_open_and_final_share_nothing() -> None:
    assert set(Status) == OPEN | FINAL
    assert not OPEN & FINAL
    assert AWAITING_DECISION < OPEN
    assert all(status.is_final for status in FINAL)
    assert not any(status.is_final for status in OPEN)
