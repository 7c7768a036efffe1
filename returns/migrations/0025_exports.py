"""Files that managers ask for, and the weekly mail they may have."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("returns", "0024_report_figures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("by", models.CharField(max_length=10)),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("format", models.CharField(max_length=4)),
                ("state", models.CharField(default="queued", max_length=8)),
                ("expected", models.PositiveIntegerField(default=0, help_text="Lines, as the report counts them")),
                ("written", models.PositiveIntegerField(default=0, help_text="Lines in the file so far")),
                (
                    "file",
                    models.CharField(
                        blank=True, help_text="Below MEDIA_ROOT; empty: none yet, or removed", max_length=120
                    ),
                ),
                ("size", models.PositiveBigIntegerField(default=0, help_text="Bytes")),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("touched_at", models.DateTimeField(help_text="When it was asked for, or last written to")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="exports", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("storefronts", models.ManyToManyField(related_name="+", to="returns.storefront")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "-asked_at"], name="export_of_person"),
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "writing"])),
                        fields=["asked_at"],
                        name="export_to_write",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["queued", "writing", "done", "failed"])),
                        name="export_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("format__in", ["csv", "xlsx"])), name="export_format_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last__gte", models.F("first"))), name="export_days_in_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportSubscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="report_subscriptions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "storefront",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="returns.storefront"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "storefront"), name="report_subscription_once")
                ],
            },
        ),
    ]
