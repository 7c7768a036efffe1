"""Show a license, so that the account becomes what it should be (PRO-05, PRO-06)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from returns.forms.licenses import LicenseForm
from returns.licensing import types_above
from returns.models import License, Storefront
from returns.services import licenses
from returns.services.errors import Refused
from returns.services.transition import By
from returns.views.access import person
from returns.views.codes import UNPROCESSABLE
from returns.views.photo_box import gate_of
from returns.views.portal_account import own_account_or_404
from returns.views.storefront_pages import person_page
from returns.wording.accounts import type_word
from returns.wording.help import care_of


@person_page
@require_http_methods(["GET", "HEAD", "POST"])
def license_page(request: HttpRequest, storefront: Storefront) -> HttpResponse:
    """Photos of the license, and what the account should become; 404 where accounts have no types to rise to."""
    mine = own_account_or_404(request, storefront)
    if not storefront.account_types:
        raise Http404
    is_waiting = mine.licenses.filter(state=License.WAITING).exists()
    if request.method != "POST" and (is_waiting or not types_above(mine)):
        return redirect("portal:account", storefront.slug)
    if is_waiting or not types_above(mine):
        raise Refused(_("We are looking at a license of yours already, or your account can’t rise any further."))
    entered = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = LicenseForm(*entered, account=mine, gate=gate_of(request, None, By.owner(person(request))))
    if request.method == "POST" and form.is_valid():
        licenses.show(
            account_id=mine.pk,
            wanted_type=form.wanted,
            pictures=form.cleaned_data["photos"],
            by=By.owner(person(request)),
            now=timezone.now(),
            language=get_language() or "en",
        )
        messages.success(request, _("Your license is with us. You hear from us by email."))
        return redirect("portal:account", storefront.slug)
    only = type_word(form.types[0]) if len(form.types) == 1 else ""
    context = {"storefront": storefront, "account": mine, "form": form, "only": only, "care": care_of(storefront)}
    return render(request, "portal/license.html", context, status=UNPROCESSABLE if form.is_bound else 200)
