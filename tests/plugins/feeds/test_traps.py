"""Traps that lie in wait for more than one source (domain.md §0), each under its number."""

import json

import pytest

from tests.plugins.feeds.junk import scans, states
from tests.plugins.feeds.reading import payload, read

NOON = "2026-11-20 12:00:00"
# what each carrier calls number, code, text and time of a scan, and a code of its own that says "on its way"
SCANS = {
    "zto": ("billCode", "scanType", "desc", "scanDate", "发件"),
    "sto": ("waybillNo", "scanType", "memo", "opTime", "发件"),
    "jt": ("billCode", "scanType", "desc", "scanTime", "发件扫描"),
    "jd": ("waybillCode", "category", "operationTitle", "operationTime", "430"),
    "best": ("mailNo", "scanType", "remark", "acceptTime", "发件"),
    "yto": ("waybill_No", "no code", "processInfo", "upload_Time", ""),
}


def scan(plugin, text, number="73109900000017", code=None, at=NOON):
    *names, on_its_way = SCANS[plugin]
    return dict(zip(names, (number, on_its_way if code is None else code, text, at), strict=True))


def said(plugin, *scans):
    return read(plugin, json.dumps(scans).encode())


def test_trap_01_the_same_word_means_different_things_at_different_sources():
    assert [said(plugin, scan(plugin, "", code="ARRIVAL")).events[0].kind for plugin in ("zto", "jt")] == [
        "stored_at_pickup_point",
        "unknown",
    ]
    assert [said(plugin, scan(plugin, "", code="驿站代收")).events[0].kind for plugin in ("sto", "zto")] == [
        "stored_at_pickup_point",
        "unknown",
    ]


@pytest.mark.parametrize(("plugin", "name"), [("track17", "updated.json"), ("aftership", "update.json")])
def test_trap_02_the_whole_trace_each_time_adds_only_what_is_new(plugin, name):
    """What an event is known again by must not change when a newer one stands before it."""
    body = payload(plugin, name)
    whole = {one.identity for one in scans(plugin, read(plugin, body))[0]}
    older = json.loads(body)
    (_newest, *rest) = sorted(_trace(older), key=_time, reverse=True)
    _trace(older)[:] = rest
    known = [one for one in scans(plugin, read(plugin, json.dumps(older).encode()))[0] if one.text]
    assert known and {one.identity for one in known} < whole


def _trace(push):
    if "msg" in push:
        return push["msg"]["checkpoints"]
    return push["data"]["track_info"]["tracking"]["providers"][0]["events"]


def _time(told):
    return told.get("checkpoint_time") or told.get("time_utc") or told["time_iso"]


@pytest.mark.parametrize(
    ("plugin", "codes", "milestone"),
    [
        ("jt", ["快件签收", "快件取出扫描"], "OUT_FOR_DELIVERY"),
        ("sto", ["客户签收", "快件取出"], "OUT_FOR_DELIVERY"),
        ("zto", ["签收", "退件"], "RETURNING"),
        ("best", ["代理点签收", "快递员取出包裹"], "OUT_FOR_DELIVERY"),
        ("jd", ["510", "530"], "DELIVERY_FAILED"),
    ],
)
def test_trap_03_delivered_is_not_the_end(plugin, codes, milestone):
    trace = [scan(plugin, "x", code=code, at=f"2026-11-20 1{hour}:00:00") for hour, code in enumerate(codes)]
    ((found, *_),) = states(plugin, said(plugin, *trace[::-1])).values()
    assert found == milestone


@pytest.mark.parametrize("plugin", SCANS)
def test_trap_08_a_return_is_told_by_the_text_where_the_code_says_on_its_way(plugin):
    ((returning,), _) = scans(plugin, said(plugin, scan(plugin, "快件正在退回寄件人")))
    assert (returning.kind, returning.milestone) == ("returning", "RETURNING")
    ((asked_for,), _) = scans(plugin, said(plugin, scan(plugin, "如需退回寄件人，请联系网点")))
    assert asked_for.kind != "returning"


@pytest.mark.parametrize("plugin", SCANS)
@pytest.mark.parametrize(
    "number", [3160000261634, "444739949795", "yt 6190-0000 0001", "ＹＴ６１９０００００"]
)
def test_trap_15_numbers_are_text_whatever_patterns_say(plugin, number):
    ((found,), refused) = scans(plugin, said(plugin, scan(plugin, "x", number=number)))
    assert found.waybill_no.isalnum() and found.waybill_no.isascii() and not refused


@pytest.mark.parametrize("plugin", ["zto", "sto", "jt", "jd", "best"])
def test_trap_16_text_and_code_disagree_and_both_are_kept(plugin):
    (event,) = said(plugin, scan(plugin, "您的快件已签收")).events
    assert event.kind in ("departed_hub", "in_transit")
    assert (event.source_code, event.text) == (SCANS[plugin][-1], "您的快件已签收")
