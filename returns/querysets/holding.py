"""Named reads of held packages."""

from typing import TYPE_CHECKING, Self

from django.db import models

from returns.querysets.sort_keys import HELD_KEYS
from returns.viewer import Viewer

if TYPE_CHECKING:
    from returns.models import HeldPackage  # noqa: F401  in quotes


class HeldPackageQuerySet(models.QuerySet["HeldPackage"]):
    """Packages nobody could place when they came."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those of their storefronts for staff, none for anybody else."""
        if not viewer.is_staff:
            return self.none()
        return self.filter(storefront__memberships__user_id=viewer.user_id)

    def in_state(self, state: str) -> Self:
        """Those that stand there, what is due first on top. HELD_KEYS are the parts of the order, to page by."""
        return self.filter(state=state).order_by(*(key.name for key in HELD_KEYS))
