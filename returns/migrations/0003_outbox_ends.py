"""A message may be dropped when it is no longer true, and attempts that ended with their worker are counted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("returns", "0002_guards")]

    operations = [
        migrations.AddField(
            model_name="notification",
            name="interruptions",
            field=models.PositiveSmallIntegerField(default=0, help_text="Attempts that ended with their worker (C9)"),
        ),
        migrations.RemoveConstraint(model_name="notification", name="notification_state_is_known"),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["queued", "sending", "sent", "retry", "failed", "uncertain", "dropped"])
                ),
                name="notification_state_is_known",
            ),
        ),
    ]
