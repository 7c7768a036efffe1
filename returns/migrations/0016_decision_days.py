"""The day by which staff decide, the clocks each storefront sets, and what the reminders go through."""

import django.contrib.postgres.fields
from django.db import migrations, models

import returns.models.storefronts

FIRST_DAYS = """
-- Whoever waits already has an answer two days from now on, whatever their storefront's calendar says.
UPDATE returns_returnrequest SET decision_due_on = current_date + 2
WHERE status IN ('submitted', 'in_review', 'information_requested');
"""


class Migration(migrations.Migration):
    """Each open request gets its day; those that were decided have none."""

    dependencies = [("returns", "0015_saved_views_and_queue_counts")]

    operations = [
        migrations.AddField(
            "storefront",
            "decision_days",
            models.PositiveSmallIntegerField(default=2, help_text="Service days within which staff decide"),
        ),
        migrations.AddField(
            "storefront",
            "claim_decision_days",
            models.PositiveSmallIntegerField(
                default=1, help_text="The same for claims: by default the next service day"
            ),
        ),
        migrations.AddField(
            "storefront",
            "reminder_days",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(),
                blank=True,
                default=returns.models.storefronts.reminder_days,
                help_text="Calendar days before a due day on which staff are reminded; 0 is the day itself",
                size=None,
            ),
        ),
        migrations.AddField(
            "storefront",
            "expires_after_days",
            models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                help_text="Authorized and not shipped for so long, a return expires; empty: never",
            ),
        ),
        migrations.AddConstraint(
            "storefront",
            models.CheckConstraint(
                condition=models.Q(expires_after_days__isnull=True) | models.Q(expires_after_days__gte=7),
                name="storefront_leaves_time_to_ship",
            ),
        ),
        migrations.AddField(
            "returnrequest",
            "decision_due_on",
            models.DateField(
                blank=True, null=True, help_text="Staff decide by this day; stands still while the customer is asked"
            ),
        ),
        migrations.AddIndex(
            "returnrequest",
            models.Index(
                fields=["storefront", "due_on", "id"],
                name="request_on_the_clock",
                condition=models.Q(status__in=["received", "inspected", "difference_sent"], answer_due_on__isnull=True),
            ),
        ),
        migrations.AddIndex(
            "returnrequest",
            models.Index(
                fields=["storefront", "decision_due_on", "id"],
                name="request_to_decide",
                condition=models.Q(status__in=["submitted", "in_review"]),
            ),
        ),
        migrations.RunSQL(FIRST_DAYS, migrations.RunSQL.noop),
    ]
