"""The clocks of a storefront: by when staff decide, when they are reminded, when what isn't shipped expires."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from returns.forms.deadlines import DeadlinesForm
from returns.models import Storefront
from returns.services.storefronts import change_deadlines
from returns.viewer import Viewer
from returns.views.access import manager_required, person
from returns.views.codes import UNPROCESSABLE


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
def deadlines(request: HttpRequest, slug: str) -> HttpResponse:
    """The clocks of one storefront; what was promised already stays promised."""
    shop = get_object_or_404(Storefront.objects.staffed_by(Viewer(request.user)), slug=slug)
    form = DeadlinesForm(request.POST if request.method == "POST" else None, initial=DeadlinesForm.values_of(shop))
    if form.is_valid():
        change_deadlines(storefront=shop, **form.cleaned_data, by=person(request))
        messages.success(request, f"The deadlines of {shop.name} are changed. Days promised already stay as they are.")
        return redirect("reports:storefront", slug)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "reports/storefront_deadlines.html", {"form": form, "shop": shop}, status=status)
