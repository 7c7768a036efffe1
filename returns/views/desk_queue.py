"""The queue: everything open at the storefronts a person works for, the most urgent first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, cast
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.names import short_name
from returns import paging
from returns.components import QueueRow, ViewLink
from returns.domain.queue import STANDARD_VIEWS, Criteria, Sort
from returns.domain.workflow import AWAITING_DECISION, Status
from returns.forms.queue import FilterControls, chosen_from
from returns.models import ReturnRequest, Storefront
from returns.querysets.requests import ReturnRequestQuerySet
from returns.queue import ORDERS, Desk, desk_of, numbers_in, requests_in
from returns.templatetags import house
from returns.templatetags.frame import address_of
from returns.viewer import Viewer
from returns.views.access import person, staff_required
from returns.views.desk_beside import remember
from returns.wording import desk as words
from returns.wording.phrases import brief_moment, money, zone_name

PAGE_SIZE = 50
A_REFERENCE = "AAAA-AAAA"
"""Stands in the address of a request for its own reference; finding the address fifty times takes a millisecond."""

ORDER_WORDS: Mapping[Sort, str] = {
    Sort.URGENT: "Claims first, then the day due, then the oldest.",
    Sort.NEWEST: "The newest first.",
    Sort.OLDEST: "The oldest first.",
    Sort.AMOUNT: "The largest amount first.",
}


class Columns(NamedTuple):
    """What one row of the grid is made from; the names are those of the query."""

    reference: str
    rma_number: str | None
    order__number: str
    order__currency: str
    contact_name: str
    contact_account_number: str
    account__outstanding_balance: Decimal | None
    storefront_id: int
    status: str
    is_claim: bool
    requested_at: datetime
    received_at: datetime | None
    due_on: date | None
    answer_due_on: date | None
    decision_due_on: date | None
    last_activity_at: datetime
    last_action: str | None
    owner_id: int | None
    owner__name: str
    owner__email: str
    units: int
    amount: Decimal
    lane: int
    due_rank: date


@staff_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What is open at the person's storefronts, the most urgent first."""
    return page(request, desk_of(person(request), timezone.now()))


def page(request: HttpRequest, desk: Desk, *, alert: str = "", status: int = 200) -> HttpResponse:
    """The queue by the criteria of the address; `alert` is why what was asked for wasn't done."""
    criteria = chosen_from(request.GET.dict(), desk)
    shelf = Shelf.of(desk, criteria)
    shown = rows_of(criteria, desk).page(request.GET.get("after", ""))
    context = {
        "heading": shelf.current.name if shelf.current else "Chosen returns",
        "number": count_words(shelf.number),
        "order_words": ORDER_WORDS[criteria.order],
        "views": shelf.views,
        "current": shelf.current,
        "filter": FilterControls.of(criteria, desk, request.GET.dict()),
        "storefronts": desk.storefronts,
        "rows": finished(shown.rows, desk.storefronts, desk.now),
        "sorted_by": criteria.order.value,
        "page": shown,
        "page_size": PAGE_SIZE,
        "first_url": address(criteria),
        "next_url": address(criteria, after=shown.next) if shown.next else "",
        "save_url": address(criteria, "desk:view_new"),
        "csv_url": address(criteria, "desk:csv"),
        "take_url": address(criteria, "desk:take_chosen"),
        "hand_over_url": address(criteria, "desk:hand_over_chosen"),
        "colleagues": tuple((key, name) for key, name in desk.colleagues.items() if key != desk.me),
        "is_chosen_from": True,
        "chosen": frozenset(request.POST.getlist("chosen")),
        "as_of": as_of(desk.storefronts, desk.now),
        "alert": alert,
    }
    response = render(request, "desk/queue.html", context, status=status)
    remember(response, request, criteria)
    return response


def address(criteria: Criteria, name: str = "desk:queue", *, after: str = "") -> str:
    """The queue, or another page about the same returns."""
    query = _query(criteria)
    if after:
        query = f"{query}&{urlencode({'after': after})}".removeprefix("&")
    return f"{address_of(name)}?{query}" if query else address_of(name)


@lru_cache(maxsize=1024)
def _query(criteria: Criteria) -> str:
    return urlencode(criteria.as_data())


@dataclass(frozen=True, slots=True)
class Shelf:
    """The views of a person, and how many returns the page shows."""

    views: Sequence[ViewLink]
    number: str

    @property
    def current(self) -> ViewLink | None:
        """The view the page shows, if it has a name."""
        return next((view for view in self.views if view.is_current), None)

    @classmethod
    def of(cls, desk: Desk, criteria: Criteria) -> "Shelf":
        """The standard views, then those saved; all of them counted in one query."""
        saved = [(view, Criteria.read(view.filter, desk.slugs)) for view in desk.saved]
        known = [*(each for _name, each in STANDARD_VIEWS), *(each for _view, each in saved)]
        *numbers, number = numbers_in([*known, criteria], desk)
        place = _place(known, criteria)
        links = [
            ViewLink(name, address(each), numbers[at], at == place, is_saved=False)
            for at, (name, each) in enumerate(STANDARD_VIEWS)
        ]
        for at, (view, each) in enumerate(saved, start=len(links)):
            edit_url = address_of("desk:view", view.public_id) if may_change(view.person_id, desk.user) else ""
            links.append(ViewLink(view.name, address(each), numbers[at], at == place, is_saved=True, edit_url=edit_url))
        return cls(links, number)


