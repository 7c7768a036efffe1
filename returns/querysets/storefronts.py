"""Named reads of storefronts, their policy versions and their products."""

from typing import TYPE_CHECKING, Self

from django.db import models

from returns.domain.policy import Barred, PolicyTerms
from returns.viewer import Viewer

if TYPE_CHECKING:
    from returns.models import PolicyVersion, Product, Storefront  # noqa: F401  in quotes


class StorefrontQuerySet(models.QuerySet["Storefront"]):
    """Storefronts."""

    def staffed_by(self, viewer: Viewer) -> Self:
        """Those the viewer works for; none for customers and guests."""
        if not viewer.is_staff:
            return self.none()
        return self.filter(memberships__user_id=viewer.user_id)


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    """Policy versions."""

    def managed_by(self, viewer: Viewer) -> Self:
        """Those of the storefronts a manager works for; none for everybody else."""
        if not viewer.is_manager:
            return self.none()
        return self.filter(storefront__memberships__user_id=viewer.user_id)

    def published(self) -> Self:
        """Those that are published, whether in force, superseded or to come."""
        return self.filter(published_at__isnull=False)

    def drafts(self) -> Self:
        """Those that can still be changed, at most one at each storefront."""
        return self.filter(published_at__isnull=True)


NOT_SOLD = ("promo", "sample")
"""Kinds of products that come free and are never bought."""


class ProductQuerySet(models.QuerySet["Product"]):
    """Catalogue entries."""

    def exchangeable_at(self, storefront: "Storefront", terms: PolicyTerms) -> Self:
        """What this storefront sells and may send in exchange by these terms, if it is in stock (CON-15, CON-35)."""
        barring = [rule for rule in terms.exclusions if Barred.EXCHANGES in rule.bars]
        kinds = {*NOT_SOLD, *(kind for rule in barring for kind in rule.kinds)}
        flags = sorted({flag for rule in barring for flag in rule.flags})
        found = self.filter(storefront=storefront).exclude(kind__in=sorted(kinds))
        return found.exclude(flags__overlap=flags) if flags else found
