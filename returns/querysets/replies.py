"""Named reads of reply templates."""

from typing import TYPE_CHECKING, Self

from django.db import models

from returns.viewer import Viewer

if TYPE_CHECKING:
    from returns.models import ReplyTemplate  # noqa: F401  in quotes


class ReplyTemplateQuerySet(models.QuerySet["ReplyTemplate"]):
    """What staff often write to customers."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those of their storefronts for managers, who write them; none for anybody else (D4)."""
        return self.filter(storefront__memberships__user_id=viewer.user_id) if viewer.is_manager else self.none()

    def offered(self, storefront_id: int, use: str) -> Self:
        """Those the desk of a storefront offers for a use."""
        return self.filter(storefront=storefront_id, use=use, put_away_at__isnull=True)
