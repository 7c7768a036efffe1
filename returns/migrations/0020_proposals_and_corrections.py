"""Answers to proposed settlements, and what was noted about a package to the customer before it was corrected."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

KEPT = """
CREATE TRIGGER outgoing_correction_stays BEFORE DELETE ON returns_outgoingcorrection
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER outgoing_correction_unchanged BEFORE UPDATE ON returns_outgoingcorrection FOR EACH ROW
    WHEN (NEW.tracking_number <> '' AND NEW.tracking_number <> OLD.tracking_number OR NEW.carrier <> OLD.carrier
        OR NEW.shipped_on <> OLD.shipped_on OR NEW.shipment_id <> OLD.shipment_id
        OR NEW.corrected_by_id <> OLD.corrected_by_id OR NEW.corrected_at <> OLD.corrected_at)
    EXECUTE FUNCTION refuse_change();
"""
"""A number may be blanked when a person's data are erased; nothing else ever changes."""

UNKEPT = """
DROP TRIGGER outgoing_correction_unchanged ON returns_outgoingcorrection;
DROP TRIGGER outgoing_correction_stays ON returns_outgoingcorrection;
"""


def person(**options: Any) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=django.db.models.deletion.PROTECT, related_name="+", **options
    )


class Migration(migrations.Migration):
    """Who proposes a settlement hears that another agreed, or why not; a wrong tracking number is corrected."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("returns", "0019_goods_leave"),
    ]

    operations = [
        migrations.AddField("settlementplan", "agreed_by", person(null=True, blank=True)),
        migrations.AddField("settlementplan", "refused_by", person(null=True, blank=True)),
        migrations.AddField("settlementplan", "refused_at", models.DateTimeField(null=True, blank=True)),
        migrations.AddField(
            "settlementplan",
            "refusal",
            models.CharField(
                max_length=500, blank=True, default="", help_text="Why it was refused; who proposed it reads it"
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "settlementplan",
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True)
                | Q(proposed_by__isnull=False, refused_by__isnull=True) & ~Q(agreed_by=F("proposed_by")),
                name="plan_agreed_by_another",
            ),
        ),
        migrations.AddConstraint(
            "settlementplan",
            models.CheckConstraint(
                condition=Q(refused_by__isnull=True, refused_at__isnull=True, refusal="")
                | Q(refused_by__isnull=False, refused_at__isnull=False, proposed_by__isnull=False)
                & ~Q(refusal="")
                & ~Q(refused_by=F("proposed_by")),
                name="plan_refused_by_another_with_a_reason",
            ),
        ),
        migrations.AddIndex(
            "settlementplan",
            models.Index(
                fields=["proposed_at", "request"],
                condition=Q(proposed_at__isnull=False, agreed_by__isnull=True),
                name="plan_proposed",
            ),
        ),
        migrations.CreateModel(
            name="OutgoingCorrection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("carrier", models.CharField(max_length=60)),
                ("tracking_number", models.CharField(max_length=80, blank=True)),
                ("shipped_on", models.DateField()),
                ("corrected_at", models.DateTimeField()),
                ("corrected_by", person()),
                (
                    "shipment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="returns.outgoingshipment",
                    ),
                ),
            ],
            options={"ordering": ["corrected_at", "id"]},
        ),
        migrations.RunSQL(KEPT, UNKEPT),
    ]
