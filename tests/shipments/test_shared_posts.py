"""Several posts by one commit: each hears what it would have heard alone, and one at fault harms no other."""

import json

import psycopg
import pytest

from tests.shipments.tracking import AT, agrees, event
from yishi.feeds.models import RawInput
from yishi.feeds.port import ParsedPickupCode
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.actions import events as writing
from yishi.shipments.actions import post as post_module
from yishi.shipments.actions.post import NoKey, NotReadable, Post, take_posts
from yishi.shipments.models.codes import PickupCode
from yishi.shipments.models.parcels import Shipment, TrackingEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def key():
    return add_key(role="INTEGRATOR", name="shop", by=SYSTEM_VIEWER, at=AT)


def post(key, *events, body=None):
    return Post(f"Bearer {key}", json.dumps(events).encode() if body is None else body)


def said(answers):
    return [(a.accepted, a.duplicate, [r.reason for r in a.rejected]) for a in answers]


def test_each_post_hears_its_own_counts(key):
    broken = {"waybill_no": "YT12345678", "kind": "no such kind", "happened_at": AT.isoformat()}
    answers = take_posts(
        posts=[post(key, event(), event(minutes=1)), post(key, event(), broken), post(key, event(minutes=2))],
        at=AT,
    )
    assert said(answers) == [(2, 0, []), (0, 1, ["unknown_kind"]), (1, 0, [])]
    assert agrees(Shipment.objects.get())
    assert sum(RawInput.objects.values_list("accepted", flat=True)) == TrackingEvent.objects.count() == 3


def test_the_same_body_twice_is_one_row_counted_twice(key):
    answers = take_posts(posts=[post(key, event()), post(key, event())], at=AT)
    assert said(answers) == [(1, 0, []), (0, 1, [])]
    row = RawInput.objects.get()
    assert (row.times_received, row.accepted, row.duplicate) == (2, 1, 1)


def test_refusals_stand_beside_what_went_in(key):
    no_key, unreadable, fine = take_posts(
        posts=[post("yk_wrong", event()), post(key, body=b"no json"), post(key, event())], at=AT
    )
    assert isinstance(no_key, NoKey)
    assert isinstance(unreadable, NotReadable)
    assert fine.accepted == 1
    assert TrackingEvent.objects.count() == 1


def test_two_keys_share_a_commit_and_nothing_else(key):
    other = add_key(role="INTEGRATOR", name="warehouse", by=SYSTEM_VIEWER, at=AT)
    answers = take_posts(posts=[post(key, event()), post(other, event())], at=AT)
    assert said(answers) == [(1, 0, []), (1, 0, [])]
    assert Shipment.objects.count() == 1


def test_what_holds_more_than_events_goes_the_whole_way(key, monkeypatch):
    """Taken in with others, all but its events would be lost."""
    read = post_module._parsed

    def with_a_code(source, body, expects):
        parsed = read(source, body, expects)
        code = ParsedPickupCode(waybill_no="YT12345678", code="3-2-1045", happened_at=AT)
        parsed.pickup_codes.extend([code] if b"YT12345678" in body else [])
        return parsed

    monkeypatch.setattr(post_module, "_parsed", with_a_code)
    answers = take_posts(posts=[post(key, event()), post(key, event("YT66666666"))], at=AT)
    assert said(answers) == [(2, 0, []), (1, 0, [])]
    assert PickupCode.objects.get().shipment.waybill_no == "YT12345678"


def test_a_post_that_breaks_the_others_goes_alone(key, monkeypatch):
    write = writing.insert_events

    def breaks(scans, *rest, **more):
        if any(scan.waybill_no == "YT66666666" for scan in scans):
            raise psycopg.DataError("this one")
        return write(scans, *rest, **more)

    monkeypatch.setattr(writing, "insert_events", breaks)
    fine, broken = take_posts(posts=[post(key, event()), post(key, event("YT66666666"))], at=AT)
    assert fine.accepted == 1
    assert isinstance(broken, NotReadable)
    assert Shipment.objects.get().waybill_no == "YT12345678"


def test_nothing_is_in_when_the_database_is_away(key, monkeypatch):
    def away(*_, **__):
        raise psycopg.OperationalError("gone")

    monkeypatch.setattr(writing, "insert_events", away)
    with pytest.raises(psycopg.OperationalError):
        take_posts(posts=[post(key, event()), post(key, event(minutes=1))], at=AT)
    assert not TrackingEvent.objects.exists()
    assert not RawInput.objects.exists()
