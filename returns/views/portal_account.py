"""A customer's account at a storefront: its data, its store credit, and which mail they want."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from returns import licensing, statements
from returns.components import CheckRow
from returns.domain.storefront import Place
from returns.forms.accounts import LABELS, AccountForm
from returns.models import CustomerAccount, Storefront
from returns.policy_in_force import current_terms
from returns.preferences import mail_addresses, wants_optional
from returns.services import customer_accounts, preferences
from returns.services.errors import Refused
from returns.services.transition import By
from returns.viewer import Viewer
from returns.views.access import person
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.views.storefront_pages import person_page
from returns.wording.accounts import type_word
from returns.wording.help import help_topics, how_to_reach


def own_account(request: HttpRequest, storefront: Storefront) -> CustomerAccount | None:
    """The account of the person who asks, at this storefront."""
    mine = CustomerAccount.objects.owned_by(Viewer(request.user)).filter(storefront=storefront)
    return mine.select_related("storefront").first()


def own_account_or_404(request: HttpRequest, storefront: Storefront) -> CustomerAccount:
    """As `own_account`; 404 for who has none here."""
    mine = CustomerAccount.objects.owned_by(Viewer(request.user)).select_related("storefront")
    return get_object_or_404(mine, storefront=storefront)


@person_page
@require_safe
def account(request: HttpRequest, storefront: Storefront) -> HttpResponse:
    """Who we think the customer is, what is owed either way, and where each of it is changed."""
    mine = own_account(request, storefront)
    context: dict[str, Any] = {
        "storefront": storefront,
        "account": mine,
        "topics": help_topics(storefront, Place.ACCOUNT),
        "reach": how_to_reach(storefront),
        "is_reminded": wants_optional(storefront, *mail_addresses(mine, person(request))),
        "is_customer": not Viewer(request.user).is_employed,
    }
    if mine is not None:
        context |= _about(mine)
    return render(request, "portal/account.html", context)


def _about(mine: CustomerAccount) -> dict[str, Any]:
    shown = licensing.latest(mine) if mine.storefront.account_types else None
    credit_now, terms = statements.store_credit(mine), current_terms(mine.storefront)
    return {
        "rows": _rows(mine),
        "credit": credit_now,
        "shows_credit": bool(credit_now) or (terms is not None and terms.money.has_credit),
        "owes": mine.outstanding_balance if terms is not None and terms.balance_netting is not None else None,
        "type": type_word(mine.type),
        "license": shown,
        "can_rise": licensing.can_rise(mine, shown),
    }


def _rows(mine: CustomerAccount) -> list[CheckRow]:
    none = _("not known")
    return [
        CheckRow(_("Account number"), mine.number),
        CheckRow(_(LABELS["name"]), mine.name or none),
        CheckRow(_("Email"), mine.email),
        CheckRow(_(LABELS["phone"]), mine.phone or none),
        CheckRow(_(LABELS["address"]), ", ".join(mine.address.splitlines()) or none),
        CheckRow(
            _(LABELS["main_contact_name"]),
            mine.main_contact_name or mine.main_contact_email or _("you"),
            note=_("Mail about a processed return goes to %(email)s.") % {"email": mine.completion_email},
        ),
    ]


@person_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, storefront: Storefront) -> HttpResponse:
    """Change name, phone, address and main contact, where the storefront leaves that to its customers (RES-38)."""
    mine = own_account_or_404(request, storefront)
    by = By.owner(person(request))
    if request.method == "POST":
        customer_accounts.refuse_unless_allowed(mine, by)
    elif not storefront.account_self_service:
        return redirect("portal:account", storefront.slug)
    form = AccountForm(request.POST if request.method == "POST" else None, account=mine)
    status = UNPROCESSABLE if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            customer_accounts.change(account_id=mine.pk, data=form.cleaned_data, by=by, now=timezone.now())
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
            status = CONFLICT
        else:
            messages.success(request, _("Your account is up to date."))
            return redirect("portal:account", storefront.slug)
    context = {"storefront": storefront, "account": mine, "form": form}
    return render(request, "portal/account_edit.html", context, status=status)


@person_page
@require_safe
def credit(request: HttpRequest, storefront: Storefront) -> HttpResponse:
    """The store credit, line by line, each with the return it came from."""
    mine = own_account_or_404(request, storefront)
    shown = statements.statement(mine, after=request.GET.get("after", ""))
    return render(request, "portal/credit.html", {"storefront": storefront, "account": mine, "statement": shown})


@person_page
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: HttpRequest, storefront: Storefront) -> HttpResponse:
    """Reminders on or off; mail about a return's state is always sent (CON-06)."""
    mine = own_account(request, storefront)
    emails = mail_addresses(mine, person(request))
    if request.method == "POST":
        is_on = request.POST.get("reminders") == "on"
        for email in emails:
            preferences.change(storefront=storefront, email=email, wants_optional=is_on, now=timezone.now())
        messages.success(request, _("Reminders are on.") if is_on else _("Reminders are off."))
        return redirect("portal:account_mail", storefront.slug)
    context = {"storefront": storefront, "emails": emails, "is_on": wants_optional(storefront, *emails)}
    return render(request, "portal/account_mail.html", context)
