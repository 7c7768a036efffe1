"""A package that comes back because it was refused at the door is noted as such at the dock."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The service charge is for the package, once for each (LPS-25, RES-11)."""

    dependencies = [("returns", "0021_reply_templates_and_register")]

    operations = [
        migrations.AddField(
            "package",
            "refused",
            models.CharField(
                max_length=10,
                blank=True,
                default="",
                help_text="Refused at the door, or because it was damaged; empty: sent back",
            ),
        ),
        migrations.AddConstraint(
            "package",
            models.CheckConstraint(
                condition=models.Q(refused__in=["", "refused", "damaged"]), name="package_refused_is_known"
            ),
        ),
    ]
