"""Administrators, who invite and disable the others; invitations, and an append-only list of what they did."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

APPEND_ONLY = """
CREATE TRIGGER staff_change_append_only BEFORE UPDATE OR DELETE ON accounts_staffchange
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_address_changes"),
        ("returns", "0002_guards"),
    ]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="role",
            field=models.CharField(
                choices=[
                    ("customer", "customer"),
                    ("support", "support"),
                    ("manager", "manager"),
                    ("administrator", "administrator"),
                ],
                default="customer",
                max_length=16,
            ),
        ),
        migrations.RemoveConstraint(model_name="user", name="user_role_is_known"),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["customer", "support", "manager", "administrator"])),
                name="user_role_is_known",
            ),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("invited_at", models.DateTimeField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitation",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StaffChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("action", models.CharField(max_length=16)),
                ("role", models.CharField(max_length=16)),
                (
                    "storefronts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SlugField(), blank=True, default=list, size=None
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff_changes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["-at", "-id"]},
        ),
        migrations.AddConstraint(
            model_name="staffchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("action__in", ["invited", "changed", "disabled", "enabled"])),
                name="staff_change_action_is_known",
            ),
        ),
        migrations.RunSQL(APPEND_ONLY, "DROP TRIGGER staff_change_append_only ON accounts_staffchange;"),
    ]
