"""Named reads of licenses."""

from typing import TYPE_CHECKING, Self

from django.db import models

from returns.viewer import Viewer

if TYPE_CHECKING:
    from returns.models import License  # noqa: F401  in quotes


class LicenseQuerySet(models.QuerySet["License"]):
    """Licenses that customers showed."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those of their storefronts for staff, none for anybody else: customers see theirs on their account's page."""
        if not viewer.is_staff:
            return self.none()
        return self.filter(account__storefront__memberships__user_id=viewer.user_id)

    def waiting(self) -> Self:
        """Licenses nobody has decided about. LICENSE_KEYS are the parts of their order, to page by."""
        return self.filter(state="waiting")
