"""What the customer's side needs: drafts, photos, licenses, mail preferences, languages, exchange products."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("returns", "0004_message_nonce"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("lane", models.CharField(default="return", max_length=10)),
                (
                    "nonce",
                    models.UUIDField(
                        default=uuid.uuid4, help_text="The nonce of the request it becomes (B30)", unique=True
                    ),
                ),
                ("data", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="License",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("wanted_type", models.CharField(max_length=16)),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("uploaded_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("refusal", models.CharField(blank=True, help_text="What the customer reads", max_length=500)),
            ],
            options={
                "ordering": ["-uploaded_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="MailPreference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(help_text="In small letters", max_length=254)),
                ("wants_optional", models.BooleanField(default=True)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "stage",
                    models.CharField(
                        default="declared", help_text="Shown by the customer, or found by staff", max_length=10
                    ),
                ),
                ("from_staff", models.BooleanField(default=False)),
                ("caption", models.CharField(blank=True, max_length=120)),
                ("file", models.CharField(help_text="Below MEDIA_ROOT; a name of ours", max_length=200, unique=True)),
                ("thumbnail", models.CharField(max_length=200, unique=True)),
                ("content_type", models.CharField(default="image/jpeg", max_length=40)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("size", models.PositiveIntegerField(help_text="Bytes of the stored file")),
                ("sha256", models.CharField(help_text="Of the stored file: bit rot shows (C25)", max_length=64)),
                ("at", models.DateTimeField()),
                ("hidden_at", models.DateTimeField(blank=True, null=True)),
                ("hidden_reason", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.AddField(
            model_name="customeraccount",
            name="address",
            field=models.TextField(blank=True, help_text="As on an envelope, below the name", max_length=500),
        ),
        migrations.AddField(
            model_name="guestlink",
            name="language",
            field=models.CharField(default="en", max_length=10),
        ),
        migrations.AddField(
            model_name="notification",
            name="language",
            field=models.CharField(default="en", max_length=10),
        ),
        migrations.AddField(
            model_name="product",
            name="in_stock",
            field=models.BooleanField(default=True, help_text="Out of stock: nobody can be promised one (CON-15)"),
        ),
        migrations.AddField(
            model_name="returnline",
            name="exchange_product",
            field=models.ForeignKey(
                blank=True,
                help_text="The right one, if wished",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="returns.product",
            ),
        ),
        migrations.AddField(
            model_name="returnrequest",
            name="answer_due_on",
            field=models.DateField(
                blank=True, help_text="After this day staff go on without an answer to the difference", null=True
            ),
        ),
        migrations.AddField(
            model_name="returnrequest",
            name="checks",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40),
                blank=True,
                default=list,
                help_text="Where a missing package was looked for",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="returnrequest",
            name="difference_answer",
            field=models.CharField(
                blank=True, help_text="The customer's answer to what was found; empty: none yet", max_length=10
            ),
        ),
        migrations.AddField(
            model_name="returnrequest",
            name="language",
            field=models.CharField(
                default="en", help_text="Of the pages it was filed on; its mails follow", max_length=10
            ),
        ),
        migrations.AddField(
            model_name="returnrequest",
            name="stated_received_at",
            field=models.DateTimeField(
                blank=True, help_text="When the customer says it came, where the carrier didn't (RES-24)", null=True
            ),
        ),
        migrations.AddField(
            model_name="storefront",
            name="help_topics",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text='Short answers of this shop: [{"title", "text", "places": ["landing", …]}]',
            ),
        ),
        migrations.AlterField(
            model_name="storefront",
            name="account_self_service",
            field=models.BooleanField(default=True, help_text="Customers edit their account data (RES-38)"),
        ),
        migrations.AddConstraint(
            model_name="returnrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("difference_answer__in", ["", "accept", "send_back", "disagree"])),
                name="request_difference_answer_is_known",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="returns.order"
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="drafts",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="license",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="licenses", to="returns.customeraccount"
            ),
        ),
        migrations.AddField(
            model_name="license",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="license",
            name="uploaded_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="mailpreference",
            name="storefront",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="returns.storefront"
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="draft",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="photos",
                to="returns.draft",
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="hidden_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="license",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="photos",
                to="returns.license",
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="message",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="photos",
                to="returns.message",
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="order_line",
            field=models.ForeignKey(
                blank=True,
                help_text="What it shows",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="photos",
                to="returns.orderline",
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="request",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="photos",
                to="returns.returnrequest",
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="uploaded_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["updated_at"], name="draft_updated"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                fields=("order", "lane", "user"), name="draft_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(("lane__in", ["return", "damage", "missing"])), name="draft_lane_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="license",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("account",),
                name="license_one_waiting_for_each_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="license",
            constraint=models.CheckConstraint(
                condition=models.Q(("wanted_type__in", ["professional", "business"])), name="license_type_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="license",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("state", "waiting")),
                    models.Q(("decided_at__isnull", False), ("state__in", ["granted", "refused"])),
                    _connector="OR",
                ),
                name="license_decision_has_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="mailpreference",
            constraint=models.UniqueConstraint(fields=("storefront", "email"), name="mail_preference_once"),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("draft__isnull", False), ("license__isnull", True), ("request__isnull", True)),
                    models.Q(("draft__isnull", True), ("license__isnull", True), ("request__isnull", False)),
                    models.Q(("draft__isnull", True), ("license__isnull", False), ("request__isnull", True)),
                    _connector="OR",
                ),
                name="photo_belongs_to_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["declared", "found"])), name="photo_stage_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("hidden_at__isnull", True), ("hidden_reason", "")),
                    models.Q(("hidden_at__isnull", False), models.Q(("hidden_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="photo_hidden_has_a_reason",
            ),
        ),
    ]
