"""The catalogue: every message the portal sends, to whom, when, why, how urgent, and whether one may do without it.

The only list of kinds. Services owe them, letters write them, docs/mails.md and the managers' preview show them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from returns.domain.workflow import Action


class Audience(StrEnum):
    """Whom a notice is for."""

    CUSTOMER = "customer"
    MAIN_CONTACT = "main contact"
    ACCOUNT_HOLDER = "account holder"
    SENDER = "sender of the package"
    PERSON = "person with an account"
    STAFF = "staff"
    MANAGERS = "managers"


STAFFED = frozenset({Audience.STAFF, Audience.MANAGERS})
"""Who is told about our own work, in English, and never about the state of a return of theirs."""

NOW, SOON, TODAY, LATER = 1, 2, 3, 5
REMINDER, BULK = 8, 9


@dataclass(frozen=True, slots=True)
class Notice:
    """A kind of message; templates/emails/ has a text and an HTML template of its name.

    `priority`: 1 leaves first; up to 3 somebody waits for it. `events`: the steps of a return that tell it.
    """

    kind: str
    audience: Audience
    when: str
    why: str
    priority: int
    optional: bool = False
    events: tuple[str, ...] = ()


_RECEIPTS = (Action.RECEIVE.value, Action.RECEIVE_LATE.value, "package")
_ENDS = (Action.SETTLE.value, Action.SETTLE_WITHOUT_GOODS.value)
_A = Audience

CATALOGUE: tuple[Notice, ...] = (
    # --- A return on its way, to whoever asked for it
    Notice(
        "received",
        _A.CUSTOMER,
        "a request is filed",
        "What we have, what it would give; don't ship yet (LPS-12)",
        SOON,
        events=("file",),
    ),
    Notice(
        "message", _A.CUSTOMER, "staff write a message", "Nobody looks at a page all day", SOON, events=("message",)
    ),
    Notice(
        "information_requested",
        _A.CUSTOMER,
        "staff ask a question",
        "Our clock stands still until it is answered (PRO-29)",
        SOON,
        events=(Action.REQUEST_INFORMATION.value,),
    ),
    Notice(
        "information_reminder",
        _A.CUSTOMER,
        "3 and 7 days after a question without an answer",
        "Nothing happens until it is answered",
        REMINDER,
    ),
    Notice(
        "authorized",
        _A.CUSTOMER,
        "a return is authorized",
        "RMA number, address, what to write on the box, who pays (LPS-13…22, CON-30)",
        NOW,
        events=(Action.AUTHORIZE.value,),
    ),
    Notice(
        "rejected",
        _A.CUSTOMER,
        "a request is rejected",
        "Why, line by line (LPS-24, PRO-28)",
        SOON,
        events=(Action.REJECT.value,),
    ),
    Notice(
        "redirected",
        _A.CUSTOMER,
        "a request belongs to another seller",
        "Where it is returned (CON-19, CON-36)",
        SOON,
        events=(Action.REDIRECT.value,),
    ),
    Notice(
        "withdrawn",
        _A.CUSTOMER,
        "a return is withdrawn",
        "It is done; don't ship",
        TODAY,
        events=(Action.WITHDRAW.value,),
    ),
    Notice(
        "ship_reminder",
        _A.CUSTOMER,
        "7 days after it was authorized, not shipped",
        "A box is easily forgotten (RES-44)",
        BULK,
        optional=True,
    ),
    Notice(
        "expired",
        _A.CUSTOMER,
        "it wasn't shipped within the storefront's limit",
        "The RMA number is over, where a storefront has set a limit (RES-44)",
        TODAY,
        events=(Action.EXPIRE.value,),
    ),
    Notice(
        "closed_lost",
        _A.CUSTOMER,
        "a package never came",
        "Closed without credit, and what can be done (LPS-22)",
        TODAY,
        events=(Action.CLOSE_LOST.value,),
    ),
    Notice(
        "package_received",
        _A.CUSTOMER,
        "a package is here",
        "What we counted, and the promised day (LPS-32, CON-32)",
        SOON,
        events=_RECEIPTS,
    ),
    Notice(
        "difference",
        _A.CUSTOMER,
        "something else was found than told",
        "What it gives, and the three answers (LPS-29)",
        SOON,
        events=(Action.SEND_DIFFERENCE.value,),
    ),
    Notice(
        "difference_reminder",
        _A.CUSTOMER,
        "3 days before the time to answer to a difference ends",
        "Without an answer we go on with what we found (LPS-29)",
        REMINDER,
    ),
    Notice(
        "promise_moved",
        _A.CUSTOMER,
        "the promised day is later, because we waited for an answer",
        "A promise that changes is told (RES-14…16)",
        TODAY,
    ),
    Notice(
        "completed",
        _A.MAIN_CONTACT,
        "a return is settled",
        "What it gives, and how the sum came about (CON-33)",
        SOON,
        events=_ENDS,
    ),
    Notice(
        "refund_sent",
        _A.MAIN_CONTACT,
        "a refund is paid out",
        "How much, to what, and the reference a bank asks for",
        TODAY,
        events=("refund_sent",),
    ),
    Notice(
        "refund_failed",
        _A.MAIN_CONTACT,
        "a refund came back",
        "Before they wonder where it is",
        TODAY,
        events=("refund_failed",),
    ),
    Notice(
        "store_credit",
        _A.ACCOUNT_HOLDER,
        "store credit is booked, and another address is told that the return is settled",
        "It is their credit: how much, and how to use it (LPS-11)",
        TODAY,
    ),
    Notice(
        "goods_sent",
        _A.CUSTOMER,
        "a package leaves for the customer",
        "Carrier and tracking number",
        SOON,
        events=("goods_sent", "goods_corrected"),
    ),
    Notice(
        "package_unknown",
        _A.SENDER,
        "staff write to the sender of a package that matches no return",
        "It says nothing of what is inside (LPS-12, CON-25)",
        TODAY,
    ),
    # --- Ways in
    Notice("guest_link", _A.CUSTOMER, "somebody names an order and its address", "The link that opens this order", NOW),
    Notice("account_verify", _A.PERSON, "somebody signs up", "The address has to be theirs", NOW),
    Notice("account_exists", _A.PERSON, "somebody signs up again", "They have an account already", NOW),
    Notice("account_reset", _A.PERSON, "a new password is asked for", "The link to choose it (RES-41)", NOW),
    Notice("account_password_changed", _A.PERSON, "a password was changed", "In case it wasn't them", NOW),
    Notice(
        "account_new_address",
        _A.PERSON,
        "another sign-in address is asked for",
        "The new address has to be theirs",
        NOW,
    ),
    Notice(
        "account_address_asked",
        _A.PERSON,
        "another sign-in address is asked for",
        "Told to the old one, in case it wasn't them",
        NOW,
    ),
    Notice(
        "account_address_changed",
        _A.PERSON,
        "the sign-in address was changed",
        "Told to the old one, in case it wasn't them",
        NOW,
    ),
    Notice(
        "staff_invited",
        _A.PERSON,
        "an administrator invites somebody to the desk",
        "The link to choose a password, for three days",
        NOW,
    ),
    Notice(
        "account_contact_changed",
        _A.ACCOUNT_HOLDER,
        "mail goes to another main contact or address",
        "Told to the old one and the new (CON-33, PRO-04)",
        SOON,
    ),
    Notice(
        "license_granted",
        _A.ACCOUNT_HOLDER,
        "a license is looked at and granted",
        "The account is raised (PRO-05)",
        SOON,
    ),
    Notice(
        "license_refused", _A.ACCOUNT_HOLDER, "a license is looked at and refused", "Why, and what to do (PRO-06)", SOON
    ),
    # --- Our own work
    Notice(
        "refund_failed_staff",
        _A.STAFF,
        "a refund came back",
        "Somebody has to find another way to pay it",
        LATER,
    ),
    Notice(
        "proposal_refused",
        _A.STAFF,
        "a manager doesn't agree to a proposed settlement",
        "Who proposed it reads why, and goes on",
        LATER,
    ),
    Notice(
        "limit_changed",
        _A.MANAGERS,
        "another manager changes the limit above which a settlement takes two, or asks for a higher one",
        "Nobody raises it alone; whoever could, could settle alone",
        LATER,
    ),
    Notice(
        "mail_failed",
        _A.STAFF,
        "a message about a return can't be delivered",
        "Somebody has to call, or resend it",
        LATER,
    ),
    Notice(
        "decision_reminder",
        _A.STAFF,
        "on the day a decision is due, and every service day after it",
        "Customers wait for an answer; managers hear of it once it is late",
        REMINDER,
    ),
    Notice(
        "staff_reminder",
        _A.STAFF,
        "5 and 2 days before a return is promised, on the day, and every service day after it",
        "The promised day is kept (LPS-32, CON-32); managers hear of it once it is late",
        REMINDER,
    ),
    Notice(
        "held_reminder",
        _A.STAFF,
        "the sender of a held package is to be tried: days 0, 3, 7 and 14",
        "A package is somebody's (LPS-12)",
        REMINDER,
    ),
    Notice(
        "weekly_report",
        _A.MANAGERS,
        "on Mondays, to managers who subscribed",
        "The week's figures beside those of the week before",
        BULK,
    ),
    Notice(
        "digest",
        _A.MANAGERS,
        "every service day after opening, where anything is late or waits",
        "What is late, due today and waiting, at a glance",
        BULK,
    ),
)

BY_KIND: Mapping[str, Notice] = {notice.kind: notice for notice in CATALOGUE}
BY_EVENT: Mapping[str, Notice] = {event: notice for notice in CATALOGUE for event in notice.events}
"""What the steps of a return tell: action → notice."""

OPTIONAL = frozenset(notice.kind for notice in CATALOGUE if notice.optional)
"""Kinds that people may switch off, storefront by storefront (CON-06)."""
