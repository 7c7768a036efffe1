"""What the database itself refuses: illegal moves, edited history, edited policies, sums that don't add up."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON returns_returnevent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE ON returns_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settlement_line_append_only BEFORE UPDATE OR DELETE ON returns_settlementline
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER override_append_only BEFORE UPDATE OR DELETE ON returns_override
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

EVENTS_FOLLOW = """
CREATE FUNCTION event_follows_the_last() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_target text;
BEGIN
    IF NEW.source = '' THEN
        RETURN NEW;
    END IF;
    SELECT target INTO last_target FROM returns_returnevent
        WHERE request_id = NEW.request_id AND target <> '' ORDER BY seq DESC LIMIT 1;
    IF NEW.source <> coalesce(last_target, 'submitted') THEN
        RAISE EXCEPTION 'event starts from %, the last one led to %', NEW.source, coalesce(last_target, 'submitted')
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER event_follows BEFORE INSERT ON returns_returnevent
    FOR EACH ROW EXECUTE FUNCTION event_follows_the_last();
"""

REQUESTS_MOVE_LEGALLY = """
CREATE FUNCTION request_moves_legally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> OLD.status AND NOT EXISTS (
        SELECT 1 FROM returns_workflowtransition WHERE source = OLD.status AND target = NEW.status
    ) THEN
        RAISE EXCEPTION 'a request does not go from % to %', OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.rma_number IS NOT NULL AND NEW.rma_number IS DISTINCT FROM OLD.rma_number THEN
        RAISE EXCEPTION 'an RMA number never changes' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.reference <> OLD.reference OR NEW.policy_version_id <> OLD.policy_version_id
        OR NEW.quote <> OLD.quote OR NEW.requested_at <> OLD.requested_at OR NEW.order_id <> OLD.order_id THEN
        RAISE EXCEPTION 'what was submitted is frozen' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER request_moves BEFORE UPDATE ON returns_returnrequest
    FOR EACH ROW EXECUTE FUNCTION request_moves_legally();
"""

POLICIES_STAY = """
CREATE FUNCTION published_policy_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'a published policy version never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER policy_version_stays BEFORE UPDATE OR DELETE ON returns_policyversion
    FOR EACH ROW EXECUTE FUNCTION published_policy_stays();
"""

LEDGER_BALANCES = """
CREATE FUNCTION ledger_entry_is_sound() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    debit returns_ledgeraccount;
    credit returns_ledgeraccount;
BEGIN
    SELECT * INTO debit FROM returns_ledgeraccount WHERE id = NEW.debit_id;
    SELECT * INTO credit FROM returns_ledgeraccount WHERE id = NEW.credit_id;
    IF debit.currency <> NEW.currency OR credit.currency <> NEW.currency THEN
        RAISE EXCEPTION 'an entry has one currency' USING ERRCODE = 'check_violation';
    END IF;
    IF debit.storefront_id <> credit.storefront_id THEN
        RAISE EXCEPTION 'an entry stays within its storefront' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_entry_sound BEFORE INSERT ON returns_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_is_sound();

CREATE FUNCTION ledger_entry_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Always the lower key first, so that two entries between the same accounts never wait for each other.
    IF NEW.debit_id < NEW.credit_id THEN
        UPDATE returns_ledgeraccount SET balance = balance - NEW.amount WHERE id = NEW.debit_id;
        UPDATE returns_ledgeraccount SET balance = balance + NEW.amount WHERE id = NEW.credit_id;
    ELSE
        UPDATE returns_ledgeraccount SET balance = balance + NEW.amount WHERE id = NEW.credit_id;
        UPDATE returns_ledgeraccount SET balance = balance - NEW.amount WHERE id = NEW.debit_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_entry_counted AFTER INSERT ON returns_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_counts();

CREATE FUNCTION settlement_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    settlement_key bigint := CASE TG_TABLE_NAME WHEN 'returns_settlement' THEN (to_jsonb(NEW)->>'id')::bigint
                             ELSE (to_jsonb(NEW)->>'settlement_id')::bigint END;
    stated numeric;
    summed numeric;
BEGIN
    SELECT total INTO stated FROM returns_settlement WHERE id = settlement_key;
    SELECT coalesce(sum(amount), 0) INTO summed FROM returns_settlementline WHERE settlement_id = settlement_key;
    IF stated <> summed THEN
        RAISE EXCEPTION 'settlement of % has lines of %', stated, summed USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER settlement_sum AFTER INSERT OR UPDATE ON returns_settlement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settlement_adds_up();
CREATE CONSTRAINT TRIGGER settlement_line_sum AFTER INSERT ON returns_settlementline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settlement_adds_up();
"""

UNDO = """
DROP TRIGGER settlement_line_sum ON returns_settlementline;
DROP TRIGGER settlement_sum ON returns_settlement;
DROP TRIGGER ledger_entry_counted ON returns_ledgerentry;
DROP TRIGGER ledger_entry_sound ON returns_ledgerentry;
DROP TRIGGER policy_version_stays ON returns_policyversion;
DROP TRIGGER request_moves ON returns_returnrequest;
DROP TRIGGER event_follows ON returns_returnevent;
DROP TRIGGER override_append_only ON returns_override;
DROP TRIGGER settlement_line_append_only ON returns_settlementline;
DROP TRIGGER ledger_entry_append_only ON returns_ledgerentry;
DROP TRIGGER event_append_only ON returns_returnevent;
DROP FUNCTION settlement_adds_up();
DROP FUNCTION ledger_entry_counts();
DROP FUNCTION ledger_entry_is_sound();
DROP FUNCTION published_policy_stays();
DROP FUNCTION request_moves_legally();
DROP FUNCTION event_follows_the_last();
DROP FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("returns", "0001_storefronts_orders_requests")]

    operations = [
        migrations.RunSQL(APPEND_ONLY + EVENTS_FOLLOW + REQUESTS_MOVE_LEGALLY + POLICIES_STAY + LEDGER_BALANCES, UNDO),
    ]
