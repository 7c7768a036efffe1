"""Random histories: whoever does whatever in whatever order, the table decides and every promise holds."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from returns.differences import Answer
from returns.domain.facts import Condition, Reason, Wish
from returns.domain.workflow import BY_ACTION, Action, Actor, Status, may
from returns.invariants import violations
from returns.models import ReturnRequest, Storefront
from returns.services import (
    authorization,
    conversation,
    difference,
    inspection,
    receiving,
    requests,
    settlement,
    shipments,
)
from returns.services.authorization import Decision
from returns.services.difference import DAYS_TO_ANSWER
from returns.services.errors import Refused
from returns.services.shares import shares_to_settle
from returns.services.storefronts import change_limit
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, PRO, SPA
from tests.sizes import HISTORIES

pytestmark = pytest.mark.django_db

Step = tuple[Action, Actor, int]


class History:
    """One return and the people who try things with it."""

    def __init__(self, cast: Cast, request: ReturnRequest, now: datetime) -> None:
        self.cast, self.request, self.now = cast, request, now

    def by(self, actor: Actor) -> By:
        people = {
            Actor.OWNER: By.owner(self.cast.maya),
            Actor.SUPPORT: By.staff(self.cast.renee),
            Actor.MANAGER: By.staff(self.cast.mona),
            Actor.WORKER: By.worker(),
        }
        return people[actor]

    def attempt(self, action: Action, actor: Actor, size: int) -> bool:
        """Try it; whether it was done. Whatever refuses must be a Refused, never another error."""
        self.now += timedelta(hours=7)
        self.request.refresh_from_db()
        try:
            with transaction.atomic():
                STEPS[action](self, self.by(actor), size)
        except Refused:
            return False
        return True

    def counts(self, size: int) -> dict[int, int]:
        lines = self.request.lines.filter(authorized_quantity__gt=0)
        return {line.position: min(size, 4) or 1 for line in lines}

    def findings(self, size: int) -> list[inspection.Finding]:
        condition = Condition.OPENED if size == 3 else Condition.UNOPENED
        return [
            factories.finding(
                line.position,
                min(size, line.received_quantity or 0, line.authorized_quantity or 0),
                condition=condition,
                used_percent=Decimal(40) if size == 3 else None,
            )
            for line in self.request.lines.filter(received_quantity__isnull=False)
        ]

    def decisions(self, size: int) -> list[Decision]:
        return [
            Decision(line.position, min(size, line.requested_quantity), "discretion", "No.")
            for line in self.request.lines.all()
        ]

    def common(self, by: By) -> dict[str, Any]:
        return {"request_id": self.request.pk, "by": by, "now": self.now}


def _settle(service: Callable[..., object]) -> Callable[[History, By, int], object]:
    def step(history: History, by: By, size: int) -> object:
        if settlement.waits_for_answer(history.request, history.now):
            history.now += timedelta(days=DAYS_TO_ANSWER + 1)
        lines = list(history.request.lines.select_related("order_line").order_by("position"))
        expected = shares_to_settle(history.request, lines)[1].total
        return service(expected_total=expected, **history.common(by))

    return step


STEPS: dict[Action, Callable[[History, By, int], object]] = {
    Action.TAKE: lambda h, by, _: authorization.take(**h.common(by)),
    Action.REQUEST_INFORMATION: lambda h, by, _: authorization.request_information(question="Why?", **h.common(by)),
    Action.ANSWER: lambda h, by, _: conversation.answer(body="So.", **h.common(by)),
    Action.AUTHORIZE: lambda h, by, n: authorization.authorize(decisions=h.decisions(n), **h.common(by)),
    Action.REJECT: lambda h, by, _: authorization.reject(reason="discretion", text="", **h.common(by)),
    Action.REDIRECT: lambda h, by, _: authorization.redirect(**h.common(by)),
    Action.WITHDRAW: lambda h, by, _: requests.withdraw(**h.common(by)),
    Action.SHIP: lambda h, by, _: shipments.mark_shipped(**h.common(by)),
    Action.RECEIVE: lambda h, by, n: receiving.receive(counts=h.counts(n), over_is_right=True, **h.common(by)),
    Action.RECEIVE_LATE: lambda h, by, n: receiving.receive(counts=h.counts(n), over_is_right=True, **h.common(by)),
    Action.INSPECT: lambda h, by, n: inspection.inspect(findings=h.findings(n), **h.common(by)),
    Action.SEND_DIFFERENCE: lambda h, by, _: difference.send_difference(**h.common(by)),
    Action.ANSWER_DIFFERENCE: lambda h, by, n: difference.answer_difference(
        answer=list(Answer)[n % len(Answer)], text="So." if n == 2 else "", **h.common(by)
    ),
    Action.SETTLE: _settle(settlement.settle),
    Action.SETTLE_WITHOUT_GOODS: _settle(settlement.settle_without_goods),
    Action.EXPIRE: lambda h, by, _: _expire(h, by),
    Action.CLOSE_LOST: lambda h, by, _: requests.close_lost(**h.common(by)),
    Action.REOPEN: lambda h, by, _: authorization.reopen(**h.common(by)),
}


def _expire(history: History, by: By) -> None:
    if by.kind is not Actor.WORKER:
        raise Refused("Only the portal itself does this.")  # its service takes nobody else
    requests.expire(request_id=history.request.pk, now=history.now)


# One in ten is long: what happens after the end of a return is part of its history.
LENGTHS = st.integers(0, 9).flatmap(lambda tenth: st.integers(50, 60) if tenth == 0 else st.integers(1, 9))


def steps() -> st.SearchStrategy[list[Step]]:
    one = st.tuples(st.sampled_from(list(Action)), st.sampled_from(list(Actor)), st.integers(1, 4))
    return st.lists(one, min_size=1, max_size=14)


def lively(draw: st.DrawFn, status: Status) -> Step:
    """A step the table allows, so that histories get far."""
    allowed = [(action, actor) for action in Action for actor in Actor if may(action, status, actor)]
    action, actor = draw(st.sampled_from(allowed))
    return action, actor, draw(st.integers(1, 3))


def started(cast: Cast, shops: dict[str, Storefront], now: datetime, shop: str, *, claim: bool) -> History:
    # One person may settle all of it: test_second_person.py is about more.
    change_limit(storefront=shops[shop], amount=Decimal(1000))
    order = factories.order(shops[shop], now=now, customer=cast.accounts[shop], delivered_hours_ago=10, lines=[{}, {}])
    asked = [
        factories.asked(
            line,
            reason=Reason.DAMAGED if claim else Reason.CHANGED_MIND,
            wants=Wish.REPLACEMENT if claim else Wish.REFUND,
        )
        for line in order.lines.order_by("position")
    ]
    return History(cast, factories.submitted(order, now=now, lines=asked), now)


@settings(
    max_examples=HISTORIES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.generate],
)
@given(data=st.data(), shop=st.sampled_from([SPA, IMAGE, PRO]), claim=st.booleans())
def test_any_history_keeps_every_promise(
    cast: Cast, shops: dict[str, Storefront], now: datetime, data: st.DataObject, shop: str, claim: bool
) -> None:
    outside = transaction.savepoint()
    try:
        history = started(cast, shops, now, shop, claim=claim)
        for _ in range(data.draw(LENGTHS)):
            status = Status(history.request.status)
            pick_legal = data.draw(st.integers(0, 3)) > 0 and not status.is_final
            action, actor, size = data.draw(st.composite(lively)(status)) if pick_legal else data.draw(steps())[0]
            done = history.attempt(action, actor, size)
            history.request.refresh_from_db()
            after = Status(history.request.status)
            late = action is Action.RECEIVE and status is Status.EXPIRED  # the same button, told apart by the service
            taken_over = action is Action.TAKE and status is not Status.SUBMITTED and not status.is_final
            if done and not taken_over:
                action = Action.RECEIVE_LATE if late else action
                action = Action.RECEIVE if action is Action.RECEIVE_LATE and status is not Status.EXPIRED else action
                assert may(action, status, actor)
                assert after is BY_ACTION[action].target
            else:
                assert after is status
        transaction.get_connection().check_constraints()
        assert list(violations()) == []
    finally:
        transaction.savepoint_rollback(outside)


# The shortest way to each status, so that every pair of status and action is met.
WAYS: dict[Status, tuple[Action, ...]] = {
    Status.SUBMITTED: (),
    Status.IN_REVIEW: (Action.TAKE,),
    Status.INFORMATION_REQUESTED: (Action.REQUEST_INFORMATION,),
    Status.AUTHORIZED: (Action.AUTHORIZE,),
    Status.SHIPPED: (Action.AUTHORIZE, Action.SHIP),
    Status.RECEIVED: (Action.AUTHORIZE, Action.RECEIVE),
    Status.INSPECTED: (Action.AUTHORIZE, Action.RECEIVE, Action.INSPECT),
    Status.DIFFERENCE_SENT: (Action.AUTHORIZE, Action.RECEIVE, Action.INSPECT, Action.SEND_DIFFERENCE),
    Status.COMPLETED: (Action.AUTHORIZE, Action.RECEIVE, Action.INSPECT, Action.SETTLE),
    Status.REJECTED: (Action.REJECT,),
    Status.REDIRECTED: (Action.REDIRECT,),
    Status.WITHDRAWN: (Action.WITHDRAW,),
    Status.EXPIRED: (Action.AUTHORIZE, Action.EXPIRE),
}


@pytest.mark.parametrize("status", list(Status))
def test_every_action_from_every_status_does_what_the_table_says(
    cast: Cast, shops: dict[str, Storefront], now: datetime, status: Status
) -> None:
    for claim, found, actions in worlds(status):
        outside = transaction.savepoint()
        history = started(cast, shops, now, IMAGE, claim=claim)
        for step in WAYS[status]:
            size = found if step is Action.INSPECT else 2
            assert history.attempt(step, Actor.WORKER if step is Action.EXPIRE else Actor.MANAGER, size), (step, status)
        for action in actions:
            try_everybody(history, action, status)
        transaction.savepoint_rollback(outside)


AS_TOLD, OTHERWISE = 2, 3


def worlds(status: Status) -> list[tuple[bool, int, set[Action]]]:
    """Whether it is a claim, what is found, and what can be tried there; every action in one of them.

    Only a claim settles without goods. Only what was found otherwise can be told, and nothing else settles untold.
    """
    every = set(Action)
    match status:
        case Status.AUTHORIZED:
            apart = {Action.SETTLE_WITHOUT_GOODS}
            return [(False, AS_TOLD, every - apart), (True, AS_TOLD, apart)]
        case Status.INSPECTED:
            apart = {Action.SEND_DIFFERENCE}
            return [(False, AS_TOLD, every - apart), (False, OTHERWISE, apart)]
        case Status.DIFFERENCE_SENT:
            return [(False, OTHERWISE, every)]
        case _:
            return [(False, AS_TOLD, every)]


def try_everybody(history: History, action: Action, status: Status) -> None:
    for actor in Actor:
        before = transaction.savepoint()
        assert history.attempt(action, actor, 2) == expected(history, action, status, actor), (status, action, actor)
        transaction.savepoint_rollback(before)


def expected(history: History, action: Action, status: Status, actor: Actor) -> bool:
    if action in {Action.RECEIVE, Action.RECEIVE_LATE}:  # one service, which tells them apart by the status
        return may(Action.RECEIVE, status, actor) or may(Action.RECEIVE_LATE, status, actor)
    if action is Action.TAKE and not status.is_final:  # later on, taking only changes who works on it
        return history.by(actor).is_staff
    return may(action, status, actor)
