"""The history of a return: its events, and the legal moves that the database holds them to."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from returns.models.requests import ReturnRequest


class WorkflowTransition(models.Model):
    """The legal moves as rows, so that the database itself refuses an event which makes an illegal one."""

    id = models.CharField(max_length=60, primary_key=True)
    source = models.CharField(max_length=24)
    target = models.CharField(max_length=24)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "target"], name="workflow_transition_once"),
        ]

    def __str__(self) -> str:
        return self.id


class ReturnEvent(models.Model):
    """One line of a return's history: append-only, ids only, never free text (a trigger refuses changes).

    UNIQUE(request, seq) is the optimistic lock: of two people acting at once only one can write the next number.
    """

    request = models.ForeignKey(ReturnRequest, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    action = models.CharField(max_length=32)
    transition = models.ForeignKey(WorkflowTransition, null=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=24, blank=True)
    target = models.CharField(max_length=24, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_kind = models.CharField(max_length=10)
    for_customer = models.BooleanField(default=True)
    data = models.JSONField(default=dict, help_text="Ids, numbers and codes only")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["request", "seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "seq"], name="event_seq_once"),
            models.CheckConstraint(
                condition=Q(transition__isnull=True, source="", target="")
                | Q(
                    transition__isnull=False,
                    transition_id=models.functions.Concat(F("source"), models.Value(">"), F("target")),
                ),
                name="event_names_its_transition",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}:{self.seq} {self.action}"
