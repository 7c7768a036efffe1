"""Mails to a storefront's managers about what one of them did to its settings."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from accounts.models import User
from accounts.roles import Role
from returns.letters.frame import framed, reports_page
from returns.letters.timing import NoLongerTrue
from returns.models import LimitRaise, Notification, StorefrontChange
from returns.wording.phrases import moment, money

LIMIT_NEWS: Mapping[str, tuple[str, str]] = {
    "changed": ("The limit for one person's settlements was changed", "It holds from now on."),
    "asked": (
        "A higher limit for one person's settlements is asked for",
        "The limit in force stays until another manager agrees. Nobody raises it alone.",
    ),
    "refused": ("The higher limit for one person's settlements is off", "The limit in force stays."),
}
"""Heading and what follows from it, by the step that is told."""

LIMIT_FACTS: Mapping[str, tuple[str, str]] = {
    "changed": ("Before", "Now"),
    "asked": ("In force", "Asked for"),
    "refused": ("Asked for", "Answer"),
}
"""What the two values of the history's row are called."""


def limit_changed(row: Notification, _now: datetime) -> dict[str, Any]:
    """Another manager changed the limit above which a settlement takes two, or asks to raise it (B34)."""
    change = StorefrontChange.objects.select_related("storefront", "actor").get(pk=row.context["change"])
    shop, step = change.storefront, row.context["step"]
    managers = User.objects.filter(is_active=True, role=Role.MANAGER.value, memberships__storefront=shop)
    if not managers.filter(public_id=row.context["person"]).exists():
        raise NoLongerTrue("The person doesn't manage the storefront any more.")
    if step == "asked" and not LimitRaise.objects.filter(storefront=shop, asked_at=change.at).exists():
        raise NoLongerTrue("Nobody asks for this limit any more.")
    heading, follows = LIMIT_NEWS[step]
    was, becomes = LIMIT_FACTS[step]
    after = change.after if step == "refused" else money(Decimal(change.after), shop.currency)
    return framed(
        shop,
        heading=heading,
        follows=follows,
        facts=[
            (was, money(Decimal(change.before), shop.currency)),
            (becomes, after),
            ("By", change.actor.get_full_name() if change.actor else ""),
            ("When", moment(change.at, shop.zone)),
        ],
        url=reports_page("reports:storefront_limit", shop.slug),
        questions="",
    )
