"""The traps of domain.md §0 as a parcel meets them, pushed through the ingest path; where it then stands."""

import json
import random
from datetime import UTC, datetime

import pytest

from tests.plugins.feeds.reading import SHARED, needs_domain
from yishi.feeds.actions.sources import ensure_source
from yishi.shipments.actions.take_in import take_in
from yishi.shipments.models import Shipment, TrackingEvent

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
NUMBER = "YT9900000000041"


def take(plugin, said):
    body = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
    return take_in(source=ensure_source(code=plugin, plugin=plugin, at=AT), body=body, content_type="", at=AT)


def standing(number=NUMBER):
    return Shipment.objects.get(waybill_no=number, merged_into=None).milestone


def kuaidi100(*scans, **said):
    """A push with these (code, hour, text), newest first as it sends them."""
    trace = [
        {"ftime": f"2026-11-20 {hour:02}:00:00", "statusCode": code, "context": text}
        for code, hour, text in reversed(scans)
    ]
    push = {"status": "polling", "lastResult": {"nu": NUMBER, "com": "yuantong", "data": trace}}
    return take("kuaidi100", push | said)


def kdniao(*scans, **said):
    traces = [
        {"AcceptTime": f"2026-11-20 {hour:02}:00:00", "Action": code, "AcceptStation": text}
        for code, hour, text in scans
    ]
    return take(
        "kdniao", {"Data": [{"ShipperCode": "YTO", "LogisticCode": NUMBER, "Traces": traces, **said}]}
    )


def sf(*scans, **said):
    routes = [
        {
            "mailno": NUMBER,
            "acceptTime": f"2026-11-20 {hour:02}:00:00",
            "opCode": code,
            "remark": text,
            **said,
        }
        for code, hour, text in scans
    ]
    return take("sf", {"Body": {"WaybillRoute": routes}})


def yunda(action, hour, text="x"):
    scan = {"mailno": NUMBER, "time": f"2026-11-20 {hour:02}:00:00", "action": action, "description": text}
    return take("yunda", {"data": json.dumps(scan)})


@pytest.mark.parametrize(
    ("code", "at_kuaidi100", "at_kdniao"),
    [
        ("304", "AT_PICKUP_POINT", "DELIVERED"),
        ("3", "DELIVERED", "DELIVERED"),
        ("4", "RETURNED", "UNKNOWN"),
        ("5", "OUT_FOR_DELIVERY", "IN_TRANSIT"),
        ("6", "RETURNING", "IN_TRANSIT"),
        ("401", "CANCELLED", "UNKNOWN"),
        ("202", "UNKNOWN", "OUT_FOR_DELIVERY"),
        ("204", "DELIVERY_FAILED", "IN_TRANSIT"),
    ],
)
@pytest.mark.parametrize("push", [kuaidi100, kdniao])
def test_trap_01_the_same_number_means_another_thing_in_another_feed(push, code, at_kuaidi100, at_kdniao):
    push((code, 9, "x"))
    assert standing() == (at_kuaidi100 if push is kuaidi100 else at_kdniao)


SCANS = [(code, 8 + n, f"第 {n} 条") for n, code in enumerate(["1", "0", "1001", "5", "501"])]


@pytest.mark.parametrize("push", [kuaidi100, kdniao])
@pytest.mark.parametrize("seed", [None, 1, 2])
def test_trap_02_the_whole_trace_each_time_is_each_scan_once(push, seed):
    pushes = [SCANS[: n + 1] for n in range(len(SCANS))] * 2
    if seed:
        random.Random(seed).shuffle(pushes)
    counts = [push(*scans) for scans in pushes]
    assert sum(c.accepted for c in counts) == TrackingEvent.objects.count() == 5
    assert sum(c.duplicate for c in counts) == 25


def test_trap_02_also_where_the_state_stands_only_at_the_parcel():
    texts = [("", 8, "已揽收"), ("", 9, "快件已妥投"), ("", 10, "客户反映未收到")]
    states = ["1", "3", "4"]
    for _ in range(2):
        for n in range(3):
            kdniao(*texts[: n + 1], State=states[n])
    said = TrackingEvent.objects.order_by("happened_at", "source_code").values_list("kind", "text")
    assert list(said) == [
        ("accepted", "已揽收"),
        ("unknown", "快件已妥投"),
        ("delivered", ""),
        ("unknown", "客户反映未收到"),
        ("exception", ""),
    ]
    assert standing() == "DELIVERED"


@pytest.mark.parametrize(
    ("push", "signed", "then", "expected"),
    [
        (kuaidi100, "3", "501", "AT_PICKUP_POINT"),
        (kuaidi100, "301", "6", "RETURNING"),
        (kdniao, "3", "418", "OUT_FOR_DELIVERY"),
        (kdniao, "311", "406", "RETURNED"),
        (sf, "80", "648", "RETURNING"),
        (sf, "80", "204", "OUT_FOR_DELIVERY"),
    ],
)
def test_trap_03_delivered_is_not_the_end(push, signed, then, expected):
    push((signed, 9, "x"))
    push((signed, 9, "x"), (then, 11, "y"))
    assert standing() == expected


