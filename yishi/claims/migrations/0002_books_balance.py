"""The database itself refuses an entry that does not balance, and keeps the books as they were written."""

from django.db import migrations

GUARD = """
CREATE FUNCTION claims_check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry bigint := CASE WHEN TG_TABLE_NAME = 'claims_entry' THEN NEW.id
                         ELSE (to_jsonb(NEW) ->> 'entry_id')::bigint END;
BEGIN
    IF (SELECT count(*) < 2 OR sum(amount_fen) <> 0 FROM claims_posting WHERE entry_id = entry) THEN
        RAISE EXCEPTION 'entry % does not balance', entry USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER claims_entry_balances AFTER INSERT ON claims_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claims_check_balance();
CREATE CONSTRAINT TRIGGER claims_posting_balances AFTER INSERT ON claims_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claims_check_balance();
CREATE FUNCTION claims_keep_books() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'books are never changed: reverse the entry' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER claims_keep_books BEFORE UPDATE OR DELETE ON claims_entry
    FOR EACH ROW EXECUTE FUNCTION claims_keep_books();
CREATE TRIGGER claims_keep_books BEFORE UPDATE OR DELETE ON claims_posting
    FOR EACH ROW EXECUTE FUNCTION claims_keep_books();
"""
BACK = """
DROP TRIGGER claims_keep_books ON claims_posting;
DROP TRIGGER claims_keep_books ON claims_entry;
DROP TRIGGER claims_posting_balances ON claims_posting;
DROP TRIGGER claims_entry_balances ON claims_entry;
DROP FUNCTION claims_keep_books();
DROP FUNCTION claims_check_balance();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, BACK)]
