"""时效承诺 and 24 小时有轨迹率 as the operator's people see and change them."""

import csv
import io
from datetime import timedelta

import pytest

from tests.web.desk.conftest import browser
from tests.world import World
from yishi.feeds.actions.sources import ensure_source
from yishi.feeds.port import Parsed, ParsedEvent
from yishi.kit.clock import now
from yishi.kit.models import Reveal
from yishi.shipments.actions.duties import begin_duties
from yishi.shipments.actions.take_in import take_parsed
from yishi.shipments.jobs import sweep_silent
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.models.promises import PromiseRule

FORM = {"destination": "江苏省", "within_hours": "48", "valid_from": "2026-01-01", "source": "服务公约"}


@pytest.mark.parametrize(
    ("who", "silence", "promises"),
    [("owner", 200, 200), ("quality", 200, 200), ("operator", 200, 403), ("lin", 403, 403)],
)
def test_who_comes_in(world: World, who: str, silence: int, promises: int) -> None:
    client = browser(getattr(world, who))
    assert client.get("/manage/silence").status_code == silence
    assert client.get("/manage/promises").status_code == promises


def test_a_promise_is_added_shown_and_ended(world: World) -> None:
    client = browser(world.quality)
    assert client.post("/manage/promises", FORM).headers["Location"].endswith("?done=added")
    page = client.get("/manage/promises").content.decode()
    assert "任何地方 → 江苏省" in page and "揽收后 48 小时内" in page and "正在用" in page
    rule = PromiseRule.objects.get()
    assert rule.added_by == f"user:{world.quality.pk}"
    client.post(f"/manage/promises/{rule.pk}/end")
    assert "已停用" in client.get("/manage/promises").content.decode()


def test_an_unclear_promise_comes_back_as_typed(world: World) -> None:
    answer = browser(world.quality).post("/manage/promises", FORM | {"days": "2"})
    assert answer.status_code == 422 and "没写清楚" in answer.content.decode()
    assert 'value="服务公约"' in answer.content.decode() and not PromiseRule.objects.exists()


def test_who_may_not_set_policies_adds_nothing(world: World) -> None:
    assert browser(world.operator).post("/manage/promises", FORM).status_code == 403
    assert not PromiseRule.objects.exists()


@pytest.fixture
def silent(world: World) -> None:
    """A parcel whose last scan is two days old."""
    at = now()
    source = ensure_source(code="test", plugin="generic", at=at)
    event = ParsedEvent(
        waybill_no="YT00000001",
        kind="arrived_at_outlet",
        happened_at=at - timedelta(days=2),
        carrier="yuantong",
        city="南京市",
        outlet="025101",
        text="=cmd",
    )
    take_parsed(source=source, parsed=Parsed(events=[event]), at=at)
    begin_duties(shipment_ids=[Shipment.objects.get().pk], at=at)
    sweep_silent(at=at)


@pytest.mark.parametrize("by", ["carrier", "lane", "outlet"])
def test_the_rate_stands_with_its_definition_and_its_parcels(world: World, silent: None, by: str) -> None:
    page = browser(world.quality).get(f"/manage/silence?by={by}&days=7").content.decode()
    assert "怎么算" in page and "分母：1 件" in page and "0.0%" in page
    assert "YT00 0000 01" in page and "件数太少，不比" in page


@pytest.mark.parametrize("address", ["?days=x&by=person", "?key=%00", "?days=30&by=outlet&key=nobody"])
def test_odd_addresses_show_the_usual(world: World, silent: None, address: str) -> None:
    assert browser(world.quality).get(f"/manage/silence{address}").status_code == 200


def test_an_empty_period_says_so(world: World) -> None:
    assert "没有在路上的快递" in browser(world.quality).get("/manage/silence").content.decode()


def test_an_export_carries_who_when_and_why(world: World, silent: None) -> None:
    answer = browser(world.quality).post("/manage/silence/export", {"reason": "月度复盘用", "days": "7"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text)))
    assert "月度复盘用" in rows[0][0] and f"user:{world.quality.pk}" in rows[0][0]
    assert rows[2][0] == "YT00000001" and len(rows) == 3
    assert Reveal.objects.get(subject="trace-breaks").reason == "月度复盘用"


def test_without_a_reason_nothing_is_exported(world: World, silent: None) -> None:
    answer = browser(world.quality).post("/manage/silence/export", {"reason": " 看 "})
    assert answer.status_code == 422 and not Reveal.objects.filter(subject="trace-breaks").exists()
