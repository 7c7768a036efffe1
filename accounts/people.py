"""Making, changing and disabling people; what the commands do, for code that has no command line."""

from collections.abc import Sequence

from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from accounts.models import StaffMembership, User
from accounts.purchases import link_purchases
from accounts.roles import Role
from returns.models import Storefront


def confirm_address(user: User) -> None:
    """Take the person's address as proven: by a mailed link that was opened, or by whoever runs the portal."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email.lower(), defaults={"verified": True, "primary": True}
    )
    link_purchases(user)


def make_staff(*, email: str, role: Role, storefronts: Sequence[Storefront], name: str = "") -> tuple[User, bool]:
    """The member of staff with this address, role and exactly these storefronts; and whether they are new.

    Run again it changes what differs. A new one has no password yet. Raises ValueError for a customer's address:
    their purchases and their work must stay two persons' business.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().filter(email__iexact=email).first()
        is_new = user is None
        if user is None:
            user = User.objects.create_user(email, role=role.value, name=name)
        elif not user.is_staff:
            raise ValueError(f"{user.email} is a customer's account. Use another address for their work.")
        user.role, user.name = role.value, name or user.name
        user.save(update_fields=["role", "name"])
        confirm_address(user)
        user.memberships.exclude(storefront__in=storefronts).delete()
        StaffMembership.objects.bulk_create(
            [StaffMembership(user=user, storefront=storefront) for storefront in storefronts], ignore_conflicts=True
        )
    return user, is_new


def disable(user: User) -> int:
    """Nobody signs in as this person any more, and their sessions end now; the number of sessions ended (B35)."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    return end_sessions(user)


def enable(user: User) -> None:
    """The person may sign in again, with the password they had."""
    user.is_active = True
    user.save(update_fields=["is_active"])


def end_sessions(user: User) -> int:
    """Sign the person out everywhere; the number of sessions ended.

    A session says only inside whose it is, so all that still live are opened.
    """
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
            ended += 1
    return ended
