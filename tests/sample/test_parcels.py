"""The generator: the same seed gives the same parcels, and what they go through is believable."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from yishi.feeds.rules import KINDS
from yishi.sample.people import CONSIGNEES, consignee, name_of, phone_of
from yishi.sample.routes import DAYS, FATES, make_parcel
from yishi.sample.traces import BEIJING, master_data, trace
from yishi.shipments.rules.waybills import normalise_waybill_no

AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def parcels(count, seed=7):
    return [make_parcel(seed=seed, number=n, total=count, at=AT) for n in range(count)]


def test_same_seed_same_parcels():
    assert parcels(200) == parcels(200)
    assert parcels(200) != parcels(200, seed=8)


def test_same_seed_same_scans():
    one, two = ([trace(p, seed=7, until=AT) for p in parcels(100)] for _ in range(2))
    assert one == two


def test_numbers_are_good_and_unlike():
    numbers = [p.waybill_no for p in parcels(2000)]
    assert len(set(numbers)) == 2000
    assert all(normalise_waybill_no(n) == n for n in numbers)


def test_they_are_spread_over_thirty_days():
    ages = [AT - p.created_at for p in parcels(300)]
    assert ages == sorted(ages)
    assert timedelta(days=DAYS - 1) < ages[-1] <= timedelta(days=DAYS)


def test_fates_come_in_their_shares():
    count = Counter(p.fate for p in parcels(5000))
    assert sum(FATES.values()) == 1000
    assert 2900 < count["DOOR"] < 3500
    assert set(count) == set(FATES)


@pytest.mark.parametrize("fate", list(FATES))
def test_scans_are_in_order_and_known(fate):
    parcel = next(p for p in parcels(5000)[2000:] if p.fate == fate)
    scans = trace(parcel, seed=7, until=AT)
    moments = [s.happened_at for s in scans]
    assert len(scans) >= 3
    assert moments == sorted(moments)
    assert moments[-1] <= AT
    assert {s.kind for s in scans} <= KINDS
    assert not any("{" in s.text for s in scans)


def test_couriers_work_by_day():
    scans = [s for p in parcels(500) for s in trace(p, seed=7, until=AT) if s.courier]
    assert all(8 <= s.happened_at.astimezone(BEIJING).hour < 20 for s in scans)


def test_young_parcels_are_still_on_their_way():
    assert len(trace(parcels(5000)[10], seed=7, until=AT)) <= 2


def test_people_are_invented():
    assert phone_of(42) == "19900000042"
    assert 2 <= len(name_of(42)) <= 3
    assert len({consignee(n).phone for n in range(CONSIGNEES)}) == CONSIGNEES


def test_master_data_names_the_destination():
    parcel = parcels(50)[20]
    known = master_data(parcel)
    assert known.consignee.phone.startswith("199000")
    assert known.destination_outlet.endswith(parcel.outlet.number)
