"""What an administrator did names storefronts by slugs as long as a storefront may have."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_administrators")]

    operations = [
        migrations.AlterField(
            model_name="staffchange",
            name="storefronts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.SlugField(max_length=60), blank=True, default=list, size=None
            ),
        ),
    ]
