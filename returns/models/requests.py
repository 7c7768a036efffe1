"""The customer's case: the request itself, which its lines, events, messages and packages refer to."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Upper

from returns.domain.settlement import Quote
from returns.domain.workflow import Status
from returns.models.orders import CustomerAccount, Order, money_field
from returns.models.storefronts import PolicyVersion, Storefront
from returns.querysets.requests import ReturnRequestQuerySet

STATUS_VALUES = (
    "submitted",
    "in_review",
    "information_requested",
    "authorized",
    "shipped",
    "received",
    "inspected",
    "difference_sent",
    "completed",
    "rejected",
    "redirected",
    "withdrawn",
    "expired",
)
NEVER_AUTHORIZED = ("submitted", "in_review", "information_requested", "rejected", "redirected")
AWAITING_DECISION = ("in_review", "information_requested", "submitted")
AUTHORIZED_ONCE = ("authorized", "shipped", "received", "inspected", "difference_sent", "completed", "expired")


class ReturnRequest(models.Model):
    """A return request. It has a reference from the start, and an RMA number only once authorized.

    `status` is written by services/transition.py alone. The quotes are what the engine said: at submission, at the
    decision and after inspection; each can be replayed against the frozen policy version.
    """

    storefront = models.ForeignKey(Storefront, on_delete=models.PROTECT, related_name="requests")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="requests")
    account = models.ForeignKey(
        CustomerAccount, null=True, blank=True, on_delete=models.PROTECT, related_name="requests"
    )
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="requests")
    reference = models.CharField(max_length=9, unique=True)
    rma_number = models.CharField(max_length=16, null=True, unique=True)  # noqa: DJ001  NULL is "never authorized"
    nonce = models.UUIDField(
        default=uuid.uuid4, unique=True, help_text="One for each filled-in form: sent twice, filed once"
    )
    status = models.CharField(max_length=24, default="submitted")
    event_seq = models.PositiveIntegerField(default=0)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="owned_requests"
    )
    contact_name = models.CharField(max_length=150)
    contact_account_number = models.CharField(max_length=40, blank=True)
    contact_email = models.EmailField(max_length=254)
    contact_phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=10, default="en", help_text="Of the pages it was filed on; its mails follow")
    is_claim = models.BooleanField(default=False, help_text="At least one line is the merchant's fault")
    stated_received_at = models.DateTimeField(
        null=True, blank=True, help_text="When the customer says it came, where the carrier didn't (RES-24)"
    )
    checks = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, help_text="Where a missing package was looked for"
    )
    quote = models.JSONField()
    decision_quote = models.JSONField(null=True, blank=True)
    found_quote = models.JSONField(null=True, blank=True)
    amount = money_field(default=Decimal("0.00"), help_text="What the latest quote gives, for lists")
    units = models.PositiveIntegerField(default=0)
    requested_at = models.DateTimeField(help_text="The deciding moment (GEN-04)")
    last_activity_at = models.DateTimeField()
    authorized_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    inspected_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True, help_text="Authorized, rejected or redirected")
    closed_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True, help_text="Processing is promised by this day; fixed at receipt")
    decision_due_on = models.DateField(
        null=True, blank=True, help_text="Staff decide by this day; stands still while the customer is asked"
    )
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=80, blank=True)
    goods_come_back = models.BooleanField(
        default=True, help_text="False: what came damaged or wrong is replaced, and nothing is sent back"
    )
    difference_answer = models.CharField(
        max_length=10, blank=True, help_text="The customer's answer to what was found; empty: none yet"
    )
    goods_leave_on = models.DateField(
        null=True,
        blank=True,
        help_text="Goods for the customer are promised to leave by this day; fixed when that is decided",
    )
    goods_owed_on = models.DateField(
        null=True,
        blank=True,
        help_text="As goods_leave_on, while it is settled and the package to the customer isn't noted yet",
    )
    answer_due_on = models.DateField(
        null=True, blank=True, help_text="After this day staff go on without an answer to the difference"
    )

    objects = ReturnRequestQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-requested_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(status__in=STATUS_VALUES), name="request_status_is_known"),
            models.CheckConstraint(
                condition=(Q(rma_number__isnull=True) & Q(authorized_at__isnull=True))
                | (Q(rma_number__isnull=False) & Q(authorized_at__isnull=False)),
                name="request_rma_number_comes_with_authorization",
            ),
            models.CheckConstraint(
                condition=Q(status__in=NEVER_AUTHORIZED, rma_number__isnull=True)
                | Q(status__in=AUTHORIZED_ONCE, rma_number__isnull=False)
                | Q(status="withdrawn"),
                name="request_rma_number_fits_status",
            ),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True)
                | Q(authorized_at__isnull=False, received_at__gte=F("authorized_at")),
                name="request_received_after_authorized",
            ),
            models.CheckConstraint(
                condition=Q(inspected_at__isnull=True)
                | Q(received_at__isnull=False, inspected_at__gte=F("received_at")),
                name="request_inspected_after_received",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True, received_at__isnull=True)
                | Q(due_on__isnull=False, received_at__isnull=False),
                name="request_due_day_fixed_at_receipt",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["received", "inspected", "difference_sent"]) | Q(received_at__isnull=False),
                name="request_received_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(difference_answer__in=["", "accept", "send_back", "disagree"]),
                name="request_difference_answer_is_known",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["storefront", "due_on", "requested_at", "id"],
                name="request_open_queue",
                condition=~Q(status__in=["completed", "rejected", "redirected", "withdrawn", "expired"]),
            ),
            models.Index(fields=["status", "due_on"], name="request_status_due"),
            # What the reminders go through, one clock each.
            models.Index(
                fields=["storefront", "due_on", "id"],
                name="request_on_the_clock",
                condition=Q(status__in=["received", "inspected", "difference_sent"], answer_due_on__isnull=True),
            ),
            models.Index(
                fields=["storefront", "decision_due_on", "id"],
                name="request_to_decide",
                condition=Q(status__in=["submitted", "in_review"]),
            ),
            # The orders of the queue, in the very words of its queries.
            models.Index(
                Case(
                    When(is_claim=True, status__in=AWAITING_DECISION, then=Value(0)),
                    default=Value(1),
                    output_field=models.SmallIntegerField(),
                ),
                Coalesce("due_on", Value(date.max)),
                "requested_at",
                "reference",
                name="request_queue_urgent",
                condition=~Q(status__in=["completed", "rejected", "redirected", "withdrawn", "expired"]),
            ),
            models.Index(
                fields=["requested_at", "reference"],
                name="request_queue_newest",
                condition=~Q(status__in=["completed", "rejected", "redirected", "withdrawn", "expired"]),
            ),
            models.Index(
                fields=["amount", "reference"],
                name="request_queue_amount",
                condition=~Q(status__in=["completed", "rejected", "redirected", "withdrawn", "expired"]),
            ),
            models.Index(fields=["storefront", "-requested_at", "-id"], name="request_storefront_newest"),
            models.Index(
                fields=["storefront", "received_at"], name="request_received", condition=Q(received_at__isnull=False)
            ),
            # Only those that still owe a package, so it stays as short as the list it is for.
            models.Index(
                fields=["goods_owed_on", "reference"],
                name="request_goods_owed",
                condition=Q(goods_owed_on__isnull=False),
            ),
            models.Index(fields=["account", "-requested_at"], name="request_account_newest"),
            models.Index(fields=["order"], name="request_order"),
            models.Index(fields=["tracking_number"], name="request_tracking"),
            # What the desk's search compares, in the very words of its queries.
            models.Index(Upper("contact_email"), name="request_contact_email"),
            models.Index(Upper("contact_account_number"), name="request_contact_account"),
            GinIndex(OpClass(Upper("contact_name"), name="gin_trgm_ops"), name="request_contact_name"),
        ]

    def __str__(self) -> str:
        return self.rma_number or self.reference

    @property
    def number(self) -> str:
        """What people call it: the RMA number once there is one, else the reference."""
        return self.rma_number or self.reference

    @property
    def decides_by(self) -> date | None:
        """The day by which staff decide; None once they have, and while the customer is asked."""
        return self.decision_due_on if self.status in {Status.SUBMITTED.value, Status.IN_REVIEW.value} else None

    @property
    def is_paused(self) -> bool:
        """Whether the clock stands still, because the customer can still answer to the difference."""
        return self.status == Status.DIFFERENCE_SENT.value and self.answer_due_on is not None

    @property
    def submitted_quote(self) -> Quote:
        """What the customer was shown when they submitted."""
        return self._read(self.quote)

    @property
    def decided_quote(self) -> Quote:
        """What was decided, whatever was found since; what was submitted before that."""
        return self._read(self.decision_quote or self.quote)

    @property
    def current_quote(self) -> Quote:
        """The latest word: what was found, else what was decided, else what was submitted."""
        return self._read(self.found_quote or self.decision_quote or self.quote)

    def _read(self, data: dict[str, Any]) -> Quote:
        """The stored quote, parsed once: a page asks for it in many places. Other data is another quote."""
        read: dict[int, tuple[object, Quote]] = self.__dict__.setdefault("_quotes_read", {})
        if id(data) not in read:
            read[id(data)] = data, Quote.from_data(data)  # the data is kept as well, so that its id stays its own
        return read[id(data)][1]
