"""Tracking events, partitioned by month of `happened_at`, with a default partition for times far off."""

from datetime import UTC, date, datetime

from django.db import migrations

TABLE = """
CREATE TABLE shipments_event (
    identity bytea NOT NULL,
    happened_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    shipment_id bigint NOT NULL,
    source_id bigint NOT NULL,
    kind text NOT NULL,
    source_code text NOT NULL,
    detail text NOT NULL,
    city text NOT NULL,
    outlet text NOT NULL,
    courier text NOT NULL,
    text text NOT NULL,
    signed_by bytea NOT NULL,
    consent boolean,
    position text NOT NULL,
    PRIMARY KEY (identity, happened_at)
) PARTITION BY RANGE (happened_at);
CREATE INDEX shipments_event_story ON shipments_event (shipment_id, happened_at);
CREATE TABLE shipments_event_default PARTITION OF shipments_event DEFAULT;
-- a parcel's row changes with almost every event: room for the new version on the same page
ALTER TABLE shipments_shipment SET (fillfactor = 80);
"""


def _month(of: date, shift: int) -> date:
    months = of.year * 12 + of.month - 1 + shift
    return date(months // 12, months % 12 + 1, 1)


def make_partitions(apps, editor):
    """Months around today; `sweep_partitions` makes the later ones."""
    today = datetime.now(UTC).date()
    for shift in range(-3, 4):
        start, end = _month(today, shift), _month(today, shift + 1)
        editor.execute(
            f"CREATE TABLE IF NOT EXISTS shipments_event_{start:%Y_%m} PARTITION OF shipments_event"
            f" FOR VALUES FROM ('{start} 00:00+00') TO ('{end} 00:00+00')"
        )


class Migration(migrations.Migration):
    dependencies = [("shipments", "0001_initial")]

    operations = [
        migrations.RunSQL(TABLE, "DROP TABLE shipments_event"),
        migrations.RunPython(make_partitions, migrations.RunPython.noop),
    ]
