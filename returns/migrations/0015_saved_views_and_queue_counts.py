"""Saved views of the queue, its orders as indexes, and counters that a trigger keeps with every change of a request."""

import datetime as dt
import uuid

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

COUNTERS = """
-- The day a running deadline ends; NULL while none runs.
CREATE FUNCTION queue_day(status text, answer_due_on date, due_on date) RETURNS date IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE WHEN status IN ('received', 'inspected', 'difference_sent') AND answer_due_on IS NULL THEN due_on END
$$;

-- One less of the kind it was, one more of the kind it is. Rows are only added, so nobody waits for anybody.
CREATE FUNCTION request_is_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.storefront_id, OLD.status, OLD.owner_id, OLD.is_claim,
            queue_day(OLD.status, OLD.answer_due_on, OLD.due_on))
        IS NOT DISTINCT FROM (NEW.storefront_id, NEW.status, NEW.owner_id, NEW.is_claim,
            queue_day(NEW.status, NEW.answer_due_on, NEW.due_on)) THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO returns_queuecount (storefront_id, status, owner_id, is_claim, due_on, delta)
        VALUES (OLD.storefront_id, OLD.status, OLD.owner_id, OLD.is_claim,
            queue_day(OLD.status, OLD.answer_due_on, OLD.due_on), -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO returns_queuecount (storefront_id, status, owner_id, is_claim, due_on, delta)
        VALUES (NEW.storefront_id, NEW.status, NEW.owner_id, NEW.is_claim,
            queue_day(NEW.status, NEW.answer_due_on, NEW.due_on), 1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER request_counted AFTER INSERT OR UPDATE OR DELETE ON returns_returnrequest
    FOR EACH ROW EXECUTE FUNCTION request_is_counted();

-- Begin again from the requests themselves, while nobody changes one and nobody folds.
CREATE FUNCTION recount_queue() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock('returns_queuecount'::regclass::oid::bigint);
    LOCK TABLE returns_returnrequest IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM returns_queuecount;
    INSERT INTO returns_queuecount (storefront_id, status, owner_id, is_claim, due_on, delta)
    SELECT storefront_id, status, owner_id, is_claim, queue_day(status, answer_due_on, due_on), count(*)
    FROM returns_returnrequest GROUP BY 1, 2, 3, 4, 5;
END $$;
SELECT recount_queue();
"""

NO_COUNTERS = """
DROP TRIGGER request_counted ON returns_returnrequest;
DROP FUNCTION recount_queue();
DROP FUNCTION request_is_counted();
DROP FUNCTION queue_day(text, date, date);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("returns", "0014_outgoing_shipments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="QueueCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("status", models.CharField(max_length=24)),
                ("owner_id", models.BigIntegerField(null=True)),
                ("is_claim", models.BooleanField()),
                ("due_on", models.DateField(null=True)),
                ("delta", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=40)),
                ("filter", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.AddIndex(
            model_name="returnrequest",
            index=models.Index(
                models.Case(
                    models.When(
                        is_claim=True,
                        status__in=("in_review", "information_requested", "submitted"),
                        then=models.Value(0),
                    ),
                    default=models.Value(1),
                    output_field=models.SmallIntegerField(),
                ),
                django.db.models.functions.comparison.Coalesce("due_on", models.Value(dt.date(9999, 12, 31))),
                models.F("requested_at"),
                models.F("reference"),
                condition=models.Q(
                    ("status__in", ["completed", "rejected", "redirected", "withdrawn", "expired"]), _negated=True
                ),
                name="request_queue_urgent",
            ),
        ),
        migrations.AddIndex(
            model_name="returnrequest",
            index=models.Index(
                condition=models.Q(
                    ("status__in", ["completed", "rejected", "redirected", "withdrawn", "expired"]), _negated=True
                ),
                fields=["requested_at", "reference"],
                name="request_queue_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="returnrequest",
            index=models.Index(
                condition=models.Q(
                    ("status__in", ["completed", "rejected", "redirected", "withdrawn", "expired"]), _negated=True
                ),
                fields=["amount", "reference"],
                name="request_queue_amount",
            ),
        ),
        migrations.AddField(
            model_name="queuecount",
            name="storefront",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="returns.storefront",
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="saved_views", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="shared_at",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: personal",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="returns.storefront",
            ),
        ),
        migrations.AddIndex(
            model_name="queuecount",
            index=models.Index(fields=["storefront"], name="queue_count_storefront"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                models.F("person"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("shared_at__isnull", True)),
                name="saved_view_once_for_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                models.F("shared_at"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("shared_at__isnull", False)),
                name="saved_view_once_at_a_storefront",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="saved_view_has_a_name"
            ),
        ),
        migrations.RunSQL(COUNTERS, NO_COUNTERS),
    ]
