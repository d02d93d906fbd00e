"""What is to be looked at: parcels that moved, at once; the others when a rule said so."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yishi.detection.models import Incident, Inspection, Sign
from yishi.kit.hot import hot_cursor

_QUEUE = """
INSERT INTO detection_inspection AS i (shipment_id, due_at)
SELECT s.id, %(at)s FROM shipments_shipment s WHERE s.id = ANY(%(ids)s) AND s.merged_into_id IS NULL
 ORDER BY s.id
ON CONFLICT (shipment_id) DO UPDATE SET due_at = excluded.due_at WHERE i.due_at > excluded.due_at
"""


def queue_inspections(*, shipment_ids: Sequence[int], at: datetime) -> None:
    """Lets these parcels be looked at as soon as a worker comes round. One statement, repeatable."""
    hot_cursor().execute(_QUEUE, {"ids": list(shipment_ids), "at": at}, prepare=True)


@transaction.atomic
def follow_parcel(*, shipment_id: int, now_at_id: int, at: datetime) -> None:
    """A parcel was joined to another row: its incidents go there, except those found there already."""
    there = set(Incident.objects.filter(shipment_id=now_at_id).values_list("kind", "cause"))
    for one in Incident.objects.filter(shipment_id=shipment_id):
        if (one.kind, one.cause) in there:
            one.delete()
        else:
            Incident.objects.filter(pk=one.pk).update(shipment_id=now_at_id)
    Inspection.objects.filter(pk=shipment_id).delete()
    Sign.objects.filter(pk=shipment_id).delete()
    queue_inspections(shipment_ids=[now_at_id], at=at)
