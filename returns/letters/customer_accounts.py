"""Mails about a customer account at a storefront: where its completion mails go, and its license."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from returns.letters.frame import framed
from returns.letters.timing import NoLongerTrue
from returns.models import CustomerAccount, License, Notification
from returns.wording.accounts import type_word


def contact_changed(row: Notification, _now: datetime) -> dict[str, Any]:
    """Mail goes to another address from now on; told to the old one and to the new (CON-33, PRO-04).

    `what`: that about finished returns, or, where the account itself got another address, all of it.
    """
    account = CustomerAccount.objects.select_related("storefront").get(pk=row.context["account"])
    is_new, is_email = row.context["to"] == "new", row.context.get("what") == "email"
    address = account.email if is_email else account.completion_email
    if is_new and address.lower() != row.recipient.lower():
        raise NoLongerTrue("The address was changed again.")
    return framed(
        account.storefront,
        account_number=account.number,
        is_new=is_new,
        is_email=is_email,
        url=_account_page(account),
    )


def license_granted(row: Notification, _now: datetime) -> dict[str, Any]:
    """The license is looked at, and the account is raised (PRO-05, PRO-06)."""
    shown = _license(row)
    return framed(
        shown.account.storefront,
        account_number=shown.account.number,
        type=type_word(shown.wanted_type),
        url=_account_page(shown.account),
    )


def license_refused(row: Notification, _now: datetime) -> dict[str, Any]:
    """Why the account stays as it is, in the words of who decided."""
    shown = _license(row)
    return framed(
        shown.account.storefront,
        account_number=shown.account.number,
        type=type_word(shown.wanted_type),
        refusal=shown.refusal,
        url=_account_page(shown.account),
    )


def _license(row: Notification) -> License:
    return License.objects.select_related("account__storefront").get(public_id=row.context["license"])


def _account_page(account: CustomerAccount) -> str:
    return f"{settings.SITE_URL}{reverse('portal:account', args=[account.storefront.slug])}"
