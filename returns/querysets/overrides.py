"""Named reads of the override register."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from returns.querysets.sort_keys import REGISTER_KEYS
from returns.viewer import Viewer

if TYPE_CHECKING:
    from accounts.models import User
    from returns.models import Override  # noqa: F401  in quotes


class OverrideQuerySet(models.QuerySet["Override"]):
    """The register of what was decided otherwise than the policy."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those of their storefronts for staff, none for anybody else."""
        from accounts.models import StaffMembership

        if not viewer.is_staff:
            return self.none()
        return self._at(StaffMembership.objects.filter(user=viewer.user_id).values("storefront"))

    def at_storefront(self, slug: str) -> Self:
        """Those of one storefront."""
        from returns.models.storefronts import Storefront

        return self._at(Storefront.objects.filter(slug=slug).values("pk"))

    def _at(self, storefronts: models.QuerySet[Any, Any]) -> Self:
        return self.filter(Q(line__request__storefront__in=storefronts) | Q(request__storefront__in=storefronts))

    def of_lines(self) -> Self:
        """Decisions about a line, whatever its policy says."""
        return self.filter(line__isnull=False)

    def people_of(self, viewer: Viewer) -> "models.QuerySet[User]":
        """Who wrote what this person may read."""
        from accounts.models import User

        return User.objects.filter(pk__in=self.visible_to(viewer).order_by().values("actor")).order_by("name", "pk")

    def in_the_register(self) -> Self:
        """With all that its rows show, the newest first. REGISTER_KEYS are the parts of the order."""
        rows = self.select_related(
            "actor",
            "line__order_line",
            "line__request__storefront",
            "line__request__order",
            "request__storefront",
            "request__order",
        )
        return rows.order_by(*(f"-{key.name}" for key in REGISTER_KEYS))
