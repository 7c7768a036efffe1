"""The buttons of a request: what the workflow table lets this person do now, with its address, words and key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from django.urls import reverse
from django.utils import timezone

from returns.coming_back import comes_back, needs_nothing_back
from returns.differences import Answer, is_worth_telling
from returns.domain.facts import Channel
from returns.domain.settlement import Quote
from returns.domain.workflow import FINAL, Action, Status, available
from returns.models import ReturnLine, ReturnRequest
from returns.services.objections import has_same_eyes, may_look_again
from returns.services.settlement import must_ask_first, waits_for_answer
from returns.services.transition import By

NEEDS_PACKAGE = frozenset({Action.SHIP, Action.RECEIVE, Action.RECEIVE_LATE})
"""What isn't done with what never arrived at the customer (RES-29)."""

How = Literal["post", "page", "form"]


@dataclass(frozen=True, slots=True)
class Offer:
    """How an action is offered: sent at once, on a page of its own, or with the decisions of the page.

    `rank` sorts: the primary ones come last in the bar, next to the thumb; those of rank 0 stand in the head.
    """

    url: str
    label: str
    how: How
    icon: str
    key: str = ""
    rank: int = 0


OFFERS: Mapping[Action, Offer] = {
    Action.TAKE: Offer("take", "Take", "post", "person", "a"),
    Action.REQUEST_INFORMATION: Offer("ask", "Ask for information", "page", "question", "i", 1),
    Action.ANSWER: Offer("answer", "Enter the answer", "page", "message", "g", 9),
    Action.AUTHORIZE: Offer("authorize", "Authorize and email the RMA", "form", "check", "g", 9),
    Action.REJECT: Offer("reject", "Reject all", "page", "slash-circle", "r", 2),
    Action.REDIRECT: Offer("redirect", "Send to the seller", "page", "redirect", "", 4),
    Action.WITHDRAW: Offer("withdraw", "Withdraw for the customer", "page", "back"),
    Action.SHIP: Offer("shipped", "It's on its way", "page", "truck", "", 1),
    Action.CLOSE_LOST: Offer("close_lost", "It never arrived", "page", "hourglass", "", 1),
    Action.RECEIVE: Offer("receive_package", "Receive the package", "page", "box", "g", 9),
    Action.RECEIVE_LATE: Offer("receive_package", "Receive the late package", "page", "box", "g", 9),
    Action.INSPECT: Offer("inspect", "Inspect", "page", "scale", "g", 9),
    Action.SEND_DIFFERENCE: Offer("difference", "Send the difference", "page", "mail", "g", 9),
    Action.ANSWER_DIFFERENCE: Offer("difference_answer", "Enter the answer", "page", "message", "g", 9),
    Action.SETTLE: Offer("settle", "Settle", "page", "check", "g", 9),
    Action.SETTLE_WITHOUT_GOODS: Offer("settle_without_goods", "Replace it, nothing comes back", "page", "gift", "", 3),
    Action.REOPEN: Offer("reopen", "Open it again", "page", "back", "", 3),
}
"""What the desk has a page for. An action of the table without one isn't offered: there is no way to take it yet."""


AGAIN = Offer("inspect", "Inspect again", "page", "scale", "g", 9)
"""Once the customer doesn't agree with what somebody else found."""


@dataclass(frozen=True, slots=True)
class Button:
    """One button; at most one of a page is primary."""

    label: str
    url: str
    how: How
    icon: str
    key: str
    is_primary: bool
    is_no: bool


@dataclass(frozen=True, slots=True)
class Buttons:
    """Those of the head and those of the bar at the foot, the primary one last."""

    head: tuple[Button, ...]
    bar: tuple[Button, ...]


