"""A storefront's settings, changed by a manager: at once, with a row of history for each value; and new storefronts."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from returns.models import PolicyVersion, Storefront, StorefrontChange
from returns.services import policies
from returns.services.errors import Refused
from returns.services.storefront_history import note

if TYPE_CHECKING:
    from accounts.models import User

LABELS: Mapping[str, str] = {
    "name": "Name",
    "short_name": "Short name",
    "tagline": "Line below the name",
    "accent": "Color",
    "return_address": "Return address",
    "care_name": "What the people who answer are called",
    "email": "Email address",
    "sender_name": "Sender of the mails",
    "phone": "Phone",
    "appointment_phone": "Phone in the page head",
    "timezone": "Time zone",
    "opening_hours": "Opening hours",
    "closed_on_federal_holidays": "Closed on US federal holidays",
    "closing_days": "Closing days",
    "account_self_service": "Customers edit their own data",
    "account_types": "Account types by license",
    "second_person_above": "A second person above",
    "decision_days": "Decide within",
    "claim_decision_days": "Decide about claims within",
    "reminder_days": "Remind before the promised day",
    "goods_leave_within_days": "Goods leave within",
    "expires_after_days": "Expire what isn’t shipped after",
}
"""What a manager may change, and what the history calls it."""


@transaction.atomic
def change_settings(
    *, storefront: Storefront, values: Mapping[str, Any], by: "User | None", now: datetime
) -> list[StorefrontChange]:
    """Set these values, and write down what changed. Raises KeyError for what isn't a setting.

    Raises Refused for another time zone once a policy is published: its days are counted by the zone it was written in.
    """
    held = Storefront.objects.select_for_update(no_key=True).get(pk=storefront.pk)
    if values.get("timezone", held.timezone) != held.timezone and held.policy_versions.published().exists():
        raise Refused(f"The published policy counts its days by {held.timezone}. That can’t change.", field="timezone")
    changes = [(LABELS[name], shown(getattr(held, name)), shown(value)) for name, value in values.items()]
    if values.get("expires_after_days", held.expires_after_days) != held.expires_after_days:
        values = {**values, "expires_since": now}
    for name, value in values.items():
        setattr(held, name, value)
        setattr(storefront, name, value)
    held.save(update_fields=list(values))
    return note(storefront=held, area=StorefrontChange.SETTINGS, changes=changes, by=by, now=now)


@transaction.atomic
def create_storefront(
    *, values: Mapping[str, Any], copied: PolicyVersion, is_published: bool, by: "User", now: datetime
) -> Storefront:
    """A storefront with a copy of a policy as its first version; who made it works for it from the start.

    Raises Refused where somebody took its name in the meantime.
    """
    from accounts.models import StaffMembership

    last = Storefront.objects.aggregate(last=Max("position"))["last"] or 0
    try:
        with transaction.atomic():
            made = Storefront.objects.create(**values, look=values["slug"], position=last + 1)
    except IntegrityError:
        raise Refused(f"“{values['slug']}” is taken. Choose another name.", field="slug") from None
    StaffMembership.objects.create(user=by, storefront=made)
    note(storefront=made, area=StorefrontChange.SETTINGS, changes=[("Storefront", "", "opened")], by=by, now=now)
    draft = policies.begin_draft(storefront=made, copied=copied, by=by, now=now)
    if is_published:
        reason = f"Copied from {copied.storefront.name}, version {copied.number}, when the storefront was opened."
        policies.publish(
            version=draft, begins_on=None, reason=reason, seen=now, keeps_words=True, by=by, now=now
        )  # its words are those of a published version
    return made


def shown(value: object) -> str:
    """A value as the history keeps it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{day} {'–'.join(span)}" for day, span in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(shown(each) for each in value)
    if isinstance(value, date):
        return value.isoformat()
    return format(value, ".2f") if isinstance(value, Decimal) else str(value)
