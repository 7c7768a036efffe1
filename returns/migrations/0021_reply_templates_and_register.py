"""Reply templates of a storefront with every wording they have had; rows of the register have names to page by."""

import uuid
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

KEPT = """
CREATE TRIGGER reply_template_change_append_only BEFORE UPDATE OR DELETE ON returns_replytemplatechange
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
UNKEPT = "DROP TRIGGER reply_template_change_append_only ON returns_replytemplatechange;"

NAMED = """
ALTER TABLE returns_override ADD COLUMN public_id uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE returns_override ALTER COLUMN public_id DROP DEFAULT;
"""
"""In the database alone: its rows are never updated, and each has to get a name of its own."""


def person() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=django.db.models.deletion.PROTECT, related_name="+")


def key() -> "models.BigAutoField[Any, Any]":
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    """What staff often write to customers is written once, by managers."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("returns", "0020_proposals_and_corrections"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReplyTemplate",
            fields=[
                ("id", key()),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("use", models.CharField(max_length=10)),
                (
                    "language",
                    models.CharField(default="en", help_text="Of the customers it is written for", max_length=10),
                ),
                ("name", models.CharField(max_length=80)),
                ("body", models.CharField(max_length=2000)),
                ("changes", models.PositiveIntegerField(default=0, help_text="How many wordings it has had")),
                ("changed_at", models.DateTimeField()),
                (
                    "put_away_at",
                    models.DateTimeField(blank=True, help_text="Not offered at the desk since", null=True),
                ),
                ("changed_by", person()),
                (
                    "storefront",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reply_templates",
                        to="returns.storefront",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(put_away_at__isnull=True),
                        fields=("storefront", "use", "name"),
                        name="reply_template_name_once",
                    ),
                    models.CheckConstraint(
                        condition=Q(use__in=["ask", "reject", "message"]), name="reply_template_use_is_known"
                    ),
                    models.CheckConstraint(condition=~Q(name="") & ~Q(body=""), name="reply_template_says_something"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReplyTemplateChange",
            fields=[
                ("id", key()),
                ("number", models.PositiveIntegerField()),
                ("use", models.CharField(max_length=10)),
                ("language", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=80)),
                ("body", models.CharField(max_length=2000)),
                ("put_away", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                ("by", person()),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="history",
                        to="returns.replytemplate",
                    ),
                ),
            ],
            options={
                "ordering": ["template", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("template", "number"), name="reply_template_change_once"),
                ],
            },
        ),
        migrations.RunSQL(KEPT, UNKEPT),
        migrations.RunSQL(
            NAMED,
            "ALTER TABLE returns_override DROP COLUMN public_id;",
            state_operations=[
                migrations.AddField("override", "public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
            ],
        ),
        migrations.AlterField(
            "override", "public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
        ),
        migrations.AddIndex("override", models.Index(fields=["-at", "-public_id"], name="override_newest")),
    ]
