"""Several steps as one: all or none; many cases at once: tried, done once, told row by row, taken back."""

import uuid
from datetime import timedelta

import pytest
from django.utils import translation

from tests.cases.making import at_dongshan, opened, parcel, row
from tests.world import START, World
from yishi.automation.actions import bulk as bulks
from yishi.automation.actions.bulk import NothingChosen, TooManyCases, ask_bulk, run_bulk, undo_bulk
from yishi.automation.actions.macros import OpenVariable, run_macro, run_steps, save_macro, try_steps
from yishi.automation.jobs import sweep_bulks
from yishi.automation.models.macros import Bulk
from yishi.automation.queries.macros import access_bulk, list_macros
from yishi.automation.rules.steps import faults_of, read_steps
from yishi.cases.actions.assign import assign
from yishi.cases.actions.escalate import withdraw_case
from yishi.cases.models.tasks import Task
from yishi.cases.queries.history import list_timeline
from yishi.kit.errors import Invalid, NotFound, Stale
from yishi.kit.models import FactRow, Reveal
from yishi.sla.queries.clocks import clocks_of_case

LATER = START + timedelta(minutes=9)
STEPS = [
    {"do": "assign", "user": "0", "reason": "他熟"},
    {"do": "reply", "text": "{姓名}您好，{网点}在查 {运单号}"},
    {"do": "note", "text": "没有拍照"},
    {"do": "tag", "tag": "要回访"},
    {"do": "priority", "priority": "2", "reason": "老人急用"},
]


@pytest.mark.parametrize(
    ("steps", "codes"),
    [
        ([], ["no_steps"]),
        ([{"do": "fly"}], ["no_steps"]),
        ([{"do": "note", "text": " "}], ["missing_field"]),
        ([{"do": "note", "text": "a"}, {"do": "note", "text": "b"}], ["twice"]),
        ([{"do": "reply", "text": "{身份证}"}], ["unknown_variable"]),
        ([{"do": "task", "title": "找监控", "within_h": "0"}], ["bad_time"]),
        ([{"do": "task", "title": "找监控", "within_h": "720"}], []),
        ([{"do": "task", "title": "找监控", "within_h": "721"}], ["bad_time"]),
        ([{"do": "priority", "priority": "3", "reason": "急"}], ["unknown_priority"]),
        (
            [{"do": "settle", "remedy": "FOUND", "text": "好", "validity": "VALID", "reason": "核"},
             {"do": "assign", "reason": "转"}],
            ["settled"],
        ),
        (STEPS, []),
    ],
)  # fmt: skip
def test_steps_that_cannot_be_done_are_named(steps: list[dict], codes: list[str]) -> None:
    assert [code for _pointer, code, _words in faults_of(read_steps(steps))] == codes


def test_giving_away_comes_last() -> None:
    assert [step.do for step in read_steps(STEPS)] == ["note", "reply", "tag", "priority", "assign"]


def state(case) -> tuple:
    now = row(case)
    lines = [line.kind for line in list_timeline(case.case_id)]
    return now.version, now.status, now.priority, now.assignee_id, lines, FactRow.objects.count()


def macro(world: World, steps: list[dict], name: str = "先安抚再查") -> int:
    return save_macro(name=name, steps=steps, scope="PERSONAL", by=world.viewer(world.lin), at=START)


def test_a_macro_is_a_persons_answer_and_stands_in_the_history(world: World) -> None:
    case, lin = at_dongshan(world), world.viewer(world.lin)
    made = macro(world, STEPS)
    run_macro(macro_id=made, case_no=case.case_no, version=row(case).version, by=lin, at=LATER)
    lines = {line.kind: line for line in list_timeline(case.case_id)}
    assert lines["REPLY"].text == f"王*您好，东山网点在查 {row(case).waybill_no}"
    assert lines["REPLY"].author == "林客服" and "先安抚再查" in lines["MACRO"].text
    first = next(c for c in clocks_of_case(case.case_id) if c.kind == "FIRST_RESPONSE")
    assert (row(case).priority, first.met_at) == (2, LATER)
    assert list_macros(lin)[0].used == 1


def test_a_refused_step_changes_nothing(world: World) -> None:
    case, lin = at_dongshan(world), world.viewer(world.lin)
    steps = read_steps([*STEPS[2:], {"do": "status", "status": "CLOSED"}])
    before = state(case)
    with pytest.raises(Exception, match="不能这样改"):
        run_steps(case_no=case.case_no, steps=steps, by=lin, at=LATER, name="先安抚再查")
    with pytest.raises(Stale):
        run_steps(case_no=case.case_no, steps=steps[:1], by=lin, at=LATER, name="x", version=99)
    assert state(case) == before


