"""Packages nobody can place, the tries to reach their senders, and what a receipt says besides its counts."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

APPEND_ONLY = """
CREATE TRIGGER contact_try_append_only BEFORE UPDATE OR DELETE ON returns_contacttry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("returns", "0009_license_language"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactTry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("way", models.CharField(max_length=10)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["held", "number"],
            },
        ),
        migrations.CreateModel(
            name="HeldPackage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        help_text="One for each filled-in form: sent twice, held once",
                        unique=True,
                    ),
                ),
                ("mark", models.CharField(help_text="H-7K3F2: written on the package", max_length=7, unique=True)),
                ("sender", models.CharField(blank=True, max_length=200)),
                ("sender_email", models.EmailField(blank=True, max_length=254)),
                (
                    "on_the_box",
                    models.CharField(blank=True, help_text="Numbers and marks, as they are written", max_length=200),
                ),
                ("carrier", models.CharField(blank=True, max_length=60)),
                ("tracking_number", models.CharField(blank=True, max_length=80)),
                ("contents", models.CharField(blank=True, max_length=500)),
                ("shelf", models.CharField(blank=True, max_length=40)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("state", models.CharField(default="held", max_length=10)),
                ("held_at", models.DateTimeField()),
                ("next_step_on", models.DateField(help_text="When the sender is tried next, or it is decided")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, help_text="Why it was sent back or scrapped", max_length=500)),
            ],
            options={
                "ordering": ["next_step_on", "id"],
            },
        ),
        migrations.AlterModelOptions(
            name="packageline",
            options={"ordering": ["package", "line__position"]},
        ),
        migrations.RemoveConstraint(
            model_name="photo",
            name="photo_belongs_to_one_thing",
        ),
        migrations.AddField(
            model_name="package",
            name="other_items",
            field=models.CharField(blank=True, help_text="What else was in it that nobody asked for", max_length=500),
        ),
        migrations.AddField(
            model_name="packageline",
            name="damaged_quantity",
            field=models.PositiveIntegerField(default=0, help_text="Of these, damaged on the way back (LPS-22)"),
        ),
        migrations.AddField(
            model_name="packageline",
            name="expected_quantity",
            field=models.PositiveIntegerField(
                help_text="Authorized units that hadn't come before; empty: it was counted before this was kept",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="packageline",
            constraint=models.CheckConstraint(
                condition=models.Q(("damaged_quantity__lte", models.F("quantity"))), name="package_line_damaged_is_here"
            ),
        ),
        migrations.AddField(
            model_name="contacttry",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="heldpackage",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="heldpackage",
            name="held_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="heldpackage",
            name="package",
            field=models.OneToOneField(
                blank=True,
                help_text="What it became",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="held",
                to="returns.package",
            ),
        ),
        migrations.AddField(
            model_name="heldpackage",
            name="storefront",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="held_packages", to="returns.storefront"
            ),
        ),
        migrations.AddField(
            model_name="contacttry",
            name="held",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="tries", to="returns.heldpackage"
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="held",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="photos",
                to="returns.heldpackage",
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("draft__isnull", False),
                        ("held__isnull", True),
                        ("license__isnull", True),
                        ("request__isnull", True),
                    ),
                    models.Q(
                        ("draft__isnull", True),
                        ("held__isnull", True),
                        ("license__isnull", True),
                        ("request__isnull", False),
                    ),
                    models.Q(
                        ("draft__isnull", True),
                        ("held__isnull", True),
                        ("license__isnull", False),
                        ("request__isnull", True),
                    ),
                    models.Q(
                        ("draft__isnull", True),
                        ("held__isnull", False),
                        ("license__isnull", True),
                        ("request__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="photo_belongs_to_one_thing",
            ),
        ),
        migrations.AddIndex(
            model_name="heldpackage",
            index=models.Index(
                condition=models.Q(("state", "held")),
                fields=["storefront", "next_step_on", "public_id"],
                name="held_package_next",
            ),
        ),
        migrations.AddConstraint(
            model_name="heldpackage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", True),
                        ("closed_by__isnull", True),
                        ("package__isnull", True),
                        ("state", "held"),
                    ),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                        ("package__isnull", False),
                        ("state", "matched"),
                    ),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                        ("state__in", ["sent_back", "scrapped"]),
                        ("package__isnull", True),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="held_package_ends_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="heldpackage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at__isnull", True), ("closed_at__gte", models.F("held_at")), _connector="OR"
                ),
                name="held_package_closed_after_held",
            ),
        ),
        migrations.AddConstraint(
            model_name="contacttry",
            constraint=models.UniqueConstraint(fields=("held", "number"), name="contact_try_number_once"),
        ),
        migrations.AddConstraint(
            model_name="contacttry",
            constraint=models.CheckConstraint(
                condition=models.Q(("way__in", ["email", "phone", "letter"])), name="contact_try_way_is_known"
            ),
        ),
        migrations.RunSQL(APPEND_ONLY, "DROP TRIGGER contact_try_append_only ON returns_contacttry;"),
    ]
