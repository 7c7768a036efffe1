"""What arrived at the dock."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from returns.models.lines import ReturnLine
from returns.models.requests import ReturnRequest
from returns.models.storefronts import Storefront


class Package(models.Model):
    """What arrived at the dock for a request: when, who counted, how many of each line.

    `refused`: it is our own package, which the customer refused at the door; the service charge is for it (LPS-25).
    """

    REFUSED = "refused"
    REFUSED_DAMAGED = "damaged"

    storefront = models.ForeignKey(Storefront, on_delete=models.PROTECT, related_name="packages")
    request = models.ForeignKey(ReturnRequest, on_delete=models.PROTECT, related_name="packages")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=80, blank=True)
    other_items = models.CharField(max_length=500, blank=True, help_text="What else was in it that nobody asked for")
    refused = models.CharField(
        max_length=10,
        blank=True,
        default="",
        help_text="Refused at the door, or because it was damaged; empty: sent back",
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["received_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(refused__in=["", "refused", "damaged"]), name="package_refused_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"package for {self.request}"


class PackageLine(models.Model):
    """How many units of a return line were in a package, beside what was still expected."""

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(ReturnLine, on_delete=models.PROTECT, related_name="package_lines")
    quantity = models.PositiveIntegerField()
    expected_quantity = models.PositiveIntegerField(
        null=True, help_text="Authorized units that hadn't come before; empty: it was counted before this was kept"
    )
    damaged_quantity = models.PositiveIntegerField(default=0, help_text="Of these, damaged on the way back (LPS-22)")

    class Meta:
        ordering: ClassVar[list[str]] = ["package", "line__position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["package", "line"], name="package_line_once"),
            models.CheckConstraint(
                condition=models.Q(damaged_quantity__lte=models.F("quantity")), name="package_line_damaged_is_here"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.line}"

    @property
    def over(self) -> int:
        """Units beyond what was still expected."""
        return 0 if self.expected_quantity is None else max(0, self.quantity - self.expected_quantity)

    @property
    def short(self) -> int:
        """Expected units that this package didn't bring."""
        return 0 if self.expected_quantity is None else max(0, self.expected_quantity - self.quantity)
