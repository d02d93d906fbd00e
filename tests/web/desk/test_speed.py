"""The agent's quick ways over HTTP, without a script: replies, macros, many at once, tasks, views, files."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.desk.conftest import browser, open_at
from tests.world import CONSUMER_PHONE, World
from yishi.automation.actions.macros import save_macro
from yishi.cases.actions.tasks import give_task, remind_me
from yishi.cases.models.tasks import Task
from yishi.cases.queries.cards import CaseCard, get_case
from yishi.cases.queries.history import list_timeline
from yishi.kit.clock import now
from yishi.kit.models import Reveal
from yishi.knowledge.actions.replies import save_reply
from yishi.knowledge.models import Reply

STEPS = [{"do": "reply", "text": "{姓名}您好，{网点}在查"}, {"do": "tag", "tag": "要回访"}]


def url(case: CaseCard, verb: str = "") -> str:
    return f"/desk/cases/{case.case_no}" + (f"/{verb}" if verb else "")


@pytest.fixture
def saved(world: World) -> int:
    lin = world.viewer(world.lin)
    return save_reply(title="正在查", body="{姓名}您好，{网点}在查", scope="PERSONAL", by=lin, at=now())


@pytest.fixture
def macro(world: World) -> int:
    lin = world.viewer(world.lin)
    return save_macro(name="先安抚", steps=STEPS, scope="PERSONAL", by=lin, at=now())


def test_a_saved_reply_is_found_filled_and_counted_when_it_is_sent(
    world: World, lin: Client, case: CaseCard, saved: int
) -> None:
    found = lin.get(url(case, "replies?saved=正在")).content.decode()
    assert "王*您好，东山网点在查" in found and not Reveal.objects.exists()
    assert lin.get(url(case, f"replies/{saved}")).json() == {"text": "王*您好，东山网点在查"}
    without_script = lin.get(f"{url(case)}?do=reply&saved=正在&fill={saved}").content.decode()
    assert "王*您好，东山网点在查</textarea>" in without_script
    lin.post(url(case, "reply"), {"text": "王*您好，在查", "used": [saved], "version": case.version})
    assert Reply.objects.get().used == 1
    assert lin.get(url(case, f"replies/{saved}")).json()["text"].startswith("王女士您好")
    assert Reveal.objects.get().is_silent


def test_what_was_left_open_is_not_sent(lin: Client, case: CaseCard) -> None:
    answer = lin.post(url(case, "reply"), {"text": "{姓名}您好", "version": case.version})
    assert answer.status_code == 422 and "{姓名}您好</textarea>" in answer.content.decode()
    assert "REPLY" not in [line.kind for line in list_timeline(case.id)]


def test_writing_a_reply_names_what_means_nothing(lin: Client) -> None:
    form = {"title": "正在查", "body": "{身份证}", "scope": "PERSONAL"}
    refused = lin.post("/desk/replies/new", form)
    assert refused.status_code == 422 and "{身份证}" in refused.content.decode()
    assert not Reply.objects.exists()
    assert lin.post("/desk/replies/new", {**form, "body": "{姓名}"}).status_code == 302
    page = lin.get(f"/desk/replies/{Reply.objects.get().pk}").content.decode()
    assert "第 1 版" in page and "正在查" in lin.get("/desk/replies").content.decode()


def test_a_macro_is_looked_at_then_done(lin: Client, he: Client, case: CaseCard, macro: int) -> None:
    shown = lin.get(url(case, f"macro?macro={macro}")).content.decode()
    assert "王*您好，东山网点在查" in shown and "顾客会收到" in shown
    assert "REPLY" not in [line.kind for line in list_timeline(case.id)]
    form = {"macro": macro, "version": case.version}
    assert he.post(url(case, "macro/run"), form).status_code == 404
    assert lin.post(url(case, "macro/run"), form).status_code == 302
    second = lin.post(url(case, "macro/run"), form)
    assert second.status_code == 409 and "刚刚动过" in second.content.decode()
    assert [line.kind for line in list_timeline(case.id)].count("REPLY") == 1


def test_a_macro_is_kept_from_its_form_and_its_faults_are_said(lin: Client) -> None:
    form = {"name": "找监控", "do": ["task", "note"], "task_title": "调监控", "task_within_h": "4",
            "note_text": "", "scope": "PERSONAL"}  # fmt: skip
    refused = lin.post("/desk/macros/new", form)
    assert refused.status_code == 422 and "备注里要写点什么" in refused.content.decode()
    assert lin.post("/desk/macros/new", {**form, "note_text": "已派"}).status_code == 302
    assert "找监控" in lin.get("/desk/macros").content.decode()


def test_many_at_once_are_tried_then_done_once(world: World, lin: Client, he: Client, case: CaseCard) -> None:
    other = open_at(world.jiangning_id, text="别家的")
    form = {"case": [case.case_no, other.case_no], "first": "tag"}
    page = lin.post("/desk/bulk", form).content.decode()
    assert "选了 1 件" in page and other.case_no not in page
    asked = {**form, "key": str(uuid.uuid4()), "do": ["tag", "assign"], "tag_tag": "要回访",
             "assign_whom": f"DS01:{world.zhou.pk}", "assign_reason": "他在"}  # fmt: skip
    there = lin.post("/desk/bulk/ask", asked)["Location"]
    assert "1 件可以办" in lin.get(there).content.decode() and get_case(case.id).assignee_id is None
    assert he.get(there).status_code == he.post(f"{there}/run").status_code == 404
    for _ in range(2):
        lin.post(f"{there}/run")
    assert "办好了 1 件" in lin.get(there).content.decode()
    assert get_case(case.id).assignee_id == world.zhou.pk and get_case(other.id).assignee_id is None


def test_all_of_the_list_and_nothing_at_all(lin: Client, case: CaseCard) -> None:
    everything = lin.post("/desk/bulk", {"all": "1", "view": "outlet", "first": "note"}).content.decode()
    assert case.case_no in everything
    nothing = lin.post("/desk/bulk", {"first": "note"})
    assert nothing.status_code == 422 and "先选几件工单" in nothing.content.decode()


def test_who_else_is_here(world: World, lin: Client, he: Client, case: CaseCard) -> None:
    zhou = browser(world.zhou)
    zhou.post(url(case, "here"), {"how": "type"})
    text = lin.get(url(case)).content.decode()
    assert "周站长" in text and "正在写" in text
    zhou.post(url(case, "here"), {"how": "gone"})
    assert "正在写" not in lin.post(url(case, "here"), {"how": "look"}).content.decode()
    assert he.post(url(case, "here"), {"how": "look"}).status_code == 404


def test_a_task_for_another_outlet_shows_its_part_only(
    world: World, lin: Client, he: Client, case: CaseCard
) -> None:
    form = {"title": "调门口监控", "whom": "JN01:", "within": "240"}
    assert lin.post(url(case, "tasks"), form).status_code == 302
    task = Task.objects.get()
    page = he.get(f"/desk/tasks/{task.pk}").content.decode()
    assert "调门口监控" in page and CONSUMER_PHONE not in page and "王" not in page
    assert he.get(url(case)).status_code == 404 and "调门口监控" in he.get("/desk/tasks").content.decode()
    he.post(f"/desk/tasks/{task.pk}/end", {"state": "DONE", "result": "邻居代拿了"})
    assert "邻居代拿了" in lin.get(url(case)).content.decode()
    again = lin.post(f"/desk/tasks/{task.pk}/end", {"state": "CANCELLED", "back": "case"})
    assert again.status_code == 409 and Task.objects.get().state == "DONE"


def test_a_foreign_task_is_unknown(world: World, he: Client, case: CaseCard) -> None:
    lin = world.viewer(world.lin)
    soon = now() + timedelta(hours=1)
    task = give_task(case_id=case.id, title="找", outlet_id=world.dongshan_id, due_at=soon, by=lin, at=now())
    assert he.get(f"/desk/tasks/{task}").status_code == 404
    assert he.post(f"/desk/tasks/{task}/end", {"state": "DONE", "result": "x"}).status_code == 404
    assert Task.objects.get().state == "OPEN"


def test_a_reminder_that_is_due_stands_above_the_list(world: World, lin: Client, case: CaseCard) -> None:
    lin.post(url(case, "remind"), {"within": "30", "what": "再问转运中心"})
    assert "再问转运中心" not in lin.get("/desk/?view=outlet").content.decode()
    ago = now() - timedelta(hours=2)
    remind_me(
        case_id=case.id, due_at=ago + timedelta(hours=1), text="到点了", by=world.viewer(world.lin), at=ago
    )
    text = lin.get("/desk/?view=outlet").content.decode()
    assert "到点了" in text and 'id="tasks-count" aria-label="1 项"' in text
    bad = lin.post(url(case, "remind"), {"due_at": "不是时间"})
    assert bad.status_code == 422


def test_a_view_is_kept_counted_and_costs_nothing_more(world: World, lin: Client, case: CaseCard) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            lin.get("/desk/?view=outlet&status=OPEN")
        return len(asked)

    lin.post("/desk/views", {"name": "新来的", "view": "outlet", "status": "OPEN", "share": "DS01"})
    one = cost()
    for name in ("第二个", "第三个"):
        lin.post("/desk/views", {"name": name, "view": "outlet", "category": "DELAY"})
    open_at(world.dongshan_id, text="又一件", external_no="X", source="HQ")
    text = lin.get("/desk/?view=outlet&status=OPEN").content.decode()
    assert re.search(r'新来的 <span class="y-2">2</span>', text) and cost() == one
    assert lin.post("/desk/views", {"name": "", "view": "outlet"}).status_code == 422


def test_the_case_page_costs_the_same_with_many_tasks(world: World, lin: Client, case: CaseCard) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            lin.get(url(case))
        return len(asked)

    form = {"title": "调监控", "whom": "JN01:", "within": "240"}
    lin.post(url(case, "tasks"), form)
    few = cost()
    for _ in range(5):
        lin.post(url(case, "tasks"), form)
    assert cost() == few <= 50


def test_a_list_is_taken_out_as_a_file_for_its_asker(lin: Client, he: Client, case: CaseCard) -> None:
    form = {"view": "outlet", "reason": "和总部对月报", "format": "csv"}
    there = lin.post("/desk/export", form)["Location"]
    answer = lin.get(there)
    assert case.case_no in answer.content.decode() and "attachment" in answer["Content-Disposition"]
    assert he.get(there).status_code == 404 and "和总部对月报" in lin.get("/desk/exports").content.decode()
    assert lin.post("/desk/export", {**form, "reason": "x"}).status_code == 422


def test_tags_and_priority_from_the_page(lin: Client, case: CaseCard) -> None:
    lin.post(url(case, "tag"), {"tag": "要回访"})
    assert case.case_no in lin.get("/desk/?view=outlet&tag=要回访").content.decode()
    lin.post(url(case, "tag"), {"off": "要回访"})
    assert case.case_no not in lin.get("/desk/?view=outlet&tag=要回访").content.decode()
    fresh = get_case(case.id)
    refused = lin.post(url(case, "priority"), {"priority": "2", "reason": "", "version": fresh.version})
    assert refused.status_code == 422 and get_case(case.id).priority == 0
    lin.post(url(case, "priority"), {"priority": "2", "reason": "老人急用药", "version": fresh.version})
    assert get_case(case.id).priority == 2
