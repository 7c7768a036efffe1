"""What was found isn't what was told: the customer is asked first, answers once, and is settled as they answered."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from returns.differences import Answer, outcomes, returnable
from returns.domain.facts import Condition, Disposition, Resolution, Wish
from returns.domain.settlement import Quote
from returns.invariants import violations
from returns.letters.differences import differences
from returns.models import Notification, OrderLine, ReturnEvent, ReturnRequest, Storefront
from returns.services import difference, inspection, reminders, settlement
from returns.services.difference import SumsChanged
from returns.services.errors import AlreadyDecided, Refused
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast
from tests.factories import IMAGE, PRO, SPA
from tests.mails import asked_back, bought, differing

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(shops: dict[str, Storefront], cast: Cast, now: datetime) -> ReturnRequest:
    """Two serums told as unopened and found opened, and a cleanser as told; the customer was asked."""
    return differing(bought(shops[SPA], cast, now), cast, now)


def answer(request: ReturnRequest, said: Answer, cast: Cast, now: datetime, text: str = "") -> ReturnRequest:
    return difference.answer_difference(request_id=request.pk, answer=said, text=text, by=By.owner(cast.maya), now=now)


def settled(request: ReturnRequest, cast: Cast, now: datetime) -> ReturnRequest:
    expected = request.current_quote.total
    return settlement.settle(request_id=request.pk, expected_total=expected, by=By.staff(cast.renee), now=now)


def test_the_customer_is_asked_with_a_mail_and_a_day_to_answer(asked: ReturnRequest, now: datetime) -> None:
    assert asked.status == "difference_sent"
    assert asked.answer_due_on == date(2026, 11, 28)
    assert Notification.objects.filter(kind="difference", request=asked).count() == 1
    sent = ReturnEvent.objects.get(request=asked, action="send_difference")
    assert sent.data == {"total": "95.40", "sent_back": "34.20"}


def test_nothing_is_sent_where_everything_is_as_told(shops: dict[str, Storefront], cast: Cast, now: datetime) -> None:
    request = asked_back(bought(shops[IMAGE], cast, now), now)
    for step in (factories.authorized, factories.received, factories.inspected):
        request = step(request, by=cast.renee, now=now)
    with pytest.raises(Refused, match="nothing to send"):
        difference.send_difference(request_id=request.pk, by=By.staff(cast.renee), now=now)
    request.refresh_from_db()
    assert request.status == "inspected"


def test_an_order_of_ones_own_is_somebody_elses_to_tell(
    shops: dict[str, Storefront], cast: Cast, now: datetime
) -> None:
    request = asked_back(bought(shops[SPA], cast, now), now)
    ReturnRequest.objects.filter(pk=request.pk).update(contact_email=cast.sam.email)
    for step in (factories.authorized, factories.received, factories.inspected):
        request = step(request, by=cast.renee, now=now)
    with pytest.raises(Refused, match="your own order"):
        difference.send_difference(request_id=request.pk, by=By.staff(cast.sam), now=now)


def test_while_the_customer_may_answer_nothing_is_settled(asked: ReturnRequest, cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused, match="can answer until Saturday, November 28"):
        settled(asked, cast, now + timedelta(days=10))
    done = settled(asked, cast, now + timedelta(days=11))
    assert done.settlement.total == Decimal("95.40")
    assert list(violations()) == []


def test_who_takes_it_is_settled_as_found(asked: ReturnRequest, cast: Cast, now: datetime) -> None:
    request = answer(asked, Answer.ACCEPT, cast, now + timedelta(days=1))
    assert (request.status, request.difference_answer, request.answer_due_on) == ("inspected", "accept", None)
    assert settled(request, cast, now + timedelta(days=1)).settlement.total == Decimal("95.40")
    assert list(violations()) == []


def test_staff_on_the_phone_answer_to_the_sum_they_saw(shops: dict[str, Storefront], cast: Cast, now: datetime) -> None:
    order, by = factories.order(shops[PRO], now=now, customer=cast.accounts[PRO]), By.staff(cast.renee)
    request = factories.submitted(order, now=now)
    for step in (factories.authorized, factories.received):
        request = step(request, by=cast.renee, now=now)
    inspection.inspect(request_id=request.pk, findings=[factories.finding(1, 1)], by=by, now=now)
    told = difference.send_difference(request_id=request.pk, by=by, now=now).amount
    account = cast.accounts[PRO]
    account.outstanding_balance = Decimal("10.00")
    account.save()
    for seen in (None, {Answer.ACCEPT: told}):
        with pytest.raises(SumsChanged, match="has changed"):
            difference.answer_difference(request_id=request.pk, answer=Answer.ACCEPT, seen=seen, by=by, now=now)
    now_due = {Answer.ACCEPT: told - 10}
    done = difference.answer_difference(request_id=request.pk, answer=Answer.ACCEPT, seen=now_due, by=by, now=now)
    assert done.amount == told - 10


def test_what_is_sent_back_gives_nothing_and_can_be_asked_for_again(
    asked: ReturnRequest, cast: Cast, now: datetime
) -> None:
    request = answer(asked, Answer.SEND_BACK, cast, now)
    assert request.amount == Decimal("34.20")
    done = settled(request, cast, now)
    serums, cleanser = done.lines.order_by("position")
    assert (serums.goes_back, serums.disposition, serums.resolution) == (True, Disposition.SEND_BACK, Resolution.NONE)
    assert (serums.settled_quantity, serums.settled_amount) == (0, Decimal("0.00"))
    assert cleanser.resolution == Resolution.STORE_CREDIT
    assert done.settlement.total == Decimal("34.20")
    assert OrderLine.objects.get(pk=serums.order_line_id).available == 2
    assert list(violations()) == []


def test_all_sent_back_is_completed_with_resolution_none(
    shops: dict[str, Storefront], cast: Cast, now: datetime
) -> None:
    order = factories.order(shops[SPA], now=now, customer=cast.accounts[SPA], lines=[{}, {"kind": "promo"}])
    request = factories.submitted(order, now=now, lines=[factories.asked(order.lines.order_by("position")[0])])
    for step in (factories.authorized, factories.received):
        request = step(request, by=cast.renee, now=now)
    opened = factories.finding(1, 2, condition=Condition.OPENED, used_percent=Decimal(80))
    inspection.inspect(request_id=request.pk, findings=[opened], by=By.staff(cast.renee), now=now)
    difference.send_difference(request_id=request.pk, by=By.staff(cast.renee), now=now)
    done = settled(answer(request, Answer.SEND_BACK, cast, now), cast, now)
    assert (done.status, done.settlement.resolution) == ("completed", "none")
    assert done.settlement.total == Decimal("0.00")
    assert list(violations()) == []


def test_who_disagrees_says_why_and_is_read(asked: ReturnRequest, cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused, match="what you see otherwise"):
        answer(asked, Answer.DISAGREE, cast, now, text="  ")
    request = answer(asked, Answer.DISAGREE, cast, now, text="They were sealed.")
    assert request.status == "inspected"
    assert request.messages.filter(from_staff=False, body="They were sealed.").exists()
    assert request.current_quote.total == Decimal("95.40")


def test_it_is_answered_once(asked: ReturnRequest, cast: Cast, now: datetime) -> None:
    answer(asked, Answer.ACCEPT, cast, now)
    for again in Answer:
        with pytest.raises(AlreadyDecided):
            answer(asked, again, cast, now, text="No.")
    asked.refresh_from_db()
    assert asked.difference_answer == "accept"
    with pytest.raises(Refused, match="has answered"):
        difference.send_difference(request_id=asked.pk, by=By.staff(cast.renee), now=now)


def test_after_an_objection_it_can_be_sent_again(asked: ReturnRequest, cast: Cast, now: datetime) -> None:
    answer(asked, Answer.DISAGREE, cast, now, text="They were sealed.")
    with pytest.raises(Refused, match="Somebody else looks at it"):
        difference.send_difference(request_id=asked.pk, by=By.staff(cast.renee), now=now)
    again = difference.send_difference(request_id=asked.pk, note="Look.", by=By.staff(cast.sam), now=now)
    assert (again.status, again.difference_answer) == ("difference_sent", "")
    assert Notification.objects.filter(kind="difference", request=asked).count() == 2


@pytest.mark.parametrize(("slug", "due"), [(SPA, date(2026, 12, 7)), (IMAGE, date(2026, 12, 2))])
def test_the_due_day_moves_by_the_days_we_waited(
    shops: dict[str, Storefront], cast: Cast, now: datetime, slug: str, due: date
) -> None:
    """Four days from Wednesday to Sunday: two business days, four calendar days."""
    request = differing(bought(shops[slug], cast, now), cast, now)
    before = request.due_on
    assert before is not None
    moved = answer(request, Answer.ACCEPT, cast, now + timedelta(days=4))
    assert (before, moved.due_on) == (date(2026, 12, 3) if slug == SPA else date(2026, 11, 28), due)


def test_staff_are_not_reminded_while_the_customer_may_answer(asked: ReturnRequest, now: datetime) -> None:
    """Due on Thursday, December 3; the answer is due on November 28."""
    reminded = Notification.objects.filter(kind="staff_reminder")
    reminders.owe_due_reminders(now=now + timedelta(days=9))
    assert not reminded.exists()
    reminders.owe_due_reminders(now=now + timedelta(days=21))
    assert reminded.exists()


def test_without_an_answer_the_due_day_moves_by_the_days_that_were_promised(
    asked: ReturnRequest, now: datetime
) -> None:
    """Ten days from Wednesday, November 18: from November 29 on it runs again, six business days later."""
    reminders.owe_due_reminders(now=now + timedelta(days=10))
    asked.refresh_from_db()
    assert (asked.due_on, asked.answer_due_on) == (date(2026, 12, 3), date(2026, 11, 28))
    assert not ReturnRequest.objects.late(now + timedelta(days=16), [asked.storefront]).exists()
    reminders.owe_due_reminders(now=now + timedelta(days=11))
    asked.refresh_from_db()
    assert (asked.due_on, asked.answer_due_on) == (date(2026, 12, 11), None)
    assert ReturnRequest.objects.late(now + timedelta(days=24), [asked.storefront]).exists()


def test_who_inspected_it_does_not_settle_what_the_customer_objects_to(
    asked: ReturnRequest, cast: Cast, now: datetime
) -> None:
    request = answer(asked, Answer.DISAGREE, cast, now, text="They were sealed.")
    with pytest.raises(Refused, match="Somebody else looks at it"):
        settled(request, cast, now)
    by = By.staff(cast.sam)
    done = settlement.settle(request_id=request.pk, expected_total=Decimal("95.40"), by=by, now=now)
    assert done.status == "completed"


def test_nothing_less_is_settled_before_the_customer_was_asked(
    shops: dict[str, Storefront], cast: Cast, now: datetime
) -> None:
    request = asked_back(bought(shops[SPA], cast, now), now)
    for step in (factories.authorized, factories.received):
        request = step(request, by=cast.renee, now=now)
    found = [factories.finding(1, 1), factories.finding(2, 1)]
    request = inspection.inspect(request_id=request.pk, findings=found, by=By.staff(cast.renee), now=now)
    with pytest.raises(Refused, match="Send the difference"):
        settled(request, cast, now)


def test_an_answer_is_to_the_sum_that_was_told(asked: ReturnRequest, cast: Cast, now: datetime) -> None:
    other = {Answer.ACCEPT: Decimal("99.00"), Answer.SEND_BACK: Decimal("34.20")}
    with pytest.raises(difference.SumsChanged):
        difference.answer_difference(
            request_id=asked.pk, answer=Answer.ACCEPT, seen=other, by=By.owner(cast.maya), now=now
        )
    asked.refresh_from_db()
    assert asked.status == "difference_sent"
    back = difference.answer_difference(
        request_id=asked.pk, answer=Answer.SEND_BACK, seen=other, by=By.owner(cast.maya), now=now
    )
    assert back.difference_answer == "send_back"


def test_only_what_is_here_otherwise_than_told_and_gives_less_may_go_back(asked: ReturnRequest) -> None:
    lines = list(asked.lines.select_related("order_line").order_by("position"))
    assert [line.position for line in returnable(asked, lines)] == [1]
    sums = outcomes(asked, lines)
    assert isinstance(sums.sent_back, Quote)
    assert (sums.decided.total, sums.found.total, sums.sent_back.total) == (
        Decimal("156.60"),
        Decimal("95.40"),
        Decimal("34.20"),
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_counts(shops: dict[str, Storefront], cast: Cast, now: datetime) -> None:
    for _ in range(3):
        request = differing(bought(shops[SPA], cast, now), cast, now)

        def say(said: Answer, request: ReturnRequest = request) -> object:
            try:
                return answer(request, said, cast, now)
            except Refused as refused:
                return refused
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            results = list(pool.map(say, [Answer.ACCEPT, Answer.SEND_BACK]))
        assert sum(isinstance(result, ReturnRequest) for result in results) == 1, results
        assert sum(isinstance(result, AlreadyDecided) for result in results) == 1, results
        assert ReturnEvent.objects.filter(request=request, action="answer_difference").count() == 1
    assert list(violations()) == []


def test_a_sooner_expiration_is_told_and_the_product_may_go_back(
    shops: dict[str, Storefront], cast: Cast, now: datetime
) -> None:
    """CON-28: after 30 days only what can still be sold for a year is taken back."""
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], days_ago=45, lines=[{}])
    told = factories.asked(order.lines.get(), expires_on=date(2030, 1, 31))
    request = factories.submitted(order, now=now, lines=[told])
    for step in (factories.authorized, factories.received):
        request = step(request, by=cast.renee, now=now)
    sooner = factories.finding(1, 2, expires_on=date(2027, 1, 31))
    request = inspection.inspect(request_id=request.pk, findings=[sooner], by=By.staff(cast.renee), now=now)
    assert (Quote.from_data(request.decision_quote or {}).total, request.amount) == (Decimal("97.92"), Decimal(0))
    assert [line.position for line in returnable(request, list(request.lines.all()))] == [1]
    request = difference.send_difference(request_id=request.pk, by=By.staff(cast.renee), now=now)
    request = answer(request, Answer.SEND_BACK, cast, now)
    assert request.lines.get().goes_back


def test_an_exchange_that_is_lost_is_less_though_no_amount_is(
    shops: dict[str, Storefront], cast: Cast, now: datetime
) -> None:
    """CON-18: opened, it isn't exchanged either."""
    order = factories.order(shops[IMAGE], now=now, customer=cast.accounts[IMAGE], days_ago=10, lines=[{}])
    request = factories.submitted(order, now=now, lines=[factories.asked(order.lines.get(), wants=Wish.EXCHANGE)])
    for step in (factories.authorized, factories.received):
        request = step(request, by=cast.renee, now=now)
    opened = factories.finding(1, 2, condition=Condition.OPENED)
    request = inspection.inspect(request_id=request.pk, findings=[opened], by=By.staff(cast.renee), now=now)
    lines = list(request.lines.select_related("order_line"))
    assert request.amount == Decimal(0)
    assert [line.position for line in returnable(request, lines)] == [1]
    (told,) = differences(
        lines, Quote.from_data(request.decision_quote or {}), request.current_quote, request.policy_version.parsed()
    )
    assert (told.told_amount, told.found_amount) == ("exchanged", "nothing")
