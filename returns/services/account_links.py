"""Giving orders to a customer account, and with them the requests filed for them, so that the two never differ."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from returns.models import CustomerAccount, Draft, Order, ReturnRequest


@transaction.atomic
def give_orders(orders: QuerySet[Order], account: CustomerAccount) -> int:
    """Let orders that belong to no account belong to this one, and their requests too; how many orders.

    The account's balance, main contact and earlier returns count for them from now on (PRO-21, CON-33, LPS-30).
    """
    free = orders.filter(account__isnull=True, storefront=account.storefront).order_by("pk")
    # Orders before requests, as every service locks them.
    taken = list(free.select_for_update(no_key=True).values_list("pk", flat=True))
    ReturnRequest.objects.filter(order__in=taken).update(account=account)
    given = Order.objects.filter(pk__in=taken).update(account=account)
    hand_over_drafts(taken, account)
    return given


def hand_over_drafts(orders: Iterable[int] | QuerySet[Order, Any], account: CustomerAccount) -> None:
    """Let what guests of these orders began be its owner's, who would look for it in vain otherwise."""
    if account.user_id is None:
        return
    own = Draft.objects.filter(order=OuterRef("order"), lane=OuterRef("lane"), user=account.user_id)
    begun = Draft.objects.filter(~Exists(own), order__in=orders, user__isnull=True)
    begun.update(user=account.user_id)
