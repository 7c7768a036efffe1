"""Storefronts from their files: settings and version 1 of the policy, once. Afterwards the database is the truth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from returns.domain.policy import PolicyTerms
from returns.domain.records import Json
from returns.domain.storefront import SHIPPED, StorefrontSettings, load_storefronts
from returns.models import PolicyVersion, Storefront
from returns.services.storefront_settings import change_settings

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class SetUp:
    """What became of one file: the storefront, whether it was new, and else what it lacked and got (`help topics`)."""

    storefront: Storefront
    created: bool
    added: tuple[str, ...] = ()


@transaction.atomic
def set_up_storefronts(*, now: datetime, folder: Path = SHIPPED) -> list[SetUp]:
    """Create what isn't there yet from the policy files; what is there stays as it is, whatever the files say now.

    A storefront without any help topics or account types, from an older release, gets those of its file.

    Raises PolicyError naming file and key; nothing is created then.
    """
    return [_set_up(settings, terms, now) for settings, terms in load_storefronts(folder).values()]


def _set_up(settings: StorefrontSettings, terms: PolicyTerms, now: datetime) -> SetUp:
    storefront, created = Storefront.objects.get_or_create(slug=settings.slug, defaults=_defaults(settings))
    if not storefront.policy_versions.exists():
        # No start date: the first version governs all older orders too (RES-55).
        PolicyVersion.objects.create(storefront=storefront, number=1, terms=terms.as_data(), published_at=now)
    return SetUp(storefront, created, added=() if created else _fill_in(storefront, settings))


FILLED_IN = {"help_topics": "help topics", "account_types": "account types"}
"""What younger releases know of a storefront, and what it is called."""


def _fill_in(storefront: Storefront, settings: StorefrontSettings) -> tuple[str, ...]:
    """A storefront set up before there were these gets those of its file; its own are left alone. What it got."""
    shipped = _defaults(settings)
    lacking = [name for name in FILLED_IN if not getattr(storefront, name) and shipped[name]]
    for name in lacking:
        setattr(storefront, name, shipped[name])
    if lacking:
        storefront.save(update_fields=lacking)
    return tuple(FILLED_IN[name] for name in lacking)


def _defaults(settings: StorefrontSettings) -> dict[str, object]:
    return {
        "name": settings.name,
        "short_name": settings.short_name,
        "tagline": settings.tagline,
        "timezone": settings.timezone,
        "currency": settings.currency,
        "look": settings.look,
        "accent": settings.accent,
        "care_name": settings.care_name,
        "phone": settings.returns_phone,
        "appointment_phone": settings.appointment_phone,
        "email": settings.email,
        "opening_hours": settings.opening_hours,
        "closed_on_federal_holidays": settings.closed_on_federal_holidays,
        "closing_days": list(settings.closing_days),
        "return_address": "\n".join(settings.return_address),
        "account_self_service": settings.account_self_service,
        "account_types": [each.value for each in settings.account_types],
        "help_topics": settings.help_topics,
        "position": settings.position,
        "decision_days": settings.decision_days,
        "claim_decision_days": settings.claim_decision_days,
        "reminder_days": list(settings.reminder_days),
        "goods_leave_within_days": settings.goods_leave_within_days,
        "expires_after_days": settings.expires_after_days,
    }


def settings_data(storefront: Storefront) -> dict[str, Json]:
    """The settings of a storefront as the `[storefront]` table of a policy file."""
    phones = {"returns_phone": storefront.phone, "appointment_phone": storefront.appointment_phone}
    same = ("slug", "name", "short_name", "tagline", "timezone", "currency", "accent", "look", "care_name", "email")
    return {
        **{name: getattr(storefront, name) for name in same},
        **phones,
        "position": storefront.position,
        "closed_on_federal_holidays": storefront.closed_on_federal_holidays,
        "account_self_service": storefront.account_self_service,
        "return_address": list(_lines(storefront.return_address.splitlines())),
        "closing_days": [day.isoformat() for day in storefront.closing_days],
        "account_types": list(storefront.account_types),
        "hours": storefront.opening_hours,
        "decision_days": storefront.decision_days,
        "claim_decision_days": storefront.claim_decision_days,
        "reminder_days": list(storefront.reminder_days),
        "goods_leave_within_days": storefront.goods_leave_within_days,
        **({} if storefront.expires_after_days is None else {"expires_after_days": storefront.expires_after_days}),
        "help": storefront.help_topics,
    }


def change_return_address(
    *, storefront: Storefront, address: str, by: "User | None" = None, now: datetime | None = None
) -> Storefront:
    """Set where packages go, one line each; authorizing is possible as soon as there is one (RES-37)."""
    values = {"return_address": "\n".join(_lines(address.splitlines()))}
    change_settings(storefront=storefront, values=values, by=by, now=now or timezone.now())
    return storefront


def change_limit(*, storefront: Storefront, amount: Decimal, now: datetime | None = None) -> Storefront:
    """Set above which worth a settlement takes a second person: by who runs the portal, with nobody's agreement.

    Managers go through `services/limits.py` (B34).
    """
    values = {"second_person_above": amount}
    change_settings(storefront=storefront, values=values, by=None, now=now or timezone.now())
    return storefront


def change_deadlines(
    *,
    storefront: Storefront,
    decision_days: int,
    claim_decision_days: int,
    reminder_days: Sequence[int],
    goods_leave_within_days: int,
    expires_after_days: int | None,
    by: "User | None" = None,
    now: datetime | None = None,
) -> Storefront:
    """Set the clocks. Days that were promised already stay."""
    values = {
        "decision_days": decision_days,
        "claim_decision_days": claim_decision_days,
        "reminder_days": sorted(set(reminder_days), reverse=True),
        "goods_leave_within_days": goods_leave_within_days,
        "expires_after_days": expires_after_days,
    }
    change_settings(storefront=storefront, values=values, by=by, now=now or timezone.now())
    return storefront


def _lines(lines: Iterable[str]) -> Iterable[str]:
    return (line.strip() for line in lines if line.strip())
