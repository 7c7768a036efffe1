"""What was bought and by whom: the read-mostly copy of the shop's facts that a return refers to."""

import uuid
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from returns.models.storefronts import Product, Storefront
from returns.querysets.orders import CustomerAccountQuerySet, OrderQuerySet


def money_field(**options: object) -> "models.DecimalField[Decimal, Decimal]":
    """An amount in the currency of its order, two places."""
    return models.DecimalField(max_digits=12, decimal_places=2, **options)  # type: ignore[arg-type]


class CustomerAccount(models.Model):
    """A customer at one storefront: number, main contact, type, and what they owe."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    storefront = models.ForeignKey(Storefront, on_delete=models.PROTECT, related_name="accounts")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="customer_accounts"
    )
    number = models.CharField(max_length=40)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=150)
    phone = models.CharField(max_length=40, blank=True)
    address = models.TextField(max_length=500, blank=True, help_text="As on an envelope, below the name")
    main_contact_name = models.CharField(max_length=150, blank=True)
    main_contact_email = models.EmailField(max_length=254, blank=True)
    type = models.CharField(max_length=16, default="consumer")
    outstanding_balance = money_field(default=Decimal("0.00"))

    objects = CustomerAccountQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["storefront", "number"], name="account_number_once"),
            models.UniqueConstraint(
                fields=["storefront", "user"], condition=Q(user__isnull=False), name="account_one_for_each_user"
            ),
            models.CheckConstraint(condition=Q(outstanding_balance__gte=0), name="account_balance_not_negative"),
            models.CheckConstraint(
                condition=Q(type__in=["consumer", "student", "professional", "business"]), name="account_type_is_known"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["email"], name="account_email"),
            # What the desk's search compares, in the very words of its queries.
            models.Index(Upper("email"), name="account_email_any_case"),
            models.Index(Upper("number"), name="account_number_any_case"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="account_name"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def completion_email(self) -> str:
        """Where the mail about a processed return goes: the main contact, else the account itself (CON-33)."""
        return self.main_contact_email or self.email


def order_number_key(number: str) -> str:
    """An order number as it is compared: without `#`, spaces and dashes, in capitals."""
    return "".join(symbol for symbol in number if symbol.isalnum()).upper()


class Order(models.Model):
    """An order as the shop reported it. Prices and dates never come from the browser."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    storefront = models.ForeignKey(Storefront, on_delete=models.PROTECT, related_name="orders")
    account = models.ForeignKey(CustomerAccount, null=True, blank=True, on_delete=models.PROTECT, related_name="orders")
    number = models.CharField(max_length=40)
    number_key = models.CharField(max_length=40, editable=False)
    external_id = models.CharField(max_length=64, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    name = models.CharField(max_length=150, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    placed_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    channel = models.CharField(max_length=10, default="direct")
    seller_name = models.CharField(max_length=150, blank=True)
    seller_contact = models.CharField(max_length=254, blank=True)
    currency = models.CharField(max_length=3)
    shipping_paid = money_field(default=Decimal("0.00"))
    shipping_refunded = money_field(default=Decimal("0.00"))
    payment_method = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=20, default="placed")
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=80, blank=True)
    tracking_url = models.URLField(max_length=500, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-placed_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["storefront", "number_key"], name="order_number_once"),
            models.CheckConstraint(condition=Q(channel__in=["direct", "partner"]), name="order_channel_is_known"),
            models.CheckConstraint(
                condition=Q(shipping_refunded__gte=0, shipping_refunded__lte=F("shipping_paid")),
                name="order_shipping_refund_within_paid",
            ),
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="order_currency_is_iso"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "-placed_at"], name="order_account_newest"),
            models.Index(fields=["email"], name="order_email"),
            models.Index(fields=["number_key"], opclasses=["varchar_pattern_ops"], name="order_number_begins"),
            models.Index(fields=["tracking_number"], name="order_tracking"),
            # What the desk's search compares, in the very words of its queries.
            models.Index(Upper("email"), name="order_email_any_case"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="order_name"),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the comparable form of the number beside it."""
        self.number_key = order_number_key(self.number)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def is_delivered(self) -> bool:
        """Whether the shop shows it as delivered, with or without the moment."""
        return self.delivered_at is not None or self.status == "delivered"


class OrderLine(models.Model):
    """One product of an order: `paid_total` is its price after its share of discounts, without tax, for all units.

    Counters are updated with F() in the transaction that gives or takes, and the constraints below stop even naive
    code: units can't be asked back beyond what was bought, money can't be given beyond what was paid (D1).
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    position = models.PositiveSmallIntegerField()
    external_id = models.CharField(max_length=64, blank=True)
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="order_lines")
    sku = models.CharField(max_length=64, blank=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(  # noqa: DJ001  NULL is "not known"
        max_length=40, null=True, blank=True, help_text="Empty: not in the catalogue (RES-53)"
    )
    flags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    quantity = models.PositiveIntegerField()
    paid_total = money_field()
    refunded_before = models.PositiveIntegerField(default=0, help_text="Units the shop refunded outside the portal")
    returning_quantity = models.PositiveIntegerField(default=0, help_text="Units asked back, held or given by requests")
    returned_quantity = models.PositiveIntegerField(default=0, help_text="Units accepted and settled")
    refunded = money_field(default=Decimal("0.00"), help_text="Value given back so far, in whatever form")

    class Meta:
        ordering: ClassVar[list[str]] = ["order", "position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1, paid_total__gte=0), name="order_line_bought_something"),
            models.CheckConstraint(
                condition=Q(returning_quantity__lte=F("quantity") - F("refunded_before")),
                name="order_line_returning_within_bought",
            ),
            models.CheckConstraint(
                condition=Q(returned_quantity__lte=F("returning_quantity")), name="order_line_returned_was_returning"
            ),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, refunded__lte=F("paid_total")), name="order_line_refund_within_paid"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # What managers still have to classify; a few lines of millions.
            models.Index(
                fields=["sku", "order"],
                name="order_line_unclassified",
                condition=Q(product__isnull=True, kind__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"

    @property
    def is_in_stock(self) -> bool:
        """Whether another one can be promised; of what isn't in the catalogue nobody knows otherwise (CON-15)."""
        return self.product is None or self.product.in_stock

    @property
    def available(self) -> int:
        """Units that can still be asked back."""
        return self.quantity - self.refunded_before - self.returning_quantity
