"""Packages at the dock that match no return yet, and how their senders were tried."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from returns.models.packages import Package
from returns.models.storefronts import Storefront
from returns.querysets.holding import HeldPackageQuerySet


class HeldPackage(models.Model):
    """A package nobody can place: what is on its label, where it lies, and what became of it.

    Matched to a return it becomes that return's package, received at that moment. Nothing is paid for a held one
    (LPS-12, CON-25).
    """

    storefront = models.ForeignKey(Storefront, on_delete=models.PROTECT, related_name="held_packages")
    public_id = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False, help_text="One for each filled-in form: sent twice, held once"
    )
    mark = models.CharField(max_length=7, unique=True, help_text="H-7K3F2: written on the package")
    sender = models.CharField(max_length=200, blank=True)
    sender_email = models.EmailField(max_length=254, blank=True)
    on_the_box = models.CharField(max_length=200, blank=True, help_text="Numbers and marks, as they are written")
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=80, blank=True)
    contents = models.CharField(max_length=500, blank=True)
    shelf = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, default="held")
    held_at = models.DateTimeField()
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    next_step_on = models.DateField(help_text="When the sender is tried next, or it is decided")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=500, blank=True, help_text="Why it was sent back or scrapped")
    package = models.OneToOneField(
        Package, null=True, blank=True, on_delete=models.PROTECT, related_name="held", help_text="What it became"
    )

    objects = HeldPackageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["next_step_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state="held", closed_at__isnull=True, closed_by__isnull=True, package__isnull=True)
                | Q(state="matched", closed_at__isnull=False, closed_by__isnull=False, package__isnull=False)
                | (
                    Q(state__in=["sent_back", "scrapped"], closed_at__isnull=False, closed_by__isnull=False)
                    & Q(package__isnull=True)
                    & ~Q(reason="")
                ),
                name="held_package_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=models.F("held_at")),
                name="held_package_closed_after_held",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["storefront", "next_step_on", "public_id"], name="held_package_next", condition=Q(state="held")
            ),
        ]

    def __str__(self) -> str:
        return self.mark


class ContactTry(models.Model):
    """One try to reach the sender of a held package; append-only (a trigger refuses changes)."""

    held = models.ForeignKey(HeldPackage, on_delete=models.PROTECT, related_name="tries")
    number = models.PositiveSmallIntegerField()
    way = models.CharField(max_length=10)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["held", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["held", "number"], name="contact_try_number_once"),
            models.CheckConstraint(condition=Q(way__in=["email", "phone", "letter"]), name="contact_try_way_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.held} try {self.number}"
