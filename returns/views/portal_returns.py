"""Returns that were asked for: the list, the page of each, and its settlement to print."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from returns.differences import Answer
from returns.domain.workflow import PROCESSING, Action, Actor, Status, available
from returns.forms.status import AnswerForm, DifferenceForm, MessageForm, ShippedForm
from returns.models import ReturnRequest, Storefront
from returns.paging import page, read_key
from returns.querysets.sort_keys import RETURN_KEYS
from returns.views.status_case import Case, ending_of, question_of
from returns.views.status_difference import offers_of, sums_told
from returns.views.status_page import status_context
from returns.views.storefront_pages import own_page, own_return_page
from returns.views.viewer import viewer_of
from returns.wording.differences import Sums
from returns.wording.open_questions import asks_for_photo
from returns.wording.payouts import payout_words
from returns.wording.phrases import long_date, money
from returns.wording.turns import status_words

PAGE_SIZE = 20
MOST_ON_TOP = 10
"""Returns that wait for the customer and stand first; whoever has more of them finds the others by their day."""

THEIR_TURN = Q(status__in=[Status.INFORMATION_REQUESTED.value, Status.DIFFERENCE_SENT.value]) | Q(
    status=Status.AUTHORIZED.value, goods_come_back=True
)
"""Where the next step is the customer's: to answer, or to send the package."""


@own_page
@require_safe
def returns(request: HttpRequest, storefront: Storefront) -> HttpResponse:
    """One's own returns at this storefront: what waits for the customer, then the others, the newest first.

    Nothing is counted, however many there are.
    """
    mine = ReturnRequest.objects.owned_at(viewer_of(request), storefront)
    mine = mine.select_related("order", "settlement").with_last_move().newest_first()
    waiting = list(mine.filter(THEIR_TURN)[:MOST_ON_TOP])
    others = mine.exclude(pk__in=[one.pk for one in waiting])
    after = request.GET.get("after", "")
    on_top = waiting if read_key(after, RETURN_KEYS) is None else []
    shown = page(others, RETURN_KEYS, after=after, size=PAGE_SIZE - len(on_top), is_descending=True)
    rows = [_row(one, storefront) | {"is_their_turn": True} for one in on_top]
    rows += [_row(one, storefront) for one in shown.rows]
    context = {
        "storefront": storefront,
        "page": shown,
        "rows": rows,
        "older": f"?{urlencode({'after': shown.next})}" if shown.next else "",
    }
    return render(request, "portal/returns.html", context)


def _row(one: ReturnRequest, storefront: Storefront) -> dict[str, Any]:
    status = Status(one.status)
    is_lost = status is Status.EXPIRED and getattr(one, "last_move", "") == Action.CLOSE_LOST.value
    return {
        "request": one,
        "word": status_words(status, ending_of(one), is_lost=is_lost).word,
        "asked": long_date(one.requested_at.astimezone(storefront.zone).date()),
        "amount": money(one.amount, one.order.currency) if one.amount else "",
        "due": long_date(one.due_on) if one.due_on and status in PROCESSING and not one.answer_due_on else "",
    }


@own_return_page
def show(request: HttpRequest, rma: ReturnRequest) -> HttpResponse:
    """Where a return stands, whose turn it is, and the sum with its first quote beside it."""
    return page_of(request, rma)


def page_of(request: HttpRequest, rma: ReturnRequest, *, status: int = 200, **came_back: Any) -> HttpResponse:
    """The page, with a form for whatever the customer can do now; one that came back keeps what was typed."""
    case = Case.of(rma)
    context = status_context(case, timezone.now())
    forms = _forms(case, can_write=context["can_write"]) | came_back
    if "answer_form" in forms:
        question = question_of(case)
        context |= {"question": question, "asks_photo": asks_for_photo(question)}
    context |= forms | {"form": next(iter(came_back.values()), None)}
    return render(request, "portal/return.html", context, status=status)


def _forms(case: Case, *, can_write: bool) -> dict[str, Any]:
    actions, forms = available(case.status, Actor.OWNER), dict[str, Any]()
    if Action.ANSWER in actions:
        forms["answer_form"] = AnswerForm(photos_left=case.photos_left)
    if Action.ANSWER_DIFFERENCE in actions:
        forms["difference_form"] = difference_form(case)
    if Action.SHIP in actions and case.rma.goods_come_back:
        forms["shipped_form"] = ShippedForm(carriers=case.terms.package.carriers)
    if case.status is Status.SHIPPED:
        said = {"carrier": case.rma.carrier, "tracking_number": case.rma.tracking_number}
        forms["tracking_form"] = ShippedForm(carriers=case.terms.package.carriers, initial=said)
    if can_write:
        forms["message_form"] = MessageForm(photos_left=case.photos_left)
    return forms


def difference_form(case: Case, data: QueryDict | None = None, *, now: Sums | None = None) -> DifferenceForm:
    """The answers to the difference, with the sums that were mailed, or those of `now`."""
    sums = now or sums_told(case)
    seen = {Answer.ACCEPT: sums.found} | ({} if sums.sent_back is None else {Answer.SEND_BACK: sums.sent_back})
    return DifferenceForm(data, offers=offers_of(case, sums), seen=seen)


@own_return_page
def settlement(request: HttpRequest, rma: ReturnRequest) -> HttpResponse:
    """The settlement as signed lines that add up, beside what was quoted; to be printed."""
    if rma.status != Status.COMPLETED.value:
        return redirect("portal:return", rma.storefront.slug, rma.reference)
    context = status_context(Case.of(rma), timezone.now())
    decided = rma.settlement.decided_at.astimezone(rma.storefront.zone).date()
    context |= {"settlement": rma.settlement, "decided": long_date(decided), "refund_words": _refund_words(rma)}
    return render(request, "portal/settlement.html", context)


def _refund_words(rma: ReturnRequest) -> str:
    """How far the refund has come; empty where nothing goes to the payment method."""
    done = rma.settlement
    at = (done.state_at or done.decided_at).astimezone(rma.storefront.zone)
    return payout_words(done.state, long_date(at.date())) if done.payout else ""
