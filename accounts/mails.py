"""The mails about accounts: outbox rows, never sent while somebody waits, never to an address we did not have on file.

| kind                     | context           | rendered with                   |
|--------------------------|-------------------|---------------------------------|
| account_verify           | {"address": id}   | accounts.links.verification_url |
| account_reset            | {"user": id}      | accounts.links.reset_url        |
| account_exists           | {"user": id}      | accounts.links.forgot_url       |
| account_password_changed | {"user": id}      | accounts.links.forgot_url       |
| account_new_address      | {"change": id}    | accounts.links.new_address_url  |
| account_address_asked    | {"user": id}      | accounts.links.forgot_url       |
| account_address_changed  | {"user": id}      | –                               |
| staff_invited            | {"invitation": id}| accounts.links.invitation_url   |

A row holds no link and no token (D7): these are made when the mail leaves. Nothing waits for the mail server or the
broker, so that a page takes as long for an address we know as for one we do not (B4).
"""

import uuid
from collections.abc import Mapping
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from accounts import decoys, limits
from accounts.limits import Count, Limit
from accounts.models import AddressChange, Invitation, User
from returns import notifications
from returns.models import Notification

VERIFY = "account_verify"
RESET = "account_reset"
EXISTS = "account_exists"
PASSWORD_CHANGED = "account_password_changed"  # noqa: S105  the name of a mail
NEW_ADDRESS = "account_new_address"
ADDRESS_ASKED = "account_address_asked"
ADDRESS_CHANGED = "account_address_changed"
INVITED = "staff_invited"

# To one mailbox, of each kind (B37).
MAILS = (Limit("account mail, hour", 3, timedelta(hours=1)), Limit("account mail, day", 10, timedelta(days=1)))


def owe_verification(address: EmailAddress) -> None:
    """The mail with which a person who signed up shows that the address is theirs."""
    _owe(VERIFY, address.email, {"address": address.pk})


def owe_reset(user: User) -> None:
    """The mail that lets a person choose a new password (RES-41); staff get it as their first one too."""
    _owe(RESET, user.email, {"user": user.pk})


def owe_account_exists(user: User) -> None:
    """The mail for somebody who signs up a second time: they have an account, and this is how to get into it."""
    _owe(EXISTS, user.email, {"user": user.pk})


def owe_password_changed(user: User) -> None:
    """The mail that tells a person of a new password, in case it was not them. Not limited: it takes the password."""
    _enqueue(PASSWORD_CHANGED, user.email, {"user": user.pk})


def owe_new_address(change: AddressChange) -> None:
    """The mail to a new sign-in address with the link that confirms it."""
    _owe(NEW_ADDRESS, change.email, {"change": str(change.pk)})


def owe_address_asked(user: User) -> None:
    """The mail to the address of now: somebody wants to change it, in case it was not its owner."""
    _owe(ADDRESS_ASKED, user.email, {"user": user.pk})


def owe_address_changed(user: User, old: str) -> None:
    """The mail to the address of before. Not limited: it takes the password and the new mailbox."""
    _enqueue(ADDRESS_CHANGED, old, {"user": user.pk})


def owe_invitation(invitation: Invitation) -> None:
    """The mail with which somebody who is to work here chooses a password.

    Limited where it is asked for (accounts/invitations.py): the earlier link ends with it, so it mustn't be left out.
    """
    _enqueue(INVITED, invitation.user.email, {"invitation": str(invitation.pk)}, language="en")


def drop_waiting(user: User, old: str) -> None:
    """Take back what waits to leave to the address of before; what warns of a new password or address still does."""
    waiting = Notification.objects.filter(
        kind__in=(RESET, EXISTS, ADDRESS_ASKED),
        context__user=user.pk,
        recipient__iexact=old,
        state__in=(Notification.QUEUED, Notification.RETRY, Notification.UNCERTAIN),
    )
    waiting.update(state=Notification.DROPPED, last_error="The person signs in with another address by now.")


def owe_nothing(kind: str) -> None:
    """For an address nobody has: take as long as a mail of this kind would (B4)."""
    with transaction.atomic():
        decoys.count_for_nobody(MAILS, now=timezone.now())
        decoys.undo(lambda: _enqueue(kind, decoys.NOBODY, {}))


def _owe(kind: str, recipient: str, context: Mapping[str, object], *, language: str = "") -> None:
    bucket = f"{kind} {limits.same_mailbox(recipient)}"
    with transaction.atomic():
        if limits.take([Count(limit, bucket) for limit in MAILS], now=timezone.now()):
            _enqueue(kind, recipient, context, language=language)
        else:
            decoys.undo(lambda: _enqueue(kind, recipient, context))


def _enqueue(kind: str, recipient: str, context: Mapping[str, object], *, language: str = "") -> None:
    notifications.enqueue(
        kind=kind,
        recipient=recipient,
        dedupe_key=f"{kind}:{uuid.uuid4()}",
        now=timezone.now(),
        context=context,
        language=language,
    )
