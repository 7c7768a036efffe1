"""Who changed what of a storefront: settings, catalogue, policy. What it was and what it became, append-only."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from returns.models.storefronts import Storefront


class StorefrontChange(models.Model):
    """One value that a manager changed. `area` says where (settings, catalogue, policy), `about` what, in plain words.

    A trigger refuses every change and removal, as for events and the ledger.
    """

    SETTINGS, CATALOGUE, POLICY = "settings", "catalogue", "policy"

    storefront = models.ForeignKey(Storefront, on_delete=models.PROTECT, related_name="changes")
    area = models.CharField(max_length=16)
    about = models.CharField(max_length=120)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(area__in=["settings", "catalogue", "policy"]), name="storefront_change_area_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(before=models.F("after")), name="storefront_change_changes_something"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["storefront", "area", "-at", "-id"], name="storefront_change_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.about} of {self.storefront}"
