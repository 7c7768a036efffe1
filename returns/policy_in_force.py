"""The policy version that governs an order, or the storefront now."""

from datetime import datetime

from django.db.models import F, Q
from django.utils import timezone

from returns.domain.policy import PolicyTerms
from returns.kept_queries import KeptQuery
from returns.models import Order, PolicyVersion, Storefront

IN_FORCE = KeptQuery(
    lambda storefront_id, at: (
        PolicyVersion.objects.filter(storefront_id=storefront_id, published_at__isnull=False)
        .filter(Q(effective_from__isnull=True) | Q(effective_from__lte=at))
        .order_by(F("effective_from").desc(nulls_last=True))[:1]
    )
)


class NoPolicyInForce(Exception):
    """The storefront has published no policy that governs this order."""


def policy_version_for(order: Order) -> PolicyVersion:
    """The version in force when the order was placed (RES-55); the first one has no start date."""
    version = _in_force(order.storefront_id, order.placed_at)
    if version is None:
        raise NoPolicyInForce(order.number)
    return version


def current_policy_version(storefront: Storefront) -> PolicyVersion:
    """The version an order placed now would get; one that is published for a later day is none yet."""
    version = version_now(storefront)
    if version is None:
        raise NoPolicyInForce(storefront.slug)
    return version


def version_now(storefront: Storefront) -> PolicyVersion | None:
    """The same; None while no policy is in force."""
    return _in_force(storefront.pk, timezone.now())


def current_terms(storefront: Storefront) -> PolicyTerms | None:
    """What that version says; None while no policy is in force."""
    version = version_now(storefront)
    return None if version is None else version.parsed()


def _in_force(storefront_id: int, at: datetime) -> PolicyVersion | None:
    return IN_FORCE.first(storefront_id, at)
