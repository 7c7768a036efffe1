"""The finished values of the phone page: the order and its customer, the rows, the quote and what to say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse

from returns.components import Ledger, VerdictStrip
from returns.domain.settlement import Quote
from returns.enquiries import Enquiry
from returns.forms.item_list import LineItems
from returns.forms.phone import CallForm, PhoneFormSet, PhoneItemForm
from returns.models import Order, OrderLine
from returns.services.authorization import needs_override
from returns.services.requests import answer_key
from returns.views.lines import answer_of, policy_url, usual_answers
from returns.wording import ledgers
from returns.wording import orders as words
from returns.wording.phrases import brief_moment, count, money, plain_date
from returns.wording.spoken import say_this
from returns.wording.states import free_units


@dataclass(frozen=True, slots=True)
class FoundOrder:
    """An order to choose from, where an address or an account has several."""

    number: str
    url: str
    look: str
    shop: str
    customer: str
    placed: str
    contents: str


def found_rows(orders: Sequence[Order]) -> list[FoundOrder]:
    """The orders that were found, as the list shows them; their lines in one more query."""
    lines = OrderLine.objects.filter(order__in=orders)
    titles: dict[int, list[str]] = {}
    for line in lines.order_by("order", "position"):
        titles.setdefault(line.order_id, []).append(line.title)
    return [
        FoundOrder(
            order.number,
            reverse("desk:phone_order", args=[order.public_id]),
            order.storefront.look,
            order.storefront.short_name,
            order.name or order.email,
            plain_date(order.placed_at.astimezone(order.storefront.zone).date()),
            ", ".join(titles.get(order.pk, [])),
        )
        for order in orders
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the order, or one part of it. Without a form nothing about it can be entered; ``note`` says why."""

    number: int
    line: OrderLine
    bought: str
    form: PhoneItemForm | None = None
    strip: VerdictStrip | None = None
    amount: str = ""
    note: str = ""
    can_be_split: bool = False
    is_split: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said about everything that is entered: the sum, the words, and whether it may be authorized at once.

    ``key`` is the sign of what was promised, to be sent along; ``missing`` why something isn't in the sum.
    """

    key: str = ""
    ledger: Ledger | None = None
    sentences: Sequence[str] = ()
    effect: str = "Enter how many of a line come back, and why."
    can_authorize: bool = True
    missing: Sequence[str] = ()


def context(enquiry: Enquiry, lines: PhoneFormSet, call: CallForm) -> dict[str, Any]:
    """What the page and its live part both show."""
    return {
        "order": enquiry.order,
        "rows": [row for number, item in enumerate(lines.items, start=1) for row in _rows(enquiry, number, item)],
        "formset": lines,
        "call": call,
        "asks_arrival": lines.lacks_arrival or bool(call.errors.get("arrived_on") or call.errors.get("arrived_at")),
        "answer": _answer(enquiry, lines),
        "policy": f"{enquiry.order.storefront.name}'s policy, version {enquiry.version.number}",
        "policy_url": policy_url(enquiry.order.storefront, enquiry.version),
    }


def first_answers(enquiry: Enquiry) -> dict[str, str]:
    """The only unit that can come back is counted from the start: one way is no choice."""
    usual = usual_answers(enquiry)
    possible = [line for line in enquiry.lines if usual[line.pk]]
    if len(possible) != 1 or possible[0].available != 1:
        return {}
    return {f"{possible[0].public_id}-0-chosen": "on", f"{possible[0].public_id}-0-quantity": "1"}


def _rows(enquiry: Enquiry, number: int, item: LineItems) -> Iterable[Row]:
    bought = words.bought(item.line, enquiry.order.currency)
    if item.is_gone:
        yield Row(number, item.line, bought, note="Nothing is left to return")
    elif item.is_free_item:
        yield Row(number, item.line, bought, note="Free with the order: comes back with anything else")
    else:
        for part in item.parts:
            assert isinstance(part, PhoneItemForm)  # noqa: S101  the form set's own
            yield _row(enquiry, number, item, part, bought)


def _row(enquiry: Enquiry, number: int, item: LineItems, form: PhoneItemForm, bought: str) -> Row:
    strip, amount = None, ""
    if form.is_answered:
        judged = form.judged
        strip = answer_of(enquiry, form.asked, judged).strip
        amount = money(judged.amount, enquiry.order.currency) if judged.is_granted else ""
    return Row(number, item.line, bought, form, strip, amount, can_be_split=item.can_be_split, is_split=item.is_split)


def _answer(enquiry: Enquiry, lines: PhoneFormSet) -> Answer:
    missing = [sentence for form in lines.forms if (sentence := form.missing)]
    if not lines.asked:
        return Answer(missing=missing)
    quote = enquiry.quote(lines.asked)
    blocked = _blocked(enquiry, quote)
    return Answer(
        key=answer_key(quote),
        ledger=ledgers.quote_ledger(quote, enquiry.titles, enquiry.terms, free=free_units(enquiry.lines), staff=True),
        sentences=say_this(quote, enquiry.titles, enquiry.terms, seller=enquiry.seller),
        effect=blocked or _effect(quote),
        can_authorize=not blocked,
        missing=missing,
    )


def _blocked(enquiry: Enquiry, quote: Quote) -> str:
    """Why it can't be authorized at once, and what to do instead."""
    shop = enquiry.order.storefront
    if not shop.can_authorize:
        return f"{shop.short_name} has no return address yet. Save it for review; it is authorized once there is one."
    if any(needs_override(line) for line in quote.lines):
        return "The policy doesn't grant every line. Save it for review to override, or take that line off."
    return ""


