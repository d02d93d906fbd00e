"""One index on events instead of two: by parcel and time, the identity last, so that it also knows a scan again.

The old key began with a hash: at ten million events every insert touched a page of its own.
"""

import django.db.models
from django.db import migrations

FORWARD = """
ALTER TABLE shipments_event DROP CONSTRAINT shipments_event_pkey;
ALTER TABLE shipments_event ADD PRIMARY KEY (shipment_id, happened_at, identity);
DROP INDEX shipments_event_story;
"""
BACK = """
CREATE INDEX shipments_event_story ON shipments_event (shipment_id, happened_at);
ALTER TABLE shipments_event DROP CONSTRAINT shipments_event_pkey;
ALTER TABLE shipments_event ADD PRIMARY KEY (identity, happened_at);
"""


class Migration(migrations.Migration):
    dependencies = [("shipments", "0002_events")]

    operations = [
        migrations.RunSQL(
            FORWARD,
            BACK,
            state_operations=[
                migrations.AlterField(
                    model_name="trackingevent",
                    name="pk",
                    field=django.db.models.CompositePrimaryKey(
                        "shipment_id", "happened_at", "identity", blank=True, editable=False,
                        primary_key=True, serialize=False,
                    ),
                ),
            ],
        ),
    ]
