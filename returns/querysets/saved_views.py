"""Named reads of saved views."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from returns.viewer import Viewer

if TYPE_CHECKING:
    from returns.models import SavedView  # noqa: F401  in quotes


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Saved views of the queue."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Staff's own views, and those shared at their storefronts; none for anybody else."""
        from accounts.models import StaffMembership

        if not viewer.is_staff or viewer.user_id is None:
            return self.none()
        own = Q(shared_at__isnull=True, person_id=viewer.user_id)
        at_mine = Exists(StaffMembership.objects.filter(user=viewer.user_id, storefront=OuterRef("shared_at")))
        return self.filter(own | Q(at_mine))

    def known_at(self, storefront: "int | OuterRef", viewer: Viewer) -> Self:
        """Of those they see: their own, and those shared at one of their storefronts."""
        own = Q(shared_at__isnull=True, person_id=viewer.user_id)
        return self.filter(own | Q(shared_at=storefront))

    def changeable_by(self, viewer: Viewer) -> Self:
        """Their own among those they see, and for managers those shared at their storefronts."""
        found = self.visible_to(viewer)
        return found if viewer.is_manager else found.filter(person_id=viewer.user_id)
