"""The gate of the outbox, addresses that nobody has, and what the operations' page counts."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    """Nothing is held and nothing suppressed at first."""

    dependencies = [("returns", "0026_unclassified_lines")]

    operations = [
        migrations.CreateModel(
            name="OutboxGate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("home", models.CharField(max_length=80)),
                ("held_since", models.DateTimeField(blank=True, null=True)),
                ("because", models.CharField(blank=True, max_length=120)),
            ],
            options={"constraints": [models.CheckConstraint(condition=models.Q(id=1), name="outbox_gate_is_one")]},
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254)),
                ("reason", models.CharField(help_text="What the server said, without addresses", max_length=200)),
                ("since", models.DateTimeField()),
            ],
            options={
                "ordering": ["-since"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"), name="suppression_once_for_an_address"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            "notification",
            models.Index(fields=["sent_at"], name="notification_sent_at", condition=models.Q(state="sent")),
        ),
    ]
