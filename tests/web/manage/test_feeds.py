"""The operator's pages of feeds: settings without secrets, codes with preview and undo, quarantine."""

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.desk.conftest import browser
from tests.world import World
from yishi.feeds.actions.sources import add_source, ensure_source
from yishi.feeds.jobs import sweep_replays
from yishi.feeds.models import CodeMapping, RawInput, Source
from yishi.feeds.queries.sources import find_source_by_push, get_source
from yishi.kit.clock import now
from yishi.kit.models import Reveal
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.actions.take_in import take_in
from yishi.shipments.jobs import sweep_remaps
from yishi.shipments.models.parcels import Shipment

PHONE = "19900000077"
EVENT = {"waybill_no": "YT12345678", "kind": "unknown", "source_code": "9999", "text": f"快件异常 {PHONE}"}


@pytest.fixture
def operator(world: World) -> Client:
    return browser(world.operator)


@pytest.fixture
def k1(world: World) -> str:
    """A source with a secret; returns the key of its push address."""
    path = add_source(
        code="k1", plugin="kuaidi100", settings={"salt": "s4lt-xyz"}, by=SYSTEM_VIEWER, at=now()
    )
    return path.split("/")[-1]


def take(*changes: dict[str, object], body: bytes | None = None, source: str = "own") -> int:
    ensure_source(code=source, plugin="generic", at=now())
    events = [EVENT | {"happened_at": now().isoformat()} | change for change in changes]
    said = json.dumps(events).encode() if body is None else body
    counts = take_in(source=get_source(source), body=said, content_type="application/json", at=now())
    assert counts.raw_id is not None
    return counts.raw_id


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# ---- the overview


def test_with_no_source_it_says_what_to_do(operator: Client) -> None:
    assert "还没有接入数据" in page(operator, "/manage/feeds")


def statements_of(client: Client) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        page(client, "/manage/feeds")
    return len(captured)


def test_the_overview_asks_no_more_for_many_sources_than_for_one(operator: Client, world: World) -> None:
    take({}, source="s0")
    take(body=b"[broken", source="s0")
    few = statements_of(operator)
    for number in range(1, 9):
        take({"source_code": f"c{number}"}, source=f"s{number}")
        take(body=b"[broken", source=f"s{number}")
    assert statements_of(operator) <= few


def test_each_source_shows_how_it_stands(operator: Client, k1: str) -> None:
    take({})
    Source.objects.filter(code="k1").update(silent_since=now())
    text = page(operator, "/manage/feeds")
    assert "有不认识的代码" in text and "该来没来" in text and 'href="/manage/feeds/own"' in text


def test_pushes_with_a_wrong_signature_are_counted_for_the_operator(operator: Client, k1: str) -> None:
    body = {"param": json.dumps({"status": "polling"}), "sign": "WRONG"}
    assert [Client().post(f"/feeds/k1/{k1}", body).status_code for _ in range(2)] == [401, 401]
    assert "今天 2 次签名不对" in page(operator, "/manage/feeds")
    assert "今天有 2 次推送签名不对" in page(operator, "/manage/feeds/k1")
    assert RawInput.objects.count() == 0


# ---- one source


def test_secrets_never_come_back(operator: Client, k1: str) -> None:
    assert "s4lt-xyz" not in page(operator, "/manage/feeds/k1")


def test_settings_are_changed_and_the_address_stays(operator: Client, k1: str) -> None:
    answer = operator.post("/manage/feeds/k1/change/settings", {"label": "新名字", "set-salt": ""})
    assert answer["Location"] == "/manage/feeds/k1?done=settings"
    found = find_source_by_push("k1", k1)
    assert found is not None and found.settings == {"salt": "s4lt-xyz"}
    operator.post("/manage/feeds/k1/change/settings", {"label": "", "set-salt": "n3w"})
    assert get_source("k1").settings == {"salt": "n3w"}


def test_a_new_address_is_shown_once(operator: Client, k1: str) -> None:
    text = operator.post("/manage/feeds/k1/address").content.decode()
    found = re.search(r"/feeds/k1/([\w-]+)", text)
    assert found and find_source_by_push("k1", found[1]) is not None
    assert find_source_by_push("k1", k1) is None
    assert found[1] not in page(operator, "/manage/feeds/k1")


def test_a_source_is_added_and_its_address_shown_once(operator: Client) -> None:
    assert 'name="set-salt"' in page(operator, "/manage/new-source?plugin=kuaidi100")
    said = {"plugin": "kuaidi100", "code": "k2", "set-salt": "abc"}
    text = operator.post("/manage/new-source", said).content.decode()
    found = re.search(r"/feeds/k2/([\w-]+)", text)
    assert found and find_source_by_push("k2", found[1]) is not None
    again = operator.post("/manage/new-source", said)
    assert again.status_code == 409 and "abc" not in again.content.decode()


@pytest.mark.parametrize(
    ("what", "said", "status"),
    [
        ("pause", {"reason": " "}, 422),
        ("settings", {"time_zone": "Mars/Base"}, 422),
        ("settings", {"label": "长" * 501}, 422),
        ("nonsense", {}, 404),
    ],
)
def test_a_refused_change_leaves_the_source(
    operator: Client, k1: str, what: str, said: dict[str, str], status: int
) -> None:
    before = Source.objects.values().get()
    assert operator.post(f"/manage/feeds/k1/change/{what}", said).status_code == status
    assert Source.objects.values().get() == before


def test_paused_with_its_reason_and_let_go_on(operator: Client, k1: str) -> None:
    operator.post("/manage/feeds/k1/change/pause", {"reason": "对方换密钥"})
    assert "对方换密钥" in page(operator, "/manage/feeds/k1")
    operator.post("/manage/feeds/k1/change/resume")
    assert not get_source("k1").is_paused


