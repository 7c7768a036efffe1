"""Pages to sign in with another address: ask for it, look into the mail, confirm it there."""

from http import HTTPStatus
from typing import cast

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import addresses, limits, sign_in_limits
from accounts.forms import ConfirmNewAddressForm, NewAddressForm
from accounts.limits import Count
from accounts.models import User
from accounts.views import code_of, storefront_of, too_many


def _customer(request: HttpRequest) -> User:
    """The signed-in customer. Nobody who works here changes theirs: it tells which orders are their own (B34)."""
    user = cast("User", request.user)
    if not user.is_customer:
        raise PermissionDenied
    return user


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Enter the new address and the password; the next page is the same whether somebody has the address or not."""
    user = _customer(request)
    if not user.has_usable_password():
        return redirect("account_reset_password")
    form = NewAddressForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if not limits.take([Count(sign_in_limits.ADDRESS_CHANGES, f"user {user.pk}")], now=now):
            return too_many(request)
        addresses.ask(user=user, email=form.cleaned_data["email"], now=now)
        return redirect("account_change_email_sent")
    context = {"form": form, "storefront": storefront_of(request)}
    return render(request, "account/email_change.html", context, status=code_of(form))


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The link is in the new mailbox."""
    _customer(request)
    return render(request, "account/email_change_sent.html", {"days": addresses.LIFETIME.days})


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, address_token: str) -> HttpResponse:
    """Where the mail to the new address leads: the password makes it the person's. A GET changes nothing (B9)."""
    change = addresses.find(address_token, now=timezone.now())
    if change is None:
        return render(request, "account/email_change_dead.html", status=HTTPStatus.NOT_FOUND)
    entered = request.POST if request.method == "POST" else None
    form = ConfirmNewAddressForm(entered, request=request, person=change.user)
    if request.method == "POST" and form.is_valid():
        user = addresses.confirm(change, now=timezone.now())
        request.session.flush()  # its row ended with all the others of this person
        user.backend = form.user.backend  # whose word for the password it was
        get_adapter(request).login(request, user)
        messages.success(request, _("From now on you sign in with %(email)s.") % {"email": user.email})
        return redirect("accounts:home")
    context = {"form": form, "new_email": change.email}
    return render(request, "account/email_change_confirm.html", context, status=code_of(form))
