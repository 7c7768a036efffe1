"""A proposal keeps what its total is made of, to tell it from another of the same total."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Empty for proposals from before."""

    dependencies = [
        ("returns", "0035_goods_leave_on"),
    ]

    operations = [
        migrations.AddField(
            "settlementplan",
            "proposed_sums",
            models.CharField(
                blank=True,
                help_text="What the proposed total is made of, to tell it from another of that sum",
                max_length=400,
            ),
        ),
    ]
