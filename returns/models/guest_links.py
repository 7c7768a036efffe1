"""Guest links: the grants to one order that go out by mail."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from returns.models.orders import Order


class GuestLink(models.Model):
    """A grant to one order by mail. Its token is derived from the id with a key of the environment, never stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="guest_links")
    email = models.EmailField(max_length=254)
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    openings = models.PositiveSmallIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(openings__lte=30), name="guest_link_openings"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="guest_link_expires"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["email", "created_at"], name="guest_link_email")]

    def __str__(self) -> str:
        return f"link to {self.order}"
