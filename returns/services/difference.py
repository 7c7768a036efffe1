"""The difference: what was found isn't what was told, so the customer answers before anything is settled (LPS-29)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from returns import notifications
from returns.differences import Answer, is_worth_telling, outcomes, returnable
from returns.domain.deadlines import local_date
from returns.domain.facts import Disposition
from returns.domain.workflow import Action, Status
from returns.models import ReturnLine, ReturnRequest
from returns.services import transition
from returns.services.clock import after_waiting, moved_until
from returns.services.errors import Refused
from returns.services.inspection import quote_found
from returns.services.objections import refuse_same_eyes
from returns.services.requests import add_message
from returns.services.transition import By

DAYS_TO_ANSWER = 10


class SumsChanged(Refused):
    """What the answers come to is no longer what was seen, for example because they owe a balance by now."""


def send_difference(*, request_id: int, note: str = "", by: By, now: datetime) -> ReturnRequest:
    """Tell the customer what was found and what that gives; the deadline pauses until they answer.

    Raises Refused where everything is as told, where they have agreed already, or where they objected to this person's
    findings; AlreadyDecided where somebody was first.
    """
    with transition.locked(request_id) as request:
        transition.refuse_unless_allowed(request, Action.SEND_DIFFERENCE, by)
        transition.refuse_own_order(request, by)
        lines = list(request.lines.select_related("order_line").order_by("position"))
        if request.difference_answer in {Answer.ACCEPT, Answer.SEND_BACK}:
            raise Refused("The customer has answered. Settle it as they said.")
        refuse_same_eyes(request, by)
        if not is_worth_telling(request, lines):
            raise Refused("Everything is as the customer told us, so there is nothing to send.")
        if note.strip():
            add_message(request, body=note, by=by, now=now)
        return transition.apply(
            request,
            Action.SEND_DIFFERENCE,
            by=by,
            now=now,
            data=_sums(request, lines),
            difference_answer="",
            answer_due_on=local_date(now, request.storefront.zone) + timedelta(days=DAYS_TO_ANSWER),
        )


def _sums(request: ReturnRequest, lines: Sequence[ReturnLine]) -> dict[str, str]:
    """What the answers come to, as the customer is told it."""
    sums = outcomes(request, lines)
    kept = {} if sums.sent_back is None else {"sent_back": str(sums.sent_back.total)}
    return {"total": str(sums.found.total), **kept}


def answer_difference(
    *,
    request_id: int,
    answer: Answer,
    text: str = "",
    seen: Mapping[Answer, Decimal] | None = None,
    by: By,
    now: datetime,
) -> ReturnRequest:
    """What the customer says, once; the deadline runs on, later by the days they took.

    accept     it is settled as found.
    send_back  the products that weren't as told go back, and the rest is settled (D2).
    disagree   a person looks again; `text` says why.

    `seen` is what each answer came to on the page of whoever answers, the customer or staff on the phone, or else what
    the customer was told with the question.

    Raises Refused where there is nothing to send back or no reason is given, SumsChanged where the answer comes to
    another sum by now, AlreadyDecided where it was answered.
    """
    with transition.locked(request_id) as request:
        transition.refuse_unless_allowed(request, Action.ANSWER_DIFFERENCE, by)
        if answer is Answer.DISAGREE and not text.strip():
            raise Refused(_("Tell us what you see otherwise."), field="text")
        lines = list(request.lines.select_related("order_line").order_by("position"))
        _refuse_other_sum(request, lines, answer, seen)
        if answer is Answer.SEND_BACK:
            _send_back(request, lines)
        if text.strip():
            add_message(request, body=text, by=by, now=now)
        found, promised = quote_found(request, lines), request.due_on
        transition.apply(
            request,
            Action.ANSWER_DIFFERENCE,
            by=by,
            now=now,
            data={"answer": answer.value},
            difference_answer=answer.value,
            answer_due_on=None,
            due_on=moved_until(request, local_date(now, request.storefront.zone))
            if request.answer_due_on
            else request.due_on,
            found_quote=found.as_data(),
            amount=found.total,
        )
        tell_of_moved_promise(request, promised, now)
        return request


def _send_back(request: ReturnRequest, lines: Sequence[ReturnLine]) -> None:
    returning = returnable(request, lines)
    if not returning:
        raise Refused(_("There is nothing here that could go back to you."))
    for line in returning:
        line.goes_back, line.disposition = True, Disposition.SEND_BACK.value
        line.save(update_fields=["goes_back", "disposition"])


def _refuse_other_sum(
    request: ReturnRequest, lines: Sequence[ReturnLine], answer: Answer, seen: Mapping[Answer, Decimal] | None
) -> None:
    """Refuse where the answer doesn't come to what the customer saw: they answer to the new sum, or not."""
    sums = outcomes(request, lines)
    comes_to = {Answer.ACCEPT: sums.found, Answer.SEND_BACK: sums.sent_back}.get(answer)
    told = told_sums(request) if seen is None else seen
    if comes_to is not None and answer in told and told[answer] != comes_to.total:
        raise SumsChanged(_("The sum has changed since you saw it. Look at the new one, then answer."))


def told_sums(request: ReturnRequest) -> dict[Answer, Decimal]:
    """What each answer comes to as the customer was last told it."""
    sent = request.events.filter(action=Action.SEND_DIFFERENCE.value).order_by("-seq").first()
    names = {Answer.ACCEPT: "total", Answer.SEND_BACK: "sent_back"}
    data = sent.data if sent else {}
    return {answer: Decimal(data[name]) for answer, name in names.items() if name in data}


def lapse(*, request_id: int, now: datetime) -> bool:
    """Let the clock run on where the time to answer has passed: the due day is later by the days we waited."""
    with transition.locked(request_id) as request:
        until = request.answer_due_on
        if request.status != Status.DIFFERENCE_SENT.value or until is None:
            return False
        if local_date(now, request.storefront.zone) <= until:
            return False
        promised = request.due_on
        request.due_on, request.answer_due_on = after_waiting(request), None
        request.save(update_fields=["due_on", "answer_due_on"])
        tell_of_moved_promise(request, promised, now)
        return True


def tell_of_moved_promise(request: ReturnRequest, promised: date | None, now: datetime) -> None:
    """Tell the customer the promised day where it isn't the one they were told, because we waited for them."""
    if request.due_on is not None and request.due_on != promised:
        notifications.enqueue_for_customer(
            request, kind="promise_moved", dedupe_key=f"promise_moved:{request.pk}:{request.due_on}", now=now
        )
