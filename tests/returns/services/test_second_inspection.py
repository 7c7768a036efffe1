"""A second person looks again: what was told, found first and found again stay, and the sum is the last one's."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from returns.differences import Answer
from returns.domain.facts import Condition
from returns.domain.usage import Measure, Measurement
from returns.invariants import violations
from returns.models import EarlierFinding, Notification, ReturnEvent, ReturnRequest, Storefront
from returns.services import difference, inspection, settlement
from returns.services.errors import AlreadyDecided, Refused
from returns.services.inspection import Finding
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast
from tests.factories import SPA
from tests.mails import bought, differing

pytestmark = pytest.mark.django_db

SEALED = [factories.finding(1, 2), factories.finding(2, 1)]
WEIGHED = {Measure.WEIGHT: Measurement(Decimal("139.0"), Decimal("82.0"), Decimal("127.6"))}
LESS_USED = [
    factories.finding(1, 2, condition=Condition.OPENED, used_percent=Decimal(20), measured=WEIGHED),
    factories.finding(2, 1),
]


@pytest.fixture
def objected(shops: dict[str, Storefront], cast: Cast, now: datetime) -> ReturnRequest:
    """Renee found two serums opened, told as unopened; Maya doesn't agree."""
    request = differing(bought(shops[SPA], cast, now), cast, now)
    return difference.answer_difference(
        request_id=request.pk, answer=Answer.DISAGREE, text="They were sealed.", by=By.owner(cast.maya), now=now
    )


def again(request: ReturnRequest, by: By, now: datetime, findings: list[Finding] = SEALED) -> ReturnRequest:
    return inspection.inspect_again(request_id=request.pk, findings=findings, by=by, now=now)


def test_the_first_finding_is_kept_beside_the_second(objected: ReturnRequest, cast: Cast, now: datetime) -> None:
    request = again(objected, By.staff(cast.mona), now, LESS_USED)
    serums = request.lines.get(position=1)
    first = serums.earlier_findings.get()
    assert (first.condition, first.used_percent, first.amount) == ("opened", Decimal(40), Decimal("61.20"))
    assert (first.event.actor, first.event.action) == (cast.renee, "inspect")
    assert (serums.condition, serums.found_condition, serums.found_used_percent) == ("unopened", "opened", Decimal(20))
    assert first.measures != serums.found_measures
    assert EarlierFinding.objects.filter(line__request=request).count() == 2
    assert list(violations()) == []


def test_it_moves_nothing_and_leaves_one_event(objected: ReturnRequest, cast: Cast, now: datetime) -> None:
    request = again(objected, By.staff(cast.mona), now)
    event = ReturnEvent.objects.get(request=request, action="inspect_again")
    assert (event.transition_id, event.source, event.target, event.actor) == (None, "", "", cast.mona)
    assert (request.status, request.difference_answer) == ("inspected", "")
    assert not Notification.objects.filter(request=request, dedupe_key__endswith=f":{event.seq}").exists()


def test_found_as_told_after_all_it_is_settled_in_full(objected: ReturnRequest, cast: Cast, now: datetime) -> None:
    request = again(objected, By.staff(cast.mona), now)
    assert request.amount == Decimal("156.60")
    done = settlement.settle(request_id=request.pk, expected_total=Decimal("156.60"), by=By.staff(cast.mona), now=now)
    assert done.settlement.total == Decimal("156.60")
    assert list(violations()) == []


def test_found_otherwise_again_the_customer_is_asked_again(objected: ReturnRequest, cast: Cast, now: datetime) -> None:
    mona = By.staff(cast.mona)
    request = again(objected, mona, now, LESS_USED)
    with pytest.raises(Refused, match="Send the difference"):
        settlement.settle(request_id=request.pk, expected_total=request.amount, by=mona, now=now)
    request = difference.send_difference(request_id=request.pk, by=mona, now=now)
    assert request.status == "difference_sent"
    accepted = difference.answer_difference(
        request_id=request.pk, answer=Answer.ACCEPT, by=By.owner(cast.maya), now=now
    )
    done = settlement.settle(request_id=request.pk, expected_total=accepted.amount, by=mona, now=now)
    assert done.settlement.total == Decimal("95.40")
    assert list(violations()) == []


def test_who_found_it_first_does_not_look_again(objected: ReturnRequest, cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused, match="Somebody else"):
        again(objected, By.staff(cast.renee), now)
    assert not EarlierFinding.objects.exists()


def test_who_looked_again_does_not_look_a_third_time(objected: ReturnRequest, cast: Cast, now: datetime) -> None:
    mona = By.staff(cast.mona)
    request = again(objected, mona, now, LESS_USED)
    difference.send_difference(request_id=request.pk, by=mona, now=now)
    difference.answer_difference(
        request_id=request.pk, answer=Answer.DISAGREE, text="Still sealed.", by=By.owner(cast.maya), now=now
    )
    with pytest.raises(Refused, match="Somebody else"):
        again(request, mona, now)
    again(request, By.staff(cast.renee), now)
    assert request.lines.get(position=1).earlier_findings.count() == 2


def test_one_objection_is_looked_into_once(objected: ReturnRequest, cast: Cast, now: datetime) -> None:
    mona = By.staff(cast.mona)
    again(objected, mona, now)
    with pytest.raises(AlreadyDecided, match="no objection"):
        again(objected, mona, now)


@pytest.mark.parametrize("answer", [Answer.ACCEPT, Answer.SEND_BACK])
def test_only_an_objection_is_looked_into(
    answer: Answer, shops: dict[str, Storefront], cast: Cast, now: datetime
) -> None:
    request = differing(bought(shops[SPA], cast, now), cast, now)
    with pytest.raises(AlreadyDecided):
        again(request, By.staff(cast.mona), now)
    difference.answer_difference(request_id=request.pk, answer=answer, by=By.owner(cast.maya), now=now)
    with pytest.raises(AlreadyDecided):
        again(request, By.staff(cast.mona), now)


def test_customers_inspect_nothing(objected: ReturnRequest, cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused, match="may not"):
        again(objected, By.owner(cast.maya), now)


def test_an_impossible_second_count_changes_nothing(objected: ReturnRequest, cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused, match="can be accepted"):
        again(objected, By.staff(cast.mona), now, [replace(SEALED[0], accepted_quantity=9), SEALED[1]])
    objected.refresh_from_db()
    assert objected.difference_answer == "disagree"
    assert not EarlierFinding.objects.exists()


def test_what_was_found_first_cannot_be_edited(objected: ReturnRequest, cast: Cast, now: datetime) -> None:
    again(objected, By.staff(cast.mona), now)
    for change in (
        lambda: EarlierFinding.objects.update(amount=Decimal(0)),
        lambda: EarlierFinding.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
