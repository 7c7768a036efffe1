"""The returns of a view as CSV, one row each, streamed page by page."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.names import short_name
from returns import paging
from returns.components import STATUS_LOOKS
from returns.domain.queue import Criteria
from returns.domain.workflow import Status
from returns.forms.queue import chosen_from
from returns.queue import ORDERS, Desk, desk_of, requests_in
from returns.reports.files import harmless
from returns.views.access import person, staff_required
from returns.views.desk_queue import Columns, in_columns

BATCH = 500
HEAD = (
    "RMA number",
    "Reference",
    "Order",
    "Customer",
    "Account",
    "Storefront",
    "Status",
    "Claim",
    "Requested",
    "Received",
    "Due",
    "Last activity",
    "Owner",
    "Units",
    "Amount",
    "Currency",
)
BYTE_ORDER_MARK = "\ufeff"
"""Spreadsheet programs take the file for UTF-8 only with it."""


@staff_required
@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Every return of the view, in its order; moments by each storefront's clock."""
    desk = desk_of(person(request), timezone.now())
    criteria = chosen_from(request.GET.dict(), desk)
    name = f"returns-{desk.now:%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        lines(criteria, desk),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def lines(criteria: Criteria, desk: Desk) -> Iterator[str]:
    """The file in pieces; each is read after the last key of the one before."""
    yield BYTE_ORDER_MARK + _written([HEAD])
    order, rows, after = ORDERS[criteria.order], in_columns(requests_in(criteria, desk)), ""
    while True:
        shown = paging.page(rows, order.keys, after=after, size=BATCH, is_descending=order.is_descending)
        yield _written([_row(row, desk) for row in shown.rows])
        after = shown.next
        if not after:
            return


def _written(rows: list[tuple[str, ...]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def _row(row: Columns, desk: Desk) -> tuple[str, ...]:
    shop = next(shop for shop in desk.storefronts if shop.pk == row.storefront_id)

    def local(at: datetime | None) -> str:
        return at.astimezone(shop.zone).strftime("%Y-%m-%d %H:%M") if at else ""

    owner = short_name(row.owner__name, row.owner__email) if row.owner_id else ""
    return (
        row.rma_number or "",
        row.reference,
        row.order__number,
        row.contact_name,
        row.contact_account_number,
        shop.short_name,
        STATUS_LOOKS[Status(row.status)].word(staff=True),
        "yes" if row.is_claim else "no",
        local(row.requested_at),
        local(row.received_at),
        row.due_on.isoformat() if row.due_on else "",
        local(row.last_activity_at),
        owner,
        str(row.units),
        str(row.amount),
        row.order__currency,
    )
