"""The managers' figures as roll-ups, and triggers that mark the days whose figures change."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

MARKS = """
-- The days that these requests count into are added up again. Rows are only added, so nobody waits for anybody.
CREATE FUNCTION mark_reports(requests bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO returns_reportmark (storefront_id, by, day)
    SELECT DISTINCT r.storefront_id, dated.by, (dated.at AT TIME ZONE f.timezone)::date
    FROM returns_returnrequest r
    JOIN returns_storefront f ON f.id = r.storefront_id
    LEFT JOIN returns_settlement s ON s.request_id = r.id
    CROSS JOIN LATERAL (
        VALUES ('requested', r.requested_at), ('received', r.received_at), ('settled', s.decided_at)
    ) dated (by, at)
    WHERE r.id = ANY (requests) AND dated.at IS NOT NULL
$$;

-- Everything there is at a storefront, from nothing.
CREATE FUNCTION mark_all_reports(shop bigint) RETURNS void LANGUAGE sql AS $$
    DELETE FROM returns_reportfigure WHERE storefront_id = shop;
    INSERT INTO returns_reportmark (storefront_id, by, day)
    SELECT DISTINCT shop, dated.by, (dated.at AT TIME ZONE f.timezone)::date
    FROM returns_storefront f
    CROSS JOIN LATERAL (
        SELECT 'requested' AS by, requested_at AS at FROM returns_returnrequest WHERE storefront_id = shop
        UNION ALL SELECT 'received', received_at FROM returns_returnrequest
            WHERE storefront_id = shop AND received_at IS NOT NULL
        UNION ALL SELECT 'settled', s.decided_at FROM returns_settlement s
            JOIN returns_returnrequest r ON r.id = s.request_id WHERE r.storefront_id = shop
        UNION ALL SELECT 'booked', e.at FROM returns_ledgerentry e
            JOIN returns_ledgeraccount a ON a.id = e.debit_id WHERE a.storefront_id = shop
    ) dated
    WHERE f.id = shop
$$;

-- The customer's later returns in the year after: whether they are repeated ones depends on this one.
CREATE FUNCTION mark_later_reports(account bigint, since timestamptz) RETURNS void LANGUAGE sql AS $$
    SELECT mark_reports(ARRAY(
        SELECT id FROM returns_returnrequest WHERE account_id = account
        AND requested_at > since AND requested_at <= since + interval '1 year'
    )) WHERE account IS NOT NULL
$$;

CREATE FUNCTION mark_reports_of_request() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    zone text;
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.storefront_id, OLD.account_id, OLD.status, OLD.amount, OLD.requested_at,
            OLD.received_at, OLD.decided_at, OLD.authorized_at, OLD.due_on)
        IS NOT DISTINCT FROM (NEW.storefront_id, NEW.account_id, NEW.status, NEW.amount, NEW.requested_at,
            NEW.received_at, NEW.decided_at, NEW.authorized_at, NEW.due_on) THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM mark_reports(ARRAY[NEW.id]);
    END IF;
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND (OLD.storefront_id, OLD.requested_at, OLD.received_at)
            IS DISTINCT FROM (NEW.storefront_id, NEW.requested_at, NEW.received_at) THEN
        SELECT timezone INTO zone FROM returns_storefront WHERE id = OLD.storefront_id;
        INSERT INTO returns_reportmark (storefront_id, by, day)
        SELECT OLD.storefront_id, dated.by, (dated.at AT TIME ZONE zone)::date
        FROM (VALUES ('requested', OLD.requested_at), ('received', OLD.received_at)) dated (by, at)
        WHERE dated.at IS NOT NULL AND zone IS NOT NULL;
    END IF;
    IF TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND OLD.account_id IS DISTINCT FROM NEW.account_id THEN
        PERFORM mark_later_reports(NEW.account_id, NEW.requested_at);
    END IF;
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND OLD.account_id IS DISTINCT FROM NEW.account_id THEN
        PERFORM mark_later_reports(OLD.account_id, OLD.requested_at);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER request_reported AFTER INSERT OR UPDATE OR DELETE ON returns_returnrequest
    FOR EACH ROW EXECUTE FUNCTION mark_reports_of_request();

CREATE FUNCTION mark_reports_of_new_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mark_reports(ARRAY(SELECT DISTINCT request_id FROM changed WHERE request_id IS NOT NULL));
    RETURN NULL;
END $$;
CREATE TRIGGER return_line_added_reported AFTER INSERT ON returns_returnline
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_reports_of_new_rows();
CREATE TRIGGER return_line_changed_reported AFTER UPDATE ON returns_returnline
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_reports_of_new_rows();
CREATE TRIGGER return_line_removed_reported AFTER DELETE ON returns_returnline
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_reports_of_new_rows();
CREATE TRIGGER settlement_added_reported AFTER INSERT ON returns_settlement
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_reports_of_new_rows();
CREATE TRIGGER ledger_entry_reported AFTER INSERT ON returns_ledgerentry
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_reports_of_new_rows();

