"""A stock count: batches kept once, clocks put right, differences that become cases and are put right."""

from datetime import timedelta

import pytest

from tests.stations.making import card_of, keeper, milestone, shelves, take_in
from tests.world import START
from yishi.cases.actions.counts import note_seen, work_off_count
from yishi.cases.models.case import Case
from yishi.kit.errors import Invalid, NotFound
from yishi.network.actions import add_station
from yishi.people.rules import SYSTEM_VIEWER
from yishi.stations.actions.counting import (
    CountIsOver,
    NothingScanned,
    Scanned,
    begin_count,
    drop_count,
    end_count,
    take_scans,
    undo_scan,
)
from yishi.stations.actions.hand_out import Handing, hand_out
from yishi.stations.actions.settling import AlreadySettled, settle_difference
from yishi.stations.models.counts import CountDifference, CountScan
from yishi.stations.models.parcels import StationParcel
from yishi.stations.queries.counts import access_count, discipline_of
from yishi.stations.queries.finding import find_parcels, look_for

pytestmark = pytest.mark.django_db
A, B, C = (f"YT619000000000{n}" for n in (1, 2, 3))
LATER = START + timedelta(hours=1)


@pytest.fixture
def by(world):
    shelves()
    return keeper()


def scans(*said, place="12-1"):
    return [Scanned(client_id=f"{place}:{text}:{i}", text=text, place=place) for i, text in enumerate(said)]


def begin(by, shelf="", at=LATER):
    return begin_count(card=card_of(by), shelf=shelf, by=by, at=at)


def scan(by, count_id, batch, *, at=LATER, sent_at=None):
    heard = take_scans(card=card_of(by), count_id=count_id, scans=batch, sent_at=sent_at, by=by, at=at)
    return [one.verdict for one in heard]


def end(by, count_id, *, at=LATER + timedelta(minutes=10)):
    end_count(card=card_of(by), count_id=count_id, by=by, at=at)
    rows = CountDifference.objects.filter(count_id=count_id).order_by("pk")
    return [(row.kind, row.waybill_no[-1:]) for row in rows]


def test_each_scan_is_answered_and_kept_once(by):
    take_in(A, by=by)
    take_in(B, by=by, place=("13", 1))
    count_id = begin(by)
    batch = scans(A, A, B, C, "??")
    assert scan(by, count_id, batch) == ["OK", "AGAIN", "WRONG_SHELF", "UNEXPECTED", "UNREADABLE"]
    scan(by, count_id, batch)
    assert CountScan.objects.count() == 5 and access_count(card_of(by), count_id).scanned == 5
    assert begin(by) == count_id


def test_the_barcode_of_the_goods_is_no_parcel_unless_it_is_one(by):
    count_id = begin(by)
    assert scan(by, count_id, scans("6900000000175")) == ["UNREADABLE"]
    take_in("6900000000175", by=by)
    assert scan(by, count_id, scans("6900000000175", place="12-2")) != ["UNREADABLE"]


def test_what_does_not_agree(by):
    for number in (A, B):
        take_in(number, by=by)
    count_id = begin(by)
    scan(by, count_id, scans(A, C, "??"))
    assert end(by, count_id) == [("MISSING", "2"), ("UNEXPECTED", "3"), ("UNREADABLE", "")]
    row = CountDifference.objects.get(kind="MISSING")
    assert (row.booked, row.last_by, row.last_kind) == ("12-1", by.label, "BOOKED_IN")
    with pytest.raises(CountIsOver):
        scan(by, count_id, scans(B))
    assert discipline_of(card_of(by), at=LATER + timedelta(days=8))[0].standing == "late"


def test_what_goes_meanwhile_is_no_difference(by):
    booked = take_in(A, by=by)
    count_id = begin(by)
    handing = Handing(asked_for=booked.parcel_id, how="CODE")
    hand_out(card=card_of(by), handing=handing, by=by, at=LATER + timedelta(minutes=5))
    take_in(B, by=by, at=LATER + timedelta(minutes=6))
    assert end(by, count_id) == []


