"""kill -9 in the middle of things: nothing acknowledged is lost or doubled, service is back by itself."""

import os
import time

import pytest

from tests.faults.clients import BATCH, Clients
from tests.faults.conftest import TIMES

pytestmark = [pytest.mark.faults, pytest.mark.timeout(60 + 30 * TIMES)]

GAP_S = {"web": 3.0, "edge": 5.0, "worker": 3.0, "database": 10.0}
"""The longest that anybody may wait for an acknowledgement, the fault and all retries included."""


def slack():
    """Other work on the machine makes everything slower; the suite always shares it."""
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    return max(load, 1.0 if TIMES > 1 else 3.0)


BEFORE_S, AFTER_S = 1.5, 2.5


@pytest.mark.parametrize("kind", ["web", "edge", "worker", "database"])
def test_killed_in_the_middle_of_things(place, kind):
    before = _rows(place.up)
    clients = Clients(place.up, **place.keys)
    with clients.at_work():
        for _ in range(TIMES):
            time.sleep(BEFORE_S)
            killed, done = place.up.kill(kind), clients.acknowledged()
            _until_served(clients, done, GAP_S[kind] * slack())
            time.sleep(AFTER_S)
    place.up.wait_ready(20)
    assert clients.failures == [] and clients.cases
    _nothing_is_lost_or_doubled(place.up, clients, before)
    print(f"{kind}: {len(clients.cases)} cases, {clients.events}, longest wait {clients.longest_s:.2f} s")
    assert clients.longest_s <= GAP_S[kind] * slack()
    assert place.up.victim(kind).pid != killed


def _until_served(clients, done, seconds):
    until = time.monotonic() + seconds
    while clients.acknowledged() == done:
        assert time.monotonic() < until, f"nothing was served within {seconds} s"
        time.sleep(0.05)


def _rows(up):
    """How many events and cases there are."""
    return up.query("SELECT (SELECT count(*) FROM shipments_event), (SELECT count(*) FROM cases_case)")[0]


def _nothing_is_lost_or_doubled(up, clients, before):
    events, cases = (now - then for now, then in zip(_rows(up), before, strict=True))
    assert events == clients.events["sent"] == clients.events["accepted"] + clients.events["duplicate"]
    by_parcel = up.query(_EVENTS_BY_PARCEL, clients.numbers)
    assert sorted(by_parcel) == sorted((number, BATCH) for number in clients.numbers)
    numbers = [case_no for _, case_no in clients.cases]
    assert cases == len(numbers) == len(set(numbers))
    assert up.count("SELECT count(*) FROM cases_case WHERE case_no = ANY(%s)", numbers) == len(numbers)
    assert up.count(_CASES_WITH_CLOCKS, numbers) == len(numbers), "a case without its clocks was acknowledged"


_EVENTS_BY_PARCEL = """
SELECT s.waybill_no, count(*) FROM shipments_shipment s JOIN shipments_event e ON e.shipment_id = s.id
 WHERE s.waybill_no = ANY(%s) GROUP BY 1
"""
_CASES_WITH_CLOCKS = """
SELECT count(DISTINCT k.subject_id) FROM sla_clock k JOIN cases_case c ON c.id = k.subject_id
 WHERE c.case_no = ANY(%s)
"""
