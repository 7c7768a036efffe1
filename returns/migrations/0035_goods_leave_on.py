"""The day by which goods for the customer leave is written down when it is promised."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One more day of a return."""

    dependencies = [
        ("returns", "0034_calls_put_aside"),
    ]

    operations = [
        migrations.AddField(
            "returnrequest",
            "goods_leave_on",
            models.DateField(
                blank=True,
                help_text="Goods for the customer are promised to leave by this day; fixed when that is decided",
                null=True,
            ),
        ),
    ]
