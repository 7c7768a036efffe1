"""A customer account at the desk: its data, changed for who can't change it, and who changed what (PRO-04)."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from returns.forms.accounts import AccountForm
from returns.models import AccountChange, CustomerAccount
from returns.services import customer_accounts
from returns.services.transition import By, is_own_account
from returns.viewer import Viewer
from returns.views import account_page
from returns.views.access import person, staff_required
from returns.views.codes import UNPROCESSABLE
from returns.wording.accounts import FIELD_WORDS
from returns.wording.phrases import brief_moment, capital, listing

LATEST_CHANGES = 20


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """What is known about a customer, what they sent back and bought; and their data, to change."""
    accounts = CustomerAccount.objects.visible_to(Viewer(request.user)).select_related("storefront", "user")
    found = get_object_or_404(accounts, public_id=account_id)
    by = By.staff(person(request))
    form = AccountForm(request.POST if request.method == "POST" else None, account=found, for_care=True)
    if request.method == "POST" and form.is_valid():
        customer_accounts.change(account_id=found.pk, data=form.cleaned_data, by=by, now=timezone.now())
        messages.success(request, f"Account {found.number} is up to date.")
        return redirect("desk:account", account_id)
    changes = found.changes.select_related("actor")[:LATEST_CHANGES]
    now = timezone.now()
    context = account_page.context(found, after=request.GET.get("after", ""), now=now) | {
        "account": found,
        "form": form,
        "is_own": is_own_account(found, by),
        "changes": [(brief_moment(one.at, found.storefront.zone), _who(one), _what(one)) for one in changes],
    }
    return render(request, "desk/account.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def _who(change: AccountChange) -> str:
    if change.actor is None:
        return "the portal"
    return change.actor.get_short_name() if change.actor_kind != "owner" else "the customer"


def _what(change: AccountChange) -> str:
    return capital(listing([FIELD_WORDS.get(name, name) for name in change.fields]))
