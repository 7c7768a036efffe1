"""The language in which a license was shown: its mails leave in it, whoever decides."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("returns", "0008_goods_come_back")]

    operations = [
        migrations.AddField(
            model_name="license",
            name="language",
            field=models.CharField(default="en", max_length=10),
        ),
    ]
