"""The links in mails about accounts, made when a mail leaves: no token is ever stored (D7).

Each begins with SITE_URL, whatever host a request named (B10). None means that there is nothing left to mail: the
person is gone or disabled, or the address is confirmed already.
"""

from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.http import int_to_base36

from accounts.models import AddressChange, Invitation, User
from returns.tokens import address_change_token, invitation_token


def verification_url(context: Mapping[str, Any]) -> str | None:
    """Where the person confirms their address, for three days; `context` is that of an account_verify row."""
    address = EmailAddress.objects.filter(pk=context["address"], verified=False, user__is_active=True).first()
    if address is None:
        return None
    return _absolute(reverse("account_confirm_email", args=[EmailConfirmationHMAC(address).key]))


def reset_url(context: Mapping[str, Any]) -> str | None:
    """Where the person chooses a new password, once and within the hour; `context` is that of an account_reset row."""
    user = User.objects.filter(pk=context["user"], is_active=True).first()
    if user is None:
        return None
    token = default_token_generator.make_token(user)
    return _absolute(reverse("account_reset_password_from_key", args=[int_to_base36(user.pk), token]))


def new_address_url(context: Mapping[str, Any]) -> str | None:
    """Where the person confirms a new address, for three days; `context` is that of an account_new_address row."""
    change = AddressChange.objects.filter(pk=context["change"], user__is_active=True).first()
    if change is None:
        return None
    return _absolute(reverse("account_confirm_new_email", args=[address_change_token(change.pk)]))


def invitation_url(context: Mapping[str, Any]) -> str | None:
    """Where somebody invited chooses a password, for three days; `context` is that of a staff_invited row."""
    invitation = Invitation.objects.filter(pk=context["invitation"], user__is_active=True).first()
    if invitation is None:
        return None
    return _absolute(reverse("accounts:invited", args=[invitation_token(invitation.pk)]))


def forgot_url() -> str:
    """Where anybody asks for a new password."""
    return _absolute(reverse("account_reset_password"))


def sign_in_url() -> str:
    """Where people sign in."""
    return _absolute(reverse("account_login"))


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
