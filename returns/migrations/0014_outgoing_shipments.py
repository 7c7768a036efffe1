"""The package that leaves for the customer when a return is done."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Carrier, tracking number and day of an exchange, a replacement, or goods sent back."""

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL), ("returns", "0013_settlement_plans")]

    operations = [
        migrations.CreateModel(
            name="OutgoingShipment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("carrier", models.CharField(max_length=60)),
                ("tracking_number", models.CharField(max_length=80, blank=True)),
                ("shipped_on", models.DateField(help_text="By the storefront's calendar")),
                ("noted_at", models.DateTimeField()),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outgoing_shipment",
                        to="returns.returnrequest",
                    ),
                ),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=~models.Q(carrier=""), name="outgoing_has_a_carrier")],
            },
        ),
    ]
