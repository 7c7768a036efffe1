"""What carries the address of a customer account follows when the account gets another one (D7, PRO-04, RES-38)."""

from collections.abc import Iterable
from datetime import datetime

from returns.models import GuestLink, Order, ReturnRequest


def hold_orders(account_ids: Iterable[int]) -> None:
    """Lock the orders of these accounts, before the accounts themselves as every service does; in a transaction."""
    held = Order.objects.filter(account__in=account_ids).order_by("pk").select_for_update(no_key=True, of=("self",))
    list(held.values_list("pk", flat=True))


def replace(account_ids: Iterable[int], *, old: str, new: str) -> None:
    """Put the new address where orders and returns of these accounts carried the old one, closed returns too.

    Those can still be written about and reopened, and their mails would go to a mailbox that isn't the customer's any
    more. The caller holds the orders.
    """
    Order.objects.filter(account__in=account_ids, email__iexact=old).update(email=new)
    ReturnRequest.objects.filter(account__in=account_ids, contact_email__iexact=old).update(contact_email=new)


def revoke_links(account_ids: Iterable[int], *, to: str, now: datetime) -> None:
    """Kill the guest links to orders of these accounts that were mailed to this address."""
    links = GuestLink.objects.filter(order__account__in=account_ids, email__iexact=to, revoked_at__isnull=True)
    links.update(revoked_at=now)
