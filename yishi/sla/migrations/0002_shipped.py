"""The shipped promises (classes E, C, R, Q, P), service hours 08:00–20:00 every day, and the version that caches go by."""

from datetime import timedelta

from django.db import migrations

# class: first reply, solution, next update (hours; 0 = none), how they are counted, hours until the next level hears of a breach
PROMISES = {
    "E": (2, 6, 24, "SERVICE_HOURS", 2),
    "C": (24, 72, 24, "NATURAL", 12),
    "R": (2, 24, 24, "NATURAL", 2),
    "Q": (24, 72, 24, "NATURAL", 24),
    "P": (72, 72, 0, "NATURAL", 24),
}
# the number comes from a sequence: what was read inside a transaction that was given up never comes again
VERSION = """
CREATE SEQUENCE sla_version;
INSERT INTO sla_setup (version) VALUES (nextval('sla_version'));
CREATE FUNCTION sla_raise_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sla_setup SET version = nextval('sla_version');
    RETURN NULL;
END $$;
CREATE TRIGGER sla_raise_version AFTER INSERT OR UPDATE OR DELETE ON sla_policy
    FOR EACH STATEMENT EXECUTE FUNCTION sla_raise_version();
CREATE TRIGGER sla_raise_version AFTER INSERT OR UPDATE OR DELETE ON sla_calendar
    FOR EACH STATEMENT EXECUTE FUNCTION sla_raise_version();
"""


def ship(apps, schema_editor):
    Policy = apps.get_model("sla", "SlaPolicy")
    for case_class, (reply, solution, update, counting, escalate) in PROMISES.items():
        for kind, hours, how in (
            ("FIRST_RESPONSE", reply, counting),
            ("RESOLUTION", solution, counting),
            ("NEXT_UPDATE", update, "NATURAL"),
        ):
            if hours:
                Policy.objects.create(
                    case_class=case_class,
                    kind=kind,
                    within=timedelta(hours=hours),
                    counting=how,
                    escalate_within=timedelta(hours=escalate),
                )
    apps.get_model("sla", "ServiceCalendar").objects.create(
        zone="", weekly={str(day): [["08:00", "20:00"]] for day in range(7)}
    )


class Migration(migrations.Migration):
    dependencies = [("sla", "0001_initial")]

    operations = [
        migrations.RunPython(ship, migrations.RunPython.noop),
        migrations.RunSQL(
            VERSION,
            "DROP FUNCTION sla_raise_version CASCADE; DROP SEQUENCE sla_version; DELETE FROM sla_setup",
        ),
    ]
