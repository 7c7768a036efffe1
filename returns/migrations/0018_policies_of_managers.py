"""Drafts of policies with who and why, their replays, and the history of what managers change, append-only."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

APPEND_ONLY = """
CREATE TRIGGER storefront_change_append_only BEFORE UPDATE OR DELETE ON returns_storefrontchange
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
NOT_APPEND_ONLY = "DROP TRIGGER storefront_change_append_only ON returns_storefrontchange;"


class Migration(migrations.Migration):
    dependencies = [
        ("returns", "0017_earlier_findings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PolicyReplay",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("terms_edited_at", models.DateTimeField(null=True)),
                ("wanted", models.PositiveIntegerField()),
                ("asked_at", models.DateTimeField()),
                ("begun_at", models.DateTimeField(null=True)),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
                ("result", models.JSONField(null=True)),
            ],
            options={
                "ordering": ["-asked_at"],
            },
        ),
        migrations.CreateModel(
            name="StorefrontChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.CharField(max_length=16)),
                ("about", models.CharField(max_length=120)),
                ("before", models.TextField(blank=True)),
                ("after", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.AddField(
            model_name="policyversion",
            name="copied_from",
            field=models.ForeignKey(
                blank=True,
                help_text="What the draft began as",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="returns.policyversion",
            ),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="edited_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="edited_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="published_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="reason",
            field=models.CharField(blank=True, help_text="Why it was published, for the record", max_length=500),
        ),
        migrations.AddField(
            model_name="storefront",
            name="sender_name",
            field=models.CharField(
                blank=True,
                help_text="Whom its mails come from, as mail programs show it; empty: its name",
                max_length=80,
            ),
        ),
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("published_at__isnull", True)),
                fields=("storefront",),
                name="policy_version_one_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.UniqueConstraint(
                fields=("storefront", "effective_from"), name="policy_version_one_begins_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("published_by__isnull", True),
                    models.Q(("published_at__isnull", False), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="policy_version_published_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("published_at__isnull", False), ("effective_from__isnull", True), _connector="OR"),
                name="policy_version_draft_has_no_day",
            ),
        ),
        migrations.AddField(
            model_name="policyreplay",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="policyreplay",
            name="compared_with",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="returns.policyversion"
            ),
        ),
        migrations.AddField(
            model_name="policyreplay",
            name="draft",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="replays", to="returns.policyversion"
            ),
        ),
        migrations.AddField(
            model_name="storefrontchange",
            name="actor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="storefrontchange",
            name="storefront",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="returns.storefront"
            ),
        ),
        migrations.AddIndex(
            model_name="policyreplay",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)), fields=["asked_at"], name="policy_replay_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="policyreplay",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True),
                    models.Q(("begun_at__isnull", False), ("result__isnull", False)),
                    _connector="OR",
                ),
                name="policy_replay_ends_with_a_result",
            ),
        ),
        migrations.AddIndex(
            model_name="storefrontchange",
            index=models.Index(fields=["storefront", "area", "-at", "-id"], name="storefront_change_newest"),
        ),
        migrations.AddConstraint(
            model_name="storefrontchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("area__in", ["settings", "catalogue", "policy"])),
                name="storefront_change_area_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="storefrontchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("before", models.F("after")), _negated=True),
                name="storefront_change_changes_something",
            ),
        ),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
    ]
