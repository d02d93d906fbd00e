"""今日派件风险 on the desk, the courier's mark, the morning sheet, the weather, the card, programs."""

import pytest
from django.test import Client
from django.utils import timezone

from tests.api.conftest import Caller
from tests.detection.test_risk_rules import SCORER
from tests.web.courier.conftest import MINE, PLAIN, begin_day
from tests.web.desk.conftest import browser
from tests.world import World
from yishi.detection.actions.publish_model import publish_model
from yishi.detection.models.risk import Risk, RiskModel, WeatherNote
from yishi.insight.models import Training
from yishi.kit.clock import now
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.models.parcels import Shipment


def score(waybill_no: str, level: str, share: float | None, *reasons: tuple[str, object]) -> None:
    Risk.objects.create(
        shipment=Shipment.objects.get(waybill_no=waybill_no), level=level, score=share, reckoned_at=now(),
        reasons=[list(one) for one in reasons], model=RiskModel.objects.filter(is_live=True).first(),
    )  # fmt: skip


@pytest.fixture
def liu(world: World) -> Client:
    """刘师傅's day; of his two parcels the one without a wish is the risky one."""
    client = begin_day(world)
    publish_model(scorer=SCORER, card={"training": 1}, by=SYSTEM_VIEWER, at=now())
    score(PLAIN, "HIGH", 0.0812, ("courier", ""), ("late", 5))
    score(MINE, "LOW", 0.004)
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_the_outlet_sees_the_worst_first_with_its_reasons(world: World, liu: Client) -> None:
    page = text(browser(world.lin), "/desk/risks")
    assert page.index(PLAIN[-4:]) < page.index(MINE[-4:])
    assert "晚了 5 小时" in page and "被投诉多于平常" in page and "8.1" in page
    assert PLAIN[-4:] not in text(browser(world.lin), "/desk/risks?courier=YT0002")
    assert PLAIN[-4:] not in text(browser(world.he), "/desk/risks")
    parcel = text(browser(world.lin), f"/desk/parcels/{PLAIN}")
    assert "风险高" in parcel and "每 100 件约有 8.1 件" in parcel
    assert "晚了 5 小时" in text(browser(world.lin), "/desk/day/morning")


def test_the_courier_reads_why_and_nothing_about_himself(liu: Client) -> None:
    page = text(liu, "/courier/")
    assert PLAIN in page and "要当心：晚了 5 小时" in page
    assert "被投诉多于平常" not in page and "8.1" not in page


def test_without_a_model_there_is_no_share(world: World) -> None:
    begin_day(world)
    score(PLAIN, "HIGH", None, ("failures", 2))
    page = text(browser(world.lin), "/desk/risks")
    assert "还没有学过本网络的历史" in page and "已有 2 次没送成" in page and "每 100 件" not in page
    assert "按现成的规则分高中低" in text(browser(world.lin), f"/desk/parcels/{PLAIN}")


def test_programs_read_the_score_and_send_the_weather(world: World, liu: Client) -> None:
    agent = Caller(add_key(role=Role.AGENT, outlet_code="DS01", name="前台", by=SYSTEM_VIEWER, at=now()))
    risk = agent.get(f"/shipments/{PLAIN}").json()["risk"]
    assert (risk["level"], risk["score"], risk["model_version"]) == ("HIGH", 0.0812, 1)
    assert risk["reasons"][1] == {"key": "late", "value": 5, "text": "晚了 5 小时"}
    sender = Caller(add_key(role=Role.INTEGRATOR, name="气象", by=SYSTEM_VIEWER, at=now()))
    row = {"day": now().date().isoformat(), "kind": "STORM", "severity": 3, "city": "南京市"}
    assert agent.post("/weather", {"items": [row]}).status_code == 403
    for bad in ({"severity": 9}, {"kind": "FOG"}, {"city": ""}, {"day": "2001-01-01"}):
        assert sender.post("/weather", {"items": [row, row | bad]}).status_code == 422, bad
    assert not WeatherNote.objects.exists()
    assert sender.post("/weather", {"items": [row, row | {"kind": "RAIN"}]}).json() == {"noted": 2}


def test_staff_type_the_weather_for_their_own_outlets(world: World) -> None:
    zhou, today = browser(world.zhou), timezone.localdate(now()).isoformat()
    said = {"day": today, "kind": "SNOW", "severity": "2", "outlet": ["DS01"]}
    assert zhou.post("/desk/weather", said).status_code == 302
    assert "<td>东山网点</td><td>大雪</td>" in text(zhou, "/desk/weather")
    for wrong in ({"outlet": ["JN01"]}, {"day": "x"}, {"severity": ""}, {"outlet": []}):
        assert zhou.post("/desk/weather", said | wrong).status_code == 422, wrong
    assert zhou.post("/desk/weather", said | {"city": "南京市"}).status_code == 403
    assert WeatherNote.objects.count() == 1
    jiang = browser(world.quality)
    assert jiang.post("/desk/weather", said | {"severity": "0"}).status_code == 302
    assert "<td>大雪</td>" not in text(zhou, "/desk/weather")


def span(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.01, "high": value + 0.01}


def figures() -> dict[str, object]:
    each = {"auc": span(0.8), "precision": span(0.2), "lift": span(4), "brier": span(0.02)}
    place = {"count": 500, "said": 0.05, "came": 0.01, "margin": 0.01, "auc": 0.7}
    return {
        "count": 1000, "complaints": 30, "base_rate": 0.03, "model": each, "rule": each, "live": each,
        "base": {"brier": span(0.03)}, "auc_gain": span(0.05), "brier_gain": span(0.02),
        "brier_gain_over_rule": span(0.01), "calibration_error": 0.01, "said_to_came": 1.1,
        "bins": [{"count": 100, "said": 0.02, "came": 0.01}] * 10,
        "areas": [{"group": "CITY", **place}], "outlets": [{"group": "DS01", **place}],
    }  # fmt: skip


def test_the_operator_trains_reads_the_card_publishes_and_takes_back(world: World) -> None:
    client = browser(world.quality)
    assert "还没有训练过" in text(client, "/manage/risk")
    assert client.post("/manage/risk/train").status_code == 302
    assert client.post("/manage/risk/train").status_code == 409
    waiting = Training.objects.get()
    assert client.post(f"/manage/risk/{waiting.pk}/publish").status_code == 409
    Training.objects.update(
        outcome="READY", figures=figures(), weights=SCORER.values(), due_at=None, trained_at=now(), rows=5000
    )
    card = text(client, f"/manage/risk/{waiting.pk}")
    assert "东山网点" in card and "差得多" in card and "当时在用的" in card and "产品：标快" in card
    assert client.post(f"/manage/risk/{waiting.pk}/publish").status_code == 302
    assert RiskModel.objects.get().is_live and "第 1 版" in text(client, "/manage/risk")
    assert client.post("/manage/risk/withdraw").status_code == 302
    assert client.post("/manage/risk/withdraw").status_code == 409
    Training.objects.update(outcome="REFUSED", refused_for=["no_better_order"])
    assert "没有确定比现成的规则好" in text(client, "/manage/risk")
    assert client.post(f"/manage/risk/{waiting.pk}/publish").status_code == 409
    assert browser(world.zhou).get("/manage/risk").status_code == 403
