"""Who changed what of a customer account: field names and keys, never the values (D7)."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from returns.models.orders import CustomerAccount


class AccountChange(models.Model):
    """One change of an account's data, append-only. `actor_kind` is the capacity they acted in."""

    account = models.ForeignKey(CustomerAccount, on_delete=models.PROTECT, related_name="changes")
    fields = ArrayField(models.CharField(max_length=40))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_kind = models.CharField(max_length=16)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(fields__len__gt=0), name="account_change_changes_something"),
        ]

    def __str__(self) -> str:
        return f"{', '.join(self.fields)} of {self.account}"
