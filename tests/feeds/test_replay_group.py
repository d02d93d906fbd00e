"""Quarantine by cause: what would happen is foreseen without a trace, then a job tries all once more."""

import json

import pytest

from tests.feeds.test_sources import AGENT, AT, EVENT, broken
from yishi.feeds.actions.inbox import NothingToReplay
from yishi.feeds.actions.replay import ReplayGoesOn, advance_replay, replay_group
from yishi.feeds.jobs import sweep_replays
from yishi.feeds.models import RawInput, ReplayRun, UnknownCode
from yishi.kit.errors import NotAllowed, NotFound
from yishi.kit.models import FactRow
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.actions.rehearse import rehearse
from yishi.shipments.models.parcels import Shipment, TrackingEvent

pytestmark = pytest.mark.django_db


def events(*changes):
    return json.dumps([EVENT | change for change in changes]).encode()


ODD = {"kind": "unknown", "source_code": "9999"}
BODIES = [
    events({}, {"waybill_no": "x"}),
    events({}, ODD, ODD | {"waybill_no": "YT00000009"}),
    b"[broken",
]


@pytest.fixture
def waiting():
    """Three bodies of one cause, and one of another."""
    broken(b"other", "old_excel")
    return [broken(body, "failed") for body in BODIES]


def ask(reason="failed", source="file", by=SYSTEM_VIEWER):
    return replay_group(source=source, reason=reason, by=by, at=AT)


def printed():
    raws = list(
        RawInput.objects.order_by("id").values_list("state", "reason", "times_received", "replayed_by")
    )
    return raws, TrackingEvent.objects.count(), Shipment.objects.count(), FactRow.objects.count()


def test_a_rehearsal_tells_what_would_happen_and_leaves_no_trace(waiting):
    before = printed()
    first, second, third = rehearse(viewer=SYSTEM_VIEWER, raw_ids=waiting, at=AT)
    assert (first.accepted, first.rejected, first.unknown) == (1, (("bad_waybill_no", 1),), 0)
    assert (second.accepted, second.duplicate, second.unknown) == (2, 1, 2)
    assert (third.accepted, third.quarantined) == (0, "not_framed")
    assert printed() == before and UnknownCode.objects.count() == 0


def test_only_who_keeps_feeds_rehearses(waiting):
    with pytest.raises(NotAllowed):
        rehearse(viewer=AGENT, raw_ids=waiting, at=AT)
    with pytest.raises(NotFound):
        rehearse(viewer=SYSTEM_VIEWER, raw_ids=[0], at=AT)


def test_the_whole_group_is_tried_once_more_and_nothing_else(waiting):
    run = ask()
    assert sweep_replays(at=AT) == 4
    done = ReplayRun.objects.get(pk=run)
    assert (done.total, done.done, done.still) == (3, 3, 1)
    assert (done.accepted, done.duplicate, done.rejected) == (3, 1, 1)
    assert (done.due_at, done.finished_at) == (None, AT)
    assert sorted(RawInput.objects.values_list("state", "reason")) == [
        ("QUARANTINED", "not_framed"),
        ("QUARANTINED", "old_excel"),
        ("REPLAYED", ""),
        ("REPLAYED", ""),
    ]


def test_what_is_foreseen_is_what_happens(waiting):
    foreseen = rehearse(viewer=SYSTEM_VIEWER, raw_ids=waiting, at=AT)
    ask()
    sweep_replays(at=AT)
    done = ReplayRun.objects.get()
    assert done.accepted == sum(one.accepted for one in foreseen)
    assert done.duplicate == sum(one.duplicate for one in foreseen)
    assert done.still == sum(bool(one.quarantined) for one in foreseen)


def test_killed_between_two_bodies_it_goes_on(waiting):
    ask()
    advance_replay(at=AT)
    halfway = ReplayRun.objects.get()
    assert (halfway.done, halfway.finished_at) == (1, None)
    sweep_replays(at=AT)
    assert ReplayRun.objects.get().done == 3 and TrackingEvent.objects.count() == 3


def test_what_fails_for_the_same_cause_again_is_not_tried_for_ever():
    for body in (b"[a", b"[b"):
        broken(body)
    ask("not_framed")
    assert sweep_replays(at=AT, limit=50) == 3
    assert ReplayRun.objects.values_list("done", "still").get() == (2, 2)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"by": AGENT}, NotAllowed),
        ({"source": "nobody"}, NotFound),
        ({"reason": "empty"}, NothingToReplay),
    ],
)
def test_a_refused_replay_changes_nothing(waiting, values, error):
    before = printed()
    with pytest.raises(error):
        ask(**values)
    assert printed() == before and ReplayRun.objects.count() == 0


def test_asked_twice_it_runs_once(waiting):
    ask()
    with pytest.raises(ReplayGoesOn):
        ask()
    assert ReplayRun.objects.count() == 1
