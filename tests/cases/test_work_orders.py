"""Rows of work orders with the database: handed in once or twice, newer and older, answered, compared."""

from datetime import timedelta

import pytest

from tests.fakes.work_orders import work_orders
from tests.world import START
from yishi.cases.actions.file import Complaint, file_complaint
from yishi.cases.actions.reopen import reopen_case
from yishi.cases.actions.reply import add_reply
from yishi.cases.actions.resolve import Finding, resolve_case
from yishi.cases.actions.work_order_answers import (
    AlreadyAnsweredThere,
    NothingToUndo,
    NoWorkOrder,
    ask_to_send,
    tick_answered_there,
    untick_answered_there,
)
from yishi.cases.actions.work_order_rows import (
    OrderSourcePaused,
    RowsUnreadable,
    confirm_run,
    drop_run,
    hand_in,
)
from yishi.cases.actions.work_order_sources import (
    add_order_source,
    change_order_source,
    give_meaning,
    pause_order_source,
)
from yishi.cases.jobs import (
    ask_order_sources,
    compare_work_orders,
    sweep_order_answers,
    sweep_work_orders,
)
from yishi.cases.models.case import Case
from yishi.cases.models.history import TimelineEntry
from yishi.cases.models.work_orders import SentAnswer, WorkOrder, WorkOrderDifference, WorkOrderRun
from yishi.cases.queries.history import list_timeline
from yishi.cases.queries.work_order_answers import find_answer_sheet, list_to_answer
from yishi.cases.queries.work_order_runs import access_run, preview_run
from yishi.cases.queries.work_order_sources import get_order_source, list_order_words
from yishi.kit.errors import Invalid, NotAllowed, NotFound
from yishi.people.rules import SYSTEM_VIEWER
from yishi.sla.queries import clocks as clock_queries

pytestmark = pytest.mark.django_db
HEADER = "工单号,运单号,工单类型,工单内容,联系电话,截止时间,更新时间,工单状态\n"
ROW = "W1,YT9900000000017,虚假签收,没收到,19900000001,2026-11-22 14:00,2026-11-22 09:00,待处理\n"
LATER = "W1,YT9900000000017,虚假签收,没收到。催了一次,,2026-11-22 12:00,2026-11-22 11:00,处理中\n"


@pytest.fixture
def hq(world):
    add_order_source(code="sto", plugin="file", filed_as="HQ", label="总部", by=SYSTEM_VIEWER, at=START)
    return get_order_source(code="sto")


def take(source, text, *, at=START, whole=False, way="FILE", by=SYSTEM_VIEWER):
    run_id = hand_in(
        source=source, way=way, body=text.encode(), is_whole=whole, is_confirmed=True, by=by, at=at
    )
    while sweep_work_orders(at=at):
        pass
    return WorkOrderRun.objects.get(pk=run_id)


def counts(run):
    return run.state, run.opened, run.changed, run.same, run.refused


def external_clock(case):
    running = [c for c in clock_queries.clocks_of_case(case.pk) if c.kind == "EXTERNAL" and not c.met_at]
    return running[-1].due_at


def kinds(case):
    return list(TimelineEntry.objects.filter(case=case).order_by("id").values_list("kind", flat=True))


def settle(case, *, at=START + timedelta(hours=1)):
    finding = Finding(validity="VALID", responsible="东山网点", reason="放在了驿站")
    resolve_case(
        case_id=case.pk, remedy="REDELIVERED", text="已送上门", finding=finding, by=SYSTEM_VIEWER, at=at
    )


def test_a_row_becomes_a_case_with_its_deadline_in_front(hq) -> None:
    assert counts(take(hq, HEADER + ROW)) == ("DONE", 1, 0, 0, 0)
    case = Case.objects.get()
    assert (case.source, case.external_no, case.category, case.external_state) == (
        "HQ", "W1", "SIGNED_NOT_RECEIVED", "待处理",
    )  # fmt: skip
    assert case.external_due_at == START + timedelta(hours=4)
    assert external_clock(case) == case.external_due_at
    assert case.next_due_at == min(case.external_due_at, START + timedelta(hours=2))


