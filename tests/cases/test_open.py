"""Opening a case: routed, promised, told; the same said twice is one case; few statements."""

import threading
from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from tests.cases.making import Ref, at_dongshan, opened, parcel, row
from tests.world import START
from yishi.cases.models.case import Case
from yishi.cases.models.history import TimelineEntry
from yishi.cases.queries.history import list_timeline
from yishi.kit.errors import Invalid, NotAllowed
from yishi.kit.ids import token_hash
from yishi.kit.models import FactRow
from yishi.sla.models.clocks import SlaClock

MINUTE = timedelta(minutes=1)
MOST_STATEMENTS = 12


def test_a_case_is_complete_when_it_is_open(world):
    case = at_dongshan(world)
    kept = row(case)
    assert (kept.status, kept.case_class, kept.outlet_id, kept.version) == ("OPEN", "E", world.dongshan_id, 1)
    assert kept.case_no.startswith("261122") and len(kept.case_no) == 13
    assert bytes(kept.token_hash) == token_hash(case.token)
    assert kept.next_due_at == START + timedelta(hours=2)


def test_the_timeline_says_what_where_and_why(world):
    case = at_dongshan(world)
    lines = [(line.kind, line.audience, line.text) for line in list_timeline(case.case_id)]
    assert lines == [
        ("OPENED", "PUBLIC", "显示签收了，可我没收到"),
        ("ROUTED", "PUBLIC", "已送到东山网点"),
        ("ROUTED", "INTERNAL", "已送到东山网点：包裹最近在这个网点，或由它派送"),
    ]


def test_the_same_within_a_minute_is_the_first_case(world):
    first, again = opened(world), opened(world, at=START + MINUTE)
    assert (again.case_no, again.token, again.is_new) == (first.case_no, first.token, False)
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"at": START + MINUTE + timedelta(microseconds=1)},
        {"category": "DELAY"},
        {"waybill_no": "YT8800000000002"},
    ],
)
def test_what_differs_is_a_case_of_its_own(world, changed):
    opened(world)
    assert opened(world, **changed).is_new


def test_a_repeat_is_linked_raised_and_said(world):
    first = opened(world)
    again = opened(world, at=START + timedelta(days=2), category="ATTITUDE")
    assert (row(again).repeat_of_id, row(again).priority) == (first.case_id, 2)
    (line,) = [line for line in list_timeline(again.case_id) if line.kind == "REPEAT"]
    assert first.case_no in line.text


def test_praise_repeats_nothing(world):
    opened(world)
    praise = opened(world, at=START + timedelta(days=2), category="PRAISE")
    assert (row(praise).repeat_of_id, row(praise).priority) == (None, 0)


def test_a_work_order_is_known_by_its_number(world):
    order = {"source": "CAINIAO", "external_no": "W1", "by": world.viewer(world.lin)}
    first = opened(world, **order)
    assert not opened(world, at=START + timedelta(days=9), category="DELAY", **order).is_new
    assert (
        opened(world, source="DOUYIN", external_no="W1", by=world.viewer(world.lin)).case_no != first.case_no
    )


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"category": "FALSE_SIGN_OFF"}, "/category"),
        ({"category": "NONE"}, "/category"),
        ({"text": " \x00 "}, "/text"),
        ({"text": "字" * 20_001}, "/text"),
        ({"source": "X"}, "/source"),
        ({"priority": 3}, "/priority"),
    ],
)
def test_a_refused_case_leaves_nothing(world, changed, pointer):
    with pytest.raises(Invalid) as refused:
        opened(world, **changed)
    assert refused.value.errors[0][0] == pointer
    assert not Case.objects.exists() and not FactRow.objects.filter(fact__startswith="cases.").exists()


def test_a_courier_opens_none(world):
    courier = world.viewer(world.operator)
    with pytest.raises(NotAllowed):
        opened(world, by=courier)
    assert not Case.objects.exists()


def test_the_longest_text_and_odd_signs_are_kept(world):
    text = "字" * 19_990 + "\u202e📦\x00"
    case = opened(world, text=text)
    entry = TimelineEntry.objects.get(case_id=case.case_id, kind="OPENED")
    assert entry.text == text[:-1] and entry.data == {"removed_signs": 1}


@pytest.fixture
def statements(monkeypatch):
    """Counts what really goes to the server, prepared or not."""
    said = []
    execute = psycopg.Cursor.execute

    def counting(self, query, *args, **kwargs):
        said.append(str(query))
        return execute(self, query, *args, **kwargs)

    monkeypatch.setattr(psycopg.Cursor, "execute", counting)
    return said


@pytest.mark.parametrize("others", [0, 30])
def test_opening_costs_the_same_however_many_there_are(world, statements, others):
    for number in range(others):
        opened(world, waybill_no=f"YT{number:013}", contact_id=None)
    ref = parcel(outlet_id=world.dongshan_id)
    opened(world, waybill_no="YT9900000000000", contact_id=None)
    statements.clear()
    opened(world, ref=ref)
    sent = [query for query in statements if "SAVEPOINT" not in query]
    assert len(sent) <= MOST_STATEMENTS, "\n".join(sent)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_case():
    results, start = [], threading.Barrier(4)

    def click():
        start.wait()
        try:
            results.append(opened(_Nobody, category="DELAY"))
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({each.case_no for each in results}) == 1 and Case.objects.count() == 1
    assert sorted(each.is_new for each in results) == [False, False, False, True]
    assert SlaClock.objects.exclude(kind="APPEAL_RIGHT").count() == 2


class _Nobody:
    contact_id = None


def test_an_unknown_parcel_goes_to_head_office(world):
    case = opened(world)
    assert row(case).outlet_id is None
    assert "先由总部核实" in list_timeline(case.case_id)[-1].text


def test_closed_outlets_are_passed_over(world):
    case = opened(world, ref=Ref(parcel().id, 999_999, world.jiangning_id))
    assert row(case).outlet_id == world.jiangning_id
