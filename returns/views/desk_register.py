"""The override register: every decision otherwise than the policy, what it changed in money, who, and why.

Nothing in it is ever edited or deleted; the database refuses that. Goodwill and waived charges stand in it, too.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from returns.forms.register import RegisterForm
from returns.models import Override, ReturnRequest, Storefront
from returns.paging import page
from returns.querysets.sort_keys import REGISTER_KEYS
from returns.viewer import Viewer
from returns.views.access import staff_required
from returns.wording.desk import RESOLUTION_WORDS
from returns.wording.phrases import money

PAGE_SIZE = 50
WHOLE = {Override.GOODWILL: "Goodwill", Override.CHARGE_WAIVED: "Service charge waived"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the register in finished words."""

    override: Override
    rma: ReturnRequest
    what: str
    before: str
    after: str
    effect: str

    @classmethod
    def of(cls, override: Override) -> "Entry":
        """What was set aside, what instead, and the difference to the customer with its sign."""
        rma = override.of_request
        currency = rma.order.currency
        change = override.amount_after - override.amount_before
        before, after = money(override.amount_before, currency), money(override.amount_after, currency)
        sign = "+" if change > 0 else ""
        return cls(override, rma, _what(override), before, after, f"{sign}{money(change, currency)}")


def _what(override: Override) -> str:
    """`Refund, 80% of the price`, or what concerns the whole return."""
    if override.code in WHOLE:
        return WHOLE[override.code]
    given = next(words for one, words in RESOLUTION_WORDS.items() if one.value == override.resolution)
    share = f", {override.percent.normalize():f}% of the price" if override.percent else ""
    title = f"{override.line.order_line.title}: " if override.line else ""
    return f"{title}{given}{share}"


@staff_required
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The register of the person's storefronts, the newest first, by storefront, kind, person and day."""
    viewer = Viewer(request.user)
    shops = list(Storefront.objects.staffed_by(viewer).order_by("position", "pk"))
    form = RegisterForm(request.GET, storefronts=shops, people=Override.objects.people_of(viewer))
    rows = form.narrow(Override.objects.visible_to(viewer), shops) if form.is_valid() else Override.objects.none()
    shown = page(
        rows.in_the_register(),
        REGISTER_KEYS,
        after=request.GET.get("after", ""),
        size=PAGE_SIZE,
        is_descending=True,
    )
    context = {
        "form": form,
        "page": shown,
        "entries": [Entry.of(row) for row in shown.rows],
        "filters": _filters(request.GET),
        "is_narrowed": form.is_narrowed,
    }
    return render(request, "desk/register.html", context)


def _filters(query: QueryDict) -> str:
    """What the addresses of the pages carry along: `storefront=…`."""
    kept = query.copy()
    kept.pop("after", None)
    return kept.urlencode()
