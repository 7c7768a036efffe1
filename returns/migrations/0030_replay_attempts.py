"""A replay that can't be run fails after some attempts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """What waits begins to count its attempts now."""

    dependencies = [("returns", "0029_expires_since")]

    operations = [
        migrations.AddField("policyreplay", "attempts", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("policyreplay", "failed_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "policyreplay",
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(failed_at__isnull=True),
                name="policy_replay_ends_or_fails",
            ),
        ),
    ]