def test_trap_03_what_came_before_the_signature_and_is_heard_later_changes_nothing():
    sf(("80", 11, "x"))
    sf(("204", 9, "x"))
    assert standing() == "DELIVERED"


def test_trap_04_yunda_outbound_is_taken_back_not_signed():
    yunda("INBOUND", 9)
    yunda("OUTBOUND", 10)
    assert standing() == "OUT_FOR_DELIVERY"
    yunda("SIGNED", 11)
    yunda("OUTBOUND", 12)
    assert standing() == "OUT_FOR_DELIVERY"


def test_trap_06_sf_44_chooses_a_courier_and_204_is_the_way_out():
    sf(("44", 8, "正在为您的快件分配最合适的快递员，请您稍等"))
    assert standing() == "AT_OUTLET"
    sf(("204", 9, "快件交给王小明，正在派送途中"))
    assert standing() == "OUT_FOR_DELIVERY"


@pytest.mark.parametrize(
    ("push", "site", "kind", "expected"),
    [
        (sf, {"zoneCode": "DS01"}, "arrived_at_outlet", "AT_OUTLET"),
        (sf, {"zoneCode": "025W"}, "arrived_hub", "IN_TRANSIT"),
        (sf, {}, "arrived_hub", "IN_TRANSIT"),
    ],
)
def test_trap_07_arrived_at_a_site_of_ours_is_at_the_outlet(world, push, site, kind, expected):
    push(("31", 9, "快件到达"), **site)
    assert (TrackingEvent.objects.get().kind, standing()) == (kind, expected)
    push(("31", 9, "快件到达"), **site)
    assert TrackingEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("push", "code"), [(kuaidi100, "0"), (kuaidi100, "1002"), (kdniao, "2"), (kdniao, "204"), (sf, "36")]
)
def test_trap_08_a_return_while_the_code_says_on_its_way(push, code):
    push((code, 9, "快件正在退回寄件人途中"))
    assert standing() == "RETURNING"
    assert TrackingEvent.objects.get().source_code == code


def test_trap_08_a_wish_to_return_is_no_return():
    kuaidi100(("0", 9, "如需退回，请联系寄件人"))
    assert standing() == "IN_TRANSIT"


def test_trap_09_the_carrier_is_corrected_later():
    kuaidi100(("1", 8, "x"))
    kuaidi100(("1", 8, "x"), ("0", 9, "y"), autoCheck="1", comOld="yuantong", comNew="zhongtong")
    (parcel,) = Shipment.objects.filter(waybill_no=NUMBER, merged_into=None)
    assert (parcel.carrier, TrackingEvent.objects.filter(shipment=parcel).count()) == ("zhongtong", 2)


@needs_domain
@pytest.mark.parametrize(
    ("plugin", "file", "number"),
    [
        ("yunda", "yunda-1-push-or-query.json", "3160000261634"),
        ("sf", "sf-1-routepush-form.txt", "444739949795"),
    ],
)
def test_trap_15_numbers_that_the_public_patterns_refuse_are_taken(plugin, file, number):
    counts = take(plugin, (SHARED / "feeds" / file).read_bytes())
    assert (counts.rejected, counts.quarantined) == ((), "")
    assert Shipment.objects.get().waybill_no == number


def test_trap_16_code_and_text_that_disagree_are_both_kept():
    kuaidi100(("1", 9, "您的快件已签收"))
    event = TrackingEvent.objects.get()
    assert (standing(), event.source_code, event.text) == ("ACCEPTED", "1", "您的快件已签收")


@pytest.mark.parametrize(("push", "code"), [(kuaidi100, "202"), (kuaidi100, "205"), (kdniao, "403")])
def test_a_judgement_neither_moves_a_parcel_nor_ends_its_silence(push, code):
    push(("501" if push is kuaidi100 else "211", 9, "x"))
    before = Shipment.objects.values().get()
    push((code, 20, "超时"))
    assert Shipment.objects.values().get() == before
    assert TrackingEvent.objects.count() == 2


def test_one_broken_parcel_of_a_thousand_is_refused_alone():
    parcels = [
        {"ShipperCode": "YTO", "LogisticCode": f"YT99{n:011}", "StateEx": "202",
         "Traces": [{"AcceptTime": "2026-11-20 09:00:00", "Action": "202", "AcceptStation": "x"}]}
        for n in range(1000)
    ]  # fmt: skip
    parcels[417]["LogisticCode"] = "?"
    counts = take("kdniao", {"Data": parcels})
    assert (counts.accepted, [(r.index, r.reason) for r in counts.rejected]) == (
        999,
        [(417, "bad_waybill_no")],
    )
    assert Shipment.objects.count() == 999
