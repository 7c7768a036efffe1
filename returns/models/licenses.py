"""The proof of a profession that an account type rests on."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from returns.models.orders import CustomerAccount
from returns.querysets.licenses import LicenseQuerySet


class License(models.Model):
    """A license that a customer showed to be upgraded; staff grant or refuse it (PRO-05, PRO-06).

    Its pages are photos. It changes the account's type, never how a return is judged.
    """

    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"

    account = models.ForeignKey(CustomerAccount, on_delete=models.CASCADE, related_name="licenses")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    wanted_type = models.CharField(max_length=16)
    state = models.CharField(max_length=10, default="waiting")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    language = models.CharField(max_length=10, default="en")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=500, blank=True, help_text="What the customer reads")

    objects = LicenseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-uploaded_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state="waiting"), name="license_one_waiting_for_each_account"
            ),
            models.CheckConstraint(
                condition=Q(wanted_type__in=["professional", "business"]), name="license_type_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | Q(state__in=["granted", "refused"], decided_at__isnull=False),
                name="license_decision_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wanted_type} license of {self.account}"
