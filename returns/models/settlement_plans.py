"""What is planned for a settlement before it is one: extras with their reasons, and who proposed it."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from returns.models.orders import money_field
from returns.models.requests import ReturnRequest
from returns.querysets.settlements import SettlementPlanQuerySet


class SettlementPlan(models.Model):
    """Goodwill, postage and a waived charge for the settlement of one request, and the proposal to settle it.

    Above the storefront's limit one person proposes a sum and another agrees to that very sum, or refuses it with the
    reason; what was refused can be proposed again. Nobody answers to a proposal of their own.
    """

    request = models.OneToOneField(ReturnRequest, on_delete=models.PROTECT, related_name="settlement_plan")
    goodwill = money_field(default=Decimal("0.00"))
    goodwill_reason = models.CharField(max_length=500, blank=True)
    postage = money_field(default=Decimal("0.00"), help_text="On the customer's receipt, where the shop pays it")
    waives_charge = models.BooleanField(default=False, help_text="The service charge isn't billed (RES-11)")
    waived_charges = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="For so many damaged packages; empty: the whole of it"
    )
    waiver_reason = models.CharField(max_length=500, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_total = money_field(null=True, blank=True)
    proposed_sums = models.CharField(
        max_length=400, blank=True, help_text="What the proposed total is made of, to tell it from another of that sum"
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    refused_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=500, blank=True, help_text="Why it was refused; who proposed it reads it")

    objects = SettlementPlanQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(goodwill__gte=0, postage__gte=0), name="plan_not_negative"),
            models.CheckConstraint(condition=Q(goodwill=0) | ~Q(goodwill_reason=""), name="plan_goodwill_has_a_reason"),
            models.CheckConstraint(
                condition=Q(waives_charge=False) | ~Q(waiver_reason=""), name="plan_waiver_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(waived_charges__isnull=True) | Q(waives_charge=True, waived_charges__gt=0),
                name="plan_counts_what_it_waives",
            ),
            models.CheckConstraint(
                condition=Q(proposed_total__isnull=True, proposed_by__isnull=True, proposed_at__isnull=True)
                | Q(proposed_total__isnull=False, proposed_by__isnull=False, proposed_at__isnull=False),
                name="plan_proposal_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True)
                | Q(proposed_by__isnull=False, refused_by__isnull=True) & ~Q(agreed_by=F("proposed_by")),
                name="plan_agreed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(refused_by__isnull=True, refused_at__isnull=True, refusal="")
                | Q(refused_by__isnull=False, refused_at__isnull=False, proposed_by__isnull=False)
                & ~Q(refusal="")
                & ~Q(refused_by=F("proposed_by")),
                name="plan_refused_by_another_with_a_reason",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["proposed_at", "request"],
                condition=Q(proposed_at__isnull=False, agreed_by__isnull=True),
                name="plan_proposed",
            ),
        ]

    def __str__(self) -> str:
        return f"plan for {self.request}"

    @property
    def is_open(self) -> bool:
        """Whether a sum is proposed that nobody has answered."""
        return self.proposed_by_id is not None and self.agreed_by_id is None and self.refused_by_id is None
