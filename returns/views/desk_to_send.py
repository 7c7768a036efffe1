"""Packages to send: returns that are settled, and owe the customer goods that haven't left yet."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from returns.domain.deadlines import local_date
from returns.models import ReturnLine, ReturnRequest
from returns.paging import page
from returns.querysets.sort_keys import OWED_KEYS
from returns.viewer import Viewer
from returns.views.access import staff_required
from returns.views.desk_payouts import VIEWS
from returns.wording.to_send import contents, leaves

PAGE_SIZE = 50


@staff_required
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """What is promised to customers and not noted as sent, what leaves first on top."""
    lines = ReturnLine.objects.select_related("order_line", "exchange_product").order_by("position")
    owed = ReturnRequest.objects.visible_to(Viewer(request.user)).owing_goods().select_related("storefront")
    owed = owed.prefetch_related(Prefetch("lines", lines))
    shown = page(owed, OWED_KEYS, after=request.GET.get("after", ""), size=PAGE_SIZE)
    now = timezone.now()
    rows = [
        {
            "rma": rma,
            "contents": contents(rma.lines.all()),
            "due": leaves(rma.goods_owed_on, local_date(now, rma.storefront.zone)),
        }
        for rma in shown.rows
    ]
    return render(request, "desk/to_send.html", {"page": shown, "rows": rows, "views": VIEWS})
