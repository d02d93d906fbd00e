"""The counter of case numbers, and the trigger that keeps a case's history as it was written."""

from django.db import migrations

COUNTER = "CREATE SEQUENCE cases_case_no MINVALUE 1 MAXVALUE 9999999 CYCLE"
GUARD = """
CREATE FUNCTION cases_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- only the nightly retention, which says so for its own transaction, may take lines away
    IF TG_OP = 'DELETE' AND current_setting('yishi.retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the history of a case is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER cases_keep_history BEFORE UPDATE OR DELETE ON cases_timeline_entry
    FOR EACH ROW EXECUTE FUNCTION cases_keep_history();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.RunSQL(COUNTER, "DROP SEQUENCE cases_case_no"),
        migrations.RunSQL(
            GUARD,
            "DROP TRIGGER cases_keep_history ON cases_timeline_entry; DROP FUNCTION cases_keep_history()",
        ),
    ]
