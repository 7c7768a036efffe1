"""What the database itself refuses: a ledger balance that no entry moved."""

from django.db import migrations

COUNTED = """
CREATE FUNCTION ledger_balance_is_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a balance changes by ledger entries alone' USING ERRCODE = 'restrict_violation';
END $$;
-- Depth 0 is a statement of its own; the entries' trigger counts at depth 1.
CREATE TRIGGER ledger_balance_counted BEFORE UPDATE OF balance ON returns_ledgeraccount
    FOR EACH ROW WHEN (pg_trigger_depth() = 0 AND NEW.balance <> OLD.balance)
    EXECUTE FUNCTION ledger_balance_is_counted();
"""
UNDO = """
DROP TRIGGER ledger_balance_counted ON returns_ledgeraccount;
DROP FUNCTION ledger_balance_is_counted();
"""


class Migration(migrations.Migration):
    """A store credit is what its entries say; nobody writes it beside them (D1)."""

    dependencies = [("returns", "0010_held_packages")]

    operations = [migrations.RunSQL(COUNTED, UNDO)]