def buttons(
    request: ReturnRequest, lines: Sequence[ReturnLine], by: By, *, blocked: frozenset[Action] = frozenset()
) -> Buttons:
    """The buttons of this request for this person. `blocked` ones are told about in words, not shown (RES-37)."""
    blocked |= _unfitting(request, lines)
    actions = [action for action in available(Status(request.status), by.kind) if action in OFFERS]
    offers = {action: OFFERS[action] for action in actions if action not in blocked | _waiting(request, lines, by)}
    if request.difference_answer == Answer.DISAGREE.value and Action.SEND_DIFFERENCE in offers:
        offers[Action.SEND_DIFFERENCE] = replace(offers[Action.SEND_DIFFERENCE], key="", rank=3)  # asked once already
    elif Action.SETTLE in offers and {Action.SEND_DIFFERENCE, Action.ANSWER_DIFFERENCE} & offers.keys():
        offers[Action.SETTLE] = replace(offers[Action.SETTLE], key="", rank=3)  # the customer is asked first
    if Action.SETTLE_WITHOUT_GOODS in offers and not request.goods_come_back:
        offers[Action.SETTLE_WITHOUT_GOODS] = replace(offers[Action.SETTLE_WITHOUT_GOODS], key="g", rank=9)
        offers.pop(Action.SHIP, None)
        if Action.RECEIVE not in offers:
            without = replace(offers[Action.SETTLE_WITHOUT_GOODS], label="Settle it, nothing comes back", icon="check")
            offers[Action.SETTLE_WITHOUT_GOODS] = without
        else:
            offers[Action.RECEIVE] = replace(offers[Action.RECEIVE], key="", rank=3)  # it may come all the same
    if may_look_again(request, by):
        offers[Action.SETTLE] = replace(offers[Action.SETTLE], label="Settle as found", key="", rank=3)
        offers[Action.INSPECT] = AGAIN
    made = [(offer.rank, _button(offer, action, request)) for action, offer in by_rank(offers)]
    head = [button for rank, button in made if not rank]
    if Action.TAKE not in blocked and _can_be_taken_over(request, by, actions):
        head.insert(0, Button("Take over", _url("take", request), "post", "person", "a", is_primary=False, is_no=False))
    return Buttons(tuple(head), tuple(button for rank, button in made if rank))


def _unfitting(request: ReturnRequest, lines: Sequence[ReturnLine]) -> frozenset[Action]:
    """What the table allows and these goods don't, or don't need."""
    unfitting = set() if any(comes_back(line) for line in lines) else set(NEEDS_PACKAGE)
    if not goods_may_stay(request, lines):
        unfitting.add(Action.SETTLE_WITHOUT_GOODS)
    if not bought_elsewhere(request):
        unfitting.add(Action.REDIRECT)  # still possible, from the page that rejects
    return frozenset(unfitting)


def by_rank(offers: Mapping[Action, Offer]) -> list[tuple[Action, Offer]]:
    """In the order of the bar, the primary one last."""
    return sorted(offers.items(), key=lambda each: each[1].rank)


def _waiting(request: ReturnRequest, lines: Sequence[ReturnLine], by: By) -> frozenset[Action]:
    """What isn't offered because of the difference.

    Nothing to tell, answered already, not asked yet, the answer still to come, or an objection to one's own findings.
    """
    waiting = set()
    if request.difference_answer not in {"", Answer.DISAGREE.value} or not is_worth_telling(request, lines):
        waiting.add(Action.SEND_DIFFERENCE)
    if waits_for_answer(request, timezone.now()) or must_ask_first(request, lines):
        waiting.add(Action.SETTLE)
    if has_same_eyes(request, by):
        waiting |= {Action.SEND_DIFFERENCE, Action.SETTLE}
    return frozenset(waiting)


def _button(offer: Offer, action: Action, request: ReturnRequest) -> Button:
    primary, no = offer.rank == 9, action is Action.REJECT
    return Button(offer.label, _url(offer.url, request), offer.how, offer.icon, offer.key, primary, no)


def _url(name: str, request: ReturnRequest) -> str:
    return reverse(f"desk:{name}", args=[request.reference])


def bought_elsewhere(request: ReturnRequest) -> bool:
    """Whether the order came in through a partner, who takes its goods back (CON-19)."""
    return request.order.channel == Channel.PARTNER.value


def goods_may_stay(request: ReturnRequest, lines: Sequence[ReturnLine]) -> bool:
    """Whether nothing authorized has to come back: it replaces the merchant's own mistake, or never arrived."""
    if request.decision_quote is None:
        return False
    authorized = [line for line in lines if line.authorized_quantity]
    return needs_nothing_back(zip(authorized, Quote.from_data(request.decision_quote).lines, strict=True))


def _can_be_taken_over(request: ReturnRequest, by: By, actions: list[Action]) -> bool:
    is_open = Status(request.status) not in FINAL
    return is_open and Action.TAKE not in actions and request.owner_id != by.person.pk
