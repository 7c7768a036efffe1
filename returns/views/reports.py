"""The settings that managers own, and that block authorizing while they are missing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from returns.forms.reports import ReturnAddressForm
from returns.models import Storefront
from returns.services.storefronts import change_return_address
from returns.viewer import Viewer
from returns.views.access import manager_required, person
from returns.views.codes import UNPROCESSABLE


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
def storefront(request: HttpRequest, slug: str) -> HttpResponse:
    """Where a storefront's packages go; without it nothing can be authorized (RES-37)."""
    found = get_object_or_404(Storefront.objects.staffed_by(Viewer(request.user)), slug=slug)
    form = ReturnAddressForm(request.POST or None, initial={"address": found.return_address})
    if request.method == "POST" and form.is_valid():
        change_return_address(storefront=found, address=form.cleaned_data["address"], by=person(request))
        messages.success(request, f"Packages for {found.name} go to the new address from now on.")
        return redirect("reports:overview")
    context = {"form": form, "shop": found}
    return render(request, "reports/storefront.html", context, status=UNPROCESSABLE if form.is_bound else 200)
