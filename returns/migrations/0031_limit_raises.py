"""A higher limit for settlements of one person waits until a second manager agrees."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What a manager asks for, one at a time for a storefront."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("returns", "0030_replay_attempts"),
    ]

    operations = [
        migrations.CreateModel(
            name="LimitRaise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                ("asked_at", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "storefront",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="limit_raise",
                        to="returns.storefront",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(amount__gt=0), name="limit_raise_positive"),
                ],
            },
        ),
    ]
