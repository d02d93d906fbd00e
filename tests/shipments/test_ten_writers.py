"""F8: a thousand traces, each in its own order and three times over, from ten writers at once, end alike."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from tests.shipments.tracking import AT
from yishi.feeds.actions.sources import ensure_source
from yishi.feeds.port import Parsed, ParsedEvent
from yishi.shipments.actions.events import settle_split
from yishi.shipments.actions.take_in import take_in
from yishi.shipments.models.parcels import Shipment, TrackingEvent
from yishi.shipments.rules.scans import moment_of, ready_scans
from yishi.shipments.rules.states import state_of

PERMUTATIONS, WRITERS, TIMES, BATCH = 1_000, 10, 3, 300
TRACE = (
    ("created", "", 0), ("accepted", "南京市", 3), ("departed_origin_outlet", "南京市", 7),
    ("arrived_hub", "南京市", 12), ("departed_hub", "", 14), ("arrived_destination_city", "苏州市", 40),
    ("arrived_at_outlet", "苏州市", 50), ("out_for_delivery", "苏州市", 60), ("delivery_failed", "", 66),
    ("delayed", "", 100), ("out_for_delivery", "苏州市", 90), ("delivered", "苏州市", 96),
    ("retrieved_by_courier", "", 120), ("delivered", "", 168),
)  # fmt: skip


def trace(number, chance):
    """One parcel's week. Every tenth is told of without its carrier in half of its scans."""
    is_shy = number % 10 == 0
    return [
        ParsedEvent(
            waybill_no=f"YT7{number:09d}",
            kind=kind,
            happened_at=AT - timedelta(days=8) + timedelta(hours=hours, seconds=number % 3),
            carrier="" if is_shy and chance.random() < 0.5 else "yuantong",
            city=city,
            courier=f"{number % 7:04d}" if kind == "out_for_delivery" else "",
            text=f"{kind} {hours}",
        )
        for kind, city, hours in TRACE
    ]


def stored(shipment):
    s = shipment
    return s.milestone, s.moved_at, s.moved_rank, s.last_city, s.courier_number, s.last_event_at


def expected(events, source_id):
    scans, _ = ready_scans(events, source_id=source_id, plugin="generic", carrier="", at=AT)
    state = state_of(sorted(scans, key=lambda scan: scan.happened_ms))
    moved = state.moved
    return (
        state.milestone, moment_of(moved[0]), moved[1], state.city[1], state.courier[1],
        moment_of(state.last_ms),
    )  # fmt: skip


def write(source, batch):
    try:
        return take_in(
            source=source, body=repr(batch).encode(), content_type="", at=AT, parsed=Parsed(events=batch)
        )
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_thousand_orders_by_ten_writers_equal_the_oracle():
    chance = random.Random(8)
    source = ensure_source(code="test", plugin="generic", at=AT)
    traces = {number: trace(number, chance) for number in range(PERMUTATIONS)}
    sent = [event for events in traces.values() for event in events] * TIMES
    chance.shuffle(sent)
    with ThreadPoolExecutor(WRITERS) as writers:
        batches = [sent[start : start + BATCH] for start in range(0, len(sent), BATCH)]
        counts = list(writers.map(lambda batch: write(source, batch), batches))
    assert [c.quarantined for c in counts if c.quarantined] == []
    assert sum(c.accepted + c.duplicate for c in counts) == len(sent)
    # who told of a parcel with and who told of it without its carrier meet in the worker
    settle_split(shipment_ids=list(Shipment.objects.values_list("id", flat=True)), at=AT)
    assert TrackingEvent.objects.count() == len(sent) // TIMES
    shipments = {s.waybill_no: stored(s) for s in Shipment.objects.filter(merged_into=None)}
    assert shipments == {events[0].waybill_no: expected(events, source.id) for events in traces.values()}
