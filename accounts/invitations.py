"""Inviting somebody to work here: a mail with a link, and the password they choose behind it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accounts import mails, people
from accounts.limits import Count, Limit, take
from accounts.models import Invitation, User
from accounts.roles import Role
from returns.models import Storefront
from returns.services.errors import Refused
from returns.tokens import invitation_id_of

LIFETIME = timedelta(days=3)
AGAIN = Limit("invitation again, person", 5, timedelta(days=1))
"""Links that one person is sent again, so that nobody's mailbox is filled from here."""


def invite(*, email: str, name: str, role: Role, storefronts: Sequence[Storefront], actor: User, now: datetime) -> User:
    """A new person of this role at these storefronts, with a mail that lets them choose a password.

    Raises Refused where somebody has the address already.
    """
    is_taken = Refused(f"Somebody signs in with {email} already.", field="email")
    try:
        with transaction.atomic():
            if User.objects.filter(email__iexact=email).exists():
                raise is_taken
            user, _is_new = people.make_staff(email=email, role=role, storefronts=storefronts, name=name, actor=actor)
            _send(user, now)
    except IntegrityError as error:  # invited twice at the same moment
        raise is_taken from error
    return user


def again(*, user: User, now: datetime) -> None:
    """Another link for somebody who hasn't chosen a password; the earlier one ends.

    Raises Refused for others, and after five links in a day.
    """
    with transaction.atomic():
        held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if held.is_customer or held.has_usable_password():
            raise Refused("They have chosen a password already, and can ask for another one where they sign in.")
        if not held.is_active:
            raise Refused("They are disabled. Enable them first.")
        if not take([Count(AGAIN, str(held.public_id))], now=now):
            raise Refused("They were sent five links within a day. Ask whether their mail arrives, and try tomorrow.")
        _send(held, now)


def _send(user: User, now: datetime) -> None:
    Invitation.objects.filter(user=user).delete()
    mails.owe_invitation(Invitation.objects.create(user=user, invited_at=now))


def find(token: str, *, now: datetime) -> Invitation | None:
    """The invitation that this token belongs to, while it can be accepted; None for every other token.

    Whoever chose a password another way (RES-41) needs none, and nobody sets another one with it.
    """
    invitation_id = invitation_id_of(token)
    if invitation_id is None:
        return None
    waiting = Invitation.objects.select_related("user").filter(user__is_active=True)
    found = waiting.filter(pk=invitation_id, invited_at__gt=now - LIFETIME).first()
    return None if found is None or found.user.has_usable_password() else found


def accept(invitation: Invitation, *, password: str) -> User:
    """Make this the person's password, once. Raises Refused where the link was used or replaced meanwhile."""
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=invitation.user_id)
        taken, _deleted = Invitation.objects.filter(pk=invitation.pk, user=user).delete()
        if not taken or user.has_usable_password():
            raise Refused("This link was used already, or a newer one has taken its place.")
        user.set_password(password)
        user.save(update_fields=["password"])
        people.end_sessions(user)
    return user
