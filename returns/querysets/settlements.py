"""Named reads of settlements: those that are made, and what is planned for them."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F

from returns.domain.workflow import BY_ACTION, Action
from returns.viewer import Viewer

if TYPE_CHECKING:
    from returns.models import Settlement, SettlementPlan  # noqa: F401  in quotes

_TO_SETTLE = sorted(
    status.value for action in (Action.SETTLE, Action.SETTLE_WITHOUT_GOODS) for status in BY_ACTION[action].sources
)


class SettlementQuerySet(models.QuerySet["Settlement"]):
    """How returns ended in money or goods."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those of their storefronts for staff, none for anybody else: customers see theirs with the return."""
        if not viewer.is_staff:
            return self.none()
        return self.filter(request__storefront__memberships__user_id=viewer.user_id)

    def payouts(self, state: str = "") -> Self:
        """Those with a refund to the payment method, in a state. PAYOUT_KEYS are the parts of their order."""
        refunds = self.filter(payout__gt=0)
        return refunds.filter(state=state) if state else refunds


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
