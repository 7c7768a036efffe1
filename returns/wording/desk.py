"""What only staff read: ages, due days, the history of a return. Short, because it stands in a table."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from returns.components import Due, Kind
from returns.differences import INSPECT_AGAIN
from returns.domain.facts import Disposition, Reason, Resolution, Wish
from returns.domain.policy import MoneyForm, PolicyTerms
from returns.domain.workflow import AWAITING_DECISION, Action, Status
from returns.wording.phrases import count

SOON_DAYS = 2


class Clock(NamedTuple):
    """What the due column needs to know: the status, the two days fixed at receipt, and by when it is decided."""

    status: Status
    received_on: date | None
    due_on: date | None
    decide_on: date | None = None
    is_claim: bool = False
    is_paused: bool = False


def due(clock: Clock, today: date) -> Due:
    """When processing is due, as of `today` at the storefront; before it is decided, by when that is."""
    if clock.status in AWAITING_DECISION and clock.status is not Status.INFORMATION_REQUESTED:
        return _deciding(clock, today)
    if clock.due_on is None:
        return Due(_before_receipt(clock))
    if clock.status.is_final:
        return Due(f"was {short_day(clock.due_on)}")
    return _running(clock.received_on or today, clock.due_on, today, is_paused=clock.is_paused)


def _before_receipt(clock: Clock) -> str:
    """What a return without a due day waits for."""
    if clock.status.is_final:
        return ""
    if clock.status is Status.INFORMATION_REQUESTED:
        return "waits for the answer"
    return "not received yet"


def _deciding(clock: Clock, today: date) -> Due:
    """By when staff decide; claims are answered first."""
    if clock.decide_on is None:
        return Due("answer first", Kind.WAIT, "bolt") if clock.is_claim else Due("to decide")
    verb, sign = ("answer", "bolt") if clock.is_claim else ("decide", "clock")
    left = (clock.decide_on - today).days
    if left < 0:
        return Due(f"{verb}, {count(-left, 'day')} over", Kind.LATE, "warning")
    kind = Kind.WAIT if clock.is_claim or left == 0 else Kind.IDLE
    return Due(f"{verb} {_days_left(clock.decide_on, left)}", kind, sign if kind is Kind.WAIT else "")


def _running(received_on: date, due_on: date, today: date, *, is_paused: bool) -> Due:
    left = (due_on - today).days
    gone = 100.0 * (today - received_on).days / max((due_on - received_on).days, 1)
    if is_paused:
        return Due(f"{short_day(due_on)}, paused", Kind.WAIT, "pause", gone)
    if left < 0:
        return Due(f"{count(-left, 'day')} over", Kind.LATE, "warning")
    if left <= SOON_DAYS:
        return Due(_days_left(due_on, left), Kind.WAIT, "clock", gone)
    return Due(_days_left(due_on, left), Kind.IDLE, "", gone)


def _days_left(due_on: date, left: int) -> str:
    if left == 0:
        return "today"
    day = f"{due_on:%a}" if left < 7 else short_day(due_on)
    return f"{day}, {left} d left"


def short_day(day: date) -> str:
    """`Nov 30`."""
    return f"{day:%b} {day.day}"


def age(since: datetime, now: datetime) -> str:
    """`19 min`, `3 h`, `15 d`: how long ago, in the largest unit that fits."""
    passed = now - since
    if passed.days > 0:
        return f"{passed.days} d"
    seconds = passed.seconds if passed.days == 0 else 0  # a clock may be a little ahead of ours
    return f"{seconds // 3600} h" if seconds >= 3600 else f"{seconds // 60} min"


def ago(since: datetime, now: datetime) -> str:
    """`8 min ago`, `just now`."""
    return "just now" if now - since < timedelta(minutes=1) else f"{age(since, now)} ago"


EVENT_WORDS: Mapping[str, str] = {
    "file": "Filed",
    "message": "Message",
    "customer_message": "New message",
    "tracking": "Tracking corrected",
    "note": "Internal note",
    "assign": "Taken over",
    "package": "Another package received",
    "hand_over": "Handed over",
    "photos_added": "Photos added",
    "photo_removed": "Photo removed",
    "photo_hidden": "Photo hidden",
    Action.TAKE: "Taken",
    Action.REQUEST_INFORMATION: "Information requested",
    Action.ANSWER: "Answered",
    Action.AUTHORIZE: "Authorized",
    Action.REJECT: "Rejected",
    Action.REDIRECT: "Redirected to the seller",
    Action.WITHDRAW: "Withdrawn",
    Action.SHIP: "Shipped",
    Action.RECEIVE: "Received",
    Action.RECEIVE_LATE: "Received late",
    Action.INSPECT: "Inspected",
    INSPECT_AGAIN: "Inspected again",
    Action.SEND_DIFFERENCE: "Difference sent",
    Action.ANSWER_DIFFERENCE: "Difference answered",
    Action.SETTLE: "Settled",
    Action.SETTLE_WITHOUT_GOODS: "Settled without goods",
    Action.EXPIRE: "Expired",
    Action.CLOSE_LOST: "Closed as never arrived",
    Action.REOPEN: "Re-opened",
    "goods_sent": "Package to the customer",
    "goods_corrected": "Package to the customer corrected",
    "extras": "Extras changed",
    "propose": "Settlement proposed",
    "proposal_refused": "Proposal not agreed to",
    "refund_sent": "Refund sent",
    "refund_confirmed": "Refund confirmed",
    "refund_failed": "Refund failed",
}


def event_words(action: str) -> str:
    """An event of the history, as a title; an action nobody has named is shown as it is stored."""
    return EVENT_WORDS.get(action) or action.replace("_", " ").capitalize()


def event_detail(data: Mapping[str, Any]) -> str:
    """The figures an event carries, such as `9 units, entered by staff`; the amounts are in the ledger."""
    units = data.get("units")
    parts = [count(units, "unit")] if isinstance(units, int) else []
    if data.get("by_staff"):
        parts.append("entered by staff")
    if data.get("asked_at"):
        parts.append("asked before that")
    return ", ".join(parts)


DIFFERENCE_ANSWERS: Mapping[str, str] = {
    "accept": "The customer takes what we found. Settle it as found.",
    "send_back": "The customer wants back what wasn't as told. It gives nothing; settle the rest, and send it back.",
    "disagree": "The customer doesn't agree. Somebody else than who inspected it reads why, looks again, and goes on.",
}
"""What the customer answered to the difference, and what that means for the settlement."""

REASON_WORDS: Mapping[Reason, str] = {
    Reason.CHANGED_MIND: "Changed their mind",
    Reason.DISSATISFIED: "Not satisfied",
    Reason.ORDERED_WRONG_ITEM: "Ordered the wrong one",
    Reason.DAMAGED: "Arrived damaged",
    Reason.SHIPPING_ERROR: "Wrong product sent",
    Reason.NOT_RECEIVED: "Not received",
    Reason.REFUSED_PACKAGE: "Refused the package",
}
WISH_WORDS: Mapping[Wish, str] = {
    Wish.REFUND: "a refund",
    Wish.STORE_CREDIT: "store credit",
    Wish.EXCHANGE: "an exchange",
    Wish.REPLACEMENT: "a replacement",
}


def wish_words(wish: Wish, terms: PolicyTerms) -> str:
    """What the customer wants; `money back (store credit)` at a shop that has no other form of money."""
    if wish is Wish.REFUND and MoneyForm.REFUND not in terms.money.forms:
        return f"money back ({WISH_WORDS[Wish.STORE_CREDIT]})"
    return WISH_WORDS[wish]


SECOND_PERSON = (
    ("Yours is ", "Expires "),
    ("your order", "the order"),
    ("your product", "the product"),
    ("You returned ", "They returned "),
    ("You received ", "They received "),
    ("as you received it", "as they received it"),
    ("You pay nothing", "They pay nothing"),
    ("You get ", "They get "),
    ("it goes back to you", "it goes back to them"),
    ("decided it for you", "decided it"),
    ("of your delivery", "of the delivery"),
    ("of what you paid", "of what they paid"),
    ("A person looks for it with you.", "Look for it with the customer and the carrier."),
    (" Around your home, at your neighbors' and with the carrier is where most packages turn up.", ""),
    ("A person looks at it, or asks you.", "Look at it, or ask the customer."),
    ("Tell us, and you'll know now.", "Ask the customer, or look at it."),
    (" You hear from us by email.", ""),
)
"""How a sentence for the customer reads to staff; each pair is (to the customer, about the customer)."""


def about_customer(sentence: str) -> str:
    """A customer's sentence as staff read it: `Yours is July 4` becomes `Expires July 4`."""
    for told, about in SECOND_PERSON:
        sentence = sentence.replace(told, about)
    return sentence


RESOLUTION_WORDS: Mapping[Resolution, str] = {
    Resolution.REFUND: "Refund",
    Resolution.STORE_CREDIT: "Store credit",
    Resolution.EXCHANGE: "Exchange",
    Resolution.REPLACEMENT: "Replacement",
    Resolution.NONE: "Nothing, it goes back",
}
DISPOSITION_WORDS: Mapping[Disposition, str] = {
    Disposition.RESTOCK: "Restock",
    Disposition.QUARANTINE: "Quarantine",
    Disposition.SCRAP: "Scrap",
    Disposition.SEND_BACK: "Send back",
}
