"""A figure's days lie side by side, so that a report reads each figure of a period in one go."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("returns", "0031_limit_raises")]

    operations = [
        migrations.RemoveConstraint(model_name="reportfigure", name="report_figure_once"),
        migrations.AddConstraint(
            model_name="reportfigure",
            constraint=models.UniqueConstraint(
                fields=["storefront", "by", "span", "figure", "starts_on", "detail"], name="report_figure_once"
            ),
        ),
    ]
