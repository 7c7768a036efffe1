"""The queue: everything open at the storefronts a person works for, the most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from returns.components import Due
from returns.domain.workflow import AWAITING_DECISION, Status
from returns.forms.queue import QueueFilter
from returns.models import ReturnRequest, Storefront
from returns.paging import page
from returns.querysets import QUEUE_KEYS, ReturnRequestQuerySet, Viewer
from returns.templatetags import house
from returns.views.access import person, staff_required
from returns.wording import desk as words
from returns.wording.phrases import brief_moment, money, zone_name

PAGE_SIZE = 50


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
    last_activity_at: datetime
    last_action: str | None
    owner_id: int | None
    owner__name: str
    owner__email: str
    units: int
    amount: Decimal
    lane: int
    due_rank: date


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One row as finished words; the template only places them."""

    url: str
    number: str
    is_claim: bool
    order: str
    customer: str
    hint: str
    storefront: str
    status: str
    age: str
    due: str
    activity: str
    activity_age: str
    owner: str
    is_unowned: bool
    units: int
    amount: str


@staff_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What is open at the person's storefronts, the most urgent first."""
    now, user = timezone.now(), person(request)
    storefronts = list(Storefront.objects.staffed_by(Viewer(user)))
    chosen = QueueFilter(request.GET, storefronts=storefronts, user=user, now=now, request=request)
    rows = in_columns(cast("ReturnRequestQuerySet", chosen.qs))
    shown = page(rows, QUEUE_KEYS, after=request.GET.get("after", ""), size=PAGE_SIZE)
    context = {
        "heading": "Everything open" if not chosen.is_narrowed else "Chosen returns",
        "filter": chosen,
        "storefronts": storefronts,
        "rows": finished(shown.rows, storefronts, now),
        "is_sorted": True,
        "page": shown,
        "page_size": PAGE_SIZE,
        "first_url": _page_url(request, ""),
        "next_url": _page_url(request, shown.next) if shown.next else "",
        "as_of": as_of(storefronts, now),
    }
    return render(request, "desk/queue.html", context)


def in_columns(requests: ReturnRequestQuerySet) -> "QuerySet[ReturnRequest, Columns]":
    """The columns of the grid, in the order of the queue."""
    rows = requests.in_queue_order().with_last_action().values_list(*Columns._fields, named=True)
    return cast("QuerySet[ReturnRequest, Columns]", rows)


def finished(rows: Sequence[Columns], storefronts: Sequence[Storefront], now: datetime) -> list[QueueRow]:
    """The rows as words. What many rows share (storefronts, pills) is drawn once."""
    drawn = Drawn(storefronts, now)
    return [_row(row, drawn, now) for row in rows]


class Drawn:
    """The drawn parts of rows, each drawn once for a page: marks, status pills, due days."""

    def __init__(self, storefronts: Sequence[Storefront], now: datetime) -> None:
        self.now = now
        self.shops = {shop.pk: shop for shop in storefronts}
        self.marks = {shop.pk: house.storefront_mark(shop.look, shop.short_name) for shop in storefronts}
        self.today = {shop.pk: now.astimezone(shop.zone).date() for shop in storefronts}
        self.pills: dict[Status, str] = {}
        self.dues: dict[Due, str] = {}

    def pill(self, status: Status) -> str:
        """The pill of a status."""
        if status not in self.pills:
            self.pills[status] = house.status_pill(status, "staff")
        return self.pills[status]

    def due(self, row: Columns, status: Status) -> str:
        """The due column of a row."""
        zone = self.shops[row.storefront_id].zone
        received_on = row.received_at.astimezone(zone).date() if row.received_at else None
        waiting_claim = row.is_claim and status in AWAITING_DECISION
        clock = words.Clock(
            status,
            received_on,
            row.due_on,
            words.age(row.requested_at, self.now),
            waiting_claim,
            row.answer_due_on is not None,
        )
        due = words.due(clock, self.today[row.storefront_id])
        if due not in self.dues:
            self.dues[due] = render_to_string("components/due.html", house.due(due))
        return self.dues[due]


def _row(row: Columns, drawn: Drawn, now: datetime) -> QueueRow:
    status = Status(row.status)
    return QueueRow(
        url=reverse("desk:request", args=[row.reference]),
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
        owner=User(name=row.owner__name, email=row.owner__email).get_short_name() if row.owner_id else "nobody",
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


def _page_url(request: HttpRequest, after: str) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    if after:
        query["after"] = after
    return f"{request.path}?{query.urlencode()}"
