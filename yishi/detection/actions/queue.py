"""What is to be looked at: parcels that moved, at once; the others when a rule said so."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yishi.detection.models.events import MassParcel
from yishi.detection.models.incidents import Incident
from yishi.detection.models.inspections import Inspection, Sign
from yishi.detection.models.risk import Complaint, Risk
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
def follow_parcel(*, shipment_id: int, now_at_id: int, carrier: str, at: datetime) -> None:
    """A parcel has another carrier, perhaps another row: what was found and kept of it goes there, except
    what is there already."""
    if now_at_id != shipment_id:
        there = set(Incident.objects.filter(shipment_id=now_at_id).values_list("kind", "cause"))
        mine = Incident.objects.filter(shipment_id=shipment_id)
        double = [one.pk for one in mine if (one.kind, one.cause) in there]
        mine.filter(pk__in=double).delete()
        mine.update(shipment_id=now_at_id)
        events = MassParcel.objects.filter(shipment_id=now_at_id).values("event")
        MassParcel.objects.filter(shipment_id=shipment_id, event__in=events).delete()
        MassParcel.objects.filter(shipment_id=shipment_id).update(shipment_id=now_at_id)
        for model in (Sign, Risk):
            if not model.objects.filter(pk=now_at_id).exists():
                model.objects.filter(pk=shipment_id).update(shipment_id=now_at_id)
            model.objects.filter(pk=shipment_id).delete()
        Complaint.objects.filter(shipment_id=shipment_id).update(shipment_id=now_at_id)
        Inspection.objects.filter(pk=shipment_id).delete()
    Sign.objects.filter(pk=now_at_id).update(carrier=carrier)
    queue_inspections(shipment_ids=[now_at_id], at=at)
