"""Photos of goods, damage, licenses and packages: re-encoded, without metadata, served only to who may see them."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from returns.models.drafts import Draft
from returns.models.holding import HeldPackage
from returns.models.licenses import License
from returns.models.messages import Message
from returns.models.orders import OrderLine
from returns.models.requests import ReturnRequest
from returns.querysets.photos import PhotoQuerySet


class Photo(models.Model):
    """A photo, of a draft, a request, a license or a held package.

    The files are our own re-encoding under a name of ours (B13–B19). A hidden photo keeps its place with the reason;
    its files stay until retention removes them.
    """

    DECLARED = "declared"
    FOUND = "found"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draft = models.ForeignKey(Draft, null=True, blank=True, on_delete=models.CASCADE, related_name="photos")
    request = models.ForeignKey(ReturnRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="photos")
    license = models.ForeignKey(License, null=True, blank=True, on_delete=models.CASCADE, related_name="photos")
    held = models.ForeignKey(HeldPackage, null=True, blank=True, on_delete=models.PROTECT, related_name="photos")
    order_line = models.ForeignKey(
        OrderLine, null=True, blank=True, on_delete=models.PROTECT, related_name="photos", help_text="What it shows"
    )
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="photos")
    stage = models.CharField(max_length=10, default="declared", help_text="Shown by the customer, or found by staff")
    from_staff = models.BooleanField(default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    caption = models.CharField(max_length=120, blank=True)
    file = models.CharField(max_length=200, unique=True, help_text="Below MEDIA_ROOT; a name of ours")
    thumbnail = models.CharField(max_length=200, unique=True)
    content_type = models.CharField(max_length=40, default="image/jpeg")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text="Bytes of the stored file")
    sha256 = models.CharField(max_length=64, help_text="Of the stored file: bit rot shows (C25)")
    at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    hidden_reason = models.CharField(max_length=200, blank=True)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(draft__isnull=False, request__isnull=True, license__isnull=True, held__isnull=True)
                | Q(draft__isnull=True, request__isnull=False, license__isnull=True, held__isnull=True)
                | Q(draft__isnull=True, request__isnull=True, license__isnull=False, held__isnull=True)
                | Q(draft__isnull=True, request__isnull=True, license__isnull=True, held__isnull=False),
                name="photo_belongs_to_one_thing",
            ),
            models.CheckConstraint(condition=Q(stage__in=["declared", "found"]), name="photo_stage_is_known"),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True, hidden_reason="")
                | (Q(hidden_at__isnull=False) & ~Q(hidden_reason="")),
                name="photo_hidden_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"photo {self.public_id}"
