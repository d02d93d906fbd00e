"""Sources, quarantine and replay as an operator meets them."""

import json
from datetime import UTC, datetime

import pytest
from django.db import connection

from yishi.feeds.actions.inbox import NothingToReplay, quarantine, replay
from yishi.feeds.actions.sources import BadSourceCode, UnknownPlugin, add_source, ensure_source, pause_source
from yishi.feeds.models import RawInput, Source
from yishi.feeds.queries.health import list_source_health, list_unknown_codes
from yishi.feeds.queries.quarantine import get_quarantined, list_quarantine, open_body
from yishi.feeds.queries.sources import find_source_by_push, get_source
from yishi.kit.errors import NotAllowed, NotFound
from yishi.people.rules import SYSTEM_VIEWER, Role, Viewer
from yishi.shipments.models.parcels import TrackingEvent

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
AGENT = Viewer(kind="USER", role=Role.AGENT, user_id=1)
EVENT = {"waybill_no": "YT12345678", "kind": "accepted", "happened_at": "2026-11-20T10:00:00+08:00"}


def add(code="kuaidi100", plugin="kuaidi100", by=SYSTEM_VIEWER):
    return add_source(code=code, plugin=plugin, settings={"salt": "s4lt"}, by=by, at=AT)


def test_a_source_is_found_by_its_push_address_only_with_its_key():
    _, _, code, key = add().split("/")
    assert find_source_by_push(code, key).settings == {"salt": "s4lt"}
    assert find_source_by_push(code, key + "x") is None
    assert find_source_by_push("other", key) is None


def test_settings_and_keys_are_not_readable_in_the_table():
    key = add().split("/")[-1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT settings, push_key_hash FROM feeds_source")
        stored = b"".join(bytes(value) for value in cursor.fetchone())
    assert b"s4lt" not in stored
    assert key.encode() not in stored


def test_added_again_it_has_a_new_key_and_the_old_is_gone():
    old = add().split("/")[-1]
    new = add().split("/")[-1]
    assert find_source_by_push("kuaidi100", old) is None
    assert find_source_by_push("kuaidi100", new) is not None
    assert Source.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"plugin": "pigeon"}, UnknownPlugin),
        ({"code": "Bad Code"}, BadSourceCode),
        ({"by": AGENT}, NotAllowed),
    ],
)
def test_a_refused_source_is_not_added(values, error):
    with pytest.raises(error):
        add(**values)
    assert Source.objects.count() == 0


def test_a_source_without_push_address_takes_no_pushes():
    ensure_source(code="file", plugin="generic", at=AT)
    assert find_source_by_push("file", "") is None


def broken(body=b"[broken", reason="not_framed"):
    source = ensure_source(code="file", plugin="generic", at=AT)
    return quarantine(
        source=source, body=body, content_type="", reason=reason, detail="电话19900000001", at=AT
    )


def test_quarantine_is_grouped_by_reason_without_phones():
    ids = [broken(), broken(b"[other"), broken(b"x", "old_excel")]
    groups = list_quarantine(viewer=SYSTEM_VIEWER)
    assert [(g.reason, g.count, g.detail) for g in groups] == [
        ("not_framed", 2, "电话***"),
        ("old_excel", 1, "电话***"),
    ]
    assert set(groups[0].raw_ids) == set(ids[:2])
    assert get_quarantined(viewer=SYSTEM_VIEWER, raw_id=ids[0]).source == "file"
    assert open_body(ids[0]).body == b"[broken"


def test_bodies_are_sealed():
    row = RawInput.objects.get(pk=broken(b"secret body"))
    assert b"secret" not in bytes(row.body)


@pytest.mark.parametrize("look", [list_quarantine, list_unknown_codes])
def test_only_who_manages_feeds_looks(look):
    with pytest.raises(NotAllowed):
        look(viewer=AGENT)


def test_a_replay_takes_the_body_in():
    raw_id = broken(json.dumps([EVENT]).encode(), "paused")
    replay(raw_id=raw_id, by=SYSTEM_VIEWER, at=AT)
    row = RawInput.objects.get()
    assert (row.state, row.accepted, row.replayed_by) == ("REPLAYED", 1, "system")
    assert TrackingEvent.objects.count() == 1


def test_a_replay_that_fails_again_stays_in_quarantine_with_its_reason():
    raw_id = broken(reason="failed")
    replay(raw_id=raw_id, by=SYSTEM_VIEWER, at=AT)
    assert RawInput.objects.values_list("state", "reason").get() == ("QUARANTINED", "not_framed")


def test_what_does_not_wait_is_not_replayed():
    raw_id = broken(json.dumps([EVENT]).encode(), "paused")
    replay(raw_id=raw_id, by=SYSTEM_VIEWER, at=AT)
    with pytest.raises(NothingToReplay):
        replay(raw_id=raw_id, by=SYSTEM_VIEWER, at=AT)
    with pytest.raises(NotFound):
        replay(raw_id=0, by=SYSTEM_VIEWER, at=AT)
    with pytest.raises(NotAllowed):
        replay(raw_id=raw_id, by=AGENT, at=AT)


def test_health():
    add()
    broken()
    pause_source(code="kuaidi100", reason="换密钥", by=SYSTEM_VIEWER, at=AT)
    shown = {h.code: (h.health, h.quarantined) for h in list_source_health(viewer=SYSTEM_VIEWER, at=AT)}
    assert shown == {"kuaidi100": ("PAUSED", 0), "file": ("TROUBLED", 1)}
    pause_source(code="kuaidi100", reason="", by=SYSTEM_VIEWER, at=AT)
    assert not get_source("kuaidi100").is_paused


def test_pausing_what_is_not_there():
    with pytest.raises(NotFound):
        pause_source(code="nobody", reason="x", by=SYSTEM_VIEWER, at=AT)
