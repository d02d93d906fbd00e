"""A parcel turns out to run with another carrier: it is given the other key, or joined to the parcel
there."""

from datetime import datetime

from django.db import IntegrityError, connection, transaction

from yishi.feeds.actions.rekey import follow_rekeyed
from yishi.kit.facts import announce
from yishi.shipments.actions.joined import measure_again, move_belongings
from yishi.shipments.facts import CarrierCorrected
from yishi.shipments.models.parcels import Shipment

# every part of a state is a maximum, so two states are joined as an event is added
_JOIN = """
UPDATE shipments_shipment AS s SET
    milestone = CASE WHEN {moves} THEN o.milestone ELSE s.milestone END,
    moved_rank = CASE WHEN {moves} THEN o.moved_rank ELSE s.moved_rank END,
    moved_identity = CASE WHEN {moves} THEN o.moved_identity ELSE s.moved_identity END,
    moved_at = greatest(s.moved_at, o.moved_at),
    first_event_at = least(s.first_event_at, o.first_event_at),
    last_event_at = greatest(s.last_event_at, o.last_event_at),
    last_city = CASE WHEN {city} THEN o.last_city ELSE s.last_city END,
    city_at = greatest(s.city_at, o.city_at),
    outlet_id = CASE WHEN {outlet} THEN o.outlet_id ELSE s.outlet_id END,
    outlet_at = greatest(s.outlet_at, o.outlet_at),
    courier_number = CASE WHEN {courier} THEN o.courier_number ELSE s.courier_number END,
    courier_at = greatest(s.courier_at, o.courier_at),
    promised_at = coalesce(s.promised_at, o.promised_at),
    promise_rule_id = CASE WHEN s.promised_at IS NULL THEN o.promise_rule_id ELSE s.promise_rule_id END
FROM shipments_shipment o WHERE s.id = %s AND o.id = %s
""".format(
    moves="coalesce(s.moved_at IS NULL AND o.moved_at IS NOT NULL OR"
    " (o.moved_at, o.moved_rank, o.moved_identity) > (s.moved_at, s.moved_rank, s.moved_identity), false)",
    city="coalesce(s.city_at IS NULL AND o.city_at IS NOT NULL OR"
    ' (o.city_at, o.last_city COLLATE "C") > (s.city_at, s.last_city COLLATE "C"), false)',
    outlet="coalesce(s.outlet_at IS NULL AND o.outlet_at IS NOT NULL OR"
    " (o.outlet_at, o.outlet_id) > (s.outlet_at, s.outlet_id), false)",
    courier="coalesce(s.courier_at IS NULL AND o.courier_at IS NOT NULL OR"
    ' (o.courier_at, o.courier_number COLLATE "C") > (s.courier_at, s.courier_number COLLATE "C"), false)',
)

# the parcel is part of an event's key; what both carriers' parcels were told is kept once
_COLUMNS = """identity, happened_at, received_at, source_id, kind, source_code, detail, city, outlet, courier,
    text, signed_by, consent, position"""
_MOVE = f"""
WITH moved AS (DELETE FROM shipments_event WHERE shipment_id = %s RETURNING *)
INSERT INTO shipments_event (shipment_id, {_COLUMNS}) SELECT %s, {_COLUMNS} FROM moved ON CONFLICT DO NOTHING
"""


@transaction.atomic
def correct_carrier(*, waybill_no: str, old: str, new: str, at: datetime) -> int | None:
    """Gives a parcel its right carrier; the id it has from now on, or None where there is no such parcel.

    Where the other carrier's parcel is there already, events and details move to it and this row only
    points there (`merged_into`), so that late scans under the old carrier find their way.
    Announces CarrierCorrected.
    """
    rows = Shipment.objects.filter(waybill_no=waybill_no, carrier__in=[old, new]).order_by("carrier")
    found = {s.carrier: s for s in rows.select_for_update()}
    wrong, right = found.get(old), found.get(new)
    if wrong is None or old == new or wrong.merged_into_id is not None:
        return right.pk if right else None
    if right is None and not _is_given(wrong, new):
        # somebody else told of the parcel under its right carrier meanwhile
        right = Shipment.objects.select_for_update().get(waybill_no=waybill_no, carrier=new)
    if right is not None:
        if right.merged_into_id is not None:
            # corrected back and forth: the row that holds the events stays where they are
            return right.merged_into_id
        _join(wrong, right, at)
    now_at = right.pk if right else wrong.pk
    measure_again(shipment_id=now_at, at=at)
    follow_rekeyed(waybill_no=waybill_no, old=old, new=new, shipment_id=wrong.pk, now_at_id=now_at)
    announce(
        CarrierCorrected(
            shipment_id=wrong.pk, merged_into_id=right.pk if right else None, old=old, new=new, at=at
        )
    )
    return now_at


def _is_given(wrong: Shipment, carrier: str) -> bool:
    """Whether the parcel could be given this carrier's key, which nobody else has."""
    try:
        with transaction.atomic():
            Shipment.objects.filter(pk=wrong.pk).update(carrier=carrier)
    except IntegrityError:
        return False
    return True


def _join(wrong: Shipment, right: Shipment, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_JOIN, [right.pk, wrong.pk])
        cursor.execute(_MOVE, [wrong.pk, right.pk])
    move_belongings(wrong=wrong.pk, right=right.pk, at=at)
    Shipment.objects.filter(merged_into=wrong).update(merged_into=right)
    wrong.merged_into = right
    wrong.save(update_fields=["merged_into"])
