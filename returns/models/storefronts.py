"""Storefronts, the return policies they publish, and what they sell."""

from decimal import Decimal
from functools import lru_cache
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models

from returns.domain.deadlines import DecisionDays, ServiceHours
from returns.domain.policy import PolicyTerms
from returns.domain.reminders import PROCESSING_LADDER
from returns.querysets.storefronts import PolicyVersionQuerySet, ProductQuerySet, StorefrontQuerySet


def reminder_days() -> list[int]:
    """The ladder a storefront starts with."""
    return list(PROCESSING_LADDER)


class Storefront(models.Model):
    """A shop with its own policy, address, hours, contacts and look. Its file is a start; later this row counts."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=40)
    tagline = models.CharField(max_length=120, blank=True)
    timezone = models.CharField(max_length=60, default="America/New_York")
    currency = models.CharField(max_length=3, default="USD")
    look = models.SlugField(max_length=60, blank=True, help_text="The theme in the style sheet")
    accent = models.CharField(max_length=7, default="#26363c")
    care_name = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    appointment_phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    opening_hours = models.JSONField(default=dict, help_text='{"mon": ["08:30", "18:00"], …}; a missing day is closed')
    closed_on_federal_holidays = models.BooleanField(default=True)
    closing_days = ArrayField(models.DateField(), default=list, blank=True)
    return_address = models.TextField(
        blank=True,
        max_length=500,
        help_text="Where packages go, one line each. Authorizing is blocked while it is empty.",
    )
    account_self_service = models.BooleanField(default=True, help_text="Customers edit their account data (RES-38)")
    account_types = ArrayField(
        models.CharField(max_length=16),
        default=list,
        blank=True,
        help_text="What a customer rises to by showing a license, lowest first (PRO-05, PRO-06); empty: nothing",
    )
    help_topics = models.JSONField(
        default=list, blank=True, help_text='Short answers of this shop: [{"title", "text", "places": ["landing", …]}]'
    )
    sender_name = models.CharField(
        max_length=80, blank=True, help_text="Whom its mails come from, as mail programs show it; empty: its name"
    )
    position = models.PositiveSmallIntegerField(default=0)
    decision_days = models.PositiveSmallIntegerField(default=2, help_text="Service days within which staff decide")
    claim_decision_days = models.PositiveSmallIntegerField(
        default=1, help_text="The same for claims: by default the next service day"
    )
    reminder_days = ArrayField(
        models.PositiveSmallIntegerField(),
        default=reminder_days,
        blank=True,
        help_text="Calendar days before a due day on which staff are reminded; 0 is the day itself",
    )
    goods_leave_within_days = models.PositiveSmallIntegerField(
        default=2, help_text="Service days within which a replacement or an exchange leaves"
    )
    expires_after_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Authorized and not shipped for so long, a return expires; empty: never"
    )
    expires_since = models.DateTimeField(
        null=True, blank=True, help_text="That limit holds for what was authorized from here on; empty: for all"
    )
    second_person_above = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        default=Decimal("200.00"),
        help_text="A settlement worth more is proposed by one person and agreed to by another, a manager",
    )

    objects = StorefrontQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(currency__regex="^[A-Z]{3}$"), name="storefront_currency_is_iso"),
            models.CheckConstraint(
                condition=models.Q(second_person_above__gte=0), name="storefront_limit_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(expires_after_days__isnull=True) | models.Q(expires_after_days__gte=7),
                name="storefront_leaves_time_to_ship",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The zone whose calendar decides day counts and deadlines (GEN-01)."""
        return ZoneInfo(self.timezone)

    @property
    def service_hours(self) -> ServiceHours:
        """When care is there, with the calendar it follows."""
        return ServiceHours.of(
            self.timezone,
            self.opening_hours,
            closed_on_federal_holidays=self.closed_on_federal_holidays,
            closing_days=self.closing_days,
        )

    @property
    def deciding(self) -> DecisionDays:
        """Within how many service days staff decide."""
        return DecisionDays(self.decision_days, self.claim_decision_days)

    @property
    def can_authorize(self) -> bool:
        """False while there is no address to send a package to (RES-37)."""
        return bool(self.return_address.strip())


@lru_cache(maxsize=64)
def _terms_of(policy_version_id: int, number: int) -> PolicyTerms:
    # A published version never changes, so its parsed terms can be kept for the life of the process.
    del number
    return PolicyTerms.from_data(PolicyVersion.objects.values_list("terms", flat=True).get(pk=policy_version_id))


class PolicyVersion(models.Model):
    """The terms of a storefront from a day on: a draft until it is published, with a day and a reason.

    A trigger refuses every change of a published version. Whether one is in force or superseded is a matter of the
    day: the latest that has begun is in force.
    """

    storefront = models.ForeignKey(Storefront, on_delete=models.PROTECT, related_name="policy_versions")
    number = models.PositiveIntegerField()
    terms = models.JSONField()
    effective_from = models.DateTimeField(null=True, blank=True, help_text="Empty: governs all older orders (RES-55)")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=500, blank=True, help_text="Why it was published, for the record")
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    edited_at = models.DateTimeField(null=True, blank=True)
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="What the draft began as"
    )

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["storefront", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["storefront", "number"], name="policy_version_number_once"),
            models.UniqueConstraint(
                fields=["storefront"],
                condition=models.Q(effective_from__isnull=True, published_at__isnull=False),
                name="policy_version_one_without_start",
            ),
            models.UniqueConstraint(
                fields=["storefront"],
                condition=models.Q(published_at__isnull=True),
                name="policy_version_one_draft",
            ),
            models.UniqueConstraint(
                fields=["storefront", "effective_from"], name="policy_version_one_begins_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(published_by__isnull=True)
                | models.Q(published_at__isnull=False) & ~models.Q(reason=""),
                name="policy_version_published_with_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=False) | models.Q(effective_from__isnull=True),
                name="policy_version_draft_has_no_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.storefront.slug} version {self.number}"

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.published_at is None

    def parsed(self) -> PolicyTerms:
        """The terms as the engine reads them."""
        if self.published_at is None:
            return PolicyTerms.from_data(self.terms)
        return _terms_of(self.pk, self.number)


class Product(models.Model):
    """A catalogue entry. What isn't in the catalogue is unclassified and goes to a person (RES-53)."""

    storefront = models.ForeignKey(Storefront, on_delete=models.PROTECT, related_name="products")
    sku = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    size = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=40)
    flags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    in_stock = models.BooleanField(default=True, help_text="Out of stock: nobody can be promised one (CON-15)")
    full_weight = models.DecimalField(
        max_digits=9, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)], help_text="grams"
    )
    empty_weight = models.DecimalField(
        max_digits=9, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)], help_text="grams"
    )

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["storefront", "sku"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["storefront", "sku"], name="product_sku_once"),
            models.CheckConstraint(
                condition=models.Q(full_weight__isnull=True)
                | models.Q(empty_weight__isnull=True)
                | models.Q(full_weight__gt=models.F("empty_weight")),
                name="product_full_weighs_more_than_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.name}"
