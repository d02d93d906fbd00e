"""What a count finds, by tables and against a world that moves while it is counted."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.world import START
from yishi.stations.rules.counting import (
    Found,
    Scan,
    Standing,
    count_every,
    differences,
    is_goods_barcode,
)
from yishi.stations.rules.finding import Given, Look, Why, neighbours, takers
from yishi.stations.rules.shares import Share

END = 60


def m(minutes):
    return START + timedelta(minutes=minutes)


def stay(number="A", *, came=-100, gone=None, places=((-100, "12-1"),), parcel_id=1):
    put = tuple((m(at), place) for at, place in places)
    return Standing(parcel_id, number, m(came), None if gone is None else m(gone), put)


def count(book, scans, *, shelf="", elsewhere=()):
    found = differences(
        scans=[Scan(number, place, m(at)) for number, place, at in scans],
        book=book,
        elsewhere=dict(elsewhere),
        shelf=shelf,
        began_at=m(0),
        ended_at=m(END),
    )
    return [(one.kind, one.waybill_no) for one in found]


@pytest.mark.parametrize(
    ("book", "scans", "kinds"),
    [
        ([stay()], [("A", "12-1", 5)], []),
        ([stay()], [("A", "12", 5)], []),
        ([stay()], [("A", "", 5)], []),
        ([stay()], [], [Found.MISSING]),
        ([stay()], [("A", "13-1", 5)], [Found.WRONG_SHELF]),
        ([stay()], [("A", "12-1", 5), ("A", "12-1", 6)], []),
        ([stay()], [("A", "12-1", 5), ("A", "13-1", 6)], [Found.TWICE]),
        ([], [("A", "12-1", 5)], [Found.UNEXPECTED]),
        ([], [("", "12-1", 5), ("", "12-1", 6)], [Found.UNREADABLE, Found.UNREADABLE]),
        # handed out while it was counted: seen before or not at all
        ([stay(gone=30)], [], []),
        ([stay(gone=30)], [("A", "12-1", 29)], []),
        # given away by the book, and scanned afterwards
        ([stay(gone=30)], [("A", "12-1", 30)], [Found.UNEXPECTED]),
        # booked in while it was counted: seen after, before, or not at all
        ([stay(came=30, places=((30, "12-1"),))], [("A", "12-1", 31)], []),
        ([stay(came=30, places=((30, "12-1"),))], [("A", "12-1", 29)], []),
        ([stay(came=30, places=((30, "12-1"),))], [], []),
        # exactly at the beginning, exactly at the end
        ([stay(came=0)], [], [Found.MISSING]),
        ([stay(gone=60)], [], []),
        # put elsewhere while it was counted
        ([stay(places=((-100, "12-1"), (30, "13-1")))], [("A", "12-1", 5)], []),
        ([stay(places=((-100, "12-1"), (30, "13-1")))], [], []),
    ],
)
def test_what_a_count_finds(book, scans, kinds):
    assert [kind for kind, _number in count(book, scans)] == kinds


def test_a_shelf_misses_only_its_own():
    book = [stay(), stay("B", places=((-100, "13-1"),), parcel_id=2)]
    assert count(book, [], shelf="12") == [(Found.MISSING, "A")]
    assert count(book, [("B", "12-1", 5)], shelf="12") == [(Found.MISSING, "A"), (Found.WRONG_SHELF, "B")]


def test_what_stands_on_another_book_belongs_there():
    assert count([], [("C", "12-1", 1)], elsewhere={"C": "江宁驿站"}) == [(Found.ELSEWHERE, "C")]


PLACES = st.sampled_from(["12-1", "12-2", "13-1"])
LIFE = st.tuples(
    st.integers(-50, 50), st.one_of(st.none(), st.integers(51, 200)), PLACES, st.integers(0, 70), PLACES
)


@given(st.lists(LIFE, max_size=12), st.lists(st.integers(0, END - 1), min_size=12, max_size=12), st.randoms())
def test_a_true_count_of_a_moving_station_finds_nothing(lives, passed, random):
    """Whoever scans each parcel that stands before him at that moment finds no difference, in any order; what
    stood still and was left out is the only thing missing."""
    book, scans = [], []
    for i, (came, gone, first, moved, second) in enumerate(lives):
        places = [(came, first)] + (
            [(moved, second)] if came < moved and (gone is None or moved < gone) else []
        )
        one = stay(f"N{i}", came=came, gone=gone, places=places, parcel_id=i)
        book.append(one)
        at = m(passed[i])
        if one.is_inside(at):
            scans.append((f"N{i}", one.place_at(at), passed[i]))
    random.shuffle(scans)
    assert count(book, scans) == []
    if scans:
        left_out = scans.pop()[0]
        stood = next(s for s in book if s.waybill_no == left_out).stood_still(m(0), m(END))
        assert count(book, scans) == ([(Found.MISSING, left_out)] if stood else [])


@pytest.mark.parametrize(("days", "said"), [(None, "never"), (0, "fine"), (7, "fine"), (8, "late")])
def test_discipline(days, said):
    assert count_every(days) == said


def look(parcel_id, **said):
    return Look(parcel_id=parcel_id, **{"tail": "", "place": "", "booked_in_at": m(0), **said})


def test_the_likeliest_neighbour_comes_first():
    lost = look(1, tail="0042", place="12-2", name="田")
    others = [
        look(2, place="12-3", booked_in_at=m(300)),
        look(3, tail="0042", place="9-1", booked_in_at=m(300)),
        look(4, place="7-1", booked_in_at=m(300)),
        look(5, place="12-2", name="田", person=b"2", booked_in_at=m(3)),
    ]
    found = neighbours(lost, others)
    assert [(one.parcel_id, set(one.whys)) for one in found] == [
        (5, {Why.SAME_NAME, Why.TOGETHER, Why.SAME_PLACE}),
        (3, {Why.SAME_TAIL}),
        (2, {Why.NEXT_LAYER}),
    ]


def test_who_was_there_may_have_it():
    missed = Given(parcel_id=1, place="12-2", tail="0042", at=m(0))
    given_away = [
        Given(parcel_id=2, place="5-1", tail="7777", at=m(4)),
        Given(parcel_id=3, place="12-2", tail="7777", at=m(-9)),
        Given(parcel_id=4, place="12-2", tail="0042", at=m(121)),
    ]
    assert [parcel_id for parcel_id, _score in takers(missed, given_away)] == [3, 2]


@pytest.mark.parametrize(
    ("share", "low", "high"),
    [
        (Share(0, 0), 0.0, 1.0),
        (Share(0, 10), 0.0, 0.2775),
        (Share(5, 10), 0.2366, 0.7634),
        (Share(10, 10), 0.7225, 1.0),
    ],
)
def test_an_interval(share, low, high):
    assert share.interval == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    ("number", "is_goods"),
    [
        ("6900000000175", True),
        ("6900000000176", False),
        ("690000000017", False),
        ("4310000000017", False),
        ("YT6190000000001", False),
    ],
)
def test_goods_are_known_by_their_check_digit(number, is_goods):
    assert is_goods_barcode(number) is is_goods
