"""处理时限, 工作时间, 升级与暂停, 法定期限 as their keepers see and change them; and the case's page."""

import pytest

from tests.cases.making import at_dongshan
from tests.web.desk.conftest import browser
from tests.world import World
from yishi.cases.queries.cards import get_case
from yishi.kit.clock import now
from yishi.sla.models.policies import Change, Level, ServiceCalendar, SlaPolicy

PAGES = ("", "/hours", "/hours/0", "/chain", "/law")
FORM = {"kind": "FIRST_RESPONSE", "within": "1.5", "escalate": "2", "counting": "NATURAL", "case_class": "C"}


@pytest.mark.parametrize(
    ("who", "status"), [("quality", 200), ("owner", 200), ("operator", 403), ("lin", 403)]
)
def test_who_comes_in(world: World, who: str, status: int) -> None:
    client = browser(getattr(world, who))
    assert {client.get(f"/manage/sla{page}").status_code for page in PAGES} == {status}


def test_a_policy_is_tried_then_kept_as_a_new_version(world: World) -> None:
    client, old = browser(world.quality), SlaPolicy.objects.get(case_class="C", kind="FIRST_RESPONSE")
    tried = client.post(f"/manage/sla/{old.pk}", FORM | {"do": "try"}).content.decode()
    assert "过去的工单按它会怎样" in tried and SlaPolicy.objects.filter(replaces=old).count() == 0
    client.post(f"/manage/sla/{old.pk}", FORM | {"do": "save"})
    page = client.get("/manage/sla").content.decode()
    assert "处理时限：首次回复，投诉" in page
    assert "90 分钟" in page and "以前的" in page and Change.objects.get().by_user_id == world.quality.pk


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"within": "很快"}, "时长写小时数"),
        ({"within": "-1"}, "时限要大于零"),
        ({"profile": "春节"}, "从哪天到哪天"),
        ({"within": "nan"}, "时长写小时数"),
        ({"case_class": "<b>"}, "没有这个大类"),
    ],
)
def test_an_unclear_policy_comes_back_as_typed(world: World, form: dict[str, str], said: str) -> None:
    before = SlaPolicy.objects.count()
    answer = browser(world.quality).post("/manage/sla", FORM | form | {"do": "save"})
    text = answer.content.decode()
    assert answer.status_code == 422 and said in text and "什么都没改" in text and '"<b>"' not in text
    assert SlaPolicy.objects.count() == before


def test_a_years_list_is_pasted_and_an_unread_line_keeps_everything(world: World) -> None:
    client, week = browser(world.quality), {f"day{day}": "09:00-12:00 13:30-18:00" for day in range(5)}
    days = "2027-02-05至2027-02-11 休 春节\n2027-02-14 班"
    bad = client.post("/manage/sla/hours/0", week | {"days": days + "\n不知道"})
    assert bad.status_code == 422 and "第 3 行没看懂" in bad.content.decode()
    assert ServiceCalendar.objects.get().holidays == {}
    client.post("/manage/sla/hours/0", week | {"days": days})
    assert "工作时间：全公司" in client.get("/manage/sla").content.decode()
    kept = ServiceCalendar.objects.get()
    assert len(kept.holidays) == 7 and kept.adjusted["2027-02-14"] == [["09:00", "12:00"], ["13:30", "18:00"]]
    assert "2027-02-14 班 09:00-12:00 13:30-18:00" in client.get("/manage/sla/hours/0").content.decode()


def test_the_chain_is_changed_and_who_did_it_is_shown(world: World) -> None:
    client = browser(world.quality)
    client.post("/manage/sla/chain/level/2", {"within": "3", "respects_hours": "on"})
    level = Level.objects.get(level=2)
    assert (level.within.total_seconds(), level.is_active) == (10800, False)
    assert (
        "升级链：片区质控" in client.get("/manage/sla/chain").content.decode()
        and Change.objects.get().what == "LEVEL"
    )


def test_law_is_cited_and_what_is_configured_is_not_called_law(world: World) -> None:
    text = browser(world.quality).get("/manage/sla/law").content.decode()
    law, configured = text.split("只是按设置执行的")
    assert "《邮政法》（2015）第六十五条" in law and "十日内答复" in configured and "十日内答复" not in law


def test_the_regulator_on_the_cases_page(world: World) -> None:
    case, lin = at_dongshan(world, category="DELAY", at=now()), browser(world.lin)
    url = f"/desk/cases/{get_case(case.case_id).case_no}"
    page = lin.get(url).content.decode()
    assert "按“投诉”的规定，24 小时，自然时间" in page and "第二十九条" in page
    lin.post(f"{url}/regulator/notice", {"received_at": "2026-01-05T09:00", "notice_no": "宁邮申 1 号"})
    page = lin.get(url).content.decode()
    assert "邮政申诉中" in page and "按设置执行，不是法条" in page and "宁邮申 1 号" in page
    assert lin.post(f"{url}/regulator/lift", {"text": "已书面答复"}).status_code == 302
    assert not get_case(case.case_id).is_before_regulator
