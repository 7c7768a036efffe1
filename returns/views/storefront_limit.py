"""Above which worth a settlement takes two people at a storefront; managers set it (B34)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from returns.forms.extras import LimitForm
from returns.models import Storefront
from returns.querysets import Viewer
from returns.services.storefronts import change_limit
from returns.views.access import manager_required, person
from returns.views.codes import UNPROCESSABLE
from returns.wording.phrases import money


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
def limit(request: HttpRequest, slug: str) -> HttpResponse:
    """The limit of one storefront."""
    shop = get_object_or_404(Storefront.objects.staffed_by(Viewer(request.user)), slug=slug)
    form = LimitForm(request.POST if request.method == "POST" else None, initial={"amount": shop.second_person_above})
    if form.is_valid():
        change_limit(storefront=shop, amount=form.cleaned_data["amount"], by=person(request))
        amount = money(form.cleaned_data["amount"], shop.currency)
        messages.success(request, f"Above {amount} a settlement at {shop.name} takes two people from now on.")
        return redirect("reports:storefront", slug)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "reports/storefront_limit.html", {"form": form, "shop": shop}, status=status)
