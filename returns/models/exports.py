"""Files that managers ask for, and the weekly mail they may have."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from returns.models.storefronts import Storefront


class Export(models.Model):
    """One file of the lines of a report: asked for, written by a worker, fetched by who asked, removed a week later.

    queued → writing → done | failed. A worker that goes silent while writing leaves the row to the next one.
    """

    QUEUED = "queued"
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"

    CSV = "csv"
    XLSX = "xlsx"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports")
    storefronts = models.ManyToManyField(Storefront, related_name="+")
    by = models.CharField(max_length=10)
    first = models.DateField()
    last = models.DateField()
    format = models.CharField(max_length=4)
    state = models.CharField(max_length=8, default="queued")
    expected = models.PositiveIntegerField(default=0, help_text="Lines, as the report counts them")
    written = models.PositiveIntegerField(default=0, help_text="Lines in the file so far")
    file = models.CharField(max_length=120, blank=True, help_text="Below MEDIA_ROOT; empty: none yet, or removed")
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes")
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    touched_at = models.DateTimeField(help_text="When it was asked for, or last written to")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "writing", "done", "failed"]), name="export_state_is_known"
            ),
            models.CheckConstraint(condition=Q(format__in=["csv", "xlsx"]), name="export_format_is_known"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="export_days_in_order"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person", "-asked_at"], name="export_of_person"),
            models.Index(fields=["asked_at"], condition=Q(state__in=["queued", "writing"]), name="export_to_write"),
        ]

    def __str__(self) -> str:
        return f"{self.format} of {self.first} to {self.last}"


class ReportSubscription(models.Model):
    """A manager wants the week's figures of a storefront by mail."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="report_subscriptions")
    storefront = models.ForeignKey(Storefront, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "storefront"], name="report_subscription_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} at {self.storefront}"
