"""A parcel's state does not depend on the order or number of times its events arrive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.feeds.rules import JUDGEMENTS, KINDS
from yishi.shipments.rules.milestones import MILESTONE_OF
from yishi.shipments.rules.states import Scan, State, state_of

scans = st.builds(
    lambda at, kind, identity, city, outlet, courier: Scan(
        "YT12345678",
        at,
        kind,
        identity=identity,
        milestone=MILESTONE_OF.get(kind, ""),
        city=city,
        outlet_id=outlet,
        courier=courier,
    ),
    st.integers(0, 3),
    st.sampled_from(sorted(KINDS)),
    st.binary(min_size=1, max_size=2),
    st.sampled_from(["", "南京市", "苏州市"]),
    st.sampled_from([None, 1, 2]),
    st.sampled_from(["", "01", "02"]),
)


@given(st.lists(scans, max_size=8), st.data())
def test_any_shuffle_and_repetition_gives_the_same_state(events, data):
    repeated = events + [event for event in events if data.draw(st.booleans())]
    assert state_of(data.draw(st.permutations(repeated))) == state_of(events)


def test_no_events_is_unknown():
    assert state_of([]) == State()
    assert State().milestone == "UNKNOWN"


def test_judgements_only_is_unknown():
    assert state_of([Scan("YT12345678", 5, "delayed")]).milestone == "UNKNOWN"


@pytest.mark.parametrize("kind", sorted(JUDGEMENTS))
def test_a_judgement_is_no_scan_and_ends_no_silence(kind):
    scan = Scan("YT12345678", 5, "in_transit", milestone="IN_TRANSIT", city="苏州市")
    judged = Scan("YT12345678", 9, kind, city="南京市", outlet_id=1, courier="01")
    assert state_of([scan, judged]) == state_of([scan])
    assert kind in KINDS and kind not in MILESTONE_OF


def test_delivered_is_not_final():
    delivered = Scan("YT12345678", 5, "delivered", milestone="DELIVERED")
    retrieved = Scan("YT12345678", 6, "retrieved_by_courier", milestone="OUT_FOR_DELIVERY")
    assert state_of([retrieved, delivered]).milestone == "OUT_FOR_DELIVERY"


def test_in_the_same_millisecond_the_kind_further_along_counts():
    out = Scan("YT12345678", 5, "out_for_delivery", identity=b"z", milestone="OUT_FOR_DELIVERY")
    delivered = Scan("YT12345678", 5, "delivered", identity=b"a", milestone="DELIVERED")
    assert state_of([delivered, out]).milestone == "DELIVERED"
