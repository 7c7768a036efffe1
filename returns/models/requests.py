"""The customer's case: request, lines, events, packages, and the free text beside them."""

import uuid
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from returns.domain.settlement import Quote
from returns.models.orders import CustomerAccount, Order, OrderLine, money_field
from returns.models.storefronts import PolicyVersion, Product, Storefront
from returns.querysets import ReturnRequestQuerySet

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
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=80, blank=True)
    goods_come_back = models.BooleanField(
        default=True, help_text="False: what came damaged or wrong is replaced, and nothing is sent back"
    )
    difference_answer = models.CharField(
        max_length=10, blank=True, help_text="The customer's answer to what was found; empty: none yet"
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
            models.Index(fields=["storefront", "-requested_at", "-id"], name="request_storefront_newest"),
            models.Index(fields=["account", "-requested_at"], name="request_account_newest"),
            models.Index(fields=["order"], name="request_order"),
            models.Index(fields=["tracking_number"], name="request_tracking"),
        ]

    def __str__(self) -> str:
        return self.rma_number or self.reference

    @property
    def number(self) -> str:
        """What people call it: the RMA number once there is one, else the reference."""
        return self.rma_number or self.reference

    @property
    def submitted_quote(self) -> Quote:
        """What the customer was shown when they submitted."""
        return Quote.from_data(self.quote)

    @property
    def current_quote(self) -> Quote:
        """The latest word: what was found, else what was decided, else what was submitted."""
        return Quote.from_data(self.found_quote or self.decision_quote or self.quote)


class ReturnLine(models.Model):
    """An order line asked back: what was declared, what was authorized, what arrived and what was found."""

    request = models.ForeignKey(ReturnRequest, on_delete=models.CASCADE, related_name="lines")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="return_lines")
    position = models.PositiveSmallIntegerField()
    requested_quantity = models.PositiveIntegerField()
    reason = models.CharField(max_length=24)
    condition = models.CharField(max_length=12)
    used_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    resalable = models.BooleanField(default=True)
    expires_on = models.DateField(null=True, blank=True, help_text="As printed on the goods, declared by the customer")
    wants = models.CharField(max_length=16)
    exchange_product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="The right one, if wished"
    )
    ask_anyway = models.BooleanField(default=False, help_text="Sent although the policy says no")

    authorized_quantity = models.PositiveIntegerField(null=True, blank=True)
    rejection_reason = models.CharField(max_length=40, blank=True)
    rejection_text = models.CharField(max_length=500, blank=True, help_text="What the customer reads")

    received_quantity = models.PositiveIntegerField(null=True, blank=True)
    accepted_quantity = models.PositiveIntegerField(null=True, blank=True)
    found_condition = models.CharField(max_length=12, blank=True)
    found_used_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    found_resalable = models.BooleanField(null=True, blank=True)
    found_expires_on = models.DateField(null=True, blank=True)
    disposition = models.CharField(max_length=16, blank=True)
    found_measures = models.JSONField(
        default=list, blank=True, help_text="What was measured: what, full, empty, now (LPS-29)"
    )
    goes_back = models.BooleanField(
        default=False, help_text="The customer wants it back rather than what was found to be due for it"
    )

    settled_code = models.CharField(max_length=32, blank=True, help_text="The verdict it was settled under")
    settled_quantity = models.PositiveIntegerField(default=0)
    settled_gross = money_field(null=True, blank=True)
    settled_fee = money_field(null=True, blank=True)
    settled_amount = money_field(null=True, blank=True)
    settled_rate = models.DecimalField(
        max_digits=7, decimal_places=4, null=True, blank=True, help_text="Per cent behind fee or share (D1)"
    )
    resolution = models.CharField(max_length=16, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["request", "position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "position"], name="return_line_position_once"),
            models.CheckConstraint(condition=Q(requested_quantity__gte=1), name="return_line_asks_for_something"),
            models.CheckConstraint(
                condition=Q(authorized_quantity__isnull=True) | Q(authorized_quantity__lte=F("requested_quantity")),
                name="return_line_authorized_within_requested",
            ),
            models.CheckConstraint(
                condition=Q(accepted_quantity__isnull=True)
                | Q(received_quantity__isnull=False, accepted_quantity__lte=F("received_quantity"))
                & Q(authorized_quantity__isnull=False, accepted_quantity__lte=F("authorized_quantity")),
                name="return_line_accepted_within_received",
            ),
            models.CheckConstraint(
                condition=Q(used_percent__isnull=True) | Q(used_percent__gte=0, used_percent__lte=100),
                name="return_line_used_percent",
            ),
            models.CheckConstraint(
                condition=Q(found_used_percent__isnull=True)
                | Q(found_used_percent__gte=0, found_used_percent__lte=100),
                name="return_line_found_used_percent",
            ),
            models.CheckConstraint(
                condition=Q(settled_amount__isnull=True)
                | Q(settled_amount__gte=0, settled_fee__gte=0, settled_amount__lte=F("settled_gross")),
                name="return_line_settled_within_gross",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request} line {self.position}"

    @property
    def held_quantity(self) -> int:
        """Units of the order line this line still holds: those asked for, and after the decision those authorized."""
        return self.requested_quantity if self.authorized_quantity is None else self.authorized_quantity


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


class Override(models.Model):
    """Staff decided otherwise than the policy: which clause, what it changes in money, who, and why."""

    line = models.ForeignKey(ReturnLine, on_delete=models.PROTECT, related_name="overrides")
    clause_id = models.CharField(max_length=40)
    code = models.CharField(max_length=32, help_text="The verdict that was set aside")
    resolution = models.CharField(max_length=16)
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    amount_before = money_field()
    amount_after = money_field()
    reason = models.CharField(max_length=500)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="override_percent"),
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.clause_id} {self.percent}%"


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


class Package(models.Model):
    """What arrived at the dock for a request: when, who counted, how many of each line."""

    storefront = models.ForeignKey(Storefront, on_delete=models.PROTECT, related_name="packages")
    request = models.ForeignKey(ReturnRequest, on_delete=models.PROTECT, related_name="packages")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["received_at", "id"]

    def __str__(self) -> str:
        return f"package for {self.request}"


class PackageLine(models.Model):
    """How many units of a return line were in a package."""

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(ReturnLine, on_delete=models.PROTECT, related_name="package_lines")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["package", "line"], name="package_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.line}"


class GuestLink(models.Model):
    """A grant to one order by mail. Its token is derived from the id with a key of the environment, never stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="guest_links")
    email = models.EmailField(max_length=254)
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    openings = models.PositiveSmallIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(openings__lte=30), name="guest_link_openings"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="guest_link_expires"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["email", "created_at"], name="guest_link_email")]

    def __str__(self) -> str:
        return f"link to {self.order}"
