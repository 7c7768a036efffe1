"""Optional mail on and off, for an address at a storefront (CON-06)."""

from datetime import datetime

from returns.models import MailPreference, Storefront


def change(*, storefront: Storefront, email: str, wants_optional: bool, now: datetime) -> None:
    """Note whether this address wants optional mail from now on. Said twice, it is noted once."""
    MailPreference.objects.update_or_create(
        storefront=storefront,
        email=email.lower(),
        defaults={"wants_optional": wants_optional, "changed_at": now},
    )


def carry_over(*, old: str, new: str, now: datetime, storefront: Storefront | None = None) -> None:
    """Let what was said for one address hold for another too; at one storefront, or at all of them.

    It stays noted for the old one, which may still be the address of an account or return elsewhere.
    """
    said = MailPreference.objects.filter(email=old.lower()).select_related("storefront")
    for one in said.filter(storefront=storefront) if storefront else said:
        change(storefront=one.storefront, email=new, wants_optional=one.wants_optional, now=now)