def _effect(quote: Quote) -> str:
    units = sum(line.quantity for line in quote.lines)
    gives = f" for {money(quote.total, quote.currency)}" if quote.total else ""
    return f"Read it aloud. Once they agree: authorizes {count(units, 'unit')}{gives} and emails the RMA number."


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is on the phone, and what their order says."""

    name: str
    account: str
    account_url: str
    email: str
    phone: str
    owes: str
    facts: Sequence[str]


def customer(enquiry: Enquiry) -> Caller:
    """The customer as the account knows them, else as the order does."""
    order, account = enquiry.order, enquiry.order.account
    owes = account.outstanding_balance if account is not None else Decimal(0)
    return Caller(
        name=(account.name if account else "") or order.name or order.email,
        account=account.number if account else "",
        account_url=reverse("desk:account", args=[account.public_id]) if account else "",
        email=(account.email if account else "") or order.email,
        phone=(account.phone if account else "") or order.phone,
        owes=money(owes, order.currency) if owes else "",
        facts=list(_facts(enquiry)),
    )


def _facts(enquiry: Enquiry) -> Iterable[str]:
    order, zone = enquiry.order, enquiry.order.storefront.zone
    yield f"ordered {words.placed_on(order)}"
    age = enquiry.judge(enquiry.usual(enquiry.lines[0])).verdict.numbers.age_days if enquiry.lines else None
    if age is not None:
        yield f"day {age}"
    yield f"delivered {brief_moment(order.delivered_at, zone)}" if order.delivered_at else "delivery not known"
    if order.channel == "partner":
        yield f"bought at {order.seller_name or 'a partner'}"
    for earlier in enquiry.account.previous_partial_returns:
        yield f"an opened product came back on {plain_date(earlier.returned_on)}"


def language_of(order: Order) -> str:
    """The language their mails are in: that of their newest return, as far as there is one."""
    of_whom = {"account": order.account} if order.account else {"order": order}
    newest = order.storefront.requests.filter(**of_whom).order_by("-requested_at", "-pk").first()
    return newest.language if newest is not None else settings.LANGUAGE_CODE