def test_the_same_file_twice_and_the_same_row_elsewhere_change_nothing(hq) -> None:
    take(hq, HEADER + ROW)
    before = kinds(Case.objects.get())
    assert counts(take(hq, HEADER + ROW)) == ("DONE", 0, 0, 1, 0)
    other = ROW.replace("W1", "W2").replace("17", "18")
    assert counts(take(hq, HEADER + other + ROW)) == ("DONE", 1, 0, 1, 0)
    assert kinds(Case.objects.get(external_no="W1")) == before


def test_a_newer_row_moves_the_deadline_and_adds_words_an_older_one_does_nothing(hq) -> None:
    take(hq, HEADER + ROW)
    assert counts(take(hq, HEADER + LATER, at=START + timedelta(minutes=5))) == ("DONE", 0, 1, 0, 0)
    case = Case.objects.get()
    assert (case.external_due_at, case.external_state) == (START + timedelta(hours=2), "处理中")
    assert external_clock(case) == START + timedelta(hours=2)
    assert kinds(case)[-3:] == ["EXTERNAL_DUE", "EXTERNAL_STATE", "EXTERNAL_TEXT"]
    assert TimelineEntry.objects.get(kind="EXTERNAL_TEXT").text == "。催了一次"
    older = LATER.replace("11:00,处理中", "08:00,待处理")
    assert counts(take(hq, HEADER + older, at=START + timedelta(minutes=6))) == ("DONE", 0, 0, 1, 0)
    assert counts(take(hq, HEADER + ROW, at=START + timedelta(minutes=7))) == ("DONE", 0, 0, 1, 0)
    assert Case.objects.get().external_state == "处理中"


def test_the_api_says_the_same_work_order_again(world) -> None:
    said = {"waybill_no": "YT9900000000017", "category": "LOST", "phone": "19900000001"}
    said |= {"source": "PINDUODUO", "external_no": "P1"}
    first = Complaint(text="丢了", external_state="OPEN", external_due_at=START + timedelta(hours=5), **said)
    again = Complaint(
        text="丢了，要赔", external_state="URGED", external_due_at=START + timedelta(hours=3), **said
    )
    for complaint in (first, again, again):
        file_complaint(complaint=complaint, by=world.viewer(world.owner), at=START)
    case = Case.objects.get()
    assert (case.external_state, case.external_due_at) == ("URGED", START + timedelta(hours=3))
    assert external_clock(case) == START + timedelta(hours=3)
    assert kinds(case).count("EXTERNAL_TEXT") == 1
    blind = world.viewer(world.he)
    file_complaint(complaint=Complaint(text="改一下", external_state="X", **said), by=blind, at=START)
    assert Case.objects.get().external_state == "URGED"


def test_an_unknown_word_is_other_until_the_operator_says_what_it_means(hq, world) -> None:
    odd = ROW.replace("虚假签收", "疑难杂症")
    take(hq, HEADER + odd)
    case = Case.objects.get()
    assert case.category == "OTHER"
    assert any("疑难杂症" in line.text for line in list_timeline(case.pk) if line.kind == "NOTE")
    owner = world.viewer(world.owner)
    assert [(w.word, w.category) for w in list_order_words(viewer=owner, code="sto")] == [("疑难杂症", "")]
    with pytest.raises(NotAllowed):
        give_meaning(code="sto", word="疑难杂症", category="DELAY", by=world.viewer(world.lin), at=START)
    with pytest.raises(Invalid):
        give_meaning(code="sto", word="疑难杂症", category="FALSE_SIGN_OFF", by=owner, at=START)
    give_meaning(code="sto", word="疑难杂症", category="DELAY", by=owner, at=START)
    take(hq, HEADER + odd.replace("W1", "W2"))
    assert Case.objects.get(external_no="W2").category == "DELAY"


