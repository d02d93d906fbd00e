"""What stands beside a parcel moves to the parcel that holds its record from now on."""

from datetime import datetime

from django.db import connection

from yishi.shipments.models.ahead import DoorChoice
from yishi.shipments.models.bookings import Booking
from yishi.shipments.models.codes import CodeQuestion
from yishi.shipments.models.parcels import ContactAttempt, ShipmentDetails
from yishi.shipments.models.promises import PromiseWatch, TraceDuty
from yishi.shipments.models.remaps import RemapParcel
from yishi.shipments.models.rounds import DeliveryProof
from yishi.shipments.models.stops import ParcelStop, ScanCheck

# what the right parcel was told as well stays behind
_CODES = """
UPDATE shipments_pickup_code AS c SET shipment_id = %(right)s WHERE c.shipment_id = %(wrong)s AND NOT EXISTS (
    SELECT 1 FROM shipments_pickup_code AS k
    WHERE k.shipment_id = %(right)s AND k.source_id = c.source_id AND k.code_hash = c.code_hash)
"""
# whoever was told of a delay is not told again
_WATCH = """
INSERT INTO shipments_promise_watch AS r (shipment_id, deadline_at, due_at, told_at, notices)
SELECT %(right)s, deadline_at, due_at, told_at, notices FROM shipments_promise_watch
 WHERE shipment_id = %(wrong)s
ON CONFLICT (shipment_id) DO UPDATE SET told_at = greatest(r.told_at, excluded.told_at),
    notices = greatest(r.notices, excluded.notices), due_at = least(r.due_at, excluded.due_at)
"""
# its breaks are written anew from all scans when it is looked at, which is now
_DUTY = """
INSERT INTO shipments_trace_duty (shipment_id, due_at, is_silent, origin, destination)
SELECT %(right)s, %(at)s, is_silent, origin, destination FROM shipments_trace_duty
 WHERE shipment_id = %(wrong)s
ON CONFLICT DO NOTHING
"""
_QUESTION = """
INSERT INTO shipments_code_question (shipment_id, due_at, tries, error)
SELECT %(right)s, due_at, tries, error FROM shipments_code_question WHERE shipment_id = %(wrong)s
ON CONFLICT DO NOTHING
"""
_REMAPS = """
INSERT INTO shipments_remap_parcel (remap_id, shipment_id)
SELECT remap_id, %(right)s FROM shipments_remap_parcel WHERE shipment_id = %(wrong)s ON CONFLICT DO NOTHING
"""


def move_belongings(*, wrong: int, right: int, at: datetime) -> None:
    """Contact attempts, pickup codes, master data, promise, obligation and questions of parcel `wrong` belong
    to parcel `right` from now on; where both have it, the right one's stays. Must stand in a transaction."""
    with connection.cursor() as cursor:
        for statement in (_CODES, _WATCH, _DUTY, _QUESTION, _REMAPS):
            cursor.execute(statement, {"wrong": wrong, "right": right, "at": at})
    for proven in (ContactAttempt, DeliveryProof, Booking):
        proven.objects.filter(shipment_id=wrong).update(shipment_id=right)
    _join_choices(wrong, right, at)
    _join_stops(wrong, right, at)
    _join_details(wrong, right)
    for model in (PromiseWatch, TraceDuty, CodeQuestion, RemapParcel):
        model.objects.filter(shipment_id=wrong).delete()
    measure_again(shipment_id=right, at=at)


def measure_again(*, shipment_id: int, at: datetime) -> None:
    """The 24-hour obligation is measured anew: outlets are known by their code of another carrier now."""
    TraceDuty.objects.filter(pk=shipment_id).update(due_at=at)


def _join_choices(wrong: int, right: int, at: datetime) -> None:
    """Both have something agreed: the right parcel's stands."""
    if DoorChoice.objects.filter(shipment_id=right, ended_at__isnull=True).exists():
        DoorChoice.objects.filter(shipment_id=wrong, ended_at__isnull=True).update(ended_at=at)
    DoorChoice.objects.filter(shipment_id=wrong).update(shipment_id=right)


def _join_stops(wrong: int, right: int, at: datetime) -> None:
    """Both were stopped for the same reason: the right parcel's stop goes on running."""
    running = ParcelStop.objects.filter(shipment_id=right, lifted_at__isnull=True)
    twice = ParcelStop.objects.filter(
        shipment_id=wrong, lifted_at__isnull=True, reason__in=running.values("reason")
    )
    twice.update(lifted_at=at, lifted_by="system")
    for model in (ParcelStop, ScanCheck):
        model.objects.filter(shipment_id=wrong).update(shipment_id=right)


def _join_details(wrong: int, right: int) -> None:
    theirs = ShipmentDetails.objects.filter(pk=wrong).first()
    ours = ShipmentDetails.objects.filter(pk=right).first()
    if theirs is not None and ours is not None:
        names = [field.attname for field in ShipmentDetails._meta.concrete_fields if not field.primary_key]
        missing = [name for name in names if getattr(ours, name) in ("", None, [])]
        for name in missing:
            setattr(ours, name, getattr(theirs, name))
        ours.save(update_fields=missing) if missing else None
        theirs.delete()
    elif theirs is not None:
        ShipmentDetails.objects.filter(pk=wrong).update(shipment=right)
