"""What was found before a second inspection, kept beside what was found again."""

import django.db.models.deletion
from django.db import migrations, models

APPEND_ONLY = """
CREATE TRIGGER earlier_finding_append_only BEFORE UPDATE OR DELETE ON returns_earlierfinding
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
NOT_ANY_MORE = "DROP TRIGGER earlier_finding_append_only ON returns_earlierfinding;"


class Migration(migrations.Migration):
    """The earlier findings of a line, append-only."""

    dependencies = [("returns", "0016_decision_days")]

    operations = [
        migrations.CreateModel(
            name="EarlierFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("accepted_quantity", models.PositiveIntegerField()),
                ("condition", models.CharField(max_length=12)),
                ("used_percent", models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                (
                    "measures",
                    models.JSONField(blank=True, default=list, help_text="What was measured: what, full, empty, now"),
                ),
                ("resalable", models.BooleanField()),
                ("expires_on", models.DateField(blank=True, null=True)),
                ("disposition", models.CharField(max_length=16)),
                ("resolution", models.CharField(help_text="What it gave then", max_length=16)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="returns.returnevent"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="earlier_findings",
                        to="returns.returnline",
                    ),
                ),
            ],
            options={
                "ordering": ["line", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("line", "event"), name="earlier_finding_once"),
                    models.CheckConstraint(
                        condition=models.Q(used_percent__isnull=True)
                        | models.Q(used_percent__gte=0, used_percent__lte=100),
                        name="earlier_finding_used_percent",
                    ),
                    models.CheckConstraint(condition=models.Q(amount__gte=0), name="earlier_finding_amount"),
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, NOT_ANY_MORE),
    ]
