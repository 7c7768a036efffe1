"""What stands between the outbox and the mail server: the gate that may be held, and addresses that nobody has."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class OutboxGate(models.Model):
    """One row: whether the outbox is held, since when and why. Nothing leaves meanwhile; everything is kept.

    `home` names the very table the outbox is in. Where it names another one, this database was restored from a backup,
    and what its outbox still owes has perhaps left long ago: then the gate closes by itself.
    """

    home = models.CharField(max_length=80)
    held_since = models.DateTimeField(null=True, blank=True)
    because = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(id=1), name="outbox_gate_is_one"),
        ]

    def __str__(self) -> str:
        return f"held since {self.held_since:%Y-%m-%d %H:%M}" if self.held_since else "open"


class Suppression(models.Model):
    """An address of which a mail server said that nobody has it; nothing is sent there until a manager lifts it."""

    email = models.EmailField(max_length=254)
    reason = models.CharField(max_length=200, help_text="What the server said, without addresses")
    since = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-since"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("email"), name="suppression_once_for_an_address"),
        ]

    def __str__(self) -> str:
        return f"suppressed since {self.since:%Y-%m-%d}"
