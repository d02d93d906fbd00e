"""Every line of a case's history carries the hash of the line before it; the newest is kept aside nightly.

The trigger seals lines as they are written. A case whose older lines are not sealed yet (0007 does that in
batches, while the last release may still be writing) is sealed whole when it gets its next line.
"""

import django.db.models.deletion
from django.db import migrations, models

SEAL = r"""
CREATE FUNCTION cases_sealed(entry cases_timeline_entry, before bytea) RETURNS bytea
LANGUAGE plpgsql STABLE AS $$
DECLARE
    part text;
    said text := '';
BEGIN
    -- every value with its length, so that no two lines can read the same; moments in microseconds
    FOREACH part IN ARRAY ARRAY[
        encode(before, 'hex'), entry.case_id::text, entry.kind, entry.audience, entry.text, entry.data::text,
        entry.author_kind, coalesce(entry.author_id::text, ''),
        trunc(extract(epoch FROM entry.at) * 1000000)::bigint::text
    ] LOOP
        said := said || ',' || octet_length(convert_to(part, 'UTF8')) || ':' || part;
    END LOOP;
    RETURN sha256(convert_to(substr(said, 2), 'UTF8'));
END $$;

CREATE FUNCTION cases_seal_history(which bigint) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
    line cases_timeline_entry;
    last bytea := '';
BEGIN
    FOR line IN SELECT * FROM cases_timeline_entry WHERE case_id = which ORDER BY id LOOP
        IF line.hash = '' THEN
            UPDATE cases_timeline_entry SET prev_hash = last, hash = cases_sealed(line, last)
             WHERE id = line.id RETURNING hash INTO last;
        ELSE
            last := line.hash;
        END IF;
    END LOOP;
    RETURN last;
END $$;

CREATE FUNCTION cases_chain_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    -- writers hold the case already; whoever does not waits here for those who do
    PERFORM 1 FROM cases_case WHERE id = NEW.case_id FOR NO KEY UPDATE;
    SELECT id, hash INTO last FROM cases_timeline_entry WHERE case_id = NEW.case_id ORDER BY id DESC LIMIT 1;
    IF last.id > NEW.id THEN
        -- its number was drawn before the wait: lines stand in the order in which they were sealed
        NEW.id := nextval(pg_get_serial_sequence('cases_timeline_entry', 'id'));
    END IF;
    NEW.prev_hash := coalesce(last.hash, '');
    IF last.hash = '' THEN
        NEW.prev_hash := cases_seal_history(NEW.case_id);
    END IF;
    NEW.hash := cases_sealed(NEW, NEW.prev_hash);
    RETURN NEW;
END $$;
CREATE TRIGGER cases_chain_line BEFORE INSERT ON cases_timeline_entry
    FOR EACH ROW EXECUTE FUNCTION cases_chain_line();

CREATE OR REPLACE FUNCTION cases_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- only the nightly retention, which says so for its own transaction, may take lines away
    IF TG_OP = 'DELETE' AND current_setting('yishi.retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    -- a line from before there were seals gets its seal, once
    IF TG_OP = 'UPDATE' AND OLD.hash = ''
       AND to_jsonb(NEW) - '{hash,prev_hash}'::text[] = to_jsonb(OLD) - '{hash,prev_hash}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the history of a case is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
UNSEAL = """
DROP TRIGGER cases_chain_line ON cases_timeline_entry;
DROP FUNCTION cases_chain_line(); DROP FUNCTION cases_seal_history(bigint);
DROP FUNCTION cases_sealed(cases_timeline_entry, bytea);
"""
COLUMNS = ("prev_hash", "hash")


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_agents_speed")]

    operations = [
        *(
            migrations.AddField(
                model_name="timelineentry",
                name=name,
                field=models.BinaryField(db_default=b"", default=b"", max_length=32),
            )
            for name in COLUMNS
        ),
        migrations.AlterField(
            model_name="timelineentry",
            name="audience",
            field=models.TextField(
                choices=[("PUBLIC", "进度"), ("INTERNAL", "内部备注"), ("HEAD_OFFICE", "总部备注")]
            ),
        ),
        migrations.CreateModel(
            name="HistoryHead",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="history_head",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("entry_id", models.BigIntegerField(db_index=True)),
                ("hash", models.BinaryField(max_length=32)),
                ("anchored_at", models.DateTimeField()),
            ],
            options={"db_table": "cases_history_head"},
        ),
        migrations.RunSQL(SEAL, UNSEAL),
    ]
