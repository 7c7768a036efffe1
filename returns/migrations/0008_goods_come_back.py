from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether the goods of an authorized return come back: a replacement of damaged goods needn't wait for them."""

    dependencies = [("returns", "0007_account_changes")]

    operations = [
        migrations.AddField(
            model_name="returnrequest",
            name="goods_come_back",
            field=models.BooleanField(
                default=True, help_text="False: what came damaged or wrong is replaced, and nothing is sent back"
            ),
        ),
    ]
