"""Goodwill, postage and waived charges with their reasons, and the second person above a storefront's limit."""

from decimal import Decimal
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

LINE_KINDS = [
    "gross",
    "restocking_fee",
    "partly_used_share",
    "shipping_refund",
    "balance_applied",
    "goodwill",
    "postage",
]


def money(**options: Any) -> "models.DecimalField[Decimal, Decimal]":
    return models.DecimalField(max_digits=12, decimal_places=2, **options)


def person() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
    )


class Migration(migrations.Migration):
    """A settlement may give more than the policy does, with a reason, and above a limit not by one person alone."""

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL), ("returns", "0012_payouts")]

    operations = [
        migrations.AddField(
            "storefront",
            "second_person_above",
            money(
                default=Decimal("200.00"),
                help_text="A settlement worth more is proposed by one person and agreed to by another, a manager",
            ),
        ),
        migrations.AddConstraint(
            "storefront",
            models.CheckConstraint(condition=Q(second_person_above__gte=0), name="storefront_limit_not_negative"),
        ),
        migrations.RemoveConstraint("settlementline", "settlement_line_kind_is_known"),
        migrations.AddConstraint(
            "settlementline",
            models.CheckConstraint(condition=Q(kind__in=LINE_KINDS), name="settlement_line_kind_is_known"),
        ),
        migrations.AlterField(
            "override",
            "line",
            models.ForeignKey(
                "returns.ReturnLine",
                null=True,
                blank=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="overrides",
            ),
        ),
        migrations.AddField(
            "override",
            "request",
            models.ForeignKey(
                "returns.ReturnRequest",
                null=True,
                blank=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="overrides",
            ),
        ),
        migrations.AddConstraint(
            "override",
            models.CheckConstraint(
                condition=Q(line__isnull=False, request__isnull=True) | Q(line__isnull=True, request__isnull=False),
                name="override_of_a_line_or_a_request",
            ),
        ),
        migrations.CreateModel(
            name="SettlementPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("goodwill", money(default=Decimal("0.00"))),
                ("goodwill_reason", models.CharField(max_length=500, blank=True)),
                (
                    "postage",
                    money(default=Decimal("0.00"), help_text="On the customer's receipt, where the shop pays it"),
                ),
                (
                    "waives_charge",
                    models.BooleanField(default=False, help_text="The service charge isn't billed (RES-11)"),
                ),
                ("waiver_reason", models.CharField(max_length=500, blank=True)),
                ("proposed_total", money(null=True, blank=True)),
                ("proposed_at", models.DateTimeField(null=True, blank=True)),
                ("changed_by", person()),
                ("proposed_by", person()),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlement_plan",
                        to="returns.returnrequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(goodwill__gte=0, postage__gte=0), name="plan_not_negative"),
                    models.CheckConstraint(
                        condition=Q(goodwill=0) | ~Q(goodwill_reason=""), name="plan_goodwill_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=Q(waives_charge=False) | ~Q(waiver_reason=""), name="plan_waiver_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=Q(proposed_total__isnull=True, proposed_by__isnull=True, proposed_at__isnull=True)
                        | Q(proposed_total__isnull=False, proposed_by__isnull=False, proposed_at__isnull=False),
                        name="plan_proposal_is_whole",
                    ),
                ],
            },
        ),
    ]