def test_what_is_expected_is_kept(operator: Client, k1: str) -> None:
    operator.post("/manage/feeds/k1/change/expect", {"hours": "6"})
    assert 'value="6" selected' in page(operator, "/manage/feeds/k1")
    operator.post("/manage/feeds/k1/change/expect", {"hours": "-3"})
    assert Source.objects.get(code="k1").expected_within is None


@pytest.mark.parametrize(
    "address",
    [
        "feeds/nobody", "feeds/nobody/code?code=1", "feeds/nobody/quarantine?reason=empty",
        "feeds/own/code?code=", "feeds/own/quarantine?reason=empty", "feeds/own/code?code=" + "x" * 65,
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(operator: Client, address: str) -> None:
    take({})
    assert operator.get(f"/manage/{address}").status_code == 404


@pytest.mark.parametrize("address", ["feeds/own", "feeds/own/code?code=9999", "new-source"])
def test_quality_and_outlets_do_not_come_in(world: World, address: str) -> None:
    take({})
    for user in (world.quality, world.lin):
        assert browser(user).get(f"/manage/{address}").status_code == 403
        assert browser(user).post(f"/manage/{address}").status_code in {403, 405}


# ---- codes

CODE = "/manage/feeds/own/code?code=9999"


def test_a_code_is_previewed_then_mapped_then_taken_back(operator: Client) -> None:
    take({})
    assert PHONE not in page(operator, CODE) and "没人知道" in page(operator, CODE)
    preview = page(operator, f"{CODE}&meaning=delivered/proxy")
    assert "YT12 3456 78" in preview and "已签收 · 代签" in preview
    assert Shipment.objects.get().milestone == "UNKNOWN" and not CodeMapping.objects.exists()
    said = {"code": "9999", "meaning": "delivered/proxy", "reason": "对照文档"}
    assert operator.post("/manage/feeds/own/code/change", said)["Location"] == f"{CODE}&done=mapped"
    assert 'hx-trigger="every 2s"' in page(operator, CODE)
    sweep_remaps(at=now(), limit=10)
    assert Shipment.objects.get().milestone == "DELIVERED"
    assert "代码全都认识" in page(operator, "/manage/feeds")
    operator.post("/manage/feeds/own/code/change", said | {"meaning": "-", "reason": "看错了"})
    sweep_remaps(at=now(), limit=10)
    assert Shipment.objects.get().milestone == "UNKNOWN"
    assert "看错了" in page(operator, CODE)


def test_progress_is_asked_for_alone(operator: Client) -> None:
    take({})
    said = {"code": "9999", "meaning": "lost/", "reason": "x"}
    operator.post("/manage/feeds/own/code/change", said)
    part = operator.get(CODE, HTTP_HX_REQUEST="true").content.decode()
    assert "正在找用到它的包裹" in part and "<main" not in part


@pytest.mark.parametrize("said", [{"reason": ""}, {"meaning": "unknown/"}, {"meaning": "x/" + "y" * 99}])
def test_a_refused_mapping_keeps_what_was_typed(operator: Client, said: dict[str, str]) -> None:
    take({})
    values = {"code": "9999", "meaning": "lost/", "reason": "因为所以"} | said
    answer = operator.post("/manage/feeds/own/code/change", values)
    assert answer.status_code == 422 and values["reason"] in answer.content.decode()
    assert not CodeMapping.objects.exists()


# ---- quarantine

GROUP = "/manage/feeds/own/quarantine?reason=not_framed"
BROKEN = f'{{"receiverName": "赵小姐", "phone": "{PHONE}"'.encode()


def test_a_group_is_tried_without_a_trace_and_then_replayed(operator: Client) -> None:
    raw_id = take(body=BROKEN)
    reason = RawInput.objects.get().reason
    at_group = f"/manage/feeds/own/quarantine?reason={reason}"
    assert f"#{raw_id}" in page(operator, at_group)
    tried = operator.post("/manage/feeds/own/quarantine/try", {"reason": reason}).content.decode()
    assert "试过了，什么都没写" in tried and "1 批还是读不懂" in tried
    assert RawInput.objects.get().times_received == 1
    answer = operator.post("/manage/quarantine/replay", {"source": "own", "reason": reason})
    assert answer["Location"] == f"{at_group}&done=asked"
    assert "正在重新处理" in page(operator, at_group)
    assert operator.post("/manage/quarantine/replay", {"source": "own", "reason": reason}).status_code == 409
    sweep_replays(at=now())
    assert "批还是读不懂" in operator.get(at_group, HTTP_HX_REQUEST="true").content.decode()


def test_one_body_is_tried_without_a_trace(operator: Client) -> None:
    raw_id = take(body=BROKEN)
    assert "还是读不懂" in operator.post(f"/manage/quarantine/{raw_id}/try").content.decode()
    assert RawInput.objects.get().times_received == 1


def test_a_body_in_full_needs_the_right_and_a_reason(world: World, operator: Client) -> None:
    raw_id = take(body=BROKEN)
    at_body = f"/manage/quarantine/{raw_id}/reveal"
    assert operator.post(at_body, {"reason": "查"}).status_code == 403
    owner = browser(world.owner)
    refused = owner.post(at_body, {"reason": " "})
    assert refused.status_code == 422 and "赵小姐" not in refused.content.decode()
    assert not Reveal.objects.exists()
    assert "赵小姐" in owner.post(at_body, {"reason": "对方要求核对"}).content.decode()
    assert Reveal.objects.values_list("subject", "reason").get() == (f"raw:{raw_id}", "对方要求核对")
    assert "赵小姐" not in page(owner, f"/manage/quarantine/{raw_id}")
