"""Whose week a manager wants by mail."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from returns.forms.exports import WeeklyForm
from returns.services import weekly_reports
from returns.views.access import manager_required, person
from returns.views.codes import UNPROCESSABLE
from returns.views.report_scope import storefronts_of


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
def weekly(request: HttpRequest) -> HttpResponse:
    """Choose storefronts; none is nothing."""
    storefronts, who = storefronts_of(request), person(request)
    chosen = who.report_subscriptions.values_list("storefront__slug", flat=True)
    form = WeeklyForm(request.POST if request.method == "POST" else None, shops=storefronts, chosen=chosen)
    if form.is_bound and form.is_valid():
        weekly_reports.subscribe(person=who, storefronts=form.wanted, among=storefronts, now=timezone.now())
        names = ", ".join(shop.name for shop in form.wanted)
        messages.success(
            request, f"On Mondays you get the figures of {names}." if names else "You get no figures by mail."
        )
        return redirect("reports:overview")
    context = {"form": form, "storefronts": storefronts}
    return render(request, "reports/weekly.html", context, status=UNPROCESSABLE if form.is_bound else 200)
