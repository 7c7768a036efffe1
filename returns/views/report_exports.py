"""Lines of a report as a file: a short one at once, a long one written by a worker and fetched from its page."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from returns.forms.exports import ExportForm
from returns.forms.reports import last_days
from returns.models import Export, Storefront
from returns.reports.figures import Figures
from returns.reports.files import csv_pieces
from returns.reports.lines import lines as all_lines
from returns.reports.periods import By, Period
from returns.reports.reading import freshness, sums
from returns.services import exports as service
from returns.services.errors import Refused
from returns.viewer import Viewer
from returns.views.access import manager_required, person
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.views.report_scope import Scope, range_form, storefronts_of, today_at
from returns.wording.phrases import brief_moment
from returns.wording.reports import BY_WORDS, period_words, whole

MOST_AT_ONCE = 20_000
"""Lines that are sent as soon as they are asked for; with more of them a worker writes the file."""

SHOWN = 20
PRIVATE = {"Cache-Control": "private, no-store"}
STATES = {
    Export.QUEUED: ("wait", "hourglass", "Waits for its turn"),
    Export.WRITING: ("info", "hourglass", "Being written"),
    Export.DONE: ("ok", "check-circle", "Ready"),
    Export.FAILED: ("no", "exclamation", "Couldn’t be written"),
}


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A file as its page shows it."""

    words: str
    asked: str
    kind: str
    icon: str
    state: str
    progress: str
    percent: int
    url: str
    size: str
    is_written: bool

    @classmethod
    def of(cls, export: Export, zone: ZoneInfo) -> "ExportRow":
        """Finished words."""
        kind, icon, state = STATES[export.state]
        shops = ", ".join(shop.short_name for shop in export.storefronts.all())
        period = period_words(Period(export.first, export.last))
        is_there = export.state == Export.DONE
        return cls(
            f"{export.format.upper()}, {period}, by {BY_WORDS[export.by]}: {shops}",
            brief_moment(export.asked_at, zone),
            kind,
            icon,
            state,
            f"{whole(export.written)} of {whole(max(export.expected, export.written))} lines",
            min(100, 100 * export.written // export.expected) if export.expected else 0,
            reverse("reports:export_file", args=[export.public_id]) if is_there else "",
            f"{max(1, export.size // 1024):,} kB" if is_there else "",
            export.state == Export.WRITING,
        )


@manager_required
@require_safe
def lines(request: HttpRequest) -> HttpResponseBase:
    """The lines as CSV, streamed as the database finds them; a long file is asked for on its page instead."""
    now, storefronts = timezone.now(), storefronts_of(request)
    form = range_form(request.GET.dict(), storefronts, now)
    if not form.is_valid():
        context = {"form": form, "storefronts": storefronts, "has_problems": True}
        return render(request, "reports/overview.html", context, status=UNPROCESSABLE)
    scope = Scope.of(form)
    number = expected_lines(scope, now)
    if number > MOST_AT_ONCE:
        messages.info(request, f"That is {whole(number)} lines. Choose a format; the file is written for you.")
        return redirect(scope.address("reports:exports"))
    name = f"return-lines-{scope.period.first}-{scope.period.last}.csv"
    return StreamingHttpResponse(
        csv_pieces(all_lines(scope.storefronts, scope.by, scope.period)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', **PRIVATE},
    )


def expected_lines(scope: Scope, now: datetime) -> int:
    """How many lines the report counts: each has one reason."""
    fresh = freshness(scope.storefronts, now=now)
    return Figures(sums(scope.storefronts, scope.by, scope.period, fresh, figures=("reason",))).number("reason")


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """The person's own files with how far they are, and a form for another one."""
    now, storefronts = timezone.now(), storefronts_of(request)
    if request.method != "POST":
        chosen = request.GET.dict() if {"first", "last"} & set(request.GET) else {}
        initial = {**last_days(today_at(storefronts, now)), "by": By.REQUESTED.value, "format": Export.CSV, **chosen}
        return _page(request, ExportForm(initial=initial, storefronts=storefronts), storefronts)
    form = ExportForm(request.POST, storefronts=storefronts)
    if not form.is_valid():
        return _page(request, form, storefronts, status=UNPROCESSABLE)
    scope = Scope.of(form)
    try:
        service.ask(
            person=person(request),
            storefronts=scope.storefronts,
            by=scope.by,
            period=scope.period,
            form=form.cleaned_data["format"],
            expected=expected_lines(scope, now),
            now=now,
        )
    except Refused as refused:
        return _page(request, form, storefronts, alert=refused.message, status=CONFLICT)
    messages.success(request, f"The file of {period_words(scope.period)} is being made. You can go on meanwhile.")
    return redirect("reports:exports")


def _page(
    request: HttpRequest, form: ExportForm, storefronts: Sequence[Storefront], *, alert: str = "", status: int = 200
) -> HttpResponse:
    zone = storefronts[0].zone if storefronts else ZoneInfo("UTC")
    found = list(_own(request).prefetch_related("storefronts").order_by("-asked_at", "-pk")[:SHOWN])
    context = {
        "form": form,
        "storefronts": storefronts,
        "rows": [ExportRow.of(export, zone) for export in found],
        "is_waiting": any(one.state in {Export.QUEUED, Export.WRITING} for one in found),
        "alert": alert,
    }
    return render(request, "reports/exports.html", context, status=status)


def _own(request: HttpRequest) -> QuerySet[Export]:
    """The person's own, where they still work for all of the storefronts."""
    mine = Storefront.objects.staffed_by(Viewer(request.user))
    foreign = Storefront.objects.exclude(pk__in=mine.values("pk"))
    return Export.objects.filter(person=person(request)).exclude(storefronts__in=foreign)


@manager_required
@require_safe
def export_file(request: HttpRequest, export_id: uuid.UUID) -> HttpResponseBase:
    """The file, for who asked for it and nobody else."""
    export = get_object_or_404(_own(request), public_id=export_id, state=Export.DONE)
    try:
        file = service.open_path(export).open("rb")
    except OSError as error:
        raise Http404 from error
    name = f"return-lines-{export.first}-{export.last}.{export.format}"
    return FileResponse(file, as_attachment=True, filename=name, headers=PRIVATE)
