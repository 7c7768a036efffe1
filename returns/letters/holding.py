"""The mail to the sender of a package that matches no return."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from returns.domain.holding import HoldingState
from returns.letters.frame import framed
from returns.letters.timing import NoLongerTrue
from returns.models import HeldPackage, Notification
from returns.wording.phrases import long_date


def package_unknown(row: Notification, _now: datetime) -> dict[str, Any]:
    """A package came and nobody can tell whose return it is (LPS-12, CON-25).

    It says nothing of what is inside: whose address this is nobody knows for sure.
    """
    held = HeldPackage.objects.select_related("storefront").get(public_id=row.context["held"])
    if held.state != HoldingState.HELD or held.sender_email.lower() != row.recipient.lower():
        raise NoLongerTrue("The package isn't held any more.")
    shop = held.storefront
    return framed(
        shop,
        mark=held.mark,
        came_on=long_date(held.held_at.astimezone(shop.zone).date()),
        tracking=" ".join(part for part in (held.carrier, held.tracking_number) if part),
        url=f"{settings.SITE_URL}{reverse('portal:start', args=[shop.slug])}",
    )
