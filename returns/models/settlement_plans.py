"""What is planned for a settlement before it is one: extras with their reasons, and who proposed it."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from returns.models.orders import money_field
from returns.models.requests import ReturnRequest


class SettlementPlan(models.Model):
    """Goodwill, postage and a waived charge for the settlement of one request, and the proposal to settle it.

    Above the storefront's limit one person proposes a sum and another agrees to that very sum.
    """

    request = models.OneToOneField(ReturnRequest, on_delete=models.PROTECT, related_name="settlement_plan")
    goodwill = money_field(default=Decimal("0.00"))
    goodwill_reason = models.CharField(max_length=500, blank=True)
    postage = money_field(default=Decimal("0.00"), help_text="On the customer's receipt, where the shop pays it")
    waives_charge = models.BooleanField(default=False, help_text="The service charge isn't billed (RES-11)")
    waiver_reason = models.CharField(max_length=500, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_total = money_field(null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(goodwill__gte=0, postage__gte=0), name="plan_not_negative"),
            models.CheckConstraint(condition=Q(goodwill=0) | ~Q(goodwill_reason=""), name="plan_goodwill_has_a_reason"),
            models.CheckConstraint(
                condition=Q(waives_charge=False) | ~Q(waiver_reason=""), name="plan_waiver_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(proposed_total__isnull=True, proposed_by__isnull=True, proposed_at__isnull=True)
                | Q(proposed_total__isnull=False, proposed_by__isnull=False, proposed_at__isnull=False),
                name="plan_proposal_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"plan for {self.request}"