def test_two_head_offices_may_not_share_a_number(hq) -> None:
    add_order_source(code="yto", plugin="file", filed_as="HQ", by=SYSTEM_VIEWER, at=START)
    take(hq, HEADER + ROW)
    run = take(get_order_source(code="yto"), HEADER + ROW)
    assert counts(run) == ("DONE", 0, 0, 0, 1)
    (row,) = preview_run(viewer=SYSTEM_VIEWER, run_id=run.pk).rows
    assert (row.fate, row.reason) == ("", "number_taken")
    assert Case.objects.count() == 1


def test_what_cannot_be_read_or_is_paused_leaves_nothing(hq) -> None:
    with pytest.raises(RowsUnreadable):
        take(hq, "日期,网点\n1,2\n")
    pause_order_source(code="sto", reason="在换系统", by=SYSTEM_VIEWER, at=START)
    with pytest.raises(OrderSourcePaused):
        take(get_order_source(code="sto"), HEADER + ROW)
    assert (WorkOrderRun.objects.count(), Case.objects.count()) == (0, 0)


def test_a_preview_writes_nothing_hides_people_and_belongs_to_who_gave_it(hq, world) -> None:
    lin, he = world.viewer(world.lin), world.viewer(world.he)
    run_id = hand_in(source=hq, way="PASTE", body=(HEADER + ROW).encode(), by=lin, at=START)
    (row,) = preview_run(viewer=lin, run_id=run_id).rows
    assert (row.fate, row.category, row.who) == ("NEW", "SIGNED_NOT_RECEIVED", "199****0001")
    with pytest.raises(NotFound):
        access_run(viewer=he, run_id=run_id)
    with pytest.raises(NotFound):
        confirm_run(run_id=run_id, is_whole=False, by=he, at=START)
    assert b"19900000001" not in bytes(WorkOrderRun.objects.get().body)
    drop_run(run_id=run_id, by=lin, at=START)
    assert (sweep_work_orders(at=START), Case.objects.count()) == (0, 0)


def test_the_tick_is_written_down_undone_with_a_reason_and_gone_when_reopened(hq, world) -> None:
    take(hq, HEADER + ROW)
    case, lin = Case.objects.get(), SYSTEM_VIEWER
    assert list_to_answer(viewer=lin) == []
    settle(case)
    (waiting,) = list_to_answer(viewer=lin)
    assert (waiting.external_no, waiting.external_due_at) == ("W1", START + timedelta(hours=4))
    assert find_answer_sheet(case.pk).filled.text.split("\t")[:4] == [
        "W1", "YT9900000000017", "重新派送、送上门", "属实",
    ]  # fmt: skip
    with pytest.raises(NothingToUndo):
        untick_answered_there(case_id=case.pk, reason="没填", by=lin, at=START)
    tick_answered_there(case_id=case.pk, by=lin, at=START + timedelta(hours=2))
    with pytest.raises(AlreadyAnsweredThere):
        tick_answered_there(case_id=case.pk, by=lin, at=START + timedelta(hours=2))
    assert list_to_answer(viewer=lin) == []
    with pytest.raises(Invalid):
        untick_answered_there(case_id=case.pk, reason=" ", by=lin, at=START)
    untick_answered_there(case_id=case.pk, reason="填错了一件", by=lin, at=START + timedelta(hours=2))
    tick_answered_there(case_id=case.pk, by=lin, at=START + timedelta(hours=3))
    reopen_case(case_id=case.pk, reason="又没收到", by=lin, at=START + timedelta(hours=4))
    assert Case.objects.get().answered_there_at is None


def test_a_case_of_a_person_has_nowhere_to_be_answered(world) -> None:
    complaint = Complaint(waybill_no="YT1", category="LOST", text="丢了", phone="19900000001")
    filed = file_complaint(complaint=complaint, by=None, at=START)
    assert find_answer_sheet(filed.case_id) is None
    with pytest.raises(NoWorkOrder):
        tick_answered_there(case_id=filed.case_id, by=SYSTEM_VIEWER, at=START)


