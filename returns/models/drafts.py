"""What is being filled in: a request that isn't sent yet, kept so that it survives a closed browser."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from returns.models.orders import Order


class Draft(models.Model):
    """A request that is filled in but not sent, one for each order, lane and person; guests of an order share theirs.

    What staff put aside while somebody calls is a draft of theirs, in a lane of its own.
    `data` is what was entered, never a fact about the order. Deleted when it is sent, and after 30 days without change.
    """

    RETURN = "return"
    DAMAGE = "damage"
    MISSING = "missing"
    PHONE = "phone"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="drafts")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="drafts"
    )
    lane = models.CharField(max_length=10, default="return")
    nonce = models.UUIDField(default=uuid.uuid4, unique=True, help_text="The nonce of the request it becomes (B30)")
    data = models.JSONField(default=dict)
    photos_shown: int  # counted where drafts.find read it
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["order", "lane", "user"], name="draft_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=models.Q(lane__in=["return", "damage", "missing", "phone"]), name="draft_lane_is_known"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["updated_at"], name="draft_updated")]

    def __str__(self) -> str:
        return f"{self.lane} draft for {self.order}"
