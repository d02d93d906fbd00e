"""Types and workflows over HTTP: saved, tried, refused in words, filled in, seen on the page of a case."""

import pytest

from tests.cases.making import at_dongshan, row
from tests.world import PASSWORD
from yishi.cases.models.case import Case
from yishi.cases.queries.types import get_type, shelf
from yishi.cases.rules.type_book import write_book

TYPE = {
    "key": "LOST_FRESH",
    "name": "生鲜丢失",
    "parent": "LOST",
    "category": "LOST",
    "fields-0-key": "worth",
    "fields-0-name": "值多少钱",
    "fields-0-kind": "MONEY",
    "evidence": ["PHOTO"],
    "do": "save",
}


@pytest.fixture
def quality(client, world):
    client.login(username="zhikong", password=PASSWORD)
    return client


def posted(workflow):
    """The form of a workflow as a browser sends it unchanged."""
    data = {"key": workflow.key, "name": workflow.name, "start": workflow.start, "do": "save"}
    for at, step in enumerate(workflow.steps):
        start = f"steps-{at}-"
        words = ("key", "name", "name_en", "told", "told_en", "owner", "status")
        data |= {start + name: getattr(step, name) for name in words}
        data[f"{start}moves"] = list(step.moves)
        data[f"{start}on"], data[f"{start}to"] = [a.on for a in step.autos], [a.to for a in step.autos]
    return data


def test_a_type_is_made_tried_and_shown_with_its_history(quality):
    tried = quality.post("/manage/new-case-type", {**TYPE, "do": "preview"}).content.decode()
    assert "还没有保存" in tried and "LOST_FRESH" not in shelf().types
    assert quality.post("/manage/new-case-type", TYPE).status_code == 302
    changed = {**TYPE, "name": "生鲜类丢失", "version": "1", "why": "口径改了"}
    assert quality.post("/manage/case-types/LOST_FRESH", changed).status_code == 302
    page = quality.get("/manage/case-types/LOST_FRESH").content.decode()
    assert "总部质控" in page and "口径改了" in page and "<ins>生鲜类丢失</ins>" in page
    assert get_type("LOST_FRESH").terms.fields[0].kind == "MONEY"


def test_a_faulty_type_comes_back_with_everything_typed(quality):
    answer = quality.post("/manage/new-case-type", {**TYPE, "key": "lost", "fields-0-key": "Bad"})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'value="值多少钱"' in page and "代号用小写字母" in page
    assert "lost" not in shelf().types


def test_only_those_who_keep_policies_see_it(client, world):
    client.login(username="lin", password=PASSWORD)
    assert client.get("/manage/case-types").status_code == 403


def test_a_workflow_is_drawn_refused_and_kept(quality):
    old = shelf().workflows["PRAISE"]
    same = {**posted(old), "version": "1"}
    assert quality.post("/manage/workflows/PRAISE", same).status_code == 302
    assert shelf().workflows["PRAISE"].steps == old.steps
    waiting = next(at for at, step in enumerate(old.steps) if step.key == "WAITING_CUSTOMER")
    dead = {**same, f"steps-{waiting}-moves": [], f"steps-{waiting}-on": [], f"steps-{waiting}-to": []}
    drawn = quality.post("/manage/workflows/PRAISE", {**dead, "do": "draw"}).content.decode()
    assert "“等客户补充”是死路" in drawn and "<svg" in drawn
    assert quality.post("/manage/workflows/PRAISE", dead).status_code == 422
    assert shelf().workflows["PRAISE"].steps == old.steps


def test_yaml_is_taken_away_tried_and_brought_in(quality):
    text = quality.get("/manage/case-types/export.yaml").content.decode()
    assert text == write_book(shelf().terms.values(), shelf().workflows.values())
    page = quality.post("/manage/case-types/book", {"text": text, "do": "try"}).content.decode()
    assert "还没有带进来" in page and "和现在一样" in page
    refused = quality.post("/manage/case-types/book", {"text": "format: 1\ntypes:\n- nam: x", "do": "bring"})
    assert refused.status_code == 422 and "第 3 行" in refused.content.decode()


def test_who_complains_fills_in_and_the_agent_moves_and_retypes(client, world):
    said = {"category": "LOST", "text": "一周没动静", "phone": "19900000002", "form.goods": "两本书"}
    asked = client.get("/complain/fields?category=LOST").content.decode()
    assert 'name="form.goods"' in asked and "required" not in asked
    token = client.post("/complain", said).headers["Location"].split("/")[2]
    case = Case.objects.get()
    assert case.form == {"goods": "两本书"} and "在查" in client.get(f"/c/{token}").content.decode()
    client.login(username="zhikong", password=PASSWORD)
    address = f"/desk/cases/{case.case_no}"
    page = client.get(address).content.decode()
    assert "两本书" in page and 'aria-current="step"' in page
    assert client.post(f"{address}/step", {"to": "CHECK"}).status_code == 302
    refused = client.post(f"{address}/step", {"to": "CLOSED"})
    assert refused.status_code == 409 and "不能直接到" in refused.content.decode()
    changed = client.post(f"{address}/type", {"type_key": "DELAY_TRANSPORT", "reason": "卡在中转"})
    assert changed.status_code == 302
    case.refresh_from_db()
    assert (case.type_key, case.status, case.case_class) == ("DELAY_TRANSPORT", "IN_PROGRESS", "C")


def test_a_case_page_shows_the_chart_with_its_place(client, world):
    case = at_dongshan(world)
    client.login(username="lin", password=PASSWORD)
    page = client.get(f"/desk/cases/{row(case).case_no}").content.decode()
    assert 'class="is-now"><rect' in page and "<title>" in page and "用文字看流程" in page
