"""Named reads of what only staff work with: held packages, settlements, overrides, replies, views."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from returns.domain.workflow import BY_ACTION, Action
from returns.paging import Key
from returns.querysets import Viewer, aware

if TYPE_CHECKING:
    from accounts.models import User
    from returns.models import (  # noqa: F401  in quotes
        HeldPackage,
        Override,
        ReplyTemplate,
        SavedView,
        SettlementPlan,
        Storefront,
    )

_TO_SETTLE = sorted(
    status.value for action in (Action.SETTLE, Action.SETTLE_WITHOUT_GOODS) for status in BY_ACTION[action].sources
)

REGISTER_KEYS = (Key("at", aware), Key("public_id", UUID))
"""How the override register is sorted, in descending order."""

HELD_KEYS = (Key("next_step_on", date.fromisoformat), Key("public_id", UUID))
"""How held packages are sorted, what is due first on top."""

PROPOSAL_KEYS = (Key("proposed_at", aware), Key("reference", str))
"""How proposed settlements are sorted, the longest proposed first."""


class SettlementPlanQuerySet(models.QuerySet["SettlementPlan"]):
    """What is planned for settlements, and who proposed what."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those of their storefronts for staff, none for anybody else."""
        if not viewer.is_staff:
            return self.none()
        return self.filter(request__storefront__memberships__user_id=viewer.user_id)

    def proposed(self) -> Self:
        """Proposals nobody has answered, of returns that still wait to be settled. PROPOSAL_KEYS are their order."""
        return self._open().filter(refused_by__isnull=True)

    def refused(self) -> Self:
        """Proposals that came back with a reason and weren't made again."""
        return self._open().filter(refused_by__isnull=False)

    def _open(self) -> Self:
        open_ones = self.filter(proposed_at__isnull=False, agreed_by__isnull=True, request__status__in=_TO_SETTLE)
        return open_ones.annotate(reference=F("request__reference"))


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


class ReplyTemplateQuerySet(models.QuerySet["ReplyTemplate"]):
    """What staff often write to customers."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those of their storefronts for managers, who write them; none for anybody else (D4)."""
        return self.filter(storefront__memberships__user_id=viewer.user_id) if viewer.is_manager else self.none()

    def offered(self, storefront_id: int, use: str) -> Self:
        """Those the desk of a storefront offers for a use."""
        return self.filter(storefront=storefront_id, use=use, put_away_at__isnull=True)


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

    def known_to(self, user_id: int, storefront_ids: "Iterable[int]") -> Self:
        """As `visible_to`, for a member of staff whose storefronts are read already."""
        return self.filter(Q(shared_at__isnull=True, person_id=user_id) | Q(shared_at_id__in=list(storefront_ids)))

    def changeable_by(self, viewer: Viewer) -> Self:
        """Their own among those they see, and for managers those shared at their storefronts."""
        found = self.visible_to(viewer)
        return found if viewer.is_manager else found.filter(person_id=viewer.user_id)
