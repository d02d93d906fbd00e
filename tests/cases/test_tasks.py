"""Tasks for others, reminders for oneself, who is here, views, tags, urgency, and lists taken out."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest

from tests.cases.making import at_dongshan, opened, parcel, row
from tests.world import CONSUMER_PHONE, START, World
from yishi.cases.actions import exports
from yishi.cases.actions.escalate import withdraw_case
from yishi.cases.actions.exports import NoReason, ask_export
from yishi.cases.actions.presence import note_gone, note_here
from yishi.cases.actions.priority import SamePriority, change_priority
from yishi.cases.actions.tasks import TaskIsOver, end_reminder, end_task, give_task, remind_me
from yishi.cases.actions.views import BadTag, add_tag, drop_view, save_view
from yishi.cases.jobs import sweep_exports, sweep_reminders
from yishi.cases.models.case import Case
from yishi.cases.models.tasks import Reminder, Task
from yishi.cases.models.views import Export
from yishi.cases.queries.exports import export_file, get_export
from yishi.cases.queries.history import list_timeline
from yishi.cases.queries.tasks import (
    access_task,
    count_waiting,
    list_asked,
    list_reminders,
    list_tasks,
    who_is_here,
)
from yishi.cases.queries.views import list_views
from yishi.cases.queries.worklist import worklist
from yishi.kit.errors import Invalid, NotAllowed, NotFound
from yishi.kit.files import open_file
from yishi.kit.models import FactRow, Reveal
from yishi.kit.texts import safe_cell

SOON = START + timedelta(hours=2)


def ask(world: World, case, **changed) -> int:
    values = {"title": "调门口监控", "outlet_id": world.jiangning_id, "due_at": SOON, **changed}
    return give_task(case_id=case.case_id, by=world.viewer(world.lin), at=START, **values)


def facts() -> list[str]:
    return list(FactRow.objects.order_by("id").values_list("fact", flat=True))


def test_another_outlet_sees_the_task_and_not_the_case(world: World) -> None:
    case, he = at_dongshan(world), world.viewer(world.he)
    task = access_task(viewer=he, task_id=ask(world, case))
    assert (task.title, task.outlet_name, task.sees_case) == ("调门口监控", "江宁网点", False)
    assert [one.id for one in list_tasks(viewer=he)] == [task.id] and count_waiting(viewer=he, at=START) == 1
    assert list_tasks(viewer=world.viewer(world.lin)) == []
    assert [one.id for one in list_asked(viewer=world.viewer(world.lin))] == [task.id]
    assert facts()[-2:] == ["cases.TaskGiven", "cases.PromiseMade"]


def test_a_task_is_answered_once_and_the_case_knows(world: World) -> None:
    case, he = at_dongshan(world), world.viewer(world.he)
    task_id = ask(world, case, who_id=world.he.pk)
    end_task(task_id=task_id, state="DONE", result="监控里是邻居拿的", by=he, at=SOON)
    with pytest.raises(TaskIsOver):
        end_task(task_id=task_id, state="REFUSED", result="再说", by=he, at=SOON)
    line = list_timeline(case.case_id)[-1]
    assert (line.kind, line.text, line.author) == ("TASK_DONE", "监控里是邻居拿的", "何客服")
    assert "监控" not in str(list_timeline(case.case_id, audience="PUBLIC"))
    assert facts()[-2:] == ["cases.TaskEnded", "cases.PromiseEnded"]


def test_a_task_of_others_is_unknown_and_cannot_be_ended(world: World) -> None:
    case, he = at_dongshan(world), world.viewer(world.he)
    task_id = ask(world, case, outlet_id=world.dongshan_id)
    with pytest.raises(NotFound):
        access_task(viewer=he, task_id=task_id)
    with pytest.raises(NotAllowed):
        end_task(task_id=task_id, state="DONE", result="办了", by=he, at=SOON)
    assert Task.objects.get().state == "OPEN"


@pytest.mark.parametrize(
    "changed",
    [{"title": " "}, {"title": "长" * 61}, {"due_at": START}, {"due_at": START + timedelta(days=61)}],
)
def test_a_task_that_says_too_little_is_not_given(world: World, changed: dict) -> None:
    case = at_dongshan(world)
    with pytest.raises(Invalid):
        ask(world, case, **changed)
    with pytest.raises(NotFound):
        ask(world, case, who_id=world.lin.pk)  # does not work there
    assert not Task.objects.exists() and row(case).version == 1


def test_a_case_that_ends_asks_nothing_more(world: World) -> None:
    case = at_dongshan(world)
    ask(world, case)
    withdraw_case(case_id=case.case_id, at=SOON)
    assert Task.objects.get().state == "CANCELLED" and "cases.PromiseEnded" in facts()


def test_a_reminder_comes_at_its_moment_to_its_person_only(world: World) -> None:
    case, lin, zhou = at_dongshan(world), world.viewer(world.lin), world.viewer(world.zhou)
    remind_me(case_id=case.case_id, due_at=SOON, text="再问转运中心", by=lin, at=START)
    assert sweep_reminders(at=SOON - timedelta(seconds=1)) == 0
    assert (sweep_reminders(at=SOON), sweep_reminders(at=SOON)) == (1, 0)
    (mine,) = list_reminders(viewer=lin, until=SOON)
    assert list_reminders(viewer=zhou) == [] and count_waiting(viewer=lin, at=SOON) == 1
    with pytest.raises(NotFound):
        end_reminder(reminder_id=mine.id, by=zhou, at=SOON)
    end_reminder(reminder_id=mine.id, by=lin, at=SOON)
    assert list_reminders(viewer=lin) == [] and Reminder.objects.get().done_at == SOON


def test_who_is_here_goes_by_itself(world: World) -> None:
    case, lin, zhou = at_dongshan(world), world.viewer(world.lin), world.viewer(world.zhou)
    here = {"case_id": case.case_id, "case_no": case.case_no}
    note_here(**here, is_typing=False, by=zhou, at=START)
    note_here(**here, is_typing=True, by=zhou, at=START)
    note_here(**here, is_typing=False, by=lin, at=START)
    (other,) = who_is_here(case.case_id, viewer=lin, at=START)
    assert (other.name, other.is_typing) == ("周站长", True)
    assert who_is_here(case.case_id, viewer=lin, at=START + timedelta(seconds=45)) == []
    note_gone(**here, by=zhou)
    assert who_is_here(case.case_id, viewer=lin, at=START) == []


def test_priority_needs_a_reason_and_a_change(world: World) -> None:
    case, lin = at_dongshan(world), world.viewer(world.lin)
    change_priority(case_id=case.case_id, priority=1, reason="孕妇等药", by=lin, at=START)
    assert facts()[-1] == "cases.CasePriorityChanged"
    for refused, values in (
        (SamePriority, {"priority": 1, "reason": "再来"}),
        (Invalid, {"priority": 2, "reason": ""}),
        (Invalid, {"priority": 3, "reason": "急"}),
    ):
        with pytest.raises(refused):
            change_priority(case_id=case.case_id, by=lin, at=START, **values)
    assert (row(case).priority, row(case).version) == (1, 2)


def test_saved_views_count_what_the_list_shows(world: World) -> None:
    case, lin, zhou, he = at_dongshan(world), *(world.viewer(u) for u in (world.lin, world.zhou, world.he))
    add_tag(case_id=case.case_id, tag="#回访", by=lin, at=START)
    assert not add_tag(case_id=case.case_id, tag="回访", by=lin, at=START)
    with pytest.raises(BadTag):
        add_tag(case_id=case.case_id, tag="有 空格", by=lin, at=START)
    mine = save_view(name="要回访", filters={"tag": "回访", "x": "1"}, by=lin, at=START)
    save_view(name="大家的", filters={"category": "DELAY"}, share_with="DS01", by=lin, at=START)
    assert [(v.name, v.count, v.is_own) for v in list_views(viewer=lin, at=START)] == [
        ("要回访", 1, True), ("大家的", 0, True)]  # fmt: skip
    assert [v.name for v in list_views(viewer=zhou, at=START)] == ["大家的"]
    assert list_views(viewer=he, at=START) == []
    assert len(worklist(viewer=lin, tag="回访", at=START).items) == 1
    with pytest.raises(NotAllowed):
        save_view(name="越界", filters={}, share_with="JN01", by=lin, at=START)
    with pytest.raises(NotFound):
        drop_view(view_id=mine, by=zhou)
    drop_view(view_id=mine, by=lin)
    assert len(list_views(viewer=lin, at=START)) == 1


def take_out(world: World, **changed) -> int:
    values = {
        "filters": {"view": "outlet"},
        "reason": "月底核对",
        "format": "csv",
        "is_plain": False,
        **changed,
    }
    return ask_export(by=world.viewer(world.lin), at=START, **values)


def lines_of(world: World, export_id: int) -> list[list[str]]:
    body = open_file(export_file(viewer=world.viewer(world.lin), export_id=export_id))
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


def test_a_list_taken_out_equals_the_screen_and_says_who_took_it(world: World) -> None:
    case = at_dongshan(world)
    counts = {"cause_by": "COURIER", "causes_in_3_days": 2, "causes_in_30_days": 5, "root_cause": "WET"}
    Case.objects.filter(pk=case.case_id).update(**counts)
    opened(world, ref=parcel(outlet_id=world.jiangning_id, waybill_no="YT8800000000002"))
    shown = [line.case_no for line in worklist(viewer=world.viewer(world.lin), at=START).items]
    head, *rows = lines_of(world, take_out(world))
    assert [cells[0] for cells in rows] == shown and len(head) == len(rows[0])
    assert "林客服" in rows[0][-1] and "月底核对" in rows[0][-1]
    told = dict(zip(head, rows[0], strict=True))
    assert (told["根子"], told["同一原因"], told["同一原因，之前 3 天"]) == (
        "淋雨受潮",
        "同一快递员、同类诉求",
        "2",
    )
    assert CONSUMER_PHONE not in str(rows) and "199****0001" in rows[0]
    assert CONSUMER_PHONE in str(lines_of(world, take_out(world, is_plain=True)))
    assert set(Reveal.objects.values_list("reason", "field")) == {
        ("月底核对", "list"),
        ("月底核对", "contacts"),
    }


def test_without_a_reason_nothing_is_taken_out(world: World) -> None:
    with pytest.raises(NoReason):
        take_out(world, reason="看看 ")
    assert not Export.objects.exists() and not Reveal.objects.exists()


def test_a_long_list_is_made_by_the_worker_for_its_asker_only(world: World, monkeypatch) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    at_dongshan(world)
    asked = take_out(world, format="xlsx")
    lin = world.viewer(world.lin)
    assert not get_export(viewer=lin, export_id=asked).has_file
    assert (sweep_exports(at=START), sweep_exports(at=START)) == (1, 0)
    sheet = openpyxl.load_workbook(io.BytesIO(open_file(export_file(viewer=lin, export_id=asked)))).active
    assert sheet.max_row == 2 == get_export(viewer=lin, export_id=asked).rows + 1
    with pytest.raises(NotFound):
        export_file(viewer=world.viewer(world.zhou), export_id=asked)


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@x", "\tx", "＝1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}" and safe_cell("东山") == "东山"
