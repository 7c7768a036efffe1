"""The outbox: every message the portal owes to somebody, written in the transaction of the change it tells about."""

import uuid
from dataclasses import dataclass
from typing import ClassVar

from django.db import models
from django.db.models import Q

from returns.models.guest_links import GuestLink
from returns.models.requests import ReturnRequest
from returns.models.storefronts import Storefront


class Notification(models.Model):
    """One message owed to one person. Holds template and context; rendered at delivery, so no link token is stored.

    queued → sending → sent | retry | failed | uncertain | dropped. `dedupe_key` makes a message once; the Message-ID
    follows from the id and stays the same over every retry (D6).

    retry      it wasn't accepted, and is tried again.
    uncertain  it was handed over and nobody knows whether it was accepted; sent again under the same Message-ID.
    failed     it is not tried again, unless somebody resends it.
    dropped    when its turn came it was no longer true: a reminder of a return that is done.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    DROPPED = "dropped"
    STATES = (QUEUED, SENDING, SENT, RETRY, FAILED, UNCERTAIN, DROPPED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    storefront = models.ForeignKey(Storefront, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(
        ReturnRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="notifications"
    )
    recipient = models.EmailField(max_length=254)
    language = models.CharField(max_length=10, default="en")
    context = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=200, unique=True)
    priority = models.PositiveSmallIntegerField(default=5, help_text="1 leaves first")
    state = models.CharField(max_length=10, default="queued")
    attempts = models.PositiveSmallIntegerField(default=0)
    interruptions = models.PositiveSmallIntegerField(default=0, help_text="Attempts that ended with their worker (C9)")
    next_attempt_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    matter: "Matter | None" = None
    """What it is about, once it was read (letters/matters.py)."""

    class Meta:
        ordering: ClassVar[list[str]] = ["priority", "created_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sending", "sent", "retry", "failed", "uncertain", "dropped"]),
                name="notification_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="notification_sent_has_a_moment",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["priority", "next_attempt_at"],
                name="notification_to_send",
                condition=Q(state__in=["queued", "retry", "sending", "uncertain"]),
            ),
            models.Index(fields=["request"], name="notification_failed", condition=Q(state="failed")),
            models.Index(fields=["sent_at"], name="notification_sent_at", condition=Q(state="sent")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.dedupe_key}"

    @property
    def words(self) -> str:
        """`Package received`: its kind, as staff read it."""
        return self.kind.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Matter:
    """What a message is about, as it was when a worker took it: the rows it names, and whether it should still leave.

    is_suppressed  nobody has its recipient's address, a mail server said.
    is_unwanted    it is optional, and its recipient switched such mail off.
    is_overtaken   a later reminder of the same is owed to the same person.
    works_there    the person it names works for its storefront.
    """

    storefront: Storefront | None
    request: ReturnRequest | None
    link: GuestLink | None
    is_suppressed: bool
    is_unwanted: bool
    is_overtaken: bool
    works_there: bool


class MailPreference(models.Model):
    """Whether an address wants a storefront's optional mail; mail about a return's state is always sent (CON-06)."""

    storefront = models.ForeignKey(Storefront, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(max_length=254, help_text="In small letters")
    wants_optional = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["storefront", "email"], name="mail_preference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.email} at {self.storefront}"


class Heartbeat(models.Model):
    """When a part of the portal last showed that it is alive (beat, the outbox sweep, the reminder sweep)."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "heartbeat"

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
