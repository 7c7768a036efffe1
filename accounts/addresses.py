"""A new address to sign in with: asked for with the password, confirmed from its mailbox with the password again.

The page answers the same for an address that somebody has already as for a free one (B4). The password at the end
keeps whoever got the link by a typing error from taking the account.
"""

import logging
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts import mails
from accounts.models import AddressChange, User
from accounts.people import end_sessions
from accounts.purchases import link_purchases
from accounts.roles import Role
from returns.services import account_addresses
from returns.services.errors import Refused
from returns.tokens import address_change_id_of

logger = logging.getLogger(__name__)

LIFETIME = timedelta(days=3)


def ask(*, user: User, email: str, now: datetime) -> None:
    """Owe a link to the new address and a notice to the one of now; an earlier link of this person ends."""
    with transaction.atomic():
        held = User.objects.select_for_update().get(pk=user.pk)
        AddressChange.objects.filter(user=held).delete()
        change = AddressChange.objects.create(user=held, email=email.lower(), asked_at=now)
        owner = _owner_of(email)
        if owner is None:
            mails.owe_new_address(change)
        else:
            mails.owe_account_exists(owner)
        mails.owe_address_asked(held)


def _owner_of(email: str) -> User | None:
    has_it = Q(email__iexact=email) | Q(emailaddress__email__iexact=email, emailaddress__verified=True)
    return User.objects.filter(has_it).exclude(pk__in=_never_confirmed(email).values("pk")).first()


def _never_confirmed(email: str) -> QuerySet[User]:
    """Accounts that were opened with this address and never used: whoever did showed nothing, and keeps nobody off."""
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    unproven = Exists(addresses.filter(verified=False)) & ~Exists(addresses.filter(verified=True))
    opened = User.objects.filter(unproven, email__iexact=email, is_active=True, last_login__isnull=True)
    return opened.filter(role=Role.CUSTOMER.value, customer_accounts__isnull=True)


def find(token: str, *, now: datetime) -> AddressChange | None:
    """The change that this token confirms, while it can be confirmed; None for every other token."""
    change_id = address_change_id_of(token)
    if change_id is None:
        return None
    open_changes = AddressChange.objects.select_related("user").filter(user__is_active=True)
    return open_changes.filter(pk=change_id, asked_at__gt=now - LIFETIME).first()


def confirm(change: AddressChange, *, now: datetime) -> User:
    """Make it the address of the person, here and where their accounts and orders carried the old one.

    Every session of theirs ends, and so does every guest link to the old address (D7). Raises Refused where somebody
    else has the address by now, or where another change took this one's place.
    """
    try:
        with transaction.atomic():
            user = _replace(change, now)
    except IntegrityError as error:
        raise Refused(_taken()) from error
    logger.info("User %s signs in with another address.", user.public_id)
    return user


def _replace(change: AddressChange, now: datetime) -> User:
    # The user's key is locked last, with the new address: whoever acts on an order refers to it from there, and
    # would wait in a circle for a person who already waits for that order.
    user = User.objects.select_for_update(no_key=True).get(pk=change.user_id)
    taken, _deleted = AddressChange.objects.filter(pk=change.pk, user=user).delete()
    if not taken:
        raise Refused(_("This link was used already, or a newer one has taken its place. Nothing was changed."))
    if _owner_of(change.email) not in {None, user}:
        raise Refused(_taken())
    _never_confirmed(change.email).delete()
    old, user.email = user.email, change.email
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    account_addresses.follow(user=user, old=old, now=now)
    link_purchases(user)
    user.save(update_fields=["email"])
    end_sessions(user)
    mails.drop_waiting(user, old)
    mails.owe_address_changed(user, old)
    return user


def _taken() -> str:
    return _("There is an account with this address already, so nothing was changed. Sign in to that one, or call us.")
