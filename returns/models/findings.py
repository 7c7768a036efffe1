"""What an inspection found before a second one looked again, because the customer didn't agree."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from returns.models.history import ReturnEvent
from returns.models.lines import ReturnLine
from returns.models.orders import money_field


class EarlierFinding(models.Model):
    """A line as it was found first; the line itself holds what was found last.

    Append-only (a trigger refuses changes): declared, found first and found again stay side by side. `event` is the
    inspection it comes from, with its person and moment.
    """

    line = models.ForeignKey(ReturnLine, on_delete=models.PROTECT, related_name="earlier_findings")
    event = models.ForeignKey(ReturnEvent, on_delete=models.PROTECT, related_name="+")
    accepted_quantity = models.PositiveIntegerField()
    condition = models.CharField(max_length=12)
    used_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    measures = models.JSONField(default=list, blank=True, help_text="What was measured: what, full, empty, now")
    resalable = models.BooleanField()
    expires_on = models.DateField(null=True, blank=True)
    disposition = models.CharField(max_length=16)
    resolution = models.CharField(max_length=16, help_text="What it gave then")
    amount = money_field()

    class Meta:
        ordering: ClassVar[list[str]] = ["line", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["line", "event"], name="earlier_finding_once"),
            models.CheckConstraint(
                condition=Q(used_percent__isnull=True) | Q(used_percent__gte=0, used_percent__lte=100),
                name="earlier_finding_used_percent",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="earlier_finding_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.accepted_quantity} {self.condition}, {self.amount}"
