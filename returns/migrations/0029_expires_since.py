"""A limit for what isn't shipped holds for what is authorized once it is set."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A limit that holds already holds on for everything, as before."""

    dependencies = [("returns", "0028_waived_charges")]

    operations = [
        migrations.AddField(
            "storefront",
            "expires_since",
            models.DateTimeField(
                null=True, blank=True, help_text="That limit holds for what was authorized from here on; empty: for all"
            ),
        ),
    ]
