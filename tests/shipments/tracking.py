"""Helpers of the tests of ingest: a source, events as the API sends them, and states read back."""

import json
from datetime import UTC, datetime, timedelta

from yishi.feeds.actions.sources import ensure_source
from yishi.shipments.actions.take_in import take_in
from yishi.shipments.models.parcels import Shipment, TrackingEvent
from yishi.shipments.rules.milestones import MILESTONE_OF
from yishi.shipments.rules.states import Scan, state_of

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def event(waybill_no="YT12345678", kind="accepted", minutes=0, **values):
    happened_at = (AT - timedelta(days=1) + timedelta(minutes=minutes)).isoformat()
    return {"waybill_no": waybill_no, "kind": kind, "happened_at": happened_at, **values}


def take(*events, source="test", expects="events", at=AT):
    body = json.dumps(events, ensure_ascii=False).encode()
    card = ensure_source(code=source, plugin="generic", at=at)
    return take_in(source=card, body=body, content_type="application/json", at=at, expects=expects)


def milestone(waybill_no="YT12345678"):
    return Shipment.objects.get(waybill_no=waybill_no, merged_into=None).milestone


def states():
    """Every parcel's stored state, comparable between runs."""
    columns = (
        "milestone",
        "moved_at",
        "moved_rank",
        "first_event_at",
        "last_event_at",
        "last_city",
        "courier_number",
    )
    rows = Shipment.objects.filter(merged_into=None)
    return {(s.waybill_no, s.carrier): tuple(getattr(s, name) for name in columns) for s in rows}


def oracle(shipment):
    """The state that the pure rule computes from the stored events."""
    events = TrackingEvent.objects.filter(shipment=shipment)
    return state_of(
        Scan(
            shipment.waybill_no,
            int(e.happened_at.timestamp() * 1000 + 0.0005),
            e.kind,
            identity=bytes(e.identity),
            milestone=MILESTONE_OF.get(e.kind, ""),
            city=e.city,
            courier=e.courier,
        )
        for e in events
    )


def agrees(shipment):
    """Whether a parcel's row says what the oracle says."""
    expected = oracle(shipment)
    moved = (
        (int(shipment.moved_at.timestamp() * 1000 + 0.0005), shipment.moved_rank)
        if shipment.moved_at
        else None
    )
    return (shipment.milestone, moved, shipment.last_city, shipment.courier_number) == (
        expected.milestone,
        expected.moved[:2] if expected.moved else None,
        expected.city[1] if expected.city else "",
        expected.courier[1] if expected.courier else "",
    )