CREATE FUNCTION mark_booked_reports() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO returns_reportmark (storefront_id, by, day)
    SELECT DISTINCT a.storefront_id, 'booked', (e.at AT TIME ZONE f.timezone)::date
    FROM changed e JOIN returns_ledgeraccount a ON a.id = e.debit_id
    JOIN returns_storefront f ON f.id = a.storefront_id;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_entry_booked_reported AFTER INSERT ON returns_ledgerentry
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_booked_reports();

CREATE FUNCTION mark_reports_of_override() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mark_reports(ARRAY[coalesce(NEW.request_id,
        (SELECT request_id FROM returns_returnline WHERE id = NEW.line_id))]);
    RETURN NULL;
END $$;
CREATE TRIGGER override_reported AFTER INSERT ON returns_override
    FOR EACH ROW EXECUTE FUNCTION mark_reports_of_override();

CREATE FUNCTION mark_reports_of_mail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mark_reports(ARRAY[NEW.request_id]);
    RETURN NULL;
END $$;
CREATE TRIGGER mail_reported AFTER UPDATE OF state ON returns_notification FOR EACH ROW
    WHEN ((NEW.state = 'failed') <> (OLD.state = 'failed') AND NEW.request_id IS NOT NULL)
    EXECUTE FUNCTION mark_reports_of_mail();
CREATE TRIGGER failed_mail_reported AFTER INSERT ON returns_notification FOR EACH ROW
    WHEN (NEW.state = 'failed' AND NEW.request_id IS NOT NULL) EXECUTE FUNCTION mark_reports_of_mail();

-- Other days, other figures.
CREATE FUNCTION mark_reports_of_zone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mark_all_reports(NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER storefront_zone_reported AFTER UPDATE OF timezone ON returns_storefront FOR EACH ROW
    WHEN (NEW.timezone <> OLD.timezone) EXECUTE FUNCTION mark_reports_of_zone();

SELECT mark_all_reports(id) FROM returns_storefront;
"""

NO_MARKS = """
DROP TRIGGER storefront_zone_reported ON returns_storefront;
DROP TRIGGER failed_mail_reported ON returns_notification;
DROP TRIGGER mail_reported ON returns_notification;
DROP TRIGGER override_reported ON returns_override;
DROP TRIGGER ledger_entry_booked_reported ON returns_ledgerentry;
DROP TRIGGER ledger_entry_reported ON returns_ledgerentry;
DROP TRIGGER settlement_added_reported ON returns_settlement;
DROP TRIGGER return_line_removed_reported ON returns_returnline;
DROP TRIGGER return_line_changed_reported ON returns_returnline;
DROP TRIGGER return_line_added_reported ON returns_returnline;
DROP TRIGGER request_reported ON returns_returnrequest;
DROP FUNCTION mark_reports_of_zone();
DROP FUNCTION mark_reports_of_mail();
DROP FUNCTION mark_reports_of_override();
DROP FUNCTION mark_booked_reports();
DROP FUNCTION mark_reports_of_new_rows();
DROP FUNCTION mark_reports_of_request();
DROP FUNCTION mark_later_reports(bigint, timestamptz);
DROP FUNCTION mark_all_reports(bigint);
DROP FUNCTION mark_reports(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("returns", "0023_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by", models.CharField(max_length=10)),
                ("span", models.CharField(max_length=5)),
                ("starts_on", models.DateField()),
                ("figure", models.CharField(max_length=20)),
                ("detail", models.CharField(max_length=200)),
                ("number", models.BigIntegerField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
            ],
        ),
        migrations.CreateModel(
            name="ReportMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by", models.CharField(max_length=10)),
                ("day", models.DateField()),
            ],
        ),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(fields=["at"], name="ledger_entry_at"),
        ),
        migrations.AddIndex(
            model_name="ledgeraccount",
            index=models.Index(
                fields=["storefront", "-balance", "-id"],
                condition=models.Q(("balance__gt", 0), ("kind", "store_credit")),
                name="ledger_credit_owed",
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(condition=models.Q(("state", "failed")), fields=["request"], name="notification_failed"),
        ),
        migrations.AddIndex(
            model_name="returnrequest",
            index=models.Index(
                condition=models.Q(("received_at__isnull", False)),
                fields=["storefront", "received_at"],
                name="request_received",
            ),
        ),
        migrations.AddField(
            model_name="reportfigure",
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
            model_name="reportmark",
            name="storefront",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="returns.storefront",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportfigure",
            constraint=models.UniqueConstraint(
                fields=("storefront", "by", "span", "starts_on", "figure", "detail"), name="report_figure_once"
            ),
        ),
        migrations.AddIndex(
            model_name="reportmark",
            index=models.Index(fields=["storefront", "by", "day"], name="report_mark_day"),
        ),
        migrations.RunSQL(MARKS, NO_MARKS),
    ]
