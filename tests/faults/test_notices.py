"""A worker killed while it sends: every notice arrives, only one in flight may arrive twice, with its id."""

import time
from collections import Counter
from email import message_from_bytes

import httpx
import pytest

from tests.faults.conftest import TIMES

NOTICES = 100 if TIMES == 1 else 1000
KILLS = 1 if TIMES == 1 else 5
RESUMED_S = 60

pytestmark = [pytest.mark.faults, pytest.mark.timeout(120 + 90 * KILLS)]


def test_no_notice_is_missing_and_none_is_new_twice(place, post):
    post.delay = 0.08  # so slow that most of them wait when the worker dies
    already = len(post.messages)
    _open_cases(place)
    for kill in range(1, KILLS + 1):
        _until(lambda seen=kill * 30: len(post.messages) - already >= seen, RESUMED_S)
        place.up.kill("worker")
        if TIMES == 1:
            _end_leases(place.up)
    owed = {str(row[0]) for row in place.up.query(_OURS)}
    _until(lambda: not place.up.count(_WAITING), RESUMED_S * KILLS)
    post.delay = 0.0
    arrived = Counter(map(_id, post.messages))
    assert len(owed) == NOTICES and owed <= set(arrived)
    assert sum(arrived[notice] - 1 for notice in owed) <= KILLS, "only what was in flight is sent again"


# the acknowledgements of this test's cases
_OURS = """
SELECT d.notice_id FROM notifications_delivery d JOIN cases_case c ON d.subject_id = c.id::text
 WHERE d.kind = 'ACK' AND c.waybill_no LIKE 'NOTICE%'
"""
_WAITING = "SELECT count(*) FROM notifications_delivery WHERE state IN ('QUEUED', 'SENDING') AND kind = 'ACK'"


def _open_cases(place):
    """Each owes its person an acknowledgement."""
    headers = {"Authorization": f"Bearer {place.keys['quality']}"}
    with httpx.Client(base_url=place.up.web, headers=headers, timeout=10) as client:
        for number in range(NOTICES):
            body = {"waybill_no": f"NOTICE{number:06d}", "category": "DELAY", "text": "还没到"}
            body["contact"] = {"email": f"n{number}@example.cn"}
            client.post("/api/v1/cases", json=body).raise_for_status()


def _end_leases(up):
    """What the dead worker had claimed is free at once, instead of after 45 s (`make faults` waits)."""
    up.query("UPDATE notifications_delivery SET due_at = now() WHERE state = 'SENDING' RETURNING 1")


def _until(is_so, seconds):
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, f"not within {seconds} s"
        time.sleep(0.1)


def _id(envelope):
    return str(message_from_bytes(envelope.content)["Message-ID"]).strip("<>").partition("@")[0]
