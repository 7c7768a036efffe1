"""The lines of a return: what was declared, authorized, received and found of each, and where staff overrode."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from returns.models.orders import OrderLine, money_field
from returns.models.requests import ReturnRequest
from returns.models.storefronts import Product
from returns.querysets.overrides import OverrideQuerySet


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


class Override(models.Model):
    """Staff decided otherwise than the policy: which clause, what it changes in money, who, and why.

    About one line, or about the whole of a request: goodwill, or a service charge that is waived.
    """

    GOODWILL = "GOODWILL"
    CHARGE_WAIVED = "SERVICE_CHARGE_WAIVED"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    line = models.ForeignKey(ReturnLine, null=True, blank=True, on_delete=models.PROTECT, related_name="overrides")
    request = models.ForeignKey(
        ReturnRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="overrides"
    )
    clause_id = models.CharField(max_length=40)
    code = models.CharField(max_length=32, help_text="The verdict that was set aside")
    resolution = models.CharField(max_length=16)
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    amount_before = money_field()
    amount_after = money_field()
    reason = models.CharField(max_length=500)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OverrideQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-at", "-public_id"], name="override_newest"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="override_percent"),
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_a_reason"),
            models.CheckConstraint(
                condition=Q(line__isnull=False, request__isnull=True) | Q(line__isnull=True, request__isnull=False),
                name="override_of_a_line_or_a_request",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line or self.request}: {self.clause_id or self.code} {self.percent}%"

    @property
    def of_request(self) -> ReturnRequest:
        """The request it is about."""
        if self.line is not None:
            return self.line.request
        assert self.request is not None  # noqa: S101  the database holds it
        return self.request
