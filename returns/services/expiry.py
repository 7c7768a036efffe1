"""Authorized returns that nobody ships expire, where the storefront sets a limit (RES-44: none of the three does)."""

from datetime import datetime, timedelta

from returns.domain.workflow import Status
from returns.models import ReturnRequest, Storefront
from returns.services.errors import AlreadyDecided
from returns.services.requests import expire

MOST_AT_ONCE = 200
"""In one sweep; the next one goes on a minute later."""


def expire_unshipped(storefront: Storefront, *, now: datetime) -> int:
    """Expire what waits for its package longer than the limit; how many.

    What was authorized before the limit was set doesn't: its customer was told of none (RES-44).
    """
    if storefront.expires_after_days is None:
        return 0
    waiting = ReturnRequest.objects.filter(
        storefront=storefront,
        status=Status.AUTHORIZED.value,
        goods_come_back=True,
        authorized_at__lte=now - timedelta(days=storefront.expires_after_days),
    ).order_by("authorized_at", "pk")
    if storefront.expires_since is not None:
        waiting = waiting.filter(authorized_at__gte=storefront.expires_since)
    return sum(_expired(key, now) for key in waiting.values_list("pk", flat=True)[:MOST_AT_ONCE])


def _expired(request_id: int, now: datetime) -> bool:
    try:
        expire(request_id=request_id, now=now)
    except AlreadyDecided:  # shipped or settled at this very moment
        return False
    return True
