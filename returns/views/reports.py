"""The managers' pages: the first report, and the settings that block authorizing while they are missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from returns.components import Ledger, LedgerRow
from returns.forms.reports import ALL, RangeForm, ReturnAddressForm, last_days
from returns.models import Override, SettlementLine, Storefront
from returns.querysets import Viewer
from returns.reports import Report, Row, first_report
from returns.services.storefronts import change_return_address
from returns.views.access import manager_required
from returns.views.codes import UNPROCESSABLE
from returns.wording.phrases import money, plain_date

PAYOUT_LINES = (
    (SettlementLine.GROSS, "Price paid for goods accepted"),
    (SettlementLine.SHARE, "Partly used goods, the part not given back"),
    (SettlementLine.FEE, "Restocking fees"),
    (SettlementLine.SHIPPING, "Original shipping refunded"),
    (SettlementLine.BALANCE, "Balances owed"),
    (SettlementLine.GOODWILL, "Goodwill"),
    (SettlementLine.POSTAGE, "Customers' postage repaid"),
)
WHOLE = {Override.GOODWILL: "Goodwill", Override.CHARGE_WAIVED: "Service charge waived"}
"""What stands in the clause's column where it isn't about a line of the policy's."""


COUNTS = (
    ("Requested", "requested"),
    ("Decided", "decided"),
    ("Settled", "completed"),
    ("Open now", "open"),
    ("Overdue now", "overdue"),
)
SUMS = (
    ("Refunds", "refunds"),
    ("Store credit", "store_credit"),
    ("Fees kept", "fees_kept"),
    ("Balances netted", "balance_applied"),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the four figures on top, with a line of what it consists of, and where the desk lists it."""

    label: str
    value: str
    below: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class StorefrontRow:
    """A row of the table, its cells finished."""

    look: str
    name: str
    url: str
    has_address: bool
    cells: list[str]


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """A line of the override register."""

    reference: str
    number: str
    reason: str
    clause: str
    by: str
    effect: str


@manager_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Four figures and a table for a range of days; a range that makes no sense is said beside its field."""
    now = timezone.now()
    storefronts = list(Storefront.objects.staffed_by(Viewer(request.user)))
    zone = storefronts[0].zone if storefronts else timezone.get_default_timezone()
    chosen = request.GET if {"first", "last"} & set(request.GET) else last_days(now.astimezone(zone).date())
    form = RangeForm(chosen, storefronts=storefronts)
    context = {"form": form, "storefronts": storefronts, "now": now, "zone": zone, "has_problems": not form.is_valid()}
    if form.is_valid():
        report = first_report(storefronts=form.chosen, period=form.period, now=now)
        context |= {"report": report, **shown(report, _of_storefront(form))}
    return render(request, "reports/overview.html", context, status=200 if form.is_valid() else UNPROCESSABLE)


def _of_storefront(form: RangeForm) -> dict[str, str]:
    """The filter of the queue that fits the report's storefront."""
    slug = form.cleaned_data["storefront"]
    return {} if slug == ALL else {"storefront": slug}


def shown(report: Report, desk_query: Mapping[str, str] | None = None) -> dict[str, object]:
    """The report as finished words and figures. `desk_query` narrows the queue to the storefront of the report."""
    period = report.period
    return {
        "range": f"{plain_date(period.first)} to {plain_date(period.last)}",
        "figures": figures(report, desk_query),
        "headings": [label for label, _ in (*COUNTS, *SUMS)],
        "rows": [_row(row) for row in report.rows],
        "totals": [
            *(_count(report.total(name)) for _, name in COUNTS),
            *(money(_sum(report, name)) for _, name in SUMS),
        ],
        "payout": payout(report),
        "overrides": [_override(override) for override in report.overrides],
    }


def figures(report: Report, desk_query: Mapping[str, str] | None = None) -> list[Figure]:
    """Open, overdue, decided, paid back; what is counted as of now is linked to the queue that lists it."""
    filed, query = _count(report.total("requested")), desk_query or {}
    decided, authorized = int(report.total("decided")), int(report.total("authorized"))
    share = f"{100 * authorized / decided:.0f}% authorized" if decided else "no decision in these days"
    overdue = int(report.total("overdue"))
    refunds, credit = money(_sum(report, "refunds")), money(_sum(report, "store_credit"))
    return [
        Figure("Open now", _count(report.total("open")), f"{filed} filed in these days", _desk(query)),
        Figure(
            "Overdue now",
            _count(overdue),
            "past the promised day" if overdue else "every promise kept so far",
            _desk({**query, "overdue": "on"}),
        ),
        Figure("Decided", _count(decided), share),
        Figure("Paid back", money(_sum(report, "paid_back")), f"{refunds} refunds, {credit} store credit"),
    ]


def _desk(query: Mapping[str, str]) -> str:
    return f"{reverse('desk:queue')}?{urlencode(query)}" if query else reverse("desk:queue")


def _row(row: Row) -> StorefrontRow:
    shop = row.storefront
    cells = [*(_count(getattr(row, name)) for _, name in COUNTS), *(money(getattr(row, name)) for _, name in SUMS)]
    url = reverse("reports:storefront", args=[shop.slug])
    return StorefrontRow(shop.look, shop.name, url, has_address=shop.can_authorize, cells=cells)


def _override(override: Override) -> OverrideRow:
    request = override.of_request
    change = override.amount_after - override.amount_before
    sign = "+" if change > 0 else ""
    return OverrideRow(
        request.reference,
        request.number,
        override.reason,
        override.clause_id or WHOLE[override.code],
        override.actor.get_short_name(),
        f"{sign}{money(change)}",
    )


def _count(number: int | Decimal) -> str:
    return f"{number:,}"


def _sum(report: Report, name: str) -> Decimal:
    return Decimal(report.total(name))


def payout(report: Report) -> Ledger:
    """From price to payout, as the settlements' own signed lines."""
    rows = [LedgerRow(label, report.by_kind[kind]) for kind, label in PAYOUT_LINES if kind in report.by_kind]
    total = sum((row.amount for row in rows), Decimal("0.00"))
    return Ledger(rows, "Paid back", total, caption="From price to payout")


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
def storefront(request: HttpRequest, slug: str) -> HttpResponse:
    """Where a storefront's packages go; without it nothing can be authorized (RES-37)."""
    found = get_object_or_404(Storefront.objects.staffed_by(Viewer(request.user)), slug=slug)
    form = ReturnAddressForm(request.POST or None, initial={"address": found.return_address})
    if request.method == "POST" and form.is_valid():
        change_return_address(storefront=found, address=form.cleaned_data["address"])
        messages.success(request, f"Packages for {found.name} go to the new address from now on.")
        return redirect("reports:overview")
    context = {"form": form, "shop": found}
    return render(request, "reports/storefront.html", context, status=UNPROCESSABLE if form.is_bound else 200)