def may_change(saved_by: int, user: User) -> bool:
    """Whether the person may rename and remove a view they see."""
    return saved_by == user.pk or Viewer(user).is_manager


def _place(known: Sequence[Criteria], criteria: Criteria) -> int | None:
    """Where the view is that shows just this, if there is one; one in another order is the same."""
    if criteria in known:
        return known.index(criteria)
    return next((at for at, each in enumerate(known) if each.unsorted == criteria.unsorted), None)


def count_words(number: str) -> str:
    """`38 returns`, `1 return`, `99+ returns`."""
    return f"{number} return" if number == "1" else f"{number} returns"


def rows_of(criteria: Criteria, desk: Desk) -> paging.KeptRows:
    """The rows of a view, page by page; their SQL is kept."""
    order = ORDERS[criteria.order]
    return paging.KeptRows(
        (criteria, desk.kind(criteria)),
        lambda: in_columns(requests_in(criteria, desk)),
        Columns,
        order.keys,
        PAGE_SIZE,
        is_descending=order.is_descending,
    )


def in_columns(requests: ReturnRequestQuerySet) -> "QuerySet[ReturnRequest, Columns]":
    """The columns of the grid; the returns have their rank already."""
    rows = requests.with_last_action().values_list(*Columns._fields, named=True)
    return cast("QuerySet[ReturnRequest, Columns]", rows)


def finished(rows: Sequence[Columns], storefronts: Sequence[Storefront], now: datetime) -> list[QueueRow]:
    """The rows as words. What many rows share (storefronts, pills) is drawn once."""
    drawn = Drawn(storefronts, now)
    return [_row(row, drawn, now) for row in rows]


class Drawn:
    """The drawn parts of rows, each drawn once for a page: marks and status pills."""

    def __init__(self, storefronts: Sequence[Storefront], now: datetime) -> None:
        self.now = now
        self.shops = {shop.pk: shop for shop in storefronts}
        self.marks = {shop.pk: house.storefront_mark(shop.look, shop.short_name) for shop in storefronts}
        self.today = {shop.pk: now.astimezone(shop.zone).date() for shop in storefronts}
        self.address = address_of("desk:request", A_REFERENCE)
        self.pills: dict[Status, SafeString] = {}

    def pill(self, status: Status) -> SafeString:
        """The pill of a status."""
        if status not in self.pills:
            self.pills[status] = house.status_pill(status, "staff")
        return self.pills[status]

    def due(self, row: Columns, status: Status) -> SafeString:
        """The due column of a row."""
        zone = self.shops[row.storefront_id].zone
        received_on = row.received_at.astimezone(zone).date() if row.received_at else None
        clock = words.Clock(
            status, received_on, row.due_on, row.decision_due_on, row.is_claim, row.answer_due_on is not None
        )
        return _due(clock, self.today[row.storefront_id])


@lru_cache(maxsize=4096)
def _due(clock: words.Clock, today: date) -> SafeString:
    """The due column; many rows and pages share it."""
    return house.drawn_due(words.due(clock, today))


def _row(row: Columns, drawn: Drawn, now: datetime) -> QueueRow:
    status = Status(row.status)
    return QueueRow(
        url=drawn.address.replace(A_REFERENCE, row.reference),
        reference=row.reference,
        number=row.rma_number or row.reference,
        is_claim=row.is_claim,
        order=row.order__number,
        customer=row.contact_name,
        hint=_hint(row),
        storefront=drawn.marks[row.storefront_id],
        status=drawn.pill(status),
        age=words.age(row.requested_at, now),
        due=drawn.due(row, status),
        activity=words.event_words(_last_action(row)),
        activity_age=words.ago(row.last_activity_at, now),
        owner=short_name(row.owner__name, row.owner__email) if row.owner_id else "nobody",
        is_unowned=row.owner_id is None,
        units=row.units,
        amount=_amount(row, status),
    )


def _last_action(row: Columns) -> str:
    # What the customer wrote into the form is stored with it, so its event is the last one of the filing.
    is_fresh = row.last_action == "message" and row.last_activity_at == row.requested_at
    return "file" if is_fresh or row.last_action is None else row.last_action


def _amount(row: Columns, status: Status) -> str:
    # Nothing promised yet: a person decides, or goods come instead of money. Zero would say more than is known.
    is_open_question = not row.amount and status in AWAITING_DECISION
    return "–" if is_open_question else money(row.amount, row.order__currency)


def _hint(row: Columns) -> str:
    if row.account__outstanding_balance:
        return f"owes {money(row.account__outstanding_balance, row.order__currency)}"
    return f"account {row.contact_account_number}" if row.contact_account_number else ""


def as_of(storefronts: Sequence[Storefront], now: datetime) -> str:
    """`Wed, Nov 18, 10:44 am Eastern`, by the first storefront's clock."""
    if not storefronts:
        return ""
    return f"{brief_moment(now, storefronts[0].zone)} {zone_name(storefronts[0].timezone)}"