def test_a_trial_knows_what_the_doing_knows_and_leaves_nothing(world: World) -> None:
    case, lin = at_dongshan(world), world.viewer(world.lin)
    assign(case_id=case.case_id, outlet_id=world.dongshan_id, assignee_id=world.lin.pk, reason="我办",
           by=lin, at=START)  # fmt: skip
    before = state(case)
    assert try_steps(case_no=case.case_no, steps=read_steps(STEPS), by=lin, at=LATER) is None
    open_variable = read_steps([{"do": "reply", "text": "{快递公司}说了算 {网点电话} {时限}"}])
    foreign = world.viewer(world.he)
    assert isinstance(try_steps(case_no=case.case_no, steps=open_variable, by=foreign, at=LATER), NotFound)
    assert state(case) == before and not Reveal.objects.exists()


def test_a_reply_with_an_open_variable_is_not_sent(world: World) -> None:
    case = opened(world, ref=parcel(outlet_id=world.dongshan_id), contact_id=None)
    steps, before = read_steps([{"do": "reply", "text": "{姓名}您好"}]), state(case)
    with pytest.raises(OpenVariable):
        run_steps(case_no=case.case_no, steps=steps, by=world.viewer(world.lin), at=LATER)
    assert state(case) == before


def test_a_macro_with_a_fault_is_not_kept(world: World) -> None:
    with pytest.raises(Invalid):
        macro(world, [{"do": "note"}])
    assert list_macros(world.viewer(world.lin)) == []


def many(world: World, count: int) -> list:
    refs = [parcel(outlet_id=world.dongshan_id, waybill_no=f"YT99000000000{n:02}") for n in range(count)]
    return [opened(world, ref=ref, contact_id=None) for ref in refs]


def ask(world: World, cases: list, key: uuid.UUID, steps: list[dict], by: str = "lin") -> uuid.UUID:
    nos = [case.case_no for case in cases]
    return ask_bulk(key=key, case_nos=nos, steps=steps, by=world.viewer(getattr(world, by)), at=LATER)


def test_a_bulk_is_tried_done_once_and_taken_back_where_nobody_touched_it(world: World) -> None:
    cases, lin, key = many(world, 4), world.viewer(world.lin), uuid.uuid4()
    withdraw_case(case_id=cases[0].case_id, at=START)
    steps = [{"do": "assign", "user": str(world.zhou.pk), "reason": "下午他在"}]
    before = [state(case) for case in cases]
    ask(world, cases, key, steps)
    tried = access_bulk(viewer=lin, key=key)
    assert [(r.state, bool(r.says)) for r in tried.rows] == [("REFUSED", True), *[("FITS", False)] * 3]
    assert [state(case) for case in cases] == before
    for _ in range(2):  # a second press, and the same form once more
        run_bulk(key=key, by=lin, at=LATER)
        ask(world, cases, key, steps)
    assert [row(case).assignee_id for case in cases] == [None, *[world.zhou.pk] * 3]
    assert all(sum(k == "ASSIGNED" for k in state(case)[4]) == 1 for case in cases[1:])
    assign(case_id=cases[1].case_id, outlet_id=world.dongshan_id, assignee_id=world.lin.pk, reason="我来",
           by=lin, at=LATER)  # fmt: skip
    undo_bulk(key=key, by=lin, at=LATER)
    assert [row(case).assignee_id for case in cases] == [None, world.lin.pk, None, None]
    undone = access_bulk(viewer=lin, key=key)
    assert [r.state for r in undone.rows] == ["REFUSED", "REFUSED", "UNDONE", "UNDONE"]
    assert undone.state == "UNDONE" and "别人刚刚改过" in undone.rows[1].says
    with translation.override("en"):
        assert "别人" not in access_bulk(viewer=lin, key=key).rows[1].says


def test_a_foreign_case_in_a_bulk_does_not_exist_and_a_foreign_bulk_neither(world: World) -> None:
    cases, key = many(world, 2), uuid.uuid4()
    with pytest.raises(NothingChosen):
        ask(world, cases, key, STEPS[2:], by="he")
    with pytest.raises(TooManyCases):
        nos = [str(n) for n in range(501)]
        ask_bulk(key=key, case_nos=nos, steps=STEPS, by=world.viewer(world.lin), at=LATER)
    assert not Bulk.objects.exists()
    ask(world, cases, key, STEPS[2:])
    with pytest.raises(NotFound):
        run_bulk(key=key, by=world.viewer(world.zhou), at=LATER)
    assert [row(case).priority for case in cases] == [0, 0]


def test_a_long_one_goes_on_in_the_worker(world: World, monkeypatch) -> None:
    monkeypatch.setattr(bulks, "AT_ONCE", 2)
    cases, lin, key = many(world, 5), world.viewer(world.lin), uuid.uuid4()
    ask(world, cases, key, [{"do": "task", "title": "找监控", "within_h": "4"}])
    assert access_bulk(viewer=lin, key=key).counts == {"WAITING": 5}
    assert sweep_bulks(at=LATER, limit=3) == 3 and access_bulk(viewer=lin, key=key).is_busy
    assert sweep_bulks(at=LATER, limit=3) == 2 and sweep_bulks(at=LATER, limit=3) == 0
    run_bulk(key=key, by=lin, at=LATER)
    assert not Task.objects.exists()
    assert sweep_bulks(at=LATER, limit=50) == 5
    assert Task.objects.count() == 5 and access_bulk(viewer=lin, key=key).state == "DONE"
