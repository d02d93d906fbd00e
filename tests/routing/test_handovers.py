"""A case offered to another outlet: who sees it, who answers for it, “not ours” with proof, up if it must."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from tests.cases.making import at_dongshan, row
from tests.world import START, add_person, make_world
from yishi.cases.actions.assign import assign
from yishi.cases.actions.evidence import add_evidence
from yishi.cases.actions.hold import OnlyTheLead
from yishi.cases.actions.reply import add_note, add_reply
from yishi.cases.actions.resolve import Finding, resolve_case
from yishi.cases.models.history import TimelineEntry
from yishi.cases.queries.cards import access_case, list_cases_of_waybill
from yishi.cases.queries.history import list_timeline
from yishi.cases.queries.worklist import worklist, worklist_counts
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Stale
from yishi.kit.models import FactRow, StoredFile
from yishi.people.rules import Role
from yishi.routing.actions.give import give_case
from yishi.routing.actions.handovers import (
    AlreadyAnswered,
    HandOverWaits,
    HeadOfficeDecides,
    ProofNeeded,
    accept,
    lapse,
    offer,
    refuse,
    withdraw,
)
from yishi.routing.actions.joint import AlreadyAParty, NotAParty, join, leave, take_lead
from yishi.routing.models import HandOver
from yishi.routing.queries.handovers import list_handovers

SETTLED = {"remedy": "FOUND", "text": "找到了", "finding": Finding(validity="VALID", reason="放错门口")}


def a_file():
    return StoredFile.objects.create(
        pk=uuid4(), name="监控.jpg", size=1, content_type="image/jpeg", sha256=uuid4().bytes * 2,
        retention_class="EVIDENCE", stored_at=START,
    ).pk  # fmt: skip


@pytest.fixture
def people(world):
    return {name: world.viewer(getattr(world, name)) for name in ("lin", "zhou", "he", "quality")}


@pytest.fixture
def case(world):
    return at_dongshan(world)


@pytest.fixture
def offered(world, case, people):
    """Dongshan has asked Jiangning to take it."""
    return offer(
        case_id=case.case_id,
        outlet_id=world.jiangning_id,
        reason="在江宁中转时丢的",
        by=people["lin"],
        at=START,
    )


def seen(viewer, case):
    try:
        access_case(viewer=viewer, case_no=case.case_no)
    except NotFound:
        return False
    return True


def rows(viewer, view):
    return [item.case_no for item in worklist(viewer=viewer, view=view, at=START).items]


def unchanged(case):
    return (row(case).outlet_id, row(case).assignee_id, row(case).version, TimelineEntry.objects.count())


def test_until_it_accepts_the_giver_answers_for_it_and_both_see_it(world, case, people, offered):
    lin, he = people["lin"], people["he"]
    assert row(case).outlet_id == world.dongshan_id
    assert seen(lin, case) and seen(he, case)
    assert (rows(he, "offered"), rows(he, "outlet"), rows(he, "unassigned")) == (
        [case.case_no],
        [case.case_no],
        [],
    )
    assert worklist_counts(viewer=he, at=START)["offered"] == 1
    assert [line.case_no for line in list_cases_of_waybill(viewer=he, waybill_no=row(case).waybill_no)]
    with pytest.raises(OnlyTheLead):
        add_reply(case_id=case.case_id, text="我们来", by=he, at=START)
    promise = FactRow.objects.get(fact="cases.PromiseMade").body
    assert (promise["subject_id"], promise["within_s"], promise["is_in_service_hours"]) == (
        offered,
        7200,
        True,
    )


def test_who_accepts_answers_by_name(world, case, people, offered):
    accept(handover_id=offered, by=people["he"], at=START)
    assert (row(case).outlet_id, row(case).assignee_id) == (world.jiangning_id, world.he.pk)
    assert not seen(people["lin"], case) and rows(people["he"], "offered") == []
    assert "江宁网点接收了" in [line.text.split("，")[0] for line in list_timeline(case.case_id)]
    assert FactRow.objects.get(fact="cases.PromiseEnded").body["is_done"] is True
    add_reply(case_id=case.case_id, text="我们在找", by=people["he"], at=START)


@pytest.mark.parametrize("given", ["nothing", "foreign"])
def test_not_ours_needs_proof(case, people, offered, given):
    before = unchanged(case)
    with pytest.raises(ProofNeeded):
        shown = [a_file()] if given == "foreign" else []
        refuse(handover_id=offered, reason="不是我们的", shown=shown, by=people["he"], at=START)
    with pytest.raises(Invalid):
        refuse(handover_id=offered, reason=" ", files=[a_file()], by=people["he"], at=START)
    assert unchanged(case) == before and list_handovers(case.case_id)[0].answer == ""


def test_refused_it_stays_with_who_gave_it(world, case, people, offered):
    refuse(handover_id=offered, reason="扫描里没有我们", files=[a_file()], by=people["he"], at=START)
    assert (row(case).outlet_id, seen(people["he"], case)) == (world.dongshan_id, False)
    assert row(case).assignee_id is None, "once is no matter for head office"


def test_evidence_of_the_case_is_proof_too(case, people, offered):
    file = a_file()
    add_evidence(case_id=case.case_id, files=[file], by=people["lin"], at=START)
    refuse(handover_id=offered, reason="照片上是东山", shown=[file], by=people["he"], at=START)
    assert list_handovers(case.case_id)[0].answer == "REFUSED"


def test_after_the_second_refusal_head_office_decides(world, case, people, offered):
    refuse(handover_id=offered, reason="不是", files=[a_file()], by=people["he"], at=START)
    again = offer(
        case_id=case.case_id, outlet_id=world.jiangning_id, reason="再看看", by=people["lin"], at=START
    )
    refuse(handover_id=again, reason="真不是", files=[a_file()], by=people["he"], at=START)
    assert (row(case).outlet_id, row(case).assignee_id) == (world.dongshan_id, world.quality.pk)
    before = unchanged(case)
    with pytest.raises(HeadOfficeDecides):
        offer(case_id=case.case_id, outlet_id=world.jiangning_id, reason="第三次", by=people["lin"], at=START)
    assert unchanged(case) == before
    decided = {"outlet_id": world.jiangning_id, "assignee_id": None, "reason": "监控在江宁"}
    assert give_case(case_id=case.case_id, **decided, by=people["quality"], at=START) is None
    assert row(case).outlet_id == world.jiangning_id


def test_no_answer_in_time_goes_up_once(world, case, people, offered):
    later = START + timedelta(hours=2)
    lapse(handover_id=offered, at=later)
    lapse(handover_id=offered, at=later)
    assert (row(case).outlet_id, row(case).assignee_id) == (world.dongshan_id, world.quality.pk)
    assert [line.kind for line in list_timeline(case.case_id)].count("HANDOVER_LAPSED") == 1
    with pytest.raises(AlreadyAnswered):
        accept(handover_id=offered, by=people["he"], at=later)
    assert not seen(people["he"], case)


def test_one_offer_at_a_time_and_it_can_be_taken_back(world, case, people, offered):
    with pytest.raises(HandOverWaits):
        offer(case_id=case.case_id, outlet_id=world.jiangning_id, reason="又", by=people["lin"], at=START)
    with pytest.raises(NotAllowed):
        withdraw(handover_id=offered, by=people["he"], at=START)
    withdraw(handover_id=offered, by=people["zhou"], at=START)
    assert (list_handovers(case.case_id)[0].answer, seen(people["he"], case)) == ("WITHDRAWN", False)


@pytest.mark.parametrize(
    ("who", "changed", "refusal"),
    [
        ("he", {}, NotAllowed),
        ("lin", {"outlet_id": 999_999}, NotFound),
        ("lin", {"reason": ""}, Invalid),
        ("lin", {"version": 99}, Stale),
    ],
)
def test_an_offer_that_may_not_be(world, case, people, who, changed, refusal):
    before = unchanged(case)
    values = {"outlet_id": world.jiangning_id, "reason": "不是我们的", **changed}
    with pytest.raises(refusal):
        offer(case_id=case.case_id, **values, by=people[who], at=START)
    assert unchanged(case) == before and not HandOver.objects.exists()


@pytest.mark.parametrize("who", ["lin", "zhou"])
def test_giving_to_another_outlet_is_an_offer(world, case, people, who):
    values = {"case_id": case.case_id, "outlet_id": world.jiangning_id, "reason": "江宁的", "at": START}
    with pytest.raises(Invalid):
        give_case(**values, assignee_id=world.he.pk, by=people[who])
    assert give_case(**values, assignee_id=None, by=people[who]) == HandOver.objects.get().pk
    assert row(case).outlet_id == world.dongshan_id


def test_who_runs_both_outlets_moves_it_at_once(world, case):
    boss = world.viewer(add_person("both", "吴经理", Role.OUTLET_MANAGER, "DS01", "JN01"))
    values = {"outlet_id": world.jiangning_id, "assignee_id": None, "reason": "离得近"}
    assert give_case(case_id=case.case_id, **values, by=boss, at=START) is None
    assert row(case).outlet_id == world.jiangning_id


@pytest.mark.parametrize("ending", ["moved", "settled"])
def test_an_offer_ends_with_its_case(world, case, people, offered, ending):
    if ending == "moved":
        decided = {"outlet_id": None, "assignee_id": None, "reason": "总部查"}
        assign(case_id=case.case_id, **decided, by=people["quality"], at=START)
    else:
        resolve_case(case_id=case.case_id, **SETTLED, by=people["lin"], at=START)
    assert list_handovers(case.case_id)[0].answer == "WITHDRAWN" and not seen(people["he"], case)


def test_a_joint_case_has_one_lead(world, case, people):
    lin, he = people["lin"], people["he"]
    join(case_id=case.case_id, outlet_id=world.jiangning_id, why="查装车监控", by=lin, at=START)
    with pytest.raises(AlreadyAParty):
        join(case_id=case.case_id, outlet_id=world.jiangning_id, why="再请", by=lin, at=START)
    assert rows(he, "outlet") == [case.case_no] and rows(he, "offered") == rows(he, "mine") == []
    add_note(case_id=case.case_id, text="监控看了，装车时在", by=he, at=START)
    add_evidence(case_id=case.case_id, files=[a_file()], by=he, at=START)
    before = unchanged(case)
    with pytest.raises(OnlyTheLead):
        resolve_case(case_id=case.case_id, **SETTLED, by=he, at=START)
    with pytest.raises(NotAllowed):
        leave(case_id=case.case_id, outlet_id=world.jiangning_id, why="x", by=he, at=START)
    assert unchanged(case) == before


def test_the_lead_is_taken_never_pushed(world, case, people):
    lin, he = people["lin"], people["he"]
    with pytest.raises(NotAParty):
        take_lead(case_id=case.case_id, outlet_id=world.jiangning_id, why="我们来", by=he, at=START)
    join(case_id=case.case_id, outlet_id=world.jiangning_id, why="一起", by=lin, at=START)
    with pytest.raises(NotAllowed):
        take_lead(case_id=case.case_id, outlet_id=world.jiangning_id, why="你们来", by=lin, at=START)
    take_lead(case_id=case.case_id, outlet_id=world.jiangning_id, why="东西在我们这", by=he, at=START)
    assert (row(case).outlet_id, row(case).assignee_id) == (world.jiangning_id, world.he.pk)
    assert seen(lin, case), "who led before stays in it"
    leave(case_id=case.case_id, outlet_id=world.dongshan_id, why="找到了", by=he, at=START)
    assert not seen(lin, case)


@pytest.mark.parametrize("count", [1, 8])
def test_the_page_with_shared_cases_costs_as_much(world, people, count, django_assert_num_queries):
    for number in range(count):
        one = at_dongshan(world, at=START + timedelta(minutes=2 * number)) if not number else None
        case_id = one.case_id if one else _another(world, number)
        join(case_id=case_id, outlet_id=world.jiangning_id, why="一起", by=people["lin"], at=START)
    with django_assert_num_queries(3):
        assert len(worklist(viewer=people["he"], view="outlet", at=START).items) == count


def _another(world, number):
    from tests.cases.making import opened, parcel

    ref = parcel(outlet_id=world.dongshan_id, waybill_no=f"YT{number:05}")
    return opened(world, ref=ref, contact_id=None).case_id


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_the_second_is_told():
    world = make_world()
    he = world.viewer(world.he)
    case = at_dongshan(world)
    handover_id = offer(
        case_id=case.case_id,
        outlet_id=world.jiangning_id,
        reason="江宁的",
        by=world.viewer(world.lin),
        at=START,
    )
    file, start, told = a_file(), threading.Barrier(2), []

    def answer(deed):
        start.wait()
        try:
            deed()
            told.append("")
        except AlreadyAnswered as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    deeds = (
        lambda: accept(handover_id=handover_id, by=he, at=START),
        lambda: refuse(handover_id=handover_id, reason="不是", files=[file], by=he, at=START),
    )
    threads = [threading.Thread(target=answer, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["", "handover_answered"]
    is_theirs = row(case).outlet_id == world.jiangning_id
    assert HandOver.objects.get().answer == ("ACCEPTED" if is_theirs else "REFUSED")
