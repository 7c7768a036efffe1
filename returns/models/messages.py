"""What customer and staff write to each other about a return."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from returns.models.requests import ReturnRequest


class Message(models.Model):
    """What customer and staff write; an internal note is for staff only. The only free text beside the lines' own."""

    request = models.ForeignKey(ReturnRequest, on_delete=models.CASCADE, related_name="messages")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    from_staff = models.BooleanField()
    internal = models.BooleanField(default=False)
    body = models.TextField(max_length=4000)
    nonce = models.UUIDField(null=True, blank=True, help_text="One for each filled-in form: sent twice, written once")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(internal=False) | Q(from_staff=True), name="message_notes_are_from_staff"
            ),
            models.UniqueConstraint(fields=["request", "nonce"], name="message_written_once"),
        ]

    def __str__(self) -> str:
        return f"{self.request} {self.at:%Y-%m-%d %H:%M}"
