"""An index over the few people who work here, for the lists of colleagues."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_longer_slugs")]

    operations = [
        migrations.AddIndex(
            model_name="user",
            index=models.Index(condition=~models.Q(role="customer"), fields=["id"], name="user_employed"),
        ),
    ]
