"""A code means something else: shown first, then told to every parcel that uses it, and taken back again."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from tests.shipments.tracking import AT, agrees, event, milestone, states, take
from yishi.feeds.actions.codes import BadMapping, NoReason, SameMapping
from yishi.feeds.models import CodeMapping, UnknownCode
from yishi.feeds.queries.health import list_unknown_codes
from yishi.feeds.queries.mappings import list_mappings
from yishi.feeds.queries.sources import get_source
from yishi.kit.errors import NotAllowed, NotFound
from yishi.kit.models import FactRow
from yishi.people.rules import SYSTEM_VIEWER, Role, Viewer
from yishi.shipments.actions import retell
from yishi.shipments.actions.remap import map_code, preview_mapping, unmap_code
from yishi.shipments.actions.retell import advance_remap
from yishi.shipments.jobs import sweep_remaps
from yishi.shipments.models.parcels import Shipment, TrackingEvent
from yishi.shipments.models.remaps import Remap, RemapParcel

pytestmark = pytest.mark.django_db

AGENT = Viewer(kind="USER", role=Role.AGENT, user_id=1)
LATER = AT + timedelta(minutes=5)


def odd(waybill_no="YT12345678", minutes=5, **values):
    return event(waybill_no, "unknown", minutes, source_code="9999", **values)


def map_it(kind="delivered", detail="proxy", by=SYSTEM_VIEWER, code="9999", reason="对照文档", source="test"):
    return map_code(source=source, source_code=code, kind=kind, detail=detail, reason=reason, by=by, at=AT)


def unmap(by=SYSTEM_VIEWER, reason="看错了"):
    return unmap_code(source="test", source_code="9999", reason=reason, by=by, at=LATER)


def run_all(at=AT):
    """All that is due: the first round, and, after a while, the second."""
    return sweep_remaps(at=at, limit=100) + sweep_remaps(at=at + timedelta(minutes=10), limit=100)


def shown():
    return list(
        TrackingEvent.objects.filter(source_code="9999").values_list("kind", "detail").order_by("happened_at")
    )


def test_kept_events_and_their_parcels_are_told_anew():
    take(event(), odd())
    assert milestone() == "ACCEPTED"
    run = map_it()
    assert run_all() > 0
    assert (milestone(), shown()) == ("DELIVERED", [("delivered", "proxy")])
    done = Remap.objects.get(pk=run)
    assert (done.stage, done.events, done.moved, done.due_at) == ("DONE", 1, 1, None)
    assert agrees(Shipment.objects.get())
    assert FactRow.objects.filter(fact="shipments.ShipmentsAdvanced").count() == 2


def test_the_same_push_again_is_a_duplicate_before_and_after():
    take(event(), odd())
    map_it()
    assert take(event(), odd()).duplicate == 2
    run_all()
    assert take(event(), odd()).duplicate == 2
    assert take(odd(minutes=6)).accepted == 1
    assert shown() == [("delivered", "proxy")] * 2 and agrees(Shipment.objects.get())


def test_ended_all_is_as_if_it_had_never_been():
    take(event(), odd(text="快件正在退回寄件人途中"), odd("YT00000002"))
    before = states(), shown()
    map_it()
    run_all()
    assert states() != before[0]
    unmap()
    assert take(event(), odd(text="快件正在退回寄件人途中")).duplicate == 2
    run_all(LATER)
    assert (states(), shown()) == before


def test_an_unusual_detail_comes_back_too():
    take(odd(detail="retained_at_outlet"))
    map_it()
    run_all()
    take(odd(minutes=6, detail="18h"))
    assert shown() == [("delivered", "proxy")] * 2
    unmap()
    run_all(LATER)
    assert shown() == [("unknown", "retained_at_outlet"), ("unknown", "18h")]


def test_another_source_with_the_same_code_is_left_alone():
    take(odd(), source="other")
    take(event())
    map_it()
    run_all()
    assert (milestone(), shown()) == ("ACCEPTED", [("unknown", "")])


def test_mapped_codes_raise_no_alarm_until_the_mapping_ends():
    take(odd())
    assert [code.code for code in list_unknown_codes(viewer=SYSTEM_VIEWER)] == ["9999"]
    map_it()
    take(odd(minutes=9))
    assert list_unknown_codes(viewer=SYSTEM_VIEWER) == []
    assert UnknownCode.objects.get().count == 1
    unmap()
    assert len(list_unknown_codes(viewer=SYSTEM_VIEWER)) == 1


def test_a_code_that_first_came_mapped_raises_the_alarm_when_its_mapping_ends():
    take(event())
    map_it()
    take(odd(text="联系 19900000077"))
    assert UnknownCode.objects.count() == 0
    unmap()
    run_all(LATER)
    assert [(c.code, c.sample) for c in list_unknown_codes(viewer=SYSTEM_VIEWER)] == [("9999", "联系 ***")]
    assert FactRow.objects.filter(fact="feeds.UnknownCodesSeen").count() == 1


def test_mapped_anew_the_old_is_history():
    take(odd())
    map_it()
    map_it("lost", "", reason="总部更正")
    run_all()
    assert shown() == [("lost", "")]
    lines = list_mappings(viewer=SYSTEM_VIEWER, source_id=get_source("test").id, source_code="9999")
    assert [(line.kind, line.ended_reason, line.ended_at is None) for line in lines] == [
        ("lost", "", True),
        ("delivered", "总部更正", False),
    ]


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"kind": "unknown"}, BadMapping),
        ({"kind": "flown"}, BadMapping),
        ({"code": ""}, BadMapping),
        ({"detail": "x" * 65}, BadMapping),
        ({"reason": " "}, NoReason),
        ({"by": AGENT}, NotAllowed),
        ({"source": "nobody"}, NotFound),
    ],
)
def test_a_refused_mapping_changes_nothing(values, error):
    take(odd())
    with pytest.raises(error):
        map_it(**values)
    assert CodeMapping.objects.count() == Remap.objects.count() == 0
    assert shown() == [("unknown", "")]


def test_refused_ends_and_repeats_change_nothing():
    take(odd())
    with pytest.raises(NotFound):
        unmap()
    map_it()
    for refused, error in (
        (map_it, SameMapping),
        (lambda: unmap(AGENT), NotAllowed),
        (lambda: unmap(reason=""), NoReason),
    ):
        with pytest.raises(error):
            refused()
    assert CodeMapping.objects.get().ended_at is None and Remap.objects.count() == 1


def look(kind="delivered", **values):
    return preview_mapping(
        viewer=SYSTEM_VIEWER, source="test", source_code="9999", kind=kind, at=AT, **values
    )


def test_a_preview_says_what_would_change_and_changes_nothing():
    take(event(), odd(), odd(minutes=6), odd("YT00000002"), event("YT00000003"))
    take(event("YT00000004", "lost", 9), odd("YT00000004"))
    before = states(), shown()
    found = look()
    assert (found.events, found.parcels, found.examined, found.is_whole, found.moved) == (4, 3, 3, True, 2)
    assert found.changes == (
        ("ACCEPTED", "DELIVERED", 1),
        ("UNKNOWN", "DELIVERED", 1),
        ("LOST", "LOST", 1),
    )
    assert [one.after for one in found.samples] == ["DELIVERED", "DELIVERED", "LOST"]
    assert (states(), shown()) == before
    with pytest.raises(NotAllowed):
        preview_mapping(viewer=AGENT, source="test", source_code="9999", kind="lost", at=AT)


def test_what_is_previewed_is_what_happens():
    take(event(), odd(), odd("YT00000002", text="快件正在退回寄件人途中"))
    foreseen = {one.waybill_no: one.after for one in look("in_transit").samples}
    map_it("in_transit", "")
    run_all()
    assert foreseen == dict(Shipment.objects.values_list("waybill_no", "milestone"))
    back = {one.waybill_no: one.after for one in look("").samples}
    unmap()
    run_all(LATER)
    assert back == dict(Shipment.objects.values_list("waybill_no", "milestone"))


def test_a_preview_of_many_says_that_it_saw_a_part(monkeypatch):
    take(*[odd(f"YT{number:08d}") for number in range(30)])
    monkeypatch.setattr("yishi.shipments.actions.remap.MOST_EVENTS", 20)
    monkeypatch.setattr("yishi.shipments.actions.remap.MOST_PARCELS", 10)
    found = look()
    assert (found.events, found.is_whole, found.examined, len(found.samples)) == (20, False, 10, 10)


def test_killed_between_two_steps_it_goes_on(monkeypatch):
    monkeypatch.setattr(retell, "BATCH", 10)
    take(*[odd(f"YT{number:08d}") for number in range(25)])
    run = map_it()
    advance_remap(at=AT)
    advance_remap(at=AT)
    halfway = Remap.objects.get(pk=run)
    assert (halfway.stage, halfway.total, halfway.done, halfway.moved) == ("APPLY", 25, 10, 10)
    run_all()
    assert set(shown()) == {("delivered", "proxy")}
    assert Remap.objects.get(pk=run).moved == 25 and RemapParcel.objects.count() == 0


def test_a_parcel_given_to_another_carrier_meanwhile_is_found_there():
    take(odd(), event("YT12345678", minutes=1))
    map_it()
    advance_remap(at=AT)
    take(event(minutes=2, kind="in_transit", carrier="yuantong"))
    run_all()
    assert milestone() == "DELIVERED"


@pytest.mark.django_db(transaction=True)
def test_what_was_being_taken_in_meanwhile_ends_alike():
    """A body read with the old mapping commits after the job has passed: the second round finds it."""
    take(event(), odd(minutes=1))
    stale = get_source("test")
    has_written, may_commit = threading.Event(), threading.Event()

    def late():
        import json

        from django.db import transaction

        from yishi.shipments.actions.take_in import take_in

        body = json.dumps([odd(minutes=7), odd("YT00000009")]).encode()
        with transaction.atomic():
            take_in(source=stale, body=body, content_type="application/json", at=AT, expects="events")
            has_written.set()
            may_commit.wait(10)
        connection.close()

    thread = threading.Thread(target=late)
    map_it()
    thread.start()
    assert has_written.wait(10)
    advance_remap(at=AT)
    done = threading.Thread(target=lambda: (advance_remap(at=AT), connection.close()))
    done.start()
    may_commit.set()
    thread.join(10)
    done.join(10)
    run_all()
    assert shown() == [("delivered", "proxy")] * 3
    assert milestone("YT00000009") == "DELIVERED" and all(agrees(s) for s in Shipment.objects.all())
    assert Remap.objects.get().stage == "DONE"
