"""Named reads of photos."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from returns.viewer import Viewer

if TYPE_CHECKING:
    from returns.models import Photo, Storefront  # noqa: F401  in quotes


class PhotoQuerySet(models.QuerySet["Photo"]):
    """Photos of drafts, requests and licenses."""

    def owned_by(self, viewer: Viewer) -> Self:
        """Photos of the viewer's own drafts, requests and licenses; for a guest, of the orders their link opened."""
        mine = Q(request__order_id__in=viewer.guest_orders)
        mine |= Q(draft__user__isnull=True, draft__order_id__in=viewer.guest_orders)
        if viewer.user_id is not None:
            mine |= Q(request__order__account__user_id=viewer.user_id)
            mine |= Q(draft__user_id=viewer.user_id, draft__order__account__user_id=viewer.user_id)
            mine |= Q(license__account__user_id=viewer.user_id)
        return self.filter(mine).exclude(message__internal=True)

    def visible_to(self, viewer: Viewer) -> Self:
        """Own photos for customers and guests; for staff those of requests, licenses and held packages there."""
        if viewer.is_staff:
            staffed = Q(request__storefront__memberships__user_id=viewer.user_id)
            staffed |= Q(held__storefront__memberships__user_id=viewer.user_id)
            return self.filter(staffed | Q(license__account__storefront__memberships__user_id=viewer.user_id))
        return self.owned_by(viewer)

    def shown(self) -> Self:
        """Those that staff haven't hidden."""
        return self.filter(hidden_at__isnull=True)

    def at(self, storefront: "Storefront") -> Self:
        """Those of drafts, requests and licenses at one storefront."""
        return self.filter(
            Q(draft__order__storefront=storefront)
            | Q(request__storefront=storefront)
            | Q(license__account__storefront=storefront)
        )
