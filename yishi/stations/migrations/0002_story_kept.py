"""The trigger that keeps the story of a parcel's stay as it was written: whose hands, when, where."""

from django.db import migrations

GUARD = """
CREATE FUNCTION stations_keep_story() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- only the nightly retention, which says so for its own transaction, may take lines away
    IF TG_OP = 'DELETE' AND current_setting('yishi.retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the story of a stay is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER stations_keep_story BEFORE UPDATE OR DELETE ON stations_move
    FOR EACH ROW EXECUTE FUNCTION stations_keep_story();
"""


class Migration(migrations.Migration):
    dependencies = [("stations", "0001_initial")]

    operations = [
        migrations.RunSQL(
            GUARD, "DROP TRIGGER stations_keep_story ON stations_move; DROP FUNCTION stations_keep_story()"
        ),
    ]
