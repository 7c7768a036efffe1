"""A draft run over real requests: what was asked for, how far it is, and what came of it."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from returns.models.storefronts import PolicyVersion


class PolicyReplay(models.Model):
    """One run of a draft over the newest `wanted` requests, compared with the version that was in force.

    `terms_edited_at` is the draft's `edited_at` of then: a result of other terms is told as such. A worker takes it by
    setting `begun_at`; one that was begun and never ended is taken anew, and after some attempts has failed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(PolicyVersion, on_delete=models.CASCADE, related_name="replays")
    compared_with = models.ForeignKey(PolicyVersion, on_delete=models.CASCADE, related_name="+")
    terms_edited_at = models.DateTimeField(null=True)
    wanted = models.PositiveIntegerField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-asked_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(begun_at__isnull=False, result__isnull=False),
                name="policy_replay_ends_with_a_result",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(failed_at__isnull=True),
                name="policy_replay_ends_or_fails",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["asked_at"], name="policy_replay_waiting", condition=models.Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.draft} over {self.wanted} requests"
