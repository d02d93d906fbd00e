"""What is done to a case; a refusal changes nothing."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from tests.cases.making import at_dongshan, opened, row
from tests.world import START
from yishi.cases.actions.assign import assign
from yishi.cases.actions.escalate import JustEscalated, escalate_case, withdraw_case
from yishi.cases.actions.evidence import add_evidence
from yishi.cases.actions.hold import CaseIsOver, MoveNotPossible
from yishi.cases.actions.reopen import TooLateToReopen, reopen_case
from yishi.cases.actions.reply import add_note, add_reply, consumer_reply
from yishi.cases.actions.resolve import Finding, resolve_case
from yishi.cases.actions.status import change_status, close_case
from yishi.cases.jobs import sweep_resolved
from yishi.cases.models.case import Case
from yishi.cases.models.history import TimelineEntry
from yishi.cases.queries.history import access_file, list_evidence, list_timeline
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Stale
from yishi.kit.models import FactRow, StoredFile

HOUR = timedelta(hours=1)
VALID = Finding(validity="VALID", reason="快递员放错门口")


@pytest.fixture
def case(world):
    return at_dongshan(world)


@pytest.fixture
def lin(world):
    return world.viewer(world.lin)


def settle(case, by, at=START + HOUR, **changed):
    values = {"remedy": "已找回送到", "text": "包裹找到了", "finding": VALID, **changed}
    return resolve_case(case_id=case.case_id, by=by, at=at, **values)


def snapshot():
    counts = (TimelineEntry.objects.count(), FactRow.objects.count())
    return list(Case.objects.order_by("pk").values()), counts


def kinds(case):
    return [line.kind for line in list_timeline(case.case_id)]


def test_a_reply_takes_the_case_in_hand(case, lin):
    add_reply(case_id=case.case_id, text="正在查", by=lin, at=START + HOUR)
    kept = row(case)
    assert (kept.status, kept.assignee_id, kept.replied_at) == ("IN_PROGRESS", lin.user_id, START + HOUR)
    assert kept.version == 2


def test_the_second_of_two_who_answer_sees_the_first(case, lin):
    add_reply(case_id=case.case_id, text="我来", by=lin, at=START, version=1)
    before = snapshot()
    with pytest.raises(Stale):
        add_reply(case_id=case.case_id, text="我也来", by=lin, at=START, version=1)
    assert snapshot() == before


def test_the_second_of_two_presses_at_once_is_stale(case, lin):
    settle(case, lin, version=1)
    with pytest.raises(Stale):
        settle(case, lin, version=1)


def test_a_note_stays_inside(case, lin):
    add_note(case_id=case.case_id, text="客户要赔", by=lin, at=START)
    assert "NOTE" in kinds(case)
    assert "NOTE" not in [line.kind for line in list_timeline(case.case_id, audience="PUBLIC")]


def test_public_lines_name_no_staff(case, lin):
    add_reply(case_id=case.case_id, text="正在查", by=lin, at=START)
    assert list_timeline(case.case_id)[-1].author == "林客服"
    assert list_timeline(case.case_id, audience="PUBLIC")[-1].author == "网点客服"


def test_what_waits_for_the_person_goes_on_when_he_writes(case, lin):
    change_status(case_id=case.case_id, status="WAITING_CUSTOMER", reason="问门牌号", by=lin, at=START)
    consumer_reply(case_id=case.case_id, text="3 栋", at=START + HOUR)
    assert row(case).status == "IN_PROGRESS"
    assert FactRow.objects.filter(fact="cases.CaseStatusChanged").count() == 2


@pytest.mark.parametrize(
    ("status", "reason", "error"),
    [
        ("NOTHING", "x", Invalid),
        ("RESOLVED", "x", MoveNotPossible),
        ("OPEN", "x", MoveNotPossible),
    ],
)
def test_a_refused_status_changes_nothing(case, lin, status, reason, error):
    before = snapshot()
    with pytest.raises(error):
        change_status(case_id=case.case_id, status=status, reason=reason, by=lin, at=START)
    assert snapshot() == before


def test_settling_keeps_claim_and_finding_apart(case, lin):
    settle(case, lin, finding=Finding(validity="PARTLY", category="FALSE_SIGN_OFF", reason="先点了签收"))
    kept = row(case)
    assert (kept.status, kept.category, kept.finding_category) == (
        "RESOLVED",
        "SIGNED_NOT_RECEIVED",
        "FALSE_SIGN_OFF",
    )
    assert "FINDING" not in [line.kind for line in list_timeline(case.case_id, audience="PUBLIC")]


@pytest.mark.parametrize(
    "changed",
    [
        {"remedy": " "},
        {"text": ""},
        {"finding": Finding(validity="MAYBE", reason="x")},
        {"finding": Finding(validity="VALID", reason="")},
        {"finding": Finding(validity="VALID", reason="x", category="NONE")},
        {"root_cause": "x" * 201},
    ],
)
def test_a_refused_settlement_changes_nothing(case, lin, changed):
    before = snapshot()
    with pytest.raises(Invalid):
        settle(case, lin, **changed)
    assert snapshot() == before


@pytest.mark.parametrize(("after", "status"), [(timedelta(hours=72), "CLOSED"), (71 * HOUR, "RESOLVED")])
def test_a_settled_case_closes_after_72_hours(case, lin, after, status):
    settle(case, lin, at=START)
    sweep_resolved(at=START + after)
    assert row(case).status == status
    assert sweep_resolved(at=START + after) == 0


def test_the_person_confirms_at_once(case, lin):
    settle(case, lin)
    close_case(case_id=case.case_id, at=START + 2 * HOUR)
    assert (row(case).status, row(case).closes_at) == ("CLOSED", None)
    with pytest.raises(MoveNotPossible):
        close_case(case_id=case.case_id, at=START)


def test_reopened_it_presses_more(case, lin):
    settle(case, lin)
    reopen_case(case_id=case.case_id, reason="还没收到", by=None, at=START + timedelta(days=15))
    kept = row(case)
    assert (kept.status, kept.priority, kept.resolved_at, kept.closes_at) == ("IN_PROGRESS", 1, None, None)


def test_too_late_to_reopen_changes_nothing(case, lin):
    settle(case, lin, at=START)
    before = snapshot()
    with pytest.raises(TooLateToReopen):
        reopen_case(case_id=case.case_id, reason="x", by=None, at=START + timedelta(days=15, seconds=1))
    assert snapshot() == before


def test_withdrawn_is_over(case, lin):
    withdraw_case(case_id=case.case_id, reason="找到了", at=START)
    before = snapshot()
    for refused in (
        lambda: add_reply(case_id=case.case_id, text="x", by=lin, at=START),
        lambda: consumer_reply(case_id=case.case_id, text="x", at=START),
        lambda: escalate_case(case_id=case.case_id, by=None, at=START),
        lambda: withdraw_case(case_id=case.case_id, at=START),
        lambda: settle(case, lin),
    ):
        with pytest.raises(CaseIsOver):
            refused()
    assert snapshot() == before


def test_not_twice_higher_within_two_hours(case):
    escalate_case(case_id=case.case_id, by=None, at=START)
    before = snapshot()
    with pytest.raises(JustEscalated):
        escalate_case(case_id=case.case_id, by=None, at=START + HOUR)
    assert snapshot() == before


def test_given_to_another_outlet(case, world, lin):
    assign(
        case_id=case.case_id,
        outlet_id=world.jiangning_id,
        assignee_id=world.he.pk,
        reason="件在江宁",
        by=lin,
        at=START,
    )
    assert (row(case).outlet_id, row(case).assignee_id) == (world.jiangning_id, world.he.pk)
    assert list_timeline(case.case_id, audience="PUBLIC")[-1].text == "已送到江宁网点"


def test_a_refused_assignment_changes_nothing(case, world, lin):
    before = snapshot()
    he, give = world.viewer(world.he), {"case_id": case.case_id, "reason": "x", "at": START}
    with pytest.raises(NotFound):
        assign(outlet_id=999_999, assignee_id=None, by=lin, **give)
    with pytest.raises(NotAllowed):
        assign(outlet_id=world.jiangning_id, assignee_id=None, by=he, **give)
    assert snapshot() == before


def a_file():
    return StoredFile.objects.create(
        name="门口.jpg", content_type="image/jpeg", size=3, sha256=b"x" * 32, stored_at=START
    ).id


def test_files_come_with_a_line_and_through_the_door(world, lin):
    first, second = a_file(), a_file()
    case = opened(world, files=[first, first])
    add_evidence(case_id=case.case_id, files=[second], by=world.viewer(world.quality), at=START)
    assert [each.file_id for each in list_evidence(case.case_id)] == [first, second]
    assert [each.file_id for each in list_evidence(case.case_id, audience="PUBLIC")] == [first]
    with pytest.raises(NotFound):
        access_file(viewer=lin, file_id=first)


@pytest.mark.parametrize(
    "deed", ["UPDATE cases_timeline_entry SET text = 'x'", "DELETE FROM cases_timeline_entry"]
)
def test_history_cannot_be_changed(case, deed):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(deed)
    assert len(kinds(case)) == 3


@pytest.mark.parametrize(("status", "said"), [("WAITING_CUSTOMER", True), ("WAITING_THIRD_PARTY", False)])
def test_who_is_asked_reads_the_question(case, lin, status, said):
    change_status(case_id=case.case_id, status=status, reason="问门牌号", by=lin, at=START)
    line = list_timeline(case.case_id, audience="PUBLIC")[-1]
    assert (line.kind, line.is_said, "问门牌号" in line.text) == ("STATUS", said, said)
