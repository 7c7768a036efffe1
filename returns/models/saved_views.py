"""The queue's saved views, and the counters that tell how many returns are in them."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from returns.models.storefronts import Storefront
from returns.querysets.saved_views import SavedViewQuerySet


class SavedView(models.Model):
    """A named filter of the queue: of one person, or shared with the colleagues of a storefront.

    `filter` is what `Criteria.as_data` gives. A name is there once for a person, and once at a storefront.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    shared_at = models.ForeignKey(
        Storefront, null=True, blank=True, on_delete=models.CASCADE, related_name="+", help_text="Empty: personal"
    )
    name = models.CharField(max_length=40)
    filter = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "person", Lower("name"), condition=Q(shared_at__isnull=True), name="saved_view_once_for_a_person"
            ),
            models.UniqueConstraint(
                "shared_at", Lower("name"), condition=Q(shared_at__isnull=False), name="saved_view_once_at_a_storefront"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class QueueCount(models.Model):
    """So many returns more, or fewer, of one kind. A trigger adds rows with every change; none is ever updated.

    The number of returns of a kind is the sum of its rows. services/queue_counts.py folds them, so that few are there.
    `due_on` is the due day while the deadline runs. The references aren't constraints: nothing here is ever looked up.
    """

    storefront = models.ForeignKey(
        Storefront, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    status = models.CharField(max_length=24)
    owner_id = models.BigIntegerField(null=True)
    is_claim = models.BooleanField()
    due_on = models.DateField(null=True)
    delta = models.BigIntegerField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["storefront"], name="queue_count_storefront")]

    def __str__(self) -> str:
        return f"{self.delta:+d} {self.status}"
