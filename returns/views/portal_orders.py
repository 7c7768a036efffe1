"""The orders of the person who asks: the list, one order, its receipt."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from returns.domain.workflow import Status
from returns.enquiries import Enquiry
from returns.models import Order, ReturnLine, ReturnRequest, Storefront
from returns.paging import Page, page
from returns.policy_in_force import NoPolicyInForce
from returns.querysets.sort_keys import ORDER_KEYS
from returns.quoting import order_lines
from returns.views.lines import line_views
from returns.views.sellers import seller_of
from returns.views.status_case import ending_of
from returns.views.storefront_pages import own_order, own_page
from returns.views.viewer import viewer_of
from returns.wording import orders as words
from returns.wording.turns import status_words

PAGE_SIZE = 20
SEARCHED_FROM = 10
"""With more orders than this there is a search."""
LONGEST_SEARCH = 80


@own_page
@require_safe
def orders(request: HttpRequest, storefront: Storefront) -> HttpResponse:
    """The orders of one's own accounts, and those that a guest link opened, the newest first (CON-10).

    With `?lane=damage` the person came to report damage: each order leads there.
    """
    sought = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    mine = Order.objects.owned_at(viewer_of(request), storefront)
    found = (mine.about(sought) if sought else mine).select_related("storefront").prefetch_related("lines")
    shown = page(
        found.newest_first(), ORDER_KEYS, after=request.GET.get("after", ""), size=PAGE_SIZE, is_descending=True
    )
    lane = "damage" if request.GET.get("lane") == "damage" else ""
    context = {
        "storefront": storefront,
        "rows": [_row(order) for order in shown.rows],
        "page": shown,
        "sought": sought,
        "lane": lane,
        "has_search": bool(sought or shown.next) or not shown.is_first or len(shown.rows) > SEARCHED_FROM,
        "older": _older(shown, q=sought, lane=lane),
    }
    return render(request, "portal/orders.html", context)


def _row(order: Order) -> dict[str, Any]:
    lines = order_lines(order)
    return {
        "order": order,
        "placed": words.placed_on(order),
        "status": words.order_status(order),
        "contents": words.contents(lines),
        "is_partner": order.channel == "partner",
        "can_return": any(line.available > 0 for line in lines),
    }


def _older(shown: Page, **kept: str) -> str:
    """The address of the next page, with the search and the lane; empty on the last one."""
    if not shown.next:
        return ""
    return "?" + urlencode({name: value for name, value in kept.items() if value} | {"after": shown.next})


@own_page
@require_safe
def order(request: HttpRequest, storefront: Storefront, public_id: object) -> HttpResponse:
    """One order: where it is, what was bought, what can go back today and until when (CON-10, PRO-09)."""
    found = own_order(request, storefront, public_id)
    asked_back = list(
        ReturnLine.objects.filter(order_line__order=found).select_related("request__settlement").order_by("id")
    )
    context = {
        "storefront": storefront,
        "order": found,
        "placed": words.placed_on(found),
        "delivered": words.delivered_on(found),
        "is_delivered": found.is_delivered,
        "tracking_words": words.tracking_words(found),
        "status": words.order_status(found),
        "seller": seller_of(found),
        "topics": words.order_topics(found),
        "returns": [(one, _word(one)) for one in _returns(asked_back)],
        "can_return": any(line.available > 0 for line in order_lines(found)),
    }
    try:
        enquiry = Enquiry.about(found, at=timezone.now(), asked_back=asked_back)
    except NoPolicyInForce:
        return render(request, "portal/order.html", context | {"lines": []})
    lines = [(view, words.gone_words(view.line)) for view in line_views(enquiry)]
    return render(request, "portal/order.html", context | {"policy_version": enquiry.version, "lines": lines})


def _returns(asked_back: list[ReturnLine]) -> list[ReturnRequest]:
    """The returns of an order, the newest first: every return has a line."""
    found = {line.request_id: line.request for line in asked_back}
    return sorted(found.values(), key=lambda one: one.requested_at, reverse=True)


def _word(one: ReturnRequest) -> str:
    """Where it stands, as its own page says it: `Credited`, `Closed`."""
    return status_words(Status(one.status), ending_of(one)).word


@own_page
@require_safe
def receipt(request: HttpRequest, storefront: Storefront, public_id: object) -> HttpResponse:
    """What was paid for an order, to print (CON-16, PRO-12)."""
    found = own_order(request, storefront, public_id)
    context = {
        "storefront": storefront,
        "order": found,
        "placed": words.placed_on(found),
        "seller": seller_of(found),
        "ledger": words.receipt(found, order_lines(found)),
        "name": (found.account.name if found.account else "") or found.name,
        "account_number": found.account.number if found.account else "",
    }
    return render(request, "portal/receipt.html", context)
