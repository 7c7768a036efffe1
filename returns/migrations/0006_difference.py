from django.db import migrations, models


class Migration(migrations.Migration):
    """What was measured at the inspection, and what goes back because the customer wants it so (LPS-29)."""

    dependencies = [("returns", "0005_customer_side")]

    operations = [
        migrations.AddField(
            model_name="returnline",
            name="found_measures",
            field=models.JSONField(
                blank=True, default=list, help_text="What was measured: what, full, empty, now (LPS-29)"
            ),
        ),
        migrations.AddField(
            model_name="returnline",
            name="goes_back",
            field=models.BooleanField(
                default=False, help_text="The customer wants it back rather than what was found to be due for it"
            ),
        ),
    ]