@pytest.fixture
def api(world):
    with work_orders() as fake:
        add_order_source(
            code="k100",
            plugin="kuaidi100",
            filed_as="CAINIAO",
            settings=fake.settings,
            by=SYSTEM_VIEWER,
            at=START,
        )
        fake.orders["1056"] = {"id": 1056, "status": 1, "kuaidinum": "YT9900000000017", "secondType": 4}
        take(
            get_order_source(code="k100"),
            '{"consultId": "1056", "kuaidinum": "YT9900000000017", "status": 1}',
        )
        yield fake


def answered(case, world):
    add_reply(case_id=case.pk, text="今晚送到", by=world.viewer(world.owner), at=START + timedelta(hours=1))
    return ask_to_send(case_id=case.pk, by=SYSTEM_VIEWER, at=START + timedelta(hours=1))


def test_an_answer_is_handed_in_by_api_and_ticks_itself(api, world) -> None:
    case = Case.objects.get()
    answered(case, world)
    assert sweep_order_answers(at=START + timedelta(hours=1)) == 1
    ((number, content, attach),) = api.replies
    assert (number, content.splitlines()[0], attach) == ("1056", "今晚送到", [])
    case.refresh_from_db()
    assert case.answered_there_at == START + timedelta(hours=1)
    assert SentAnswer.objects.get().state == "SENT"


def test_what_a_source_refuses_or_drops_is_never_silent_and_never_said_twice(api, world) -> None:
    case = Case.objects.get()
    api.status = 502
    answered(case, world)
    sweep_order_answers(at=START + timedelta(hours=1))
    assert SentAnswer.objects.get().state == "WAITING"
    api.status, api.drop = 200, True
    sweep_order_answers(at=START + timedelta(hours=3))
    sweep_order_answers(at=START + timedelta(hours=9))
    assert SentAnswer.objects.get().state == "UNSURE"
    case.refresh_from_db()
    assert (case.answered_there_at, kinds(case)[-1]) == (None, "ANSWER_NOT_TAKEN")
    (line,) = list_to_answer(viewer=SYSTEM_VIEWER)
    assert line.sent_state == "UNSURE"


def test_a_source_that_refuses_our_account_is_asked_no_more(api) -> None:
    source = get_order_source(code="k100")
    wrong = {**api.settings, "key": "wrong-key"}
    change_order_source(
        code="k100", label="", carrier="", time_zone="", settings=wrong, by=SYSTEM_VIEWER, at=START
    )
    ask_order_sources(at=START)
    stopped = get_order_source(code="k100").stopped_reason
    assert stopped.startswith("503") and "wrong-key" not in stopped
    change_order_source(
        code="k100", label="", carrier="", time_zone="", settings=source.settings, by=SYSTEM_VIEWER, at=START
    )
    assert get_order_source(code="k100").stopped_reason == ""


def test_by_night_the_source_is_asked_and_both_sides_are_compared(api) -> None:
    api.orders["1056"]["status"] = 3
    ask_order_sources(at=START + timedelta(hours=8))
    sweep_work_orders(at=START + timedelta(hours=8))
    order = WorkOrder.objects.get()
    assert (order.is_open_there, order.state_word) == (False, "3")
    assert compare_work_orders(at=START + timedelta(hours=9)) == 1
    assert compare_work_orders(at=START + timedelta(hours=9)) == 0
    assert WorkOrderDifference.objects.get().kind == "CLOSED_THERE"
    settle(Case.objects.get())
    compare_work_orders(at=START + timedelta(hours=10))
    assert WorkOrderDifference.objects.get().ended_at == START + timedelta(hours=10)


def test_what_a_whole_list_leaves_out_is_unknown_there(hq) -> None:
    take(hq, HEADER + ROW)
    other = ROW.replace("W1", "W2").replace("2026-11-22 14:00", "")
    take(hq, HEADER + other, at=START + timedelta(hours=1), whole=True)
    compare_work_orders(at=START + timedelta(hours=9))
    (found,) = WorkOrderDifference.objects.all()
    assert (found.kind, found.work_order.external_no) == ("UNKNOWN_THERE", "W1")
