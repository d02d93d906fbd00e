"""A case goes through its workflow: verbs carry it, people move it, time moves it; it is never nowhere."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.cases.making import at_dongshan, opened, row
from tests.world import START
from yishi.cases.actions.escalate import withdraw_case
from yishi.cases.actions.evidence import add_evidence
from yishi.cases.actions.reopen import reopen_case
from yishi.cases.actions.reply import add_reply, consumer_reply
from yishi.cases.actions.resolve import Finding, resolve_case
from yishi.cases.actions.status import change_status, close_case
from yishi.cases.actions.types import save_type
from yishi.cases.actions.workflow_versions import (
    WorkflowInUse,
    WorkflowMustStay,
    end_workflow,
    save_workflow,
)
from yishi.cases.actions.workflows import NoSuchMove, SomethingMissing, lapse_step, move_step
from yishi.cases.models.history import TimelineEntry
from yishi.cases.models.workflows import WorkflowVersion
from yishi.cases.queries.cards import get_case
from yishi.cases.queries.history import list_timeline
from yishi.cases.queries.types import shelf
from yishi.cases.queries.workflows import consumer_way, stand_of
from yishi.cases.rules.types import TypeTerms
from yishi.cases.rules.workflow_faults import faults_of
from yishi.cases.rules.workflows import Auto
from yishi.kit.errors import Invalid, NotAllowed, Stale
from yishi.kit.models import FactRow, StoredFile

LATER = START + timedelta(hours=1)
FOUND = Finding(validity="VALID", reason="查过监控")


@pytest.fixture
def case(world):
    return at_dongshan(world)


@pytest.fixture
def lin(world):
    return world.viewer(world.lin)


def place(case):
    return stand_of(get_case(case.case_id)).place.key


def resolve(case, by, at=LATER):
    resolve_case(
        case_id=case.case_id,
        remedy="FOUND",
        text="找到了",
        finding=FOUND,
        root_cause="放错格口",
        by=by,
        at=at,
    )


def mend(world, key="EXCEPTION", of="CHECK", **parts):
    """A new version of a shipped workflow with parts of one step changed."""
    old = shelf().workflows[key]
    steps = tuple(replace(s, **parts) if s.key == of else s for s in old.steps)
    save_workflow(workflow=replace(old, steps=steps), by=world.viewer(world.quality), at=START)


def promises(name):
    return list(FactRow.objects.filter(fact=f"cases.{name}").order_by("pk").values_list("body", flat=True))


@pytest.mark.django_db
def test_what_is_shipped_is_sound():
    assert {key: faults_of(workflow) for key, workflow in shelf().workflows.items()} == {
        key: [] for key in ("EXCEPTION", "COMPLAINT", "REQUEST", "ENQUIRY", "PRAISE")
    }


def test_verbs_carry_the_case_along(case, lin):
    way = [place(case)]
    for verb in (
        lambda: add_reply(case_id=case.case_id, text="在查", by=lin, at=LATER),
        lambda: move_step(case_id=case.case_id, to="ACT", by=lin, at=LATER),
        lambda: change_status(case_id=case.case_id, status="WAITING_CUSTOMER", by=lin, at=LATER),
        lambda: consumer_reply(case_id=case.case_id, text="3 号楼", at=LATER),
        lambda: resolve(case, lin),
        lambda: close_case(case_id=case.case_id, at=LATER),
        lambda: reopen_case(case_id=case.case_id, reason="", by=None, at=LATER),
        lambda: withdraw_case(case_id=case.case_id, at=LATER),
    ):
        verb()
        way.append(place(case))
    assert way == [
        "RECEIVED", "CHECK", "ACT", "WAITING_CUSTOMER", "CHECK", "SETTLED", "CLOSED", "CHECK", "WITHDRAWN",
    ]  # fmt: skip
    assert stand_of(get_case(case.case_id)).passed == way


def test_a_move_by_hand_is_told_with_its_reason(case, lin):
    add_reply(case_id=case.case_id, text="在查", by=lin, at=LATER)
    move_step(case_id=case.case_id, to="ACT", reason="找到了位置", by=lin, at=LATER)
    (line,) = [line for line in list_timeline(case.case_id) if line.kind == "STEP"]
    assert (line.audience, line.author, line.text) == ("INTERNAL", "林客服", "找到了位置")
    assert row(case).step == "ACT"


def test_a_move_to_waiting_changes_the_status_and_asks_the_person(case, lin):
    add_reply(case_id=case.case_id, text="在查", by=lin, at=LATER)
    move_step(case_id=case.case_id, to="WAITING_CUSTOMER", reason="几号楼？", by=lin, at=LATER)
    assert (row(case).status, place(case)) == ("WAITING_CUSTOMER", "WAITING_CUSTOMER")
    assert TimelineEntry.objects.filter(case_id=case.case_id, audience="PUBLIC", text="几号楼？").exists()


@pytest.mark.parametrize("to", ["SETTLED", "CLOSED", "NOWHERE", "ACT"])
def test_a_move_that_is_not_drawn_changes_nothing(case, lin, to):
    before, lines = row(case).version, len(list_timeline(case.case_id))
    with pytest.raises(NoSuchMove):
        move_step(case_id=case.case_id, to=to, by=lin, at=LATER)
    assert (row(case).version, row(case).step, len(list_timeline(case.case_id))) == (before, "", lines)


def test_a_stale_or_foreign_move_changes_nothing(world, case, lin):
    with pytest.raises(Stale):
        move_step(case_id=case.case_id, to="CHECK", by=lin, at=LATER, version=99)
    with pytest.raises(NotAllowed):
        move_step(case_id=case.case_id, to="CHECK", by=world.viewer(world.operator), at=LATER)
    assert place(case) == "RECEIVED"


def test_evidence_is_asked_for_before_a_step_is_left(world, case, lin):
    mend(world, evidence=("PHOTO", "CALLS"))
    add_reply(case_id=case.case_id, text="在查", by=lin, at=LATER)
    with pytest.raises(SomethingMissing, match="照片、联系记录"):
        move_step(case_id=case.case_id, to="ACT", by=lin, at=LATER)
    with pytest.raises(SomethingMissing):
        resolve(case, lin)
    assert (row(case).status, place(case)) == ("IN_PROGRESS", "CHECK")
    # the person himself is never held
    withdraw_case(case_id=case.case_id, at=LATER)
    assert place(case) == "WITHDRAWN"


def test_a_step_with_a_time_of_its_own_is_promised_and_ends(world, case, lin):
    mend(world, of="ACT", limit_hours=1.5, is_in_service_hours=True)
    add_reply(case_id=case.case_id, text="在查", by=lin, at=LATER)
    move_step(case_id=case.case_id, to="ACT", by=lin, at=LATER)
    (made,) = promises("PromiseMade")
    assert (made["subject_kind"], made["subject_id"], made["within_s"]) == ("STEP", case.case_id, 5400)
    assert made["is_in_service_hours"] and not promises("PromiseEnded")
    resolve(case, lin)
    assert [(p["kind"], p["is_done"]) for p in promises("PromiseEnded")] == [("STEP", True)]


def test_time_moves_a_case_on(world, case, lin):
    mend(world, limit_hours=4, autos=(Auto(on="TIME", to="ACT"), Auto(on="RESOLVED", to="SETTLED")))
    add_reply(case_id=case.case_id, text="在查", by=lin, at=LATER)
    lapse_step(case_id=case.case_id, at=LATER + timedelta(hours=4))
    assert place(case) == "ACT"
    assert list_timeline(case.case_id)[-1].text == "从“核实位置与经过”到“找件、重派或补救”：这一步的时限到了"


def test_a_first_step_with_a_time_is_promised_when_a_case_is_opened(world):
    mend(world, of="RECEIVED", limit_hours=2)
    late = opened(world)
    assert [p["subject_id"] for p in promises("PromiseMade")] == [late.case_id]


def test_a_case_on_a_step_that_is_gone_is_placed_anew_and_told_so(world, case, lin):
    add_reply(case_id=case.case_id, text="在查", by=lin, at=LATER)
    move_step(case_id=case.case_id, to="ACT", by=lin, at=LATER)
    old = shelf().workflows["EXCEPTION"]
    kept = [s for s in old.steps if s.key != "ACT"]
    fewer = [replace(s, moves=tuple(to for to in s.moves if to != "ACT")) for s in kept]
    quality = world.viewer(world.quality)
    save_workflow(workflow=replace(old, steps=tuple(fewer)), by=quality, at=LATER)
    assert (row(case).step, place(case)) == ("", "CHECK")
    assert list_timeline(case.case_id)[-1].text.endswith("流程改了，原来那一步没有了")


def test_a_faulty_workflow_is_not_kept(world):
    old = shelf().workflows["EXCEPTION"]
    lost = replace(old, start="NOWHERE")
    with pytest.raises(Invalid) as refused:
        save_workflow(workflow=lost, by=world.viewer(world.quality), at=START)
    assert refused.value.errors == [("/", "no_start", "没有起点：选一个步骤作开始")]
    assert WorkflowVersion.objects.count() == 5 and shelf().workflows["EXCEPTION"] == old


def test_saving_the_same_makes_no_version_and_a_stale_one_is_refused(world):
    old, quality = shelf().workflows["PRAISE"], world.viewer(world.quality)
    assert save_workflow(workflow=old, by=quality, at=START) == 1
    assert save_workflow(workflow=replace(old, name="谢意"), version=1, by=quality, at=START) == 2
    with pytest.raises(Stale):
        save_workflow(workflow=old, version=1, by=quality, at=START)
    with pytest.raises(NotAllowed):
        save_workflow(workflow=old, by=world.viewer(world.lin), at=START)
    assert shelf().workflows["PRAISE"].name == "谢意"


def test_a_workflow_in_use_is_not_ended(world):
    quality = world.viewer(world.quality)
    with pytest.raises(WorkflowMustStay):
        end_workflow(key="PRAISE", by=quality, at=START)
    own = replace(shelf().workflows["PRAISE"], key="OWN")
    save_workflow(workflow=own, by=quality, at=START)
    used = TypeTerms(key="OWN_TYPE", name="自己的", category="PRAISE", parent="PRAISE", workflow="OWN")
    save_type(terms=used, by=quality, at=START)
    with pytest.raises(WorkflowInUse, match="自己的"):
        end_workflow(key="OWN", by=quality, at=START)
    save_type(terms=replace(used, workflow=""), by=quality, at=START)
    end_workflow(key="OWN", by=quality, at=START)
    assert "OWN" not in shelf().active_workflows


def test_the_consumer_sees_it_in_small(case, lin):
    assert consumer_way(get_case(case.case_id)) == [
        ("收到", "now"), ("在查", "next"), ("在办", "next"), ("处理办法", "next"), ("办结", "next"),
    ]  # fmt: skip
    change_status(case_id=case.case_id, status="WAITING_CUSTOMER", reason="几号楼？", by=lin, at=LATER)
    assert ("等你补充", "now") in consumer_way(get_case(case.case_id))


def test_evidence_moves_a_case_where_the_workflow_says_so(world, case, lin):
    mend(world, autos=(Auto(on="EVIDENCE_ADDED", to="ACT"), Auto(on="RESOLVED", to="SETTLED")))
    add_reply(case_id=case.case_id, text="在查", by=lin, at=LATER)
    file = StoredFile.objects.create(
        sha256=b"1" * 32,
        size=1,
        content_type="image/jpeg",
        name="1.jpg",
        retention_class="EVIDENCE",
        stored_at=LATER,
    )
    add_evidence(case_id=case.case_id, files=[file.pk], by=lin, at=LATER)
    assert place(case) == "ACT"
