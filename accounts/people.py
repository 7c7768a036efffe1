"""Making, changing and disabling people; what the commands and the administrator's pages do.

Every change of somebody who works here is noted: who did it, when, and what the person may do since. `actor` is None
on the command line.
"""

from collections.abc import Sequence
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import StaffChange, StaffMembership, User
from accounts.purchases import link_purchases
from accounts.roles import Role
from returns.models import Storefront
from returns.services.errors import Refused


def confirm_address(user: User) -> None:
    """Take the person's address as proven: by a mailed link that was opened, or by whoever runs the portal."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email.lower(), defaults={"verified": True, "primary": True}
    )
    link_purchases(user)


def make_staff(
    *, email: str, role: Role, storefronts: Sequence[Storefront], name: str = "", actor: User | None = None
) -> tuple[User, bool]:
    """The person with this address, role and exactly these storefronts; and whether they are new.

    Run again it changes what differs. A new one has no password yet. Raises Refused for a customer's address, because
    their purchases and their work must stay two persons' business; for a role that needs a storefront or has none; for
    one's own; and where nobody would be left to administer.
    """
    _refuse_wrong_places(role, storefronts)
    with transaction.atomic():
        user = _held(email=email)
        is_new = user is None
        if user is None:
            user = User.objects.create_user(email, role=role.value, name=name)
        elif user.is_customer:
            raise Refused(f"{user.email} is a customer's account. Use another address for their work.", field="email")
        before = _what(user)
        if not is_new and role.value != user.role:
            _refuse_oneself(user, actor, "Somebody else has to change your role.")
        if role is not Role.ADMINISTRATOR:
            _refuse_last_administrator(user)
        user.role, user.name = role.value, name or user.name
        user.save(update_fields=["role", "name"])
        confirm_address(user)
        _set_storefronts(user, storefronts)
        if is_new or _what(user) != before:
            note(user, StaffChange.INVITED if is_new else StaffChange.CHANGED, actor=actor, now=timezone.now())
    return user, is_new


def _refuse_wrong_places(role: Role, storefronts: Sequence[Storefront]) -> None:
    if role is Role.ADMINISTRATOR and storefronts:
        raise Refused("An administrator works for no storefront: take the ticks away.", field="storefronts")
    if role is not Role.ADMINISTRATOR and not storefronts:
        raise Refused("Choose at least one storefront.", field="storefronts")


def _held(**of: str) -> User | None:
    """The person whose address or public id this is, locked after all administrators, always in one order.

    Whoever takes an administrator's rights away has to know how many are left when they do.
    """
    is_it = Q(email__iexact=of["email"]) if "email" in of else Q(public_id=of["public_id"])
    everybody = User.objects.select_for_update(no_key=True).filter(is_it | Q(role=Role.ADMINISTRATOR.value))
    key = User.objects.filter(is_it).values_list("pk", flat=True).first()
    return {user.pk: user for user in everybody.order_by("pk")}.get(key or 0)


def _what(user: User) -> tuple[str, str, list[str]]:
    return user.role, user.name, _slugs(user)


def _slugs(user: User) -> list[str]:
    return list(user.memberships.order_by("storefront__position").values_list("storefront__slug", flat=True))


def _set_storefronts(user: User, storefronts: Sequence[Storefront]) -> None:
    user.memberships.exclude(storefront__in=storefronts).delete()
    StaffMembership.objects.bulk_create(
        [StaffMembership(user=user, storefront=storefront) for storefront in storefronts], ignore_conflicts=True
    )


def _refuse_oneself(user: User, actor: User | None, why: str) -> None:
    if actor is not None and actor.pk == user.pk:
        raise Refused(why)


def _refuse_last_administrator(user: User) -> None:
    """The caller holds the rows of all administrators."""
    if user.role != Role.ADMINISTRATOR or not user.is_active:
        return
    others = User.objects.filter(role=Role.ADMINISTRATOR.value, is_active=True).exclude(pk=user.pk)
    if not others.exists():
        raise Refused(f"{user.display_name} is the last administrator. Make another one first.")


def note(user: User, action: str, *, actor: User | None, now: datetime) -> None:
    """Write down who did what to whom; in the caller's transaction."""
    StaffChange.objects.create(
        person=user, actor=actor, action=action, role=user.role, storefronts=_slugs(user), at=now
    )


def disable(user: User, *, actor: User | None = None) -> int:
    """Nobody signs in as this person any more, and their sessions end now; the number of sessions ended (B35).

    Raises Refused for the last administrator, and for oneself.
    """
    with transaction.atomic():
        held = _held(public_id=str(user.public_id))
        assert held is not None, "people are never deleted"  # noqa: S101
        _refuse_oneself(held, actor, "Somebody else has to disable you.")
        _refuse_last_administrator(held)
        return _switch(user, held, is_active=False, actor=actor)


def enable(user: User, *, actor: User | None = None) -> None:
    """The person may sign in again, with the password they had."""
    with transaction.atomic():
        held = _held(public_id=str(user.public_id))
        assert held is not None, "people are never deleted"  # noqa: S101
        _switch(user, held, is_active=True, actor=actor)


def _switch(user: User, held: User, *, is_active: bool, actor: User | None) -> int:
    user.is_active = is_active
    if held.is_active != is_active:
        User.objects.filter(pk=held.pk).update(is_active=is_active)
        if not held.is_customer:
            action = StaffChange.ENABLED if is_active else StaffChange.DISABLED
            note(held, action, actor=actor, now=timezone.now())
    return 0 if is_active else end_sessions(held)


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
