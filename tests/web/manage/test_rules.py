"""Pages of the operator's rules and webhooks: made in a form, tried, gone live, broken ones in sight."""

import pytest
from django.test import Client

from tests.cases.making import at_dongshan
from tests.web.desk.conftest import browser
from tests.world import World
from yishi.automation.models.automations import Rule
from yishi.kit.clock import now
from yishi.notifications.models import Webhook

FORM = {
    "name": "破损先办",
    "trigger": "case_opened",
    "field0": "category",
    "op0": "is",
    "values0": "破损，LOST",
    "do": ["note"],
    "note_text": "先拍照",
    "place": "5",
}


@pytest.fixture
def quality(world: World) -> Client:
    return browser(world.quality)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_rule_from_its_form_to_work(quality: Client, world: World) -> None:
    assert "还没有自动规则" in page(quality, "/manage/rules")
    at_dongshan(world, category="DAMAGED")
    address = quality.post("/manage/rules/new", FORM)["Location"].split("?")[0]
    text = page(quality, address)
    assert "诉求类型 等于 破损或疑似丢失" in text and "先拍照" in text
    refused = quality.post(f"{address}/live")
    assert refused.status_code == 409 and "先在过去的工单上试一遍" in refused.content.decode()
    assert "1 件合条件" in quality.post(f"{address}/try").content.decode()
    assert quality.post(f"{address}/live").status_code == 302
    assert Rule.objects.get().state == "LIVE" and "在用" in page(quality, "/manage/rules")
    assert 'value="破损，疑似丢失"' in page(quality, f"{address}/edit")


def test_a_faulty_form_keeps_what_was_typed(quality: Client) -> None:
    answer = quality.post("/manage/rules/new", {**FORM, "values0": ""})
    text = answer.content.decode()
    assert answer.status_code == 422 and "写上要比的值" in text and "先拍照" in text
    assert Rule.objects.count() == 0


def test_the_page_says_which_rule_is_broken(quality: Client) -> None:
    address = quality.post("/manage/rules/new", FORM)["Location"].split("?")[0]
    Rule.objects.update(state="LIVE", broken_at=now(), broken_says="gone")
    assert "坏了" in page(quality, "/manage/rules")
    assert "这条规则坏了" in page(quality, address)


@pytest.mark.parametrize("address", ["/manage/rules", "/manage/rules/new", "/manage/webhooks"])
def test_agents_do_not_come_in(world: World, address: str) -> None:
    assert browser(world.lin).get(address).status_code == 403


def test_a_webhook_shows_its_secret_once(world: World) -> None:
    operator = browser(world.operator)
    form = {"url": "https://shop.example.cn/yishi", "events": ["case.opened"]}
    made = operator.post("/manage/webhooks", form).content.decode()
    assert "whsec_" in made and "whsec_" not in page(operator, "/manage/webhooks")
    refused = operator.post("/manage/webhooks", {**form, "url": "http://shop.example.cn/"})
    assert refused.status_code == 422 and "https://" in refused.content.decode()
    webhook = Webhook.objects.get()
    operator.post(f"/manage/webhooks/{webhook.pk}/pause")
    assert "有人按了暂停" in page(operator, f"/manage/webhooks/{webhook.pk}")
    operator.post(f"/manage/webhooks/{webhook.pk}/remove")
    assert "还没有回调" in page(operator, "/manage/webhooks")
