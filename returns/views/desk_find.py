"""Finding a return by whatever is written on the box or said on the phone."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from returns.domain.rma_number import PREFIX, Reading, corrections, read_beginning, read_rma_number, squeeze
from returns.models import Order, ReturnRequest, Storefront
from returns.models.orders import order_number_key
from returns.querysets.requests import ReturnRequestQuerySet
from returns.viewer import Viewer
from returns.views.access import person, staff_required
from returns.views.desk_queue import as_of, finished, in_columns
from returns.wording.phrases import count, plain_date

MOST_HITS = 50
LONGEST_QUERY = 100
SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found, and a sentence where nothing was: why, what may have been meant, the order that has no return."""

    requests: Sequence[ReturnRequest]
    nothing: str = ""
    meant: Sequence[ReturnRequest] = ()
    order: Order | None = None


@staff_required
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """One hit opens the return; several are listed; none says why."""
    viewer = Viewer(person(request))
    text = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    hits = search(viewer, text)
    if len(hits.requests) == 1:
        return redirect("desk:request", hits.requests[0].reference)
    now = timezone.now()
    storefronts = list(Storefront.objects.staffed_by(viewer))
    keys = [found.pk for found in hits.requests]
    rows = in_columns(ReturnRequest.objects.in_storefronts(storefronts).filter(pk__in=keys).in_queue_order())
    context = {
        "q": text,
        "hits": hits,
        "rows": finished(list(rows), storefronts, now),
        "is_cut": len(keys) == MOST_HITS,
        "as_of": as_of(storefronts, now),
    }
    return render(request, "desk/find.html", context)


def search(viewer: Viewer, text: str) -> Hits:
    """Look for the text as a number first, then as a name; only among what the viewer may see."""
    # The storefronts' keys are read first: joined to the memberships the search would leave its indexes.
    # Nor is anything sorted before it is cut: a common name has thousands of hits.
    mine = ReturnRequest.objects.in_storefronts(Storefront.objects.staffed_by(viewer)).order_by()
    mine = mine.only("reference", "rma_number")
    found = list(mine.numbered(text))
    if not found and text and not _is_number_of_ours(text):
        found = next((hits for ways in _ways(mine, text) if (hits := _first(ways, text))), [])
    return Hits(found) if found else _nothing(viewer, mine, text)


Way = Callable[[str], ReturnRequestQuerySet]


def _ways(mine: ReturnRequestQuerySet, text: str) -> Iterator[Sequence[Way]]:
    """What the text may be, the likeliest first. The ways that stand together are looked through together."""
    if "@" in text:
        yield (mine.mailed_to, mine.ordered_from)
        return
    yield (mine.of_order, mine.tracked_as, mine.sent_as, mine.of_account, mine.naming_account)
    if len(text) >= SHORTEST_NAME and any(sign.isalpha() for sign in text):
        yield (mine.named_like, mine.ordered_in_a_name_like)
    yield (mine.numbered_from, mine.of_order_from)


def _first(ways: Sequence[Way], text: str) -> list[ReturnRequest]:
    """The first hits of these ways. One small query for each: every one of them has an index."""
    found = {row.pk: row for way in ways for row in way(text)[:MOST_HITS]}
    return list(found.values())[:MOST_HITS]


def with_orders(found: Sequence[ReturnRequest]) -> list[ReturnRequest]:
    """The same returns with the order and the storefront that lists name."""
    keys = [rma.pk for rma in found]
    return list(ReturnRequest.objects.filter(pk__in=keys).select_related("order", "storefront")) if keys else []


def _is_number_of_ours(text: str) -> bool:
    """Whether the text can be nothing but an RMA number, so that no order and no name is looked through.

    `RMA-7K3F-9Q` is the beginning of one, even where its nine symbols happen to check as a number without the prefix.
    """
    is_whole = squeeze(text).startswith(PREFIX) and read_rma_number(text).reading is Reading.VALID
    return is_whole and read_beginning(text) is None


def _nothing(viewer: Viewer, mine: ReturnRequestQuerySet, text: str) -> Hits:
    if not text:
        return Hits((), "Type an RMA number, a reference, an order or account number, a tracking number or a name.")
    number = read_rma_number(text)
    if number.reading is Reading.VALID:
        return Hits((), f"{number.number} is well formed, and no return at your storefronts has it.")
    if number.reading is Reading.MISTYPED:
        meant = list(mine.filter(rma_number__in=corrections(text)))
        return Hits((), "Not a number of ours: at least one character is wrong. Compare it with the box.", meant)
    orders = Order.objects.visible_to(viewer).select_related("storefront")
    order = orders.filter(number_key=order_number_key(text)).first()
    if order is not None:
        return Hits((), _without_return(order), order=order)
    return Hits((), f"Nothing at your storefronts has the number or the name “{text}”.")


def _without_return(order: Order) -> str:
    """`Order #LPS-1 of Maya Brennan, placed October 15, 2026, with 3 lines, has no return.`."""
    placed = plain_date(order.placed_at.astimezone(order.storefront.zone).date())
    who = order.name or order.email
    return f"Order {order.number} of {who}, placed {placed}, with {count(order.lines.count(), 'line')}, has no return."
