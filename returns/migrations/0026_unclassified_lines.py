"""What managers still have to classify is found among millions of order lines."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("returns", "0025_exports"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="orderline",
            index=models.Index(
                condition=models.Q(("kind__isnull", True), ("product__isnull", True)),
                fields=["sku", "order"],
                name="order_line_unclassified",
            ),
        ),
    ]
