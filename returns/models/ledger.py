"""Money: double entry by construction, append-only, and the settlement whose signed lines add up to the payout."""

import uuid
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from returns.domain.facts import Resolution
from returns.models.orders import CustomerAccount, OrderLine, money_field
from returns.models.requests import ReturnRequest
from returns.models.storefronts import Storefront
from returns.querysets.settlements import SettlementQuerySet


class LedgerAccount(models.Model):
    """One side of the book. A storefront has one of each kind; store credit and receivable have one for each customer.

    `balance` caches credits minus debits; a customer's store credit can't go below zero.
    """

    STORE_CREDIT = "store_credit"
    RECEIVABLE = "receivable"
    REFUNDS_PAYABLE = "refunds_payable"
    RETURNS = "returns"
    SERVICE_CHARGES = "service_charges"
    PAID_OUT = "paid_out"
    GOODWILL = "goodwill"
    POSTAGE = "postage"
    KINDS = (STORE_CREDIT, RECEIVABLE, REFUNDS_PAYABLE, RETURNS, SERVICE_CHARGES, PAID_OUT, GOODWILL, POSTAGE)

    storefront = models.ForeignKey(Storefront, on_delete=models.PROTECT, related_name="ledger_accounts")
    customer_account = models.ForeignKey(
        CustomerAccount, null=True, blank=True, on_delete=models.PROTECT, related_name="ledger_accounts"
    )
    kind = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    balance = money_field(default=Decimal("0.00"))

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["storefront", "customer_account", "kind", "currency"],
                name="ledger_account_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "store_credit",
                        "receivable",
                        "refunds_payable",
                        "returns",
                        "service_charges",
                        "paid_out",
                        "goodwill",
                        "postage",
                    ]
                ),
                name="ledger_account_kind_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind="store_credit") | Q(balance__gte=0), name="ledger_store_credit_not_negative"
            ),
            models.CheckConstraint(
                condition=~Q(kind="store_credit") | Q(customer_account__isnull=False),
                name="ledger_store_credit_has_an_owner",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["storefront", "-balance", "-id"],
                condition=Q(kind="store_credit", balance__gt=0),
                name="ledger_credit_owed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.customer_account or self.storefront} {self.currency}"


class LedgerEntry(models.Model):
    """One row moves an amount from the debited to the credited account. Corrected by a counter entry, never edited."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    debit = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="debits")
    credit = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="credits")
    amount = money_field()
    currency = models.CharField(max_length=3)
    idem_key = models.CharField(max_length=100, unique=True)
    request = models.ForeignKey(
        ReturnRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="ledger_entries"
    )
    order_line = models.ForeignKey(
        OrderLine, null=True, blank=True, on_delete=models.PROTECT, related_name="ledger_entries"
    )
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="ledger_entry_moves_something"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="ledger_entry_has_two_sides"),
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="ledger_entry_currency_is_iso"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at"], name="ledger_entry_at")]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.idem_key}"


class Settlement(models.Model):
    """How a return ended in money or goods. One for each request: a second one the database refuses.

    States of its payout: decided (the cap is reserved) → sent → confirmed or failed, and failed → sent again; a
    trigger refuses every other move. What pays nothing out is confirmed at once.
    """

    DECIDED = "decided"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"

    request = models.OneToOneField(ReturnRequest, on_delete=models.PROTECT, related_name="settlement")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    resolution = models.CharField(max_length=16)
    currency = models.CharField(max_length=3)
    total = money_field()
    payout = money_field(default=Decimal("0.00"), help_text="The part of the total that goes to the payment method")
    service_charge = money_field(default=Decimal("0.00"), help_text="Billed apart, not in the total (RES-11)")
    payment_method = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, default="decided")
    state_at = models.DateTimeField(null=True, blank=True, help_text="When the payout was sent, confirmed or failed")
    provider_reference = models.CharField(max_length=80, null=True, blank=True, unique=True)
    failure = models.CharField(max_length=200, blank=True, help_text="Why the payout failed; for staff")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    objects = SettlementQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(total__gte=0, service_charge__gte=0), name="settlement_not_negative"),
            models.CheckConstraint(
                condition=Q(state__in=["decided", "sent", "confirmed", "failed"]), name="settlement_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(payout__gte=0, payout__lte=F("total")), name="settlement_payout_within_total"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "failed"]) | Q(provider_reference__isnull=False),
                name="settlement_sent_has_a_reference",
            ),
            models.CheckConstraint(
                condition=Q(resolution__in=["refund", "store_credit", "exchange", "replacement", "none"]),
                name="settlement_resolution_is_known",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["decided_at"], name="settlement_decided"),
            models.Index(
                fields=["state", "decided_at", "public_id"], condition=Q(payout__gt=0), name="settlement_to_pay_out"
            ),
        ]

    def __str__(self) -> str:
        return f"settlement of {self.request}"

    @property
    def credit(self) -> Decimal:
        """The part of the total that is store credit."""
        return self.total - self.payout

    @property
    def given_as(self) -> Resolution:
        """What the customer reads that they got: money where it is all they got, as the form it has.

        A balance may have taken all of a refund and left credit beside it; goodwill may come where no line gives any.
        """
        resolution = Resolution(self.resolution)
        if not self.total or resolution in {Resolution.EXCHANGE, Resolution.REPLACEMENT}:
            return resolution
        return Resolution.REFUND if self.payout else Resolution.STORE_CREDIT

    @property
    def amount(self) -> Decimal:
        """The sum that `given_as` names: of a refund what is paid out, without the credit beside it."""
        return self.payout if self.given_as is Resolution.REFUND else self.total


class SettlementLine(models.Model):
    """One signed line of the settlement; they add up to its total (a deferred trigger checks the sum)."""

    GROSS = "gross"
    FEE = "restocking_fee"
    SHARE = "partly_used_share"
    SHIPPING = "shipping_refund"
    BALANCE = "balance_applied"
    GOODWILL = "goodwill"
    POSTAGE = "postage"
    KINDS = (GROSS, FEE, SHARE, SHIPPING, BALANCE, GOODWILL, POSTAGE)

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    return_line = models.ForeignKey(
        "returns.ReturnLine", null=True, blank=True, on_delete=models.PROTECT, related_name="settlement_lines"
    )
    clause_id = models.CharField(max_length=40, blank=True)
    amount = money_field()

    class Meta:
        ordering: ClassVar[list[str]] = ["settlement", "position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["settlement", "position"], name="settlement_line_position_once"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "gross",
                        "restocking_fee",
                        "partly_used_share",
                        "shipping_refund",
                        "balance_applied",
                        "goodwill",
                        "postage",
                    ]
                ),
                name="settlement_line_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
