"""What is still owed to the customer stands with the return, so that a list of it reads nothing else."""

from django.db import migrations, models

# The last promise; returns settled before it was written down have the day they were closed.
OWED = """
UPDATE returns_returnrequest r
SET goods_owed_on = coalesce(r.goods_leave_on, (r.closed_at AT TIME ZONE s.timezone)::date)
FROM returns_storefront s
WHERE s.id = r.storefront_id AND r.status = 'completed' AND r.closed_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM returns_outgoingshipment o WHERE o.request_id = r.id)
    AND EXISTS (
        SELECT 1 FROM returns_returnline l WHERE l.request_id = r.id
        AND (l.resolution IN ('exchange', 'replacement') OR l.disposition = 'send_back')
    )
"""


class Migration(migrations.Migration):
    """One day of a return, and the index of those that have it."""

    dependencies = [
        ("returns", "0037_ended_gives_nothing"),
    ]

    operations = [
        migrations.AddField(
            "returnrequest",
            "goods_owed_on",
            models.DateField(
                blank=True,
                help_text="As goods_leave_on, while it is settled and the package to the customer isn't noted yet",
                null=True,
            ),
        ),
        migrations.RunSQL(OWED, migrations.RunSQL.noop),
        migrations.AddIndex(
            "returnrequest",
            models.Index(
                condition=models.Q(("goods_owed_on__isnull", False)),
                fields=["goods_owed_on", "reference"],
                name="request_goods_owed",
            ),
        ),
    ]