def test_a_wrong_clock_is_put_right(by):
    """The page's clock is a day ahead; it kept the scan for ten minutes until there was a line again."""
    booked = take_in(A, by=by)
    count_id = begin(by)
    ahead = timedelta(days=1)
    one = Scanned(client_id="x", text=A, place="12-1", scanned_at=LATER + ahead + timedelta(minutes=1))
    handing = Handing(asked_for=booked.parcel_id, how="CODE")
    hand_out(card=card_of(by), handing=handing, by=by, at=LATER + timedelta(minutes=5))
    sent = LATER + timedelta(minutes=11)
    scan(by, count_id, [one], at=sent, sent_at=sent + ahead)
    assert CountScan.objects.get().at == LATER + timedelta(minutes=1)
    assert end(by, count_id, at=LATER + timedelta(minutes=12)) == []


def test_undone_scans_do_not_count(by):
    take_in(A, by=by)
    count_id = begin(by)
    scan(by, count_id, scans(A))
    undo_scan(card=card_of(by), count_id=count_id, client_id=f"12-1:{A}:0", by=by, at=LATER)
    with pytest.raises(NothingScanned):
        end(by, count_id)
    drop_count(card=card_of(by), count_id=count_id, by=by, at=LATER)
    assert not CountDifference.objects.exists()


def test_one_touch_moves_it_on_the_book(by):
    take_in(A, by=by)
    count_id = begin(by)
    scan(by, count_id, scans(A, place="13-2"))
    assert end(by, count_id) == [("WRONG_SHELF", "1")]
    row = CountDifference.objects.get()
    with pytest.raises(Invalid):
        settle_difference(card=card_of(by), difference_id=row.pk, how="SENT_ON", by=by, at=LATER)
    settle_difference(card=card_of(by), difference_id=row.pk, how="MOVED", by=by, at=LATER)
    stay = StationParcel.objects.get()
    assert stay.shelf.code == "13" and stay.layer == 2
    with pytest.raises(AlreadySettled):
        settle_difference(card=card_of(by), difference_id=row.pk, how="LOOKED", by=by, at=LATER)


def test_a_shelf_that_is_not_there_is_not_counted(by):
    with pytest.raises(Invalid):
        begin(by, "99")
    count_id = begin(by)
    add_station(code="ST02", outlet_code="JN01", name="江宁驿站", by=SYSTEM_VIEWER)
    other = keeper("other", "JN01")
    with pytest.raises(NotFound):
        end_count(card=card_of(other, "ST02"), count_id=count_id, by=other, at=LATER)


def test_differences_become_cases_once_and_end_when_it_is_seen(by):
    take_in(A, by=by)
    take_in(B, by=by)
    count_id = begin(by)
    scan(by, count_id, scans(A, C))
    end(by, count_id)
    assert [work_off_count(count_id=count_id, at=LATER) for _again in "ab"] == [2, 0]
    # nobody had told of C: that it was seen here is its first scan
    assert Case.objects.get(waybill_no=C).category == "STATION_SERVICE" and milestone(C) == "AT_OUTLET"
    case = Case.objects.get(waybill_no=B)
    assert (case.category, case.is_internal, case.waybill_no) == ("PARCEL_NOT_FOUND", True, B)
    row = CountDifference.objects.get(kind="MISSING")
    assert row.case_no == case.case_no
    again, then = begin(by, at=LATER + timedelta(hours=2)), LATER + timedelta(hours=2)
    scan(by, again, scans(B, place="13-1"), at=then)
    row.refresh_from_db()
    assert (row.settled, row.seen) == ("FOUND", "13-1")
    seen = {"shipment_ids": [case.shipment_id], "places": ["13-1"], "station": "东山驿站", "count_id": again}
    assert (note_seen(**seen, at=then), note_seen(**seen, at=then)) == (1, 0)
    case.refresh_from_db()
    assert case.status == "WITHDRAWN"


def test_finding_names_the_place_and_what_to_look_behind(by):
    booked = take_in(A, by=by)
    take_in(B, by=by, phone="19900000022")
    (line,) = [one for one in find_parcels(card_of(by), "0001", at=LATER) if one.waybill_no == A]
    found = look_for(card_of(by), booked.parcel_id, at=LATER)
    assert line.shelf == found.parcel.shelf == "12-1" and found.story[0].who == by.label
    assert [(one.waybill_no, [str(why) for why in whys]) for one, whys in found.neighbours] == [
        (B, ["TOGETHER", "NEXT_LAYER"])
    ]
