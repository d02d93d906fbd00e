"""The one path: counts, duplicates, states, carriers, outlets, quarantine."""

import random
import threading

import pytest
from django.db import connection

from tests.shipments.tracking import AT, agrees, event, milestone, states, take
from yishi.feeds.models import RawInput, Source, UnknownCode
from yishi.feeds.queries.sources import find_source
from yishi.kit.models import FactRow
from yishi.shipments.actions.take_in import take_in
from yishi.shipments.models.parcels import Shipment, TrackingEvent

pytestmark = pytest.mark.django_db


def test_accepted_duplicate_and_rejected_make_up_what_was_sent():
    counts = take(
        event(), event(), event(minutes=1, kind="in_transit"), event(kind="flown"), {"waybill_no": "x"}
    )
    assert (counts.accepted, counts.duplicate) == (2, 1)
    assert [(r.index, r.reason) for r in counts.rejected] == [(3, "unknown_kind"), (4, "missing_field")]


def test_sent_again_all_is_duplicate_and_nothing_changes():
    events = [event(), event(minutes=1, kind="in_transit", place={"city": "南京市"})]
    take(*events)
    before = states()
    counts = take(*reversed(events))
    assert (counts.accepted, counts.duplicate) == (0, 2)
    assert states() == before
    assert TrackingEvent.objects.count() == 2


def test_another_source_may_say_the_same():
    take(event())
    assert take(event(), source="other").accepted == 1


def test_the_newest_moving_event_counts_whatever_came_last():
    take(event(kind="delivered", minutes=9))
    take(event(kind="accepted", minutes=1), event(kind="delayed", minutes=20))
    assert milestone() == "DELIVERED"


def test_delivered_is_not_final():
    take(event(kind="delivered", minutes=9))
    take(event(kind="retrieved_by_courier", minutes=10))
    assert milestone() == "OUT_FOR_DELIVERY"


def test_only_judgements_leave_a_parcel_unknown():
    take(event(kind="stalled"))
    assert milestone() == "UNKNOWN"


def test_one_bad_event_in_a_thousand_does_not_stop_the_others():
    events = [event(f"YT{number:010d}") for number in range(1000)]
    events[500]["happened_at"] = "gestern"
    counts = take(*events)
    assert counts.accepted == 999
    assert [(r.index, r.reason) for r in counts.rejected] == [(500, "bad_time")]


def test_numbers_of_all_writings_are_one_parcel():
    take(event("yt 1234-5678"), event("ＹＴ１２３４５６７８", minutes=1), event(kind="lost", minutes=2))
    assert Shipment.objects.count() == 1
    take(event(3160000261634), event("3160000261634", minutes=1))
    assert Shipment.objects.count() == 2


@pytest.mark.parametrize(
    "text", ["😀到了", "\u202eabc", "a\u0000b", "x" * 3999, "'; DROP TABLE x --", "\x1f|\\N"]
)
def test_difficult_texts_are_kept(text):
    assert take(event(text=text, place={"city": text[:20]})).accepted == 1


def test_a_text_too_long_is_refused_and_still_in_the_raw_body():
    counts = take(event(text="长" * 20_000))
    assert [r.reason for r in counts.rejected] == ["too_long"]
    assert RawInput.objects.get(pk=counts.raw_id).rejected == 1


def test_events_without_carrier_join_the_one_parcel_of_that_number():
    take(event(carrier="yuantong"))
    take(event(minutes=1, kind="in_transit"))
    assert list(Shipment.objects.values_list("carrier", "milestone")) == [("yuantong", "IN_TRANSIT")]


def test_a_carrier_named_later_takes_the_unknown_parcel_over():
    take(event(minutes=1, kind="in_transit"))
    take(event(carrier="yuantong"))
    assert list(Shipment.objects.values_list("carrier", "milestone")) == [("yuantong", "IN_TRANSIT")]


def test_with_two_carriers_an_event_without_one_stays_unknown():
    take(event(carrier="yuantong"), event(carrier="zhongtong", minutes=1))
    take(event(minutes=2))
    assert set(Shipment.objects.values_list("carrier", flat=True)) == {"yuantong", "zhongtong", "unknown"}


