"""Who sold what wasn't bought here: the name, a way to reach them, and their own pages where they have some here."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from django.urls import reverse

from returns.models import Order, Storefront

_PHONE = re.compile(r"\+?[0-9(][0-9(). -]{5,30}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class SellerView:
    """The seller of a partner order (CON-18, CON-19). ``url`` leads to their pages here, ``contact_url`` to them."""

    name: str
    contact: str
    contact_url: str
    url: str

    @property
    def contact_parts(self) -> tuple[str, str]:
        """The contact in two parts, so that an address breaks before its @ if anywhere."""
        name, at, host = self.contact.partition("@")
        return name, at + host


def seller_of(order: Order) -> SellerView | None:
    """The seller of an order that was placed at a partner; None for our own."""
    if order.channel != "partner":
        return None
    return SellerView(order.seller_name, order.seller_contact, _link(order.seller_contact), _pages_of(order))


def _pages_of(order: Order) -> str:
    """A partner may have a storefront of its own here, as le petit spa has: returns start there."""
    if not order.seller_name:
        return ""
    theirs = Storefront.objects.filter(name__iexact=order.seller_name.strip()).exclude(pk=order.storefront_id)
    slug = theirs.values_list("slug", flat=True).first()
    return reverse("portal:landing", args=[slug]) if slug else ""


def _link(contact: str) -> str:
    """A link for what is nothing but an address of the web, of email, or a phone number."""
    contact = contact.strip()
    if _EMAIL.fullmatch(contact):
        return f"mailto:{quote(contact, safe='@.+-_')}"
    if _PHONE.fullmatch(contact):
        return "tel:" + "".join(sign for sign in contact if sign.isdigit() or sign == "+")
    return contact if contact.startswith(("https://", "http://")) and not contact.split()[1:] else ""
