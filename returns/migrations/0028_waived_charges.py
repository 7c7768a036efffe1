"""Of several refused packages only the damaged ones aren't charged."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """What was waived before is waived as a whole, as it was (LPS-25, RES-11)."""

    dependencies = [("returns", "0027_outbox_gate")]

    operations = [
        migrations.AddField(
            "settlementplan",
            "waived_charges",
            models.PositiveSmallIntegerField(
                null=True, blank=True, help_text="For so many damaged packages; empty: the whole of it"
            ),
        ),
        migrations.AddConstraint(
            "settlementplan",
            models.CheckConstraint(
                condition=Q(waived_charges__isnull=True) | Q(waives_charge=True, waived_charges__gt=0),
                name="plan_counts_what_it_waives",
            ),
        ),
    ]
