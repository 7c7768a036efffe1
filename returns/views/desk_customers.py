"""Customers at the desk: found by name, account number or address, at one's own storefronts."""

from collections.abc import Callable, Iterator, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from returns.models import CustomerAccount, Storefront
from returns.querysets.orders import CustomerAccountQuerySet
from returns.viewer import Viewer
from returns.views.access import staff_required
from returns.views.desk_find import LONGEST_QUERY, MOST_HITS, SHORTEST_NAME

Way = Callable[[str], CustomerAccountQuerySet]


@staff_required
@require_safe
def customers(request: HttpRequest) -> HttpResponse:
    """One hit opens the customer's page; several are listed."""
    text = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    found = search(Viewer(request.user), text)
    if len(found) == 1:
        return redirect("desk:account", found[0].public_id)
    context = {"customer_q": text, "accounts": found[:MOST_HITS], "is_cut": len(found) > MOST_HITS}
    return render(request, "desk/customers.html", context)


def search(viewer: Viewer, text: str) -> Sequence[CustomerAccount]:
    """Accounts with this number or address, else with all these words in the name; one more than is listed."""
    # The storefronts are read first: joined to the memberships the search would leave its indexes.
    mine = CustomerAccount.objects.filter(storefront__in=list(Storefront.objects.staffed_by(viewer)))
    rows = (list(way(text).select_related("storefront")[: MOST_HITS + 1]) for way in _ways(mine, text))
    return next((found for found in rows if found), [])


def _ways(mine: CustomerAccountQuerySet, text: str) -> Iterator[Way]:
    if "@" in text:
        yield mine.at_address
    elif text:
        yield mine.numbered
        if len(text) >= SHORTEST_NAME:
            yield mine.named_like
