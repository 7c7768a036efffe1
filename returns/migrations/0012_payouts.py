"""What a settlement pays out to the payment method, and how far that has come; the moves a trigger lets through."""

from decimal import Decimal

from django.db import migrations, models

FILL = """
UPDATE returns_settlement s SET payout = paid.amount FROM (
    SELECT e.request_id, sum(e.amount) AS amount FROM returns_ledgerentry e
    JOIN returns_ledgeraccount a ON a.id = e.credit_id AND a.kind = 'refunds_payable' GROUP BY e.request_id
) paid WHERE paid.request_id = s.request_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""

MOVES = """
CREATE FUNCTION settlement_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.state, NEW.state) NOT IN (
        ('decided', 'sent'), ('sent', 'confirmed'), ('sent', 'failed'), ('failed', 'sent')
    ) THEN
        RAISE EXCEPTION 'a payout does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER settlement_moves BEFORE UPDATE OF state ON returns_settlement
    FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION settlement_moves_on();
"""
STAY = """
DROP TRIGGER settlement_moves ON returns_settlement;
DROP FUNCTION settlement_moves_on();
"""

KINDS = [
    "store_credit",
    "receivable",
    "refunds_payable",
    "returns",
    "service_charges",
    "paid_out",
    "goodwill",
    "postage",
]


class Migration(migrations.Migration):
    """Refunds to pay out: decided, sent, confirmed or failed (D1)."""

    dependencies = [("returns", "0011_counted_balances")]

    operations = [
        migrations.RemoveConstraint("ledgeraccount", "ledger_account_kind_is_known"),
        migrations.AddConstraint(
            "ledgeraccount",
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="ledger_account_kind_is_known"),
        ),
        migrations.AddField(
            "settlement",
            "payout",
            models.DecimalField(
                max_digits=12,
                decimal_places=2,
                default=Decimal("0.00"),
                help_text="The part of the total that goes to the payment method",
            ),
        ),
        migrations.AddField(
            "settlement",
            "state_at",
            models.DateTimeField(null=True, blank=True, help_text="When the payout was sent, confirmed or failed"),
        ),
        migrations.AddField(
            "settlement",
            "failure",
            models.CharField(max_length=200, blank=True, default="", help_text="Why the payout failed; for staff"),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "settlement",
            models.CheckConstraint(
                condition=models.Q(payout__gte=0, payout__lte=models.F("total")),
                name="settlement_payout_within_total",
            ),
        ),
        migrations.AddConstraint(
            "settlement",
            models.CheckConstraint(
                condition=~models.Q(state__in=["sent", "failed"]) | models.Q(provider_reference__isnull=False),
                name="settlement_sent_has_a_reference",
            ),
        ),
        migrations.AddIndex(
            "settlement",
            models.Index(
                fields=["state", "decided_at", "public_id"],
                condition=models.Q(payout__gt=0),
                name="settlement_to_pay_out",
            ),
        ),
        migrations.RunSQL(MOVES, STAY),
    ]
