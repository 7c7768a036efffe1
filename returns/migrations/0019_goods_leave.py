"""By when a replacement or the right product leaves."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A setting of the storefront, in service days."""

    dependencies = [("returns", "0018_policies_of_managers")]

    operations = [
        migrations.AddField(
            model_name="storefront",
            name="goods_leave_within_days",
            field=models.PositiveSmallIntegerField(
                default=2, help_text="Service days within which a replacement or an exchange leaves"
            ),
        ),
    ]
