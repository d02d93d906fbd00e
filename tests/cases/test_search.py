"""Search over cases: what was said is found by whoever may see it, and by nobody else; never a telephone."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.cases.making import at_dongshan, opened, parcel
from tests.world import CONSUMER_PHONE, START
from yishi.cases.actions.assign import assign
from yishi.cases.actions.reply import add_note, add_reply
from yishi.cases.actions.search import fill_again, fill_some
from yishi.cases.models.parties import CaseParty
from yishi.cases.models.search import SearchRow
from yishi.cases.queries.search import _Look, matching_ids, search
from yishi.cases.queries.worklist import worklist
from yishi.kit.outbox import run_due
from yishi.people.rules import SYSTEM_VIEWER

SOON = START + timedelta(minutes=1)


def found(viewer, q):
    return [hit.line.case_no for hit in search(viewer=viewer, q=q, at=SOON).hits]


def settled_down():
    while run_due(at=SOON):
        pass


@pytest.fixture
def lin(world):
    return world.viewer(world.lin)


def test_words_are_found_with_marks_as_soon_as_the_worker_has_read_them(world, lin):
    case = at_dongshan(world, text="快递员态度很差，还骂人")
    add_reply(case_id=case.case_id, text="正在联系站长核实", by=lin, at=START)
    settled_down()
    for q in ("态度", "差 骂人", "站长核实", "“态度很差”"):
        assert found(lin, q) == [case.case_no]
    for q in ("很态", "态度 邮局", "“差，还有”"):
        assert found(lin, q) == []
    (hit,) = search(viewer=lin, q="态度", at=SOON).hits
    assert [piece.text for piece in hit.pieces if piece.is_hit] == ["态度"]


def test_foreign_cases_are_never_found_nor_counted(world, lin):
    he = world.viewer(world.he)
    case = at_dongshan(world, text="包裹破了一个角")
    settled_down()
    for q in ("包裹", case.case_no, CONSUMER_PHONE, "王女士", "00001"):
        result = search(viewer=he, q=q, at=SOON)
        assert (result.hits, result.people, result.has_more) == ([], [], False)
    assign(
        case_id=case.case_id,
        outlet_id=world.jiangning_id,
        assignee_id=None,
        reason="归江宁",
        by=lin,
        at=START,
    )
    assert found(lin, "包裹") == []
    settled_down()
    assert found(he, "包裹") == [case.case_no]


def test_what_is_inside_or_personal_is_not_in_the_index(world, lin):
    case = at_dongshan(world, text="我姓王女士，电话 13812345678，住 3 栋 502 室，没收到")
    add_note(case_id=case.case_id, text="内部怀疑冒领", by=lin, at=START)
    settled_down()
    with connection.cursor() as cursor:
        cursor.execute("SELECT words::text FROM cases_search")
        (words,) = cursor.fetchone()
    assert "没收" in words
    assert not [bad for bad in ("13812345678", "5678", "502", "冒领", "王女") if f"'{bad}" in words]


def test_people_and_ends_of_numbers_lead_to_cases(world, lin):
    case = at_dongshan(world)
    settled_down()
    assert found(lin, "00001") == [case.case_no]
    (person,) = search(viewer=lin, q=CONSUMER_PHONE, at=SOON).people
    assert (person.name, person.phone, person.case_count) == ("王*", "199****0001", 1)


def test_a_new_case_is_found_by_its_number_before_the_worker_has_read_it(world, lin):
    ref = parcel(outlet_id=world.dongshan_id)
    settled = opened(world, ref=ref, external_no="WX20260001", source="HQ")
    settled_down()
    case = opened(world, ref=ref, text="别的事", external_no="WX20260002", source="HQ")
    for q in (case.case_no, case.case_no[-6:], "20260002"):
        assert found(lin, q) == [case.case_no]
        assert found(world.viewer(world.he), q) == []
    assert found(lin, "20260001") == [settled.case_no]


def test_a_new_case_is_found_by_its_words_before_the_worker_has_read_it(world, lin):
    ref = parcel(outlet_id=world.dongshan_id)
    old = opened(world, ref=ref, text="快递员态度很差")
    settled_down()
    case = opened(world, ref=ref, category="ATTITUDE", text="态度恶劣，13812345678")
    assert set(found(lin, "态度")) == {case.case_no, old.case_no}
    (hit,) = search(viewer=lin, q="恶劣", at=SOON).hits
    assert [piece.text for piece in hit.pieces if piece.is_hit] == ["恶劣"]
    assert found(lin, "13812345678") == found(world.viewer(world.he), "态度") == []
    assert [line.case_no for line in worklist(viewer=lin, q="恶劣", at=SOON).items] == [case.case_no]
    settled_down()
    assert found(lin, "恶劣") == [case.case_no]


def test_a_list_with_two_sides_searches_once(world, lin, monkeypatch):
    case, theirs = at_dongshan(world, text="罐头漏了"), opened(world, text="罐头", waybill_no="A1000001")
    party = {"outlet_id": world.dongshan_id, "part": "HELPING", "since": START}
    CaseParty.objects.create(case_id=theirs.case_id, **party)
    searched = []

    def counted(**asked):
        searched.append(asked["q"])
        return matching_ids(**asked)

    monkeypatch.setattr("yishi.cases.queries.worklist.matching_ids", counted)
    page = worklist(viewer=lin, q="罐头", at=SOON)
    assert {line.case_no for line in page.items} == {case.case_no, theirs.case_no}
    assert searched == ["罐头"]


@pytest.mark.parametrize("rare", [1, 2_000])
def test_rare_words_are_found_behind_many_newer_cases(world, lin, rare, monkeypatch):
    looks = (_Look(3), _Look(None, rare), _Look(3), _Look(None))
    monkeypatch.setattr("yishi.cases.queries.search._LOOKS", looks)
    old = at_dongshan(world, text="罐头漏了")
    for n in range(5):
        opened(world, waybill_no=f"A10000{n:02d}", text="没收到")
    settled_down()
    assert found(lin, "罐头") == found(SYSTEM_VIEWER, "罐头") == [old.case_no]


@pytest.mark.parametrize(
    "q",
    [
        "'",
        "\\",
        "a & | !:*",
        "<script>",
        "%s %(x)s {0}",
        "\x00",
        "'); DROP TABLE cases_case; --",
        "…",
        "长" * 500,
    ],
)
def test_nothing_typed_breaks_it(world, lin, q):
    opened(world)
    settled_down()
    assert found(lin, q) == []


def test_the_freshest_of_equal_words_comes_first(world, lin):
    old = opened(world, text="箱子压扁了", waybill_no="A1000001", at=START - timedelta(days=90))
    new = opened(world, text="箱子压扁了", waybill_no="A1000002")
    settled_down()
    assert found(SYSTEM_VIEWER, "压扁") == [new.case_no, old.case_no]


def test_old_cases_are_filled_in_by_batches_and_only_once(world):
    cases = [opened(world, waybill_no=f"A100000{n}", text=f"第{n}件没收到") for n in range(3)]
    SearchRow.objects.all().delete()
    fill_again(at=START)
    assert [fill_some(at=SOON, limit=2) for _ in range(4)] == [2, 1, 0, 0]
    assert len(found(SYSTEM_VIEWER, "没收到")) == len(cases)


def test_as_many_statements_for_many_as_for_one(world, lin, django_assert_max_num_queries):
    for n in range(30):
        opened(world, waybill_no=f"A10000{n:02d}", text="没收到")
    settled_down()
    for q in ("没收到", "A1000003"):
        with django_assert_max_num_queries(8):
            search(viewer=SYSTEM_VIEWER, q=q, at=SOON)
