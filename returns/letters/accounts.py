"""Mails about a person's own account. Their links are made here, at delivery, and stand nowhere else."""

from datetime import datetime
from typing import Any

from accounts import links
from accounts.models import User
from returns.letters.frame import framed
from returns.letters.timing import NoLongerTrue
from returns.models import Notification, Storefront


def verify(row: Notification, _now: datetime) -> dict[str, Any]:
    """Show that the address is yours."""
    return framed(None, url=_still_wanted(links.verification_url(row.context)))


def reset(row: Notification, _now: datetime) -> dict[str, Any]:
    """Choose a new password (RES-41, PRO-02)."""
    _refuse_unless_theirs(row)
    return framed(None, url=_still_wanted(links.reset_url(row.context)))


def exists(row: Notification, _now: datetime) -> dict[str, Any]:
    """You have an account already."""
    _refuse_unless_theirs(row)
    return framed(None, url=links.sign_in_url(), forgot_url=_for_active(row, links.forgot_url()))


def password_changed(row: Notification, _now: datetime) -> dict[str, Any]:
    """Your password was changed; if it wasn't you, here is how to get the account back."""
    return framed(None, url=_for_active(row, links.forgot_url()))


def new_address(row: Notification, _now: datetime) -> dict[str, Any]:
    """Show that the new address is yours."""
    return framed(None, url=_still_wanted(links.new_address_url(row.context)))


def address_asked(row: Notification, _now: datetime) -> dict[str, Any]:
    """Somebody wants to sign in with another address from now on; if it wasn't you, change your password."""
    _refuse_unless_theirs(row)
    return framed(None, url=_for_active(row, links.forgot_url()))


def address_changed(row: Notification, _now: datetime) -> dict[str, Any]:
    """The account signs in with another address now; if it wasn't you, call."""
    url = _for_active(row, links.sign_in_url())
    shops = Storefront.objects.filter(accounts__user=row.context["user"]).exclude(phone="").distinct()
    return framed(None, url=url, contacts=[(shop.name, shop.phone) for shop in shops])


def invited(row: Notification, _now: datetime) -> dict[str, Any]:
    """Somebody who is to work here chooses a password. Staff's mails are in English."""
    person = User.objects.filter(invitation=row.context["invitation"]).first()
    url = _still_wanted(links.invitation_url(row.context))
    return framed(None, url=url, person=person.display_name if person else "")


def _still_wanted(url: str | None) -> str:
    if url is None:
        raise NoLongerTrue("Nothing is left to confirm, to reset or to accept.")
    return url


def _refuse_unless_theirs(row: Notification) -> None:
    """A mail that waited doesn't follow its person to another address, nor let in who reads the old mailbox (D7)."""
    if not User.objects.filter(pk=row.context["user"], email__iexact=row.recipient).exists():
        raise NoLongerTrue("The person signs in with another address by now.")


def _for_active(row: Notification, url: str) -> str:
    if not User.objects.filter(pk=row.context["user"], is_active=True).exists():
        raise NoLongerTrue("The person is gone or disabled.")
    return url