def test_the_outlet_is_the_newest_that_is_ours(world):
    take(
        event(carrier="yuantong", place={"outlet": "025101"}),
        event(carrier="yuantong", minutes=5, kind="in_transit", place={"outlet": "999999"}),
        event(carrier="yuantong", minutes=3, kind="arrived_hub", place={"outlet": "JN01"}),
    )
    assert Shipment.objects.get().outlet_id == world.jiangning_id


def test_shipments_advanced_in_batches_and_only_when_something_is_new():
    events = [event(f"YT{number:010d}") for number in range(1001)]
    take(*events)
    take(*events)
    sizes = [len(f.body["shipment_ids"]) for f in FactRow.objects.filter(fact="shipments.ShipmentsAdvanced")]
    assert sorted(sizes) == [1, 500, 500]


def test_what_cannot_be_read_is_kept_with_its_reason():
    counts = take_in_bytes(b"\x89PNG not tracking")
    row = RawInput.objects.get(pk=counts.raw_id)
    assert (row.state, row.reason, counts.quarantined) == ("QUARANTINED", "not_framed", "not_framed")
    assert FactRow.objects.filter(fact="feeds.InputQuarantined").count() == 1


def take_in_bytes(body):
    take(event())
    return take_in(source=find_source("test"), body=body, content_type="", at=AT)


def test_a_paused_source_waits_in_quarantine():
    take(event())
    Source.objects.update(is_paused=True)
    assert take(event(minutes=1)).quarantined == "paused"
    assert TrackingEvent.objects.count() == 1


def test_a_failure_of_ours_keeps_the_body_and_writes_nothing_else(monkeypatch):
    take(event())
    monkeypatch.setattr("yishi.shipments.actions.events.insert_events", lambda *a, **k: 1 / 0)
    counts = take(event("YT99999999"))
    assert counts.quarantined == "failed"
    assert not Shipment.objects.filter(waybill_no="YT99999999").exists()
    assert RawInput.objects.get(pk=counts.raw_id).state == "QUARANTINED"


def test_the_same_body_again_is_one_raw_row():
    take(event())
    take(event())
    assert RawInput.objects.get().times_received == 2


def test_unknown_codes_are_counted_once_an_event_and_raise_one_alarm():
    said = event(kind="unknown", source_code="777", text="电话19900000002")
    take(said)
    take(said)
    take(event(kind="unknown", source_code="777", minutes=1))
    row = UnknownCode.objects.get()
    assert (row.source_code, row.count, row.sample) == ("777", 2, "电话***")
    assert FactRow.objects.filter(fact="feeds.UnknownCodesSeen").count() == 1


def messy(seed, parcels=12, count=120):
    chance = random.Random(seed)
    kinds = [
        "accepted",
        "in_transit",
        "arrived_at_outlet",
        "out_for_delivery",
        "delivered",
        "delayed",
        "returning",
    ]
    return [
        event(
            f"YT{chance.randrange(parcels):010d}",
            chance.choice(kinds),
            minutes=chance.randrange(20),
            carrier="yuantong",
            courier=str(chance.randrange(3)),
            place={"city": chance.choice(["", "南京市", "苏州市"])},
        )
        for _ in range(count)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_shuffled_and_tripled_events_give_the_oracles_states(seed):
    events = messy(seed) * 3
    random.Random(seed + 100).shuffle(events)
    for start in range(0, len(events), 37):
        take(*events[start : start + 37])
    assert all(agrees(shipment) for shipment in Shipment.objects.all())


@pytest.mark.django_db(transaction=True)
def test_ten_writers_at_once_agree_with_the_oracle_and_never_deadlock():
    events = messy(7, parcels=40, count=400)
    take(event())
    failures = []

    def write(seed):
        mine = events[:]
        random.Random(seed).shuffle(mine)
        try:
            for start in range(0, len(mine), 50):
                take(*mine[start : start + 50])
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(seed,)) for seed in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert all(agrees(shipment) for shipment in Shipment.objects.all())
    assert sum(RawInput.objects.values_list("accepted", flat=True)) == TrackingEvent.objects.count()
