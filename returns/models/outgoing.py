"""What leaves for the customer when a return is done: the right product, a replacement, or their own goods."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from returns.models.requests import ReturnRequest


class OutgoingShipment(models.Model):
    """The package sent to the customer for a completed return; one for each."""

    request = models.OneToOneField(ReturnRequest, on_delete=models.PROTECT, related_name="outgoing_shipment")
    carrier = models.CharField(max_length=60)
    tracking_number = models.CharField(max_length=80, blank=True)
    shipped_on = models.DateField(help_text="By the storefront's calendar")
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(carrier=""), name="outgoing_has_a_carrier"),
        ]

    def __str__(self) -> str:
        return f"shipment for {self.request}"


class OutgoingCorrection(models.Model):
    """What was noted about an outgoing shipment before it was corrected; who corrected it, and when. Never edited."""

    shipment = models.ForeignKey(OutgoingShipment, on_delete=models.PROTECT, related_name="corrections")
    carrier = models.CharField(max_length=60)
    tracking_number = models.CharField(max_length=80, blank=True)
    shipped_on = models.DateField()
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["corrected_at", "id"]

    def __str__(self) -> str:
        return f"correction of the {self.shipment}"
