"""The operator's pages: what could not be read is shown with its reason, masked, and can be tried again."""

import json
import re

import pytest
from django.test import Client

from tests.web.desk.conftest import browser
from tests.world import World
from yishi.feeds.actions.sources import add_source, pause_source
from yishi.feeds.jobs import sweep_replays
from yishi.feeds.queries.health import list_unknown_codes
from yishi.feeds.queries.quarantine import list_quarantine
from yishi.feeds.queries.sources import get_source
from yishi.kit.clock import now
from yishi.people.actions import add_key
from yishi.people.queries import list_keys
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.actions.take_in import take_in

PAGES = ["/manage/", "/manage/notices", "/manage/outlets", "/manage/people"]
PHONE = "19900000077"
# cut off in the middle, with a person in it
BROKEN = (
    '{"status":"polling","receiver":{"name":"赵小姐","phone":"' + PHONE + '"},"lastResult":{"nu":'
).encode()


@pytest.fixture
def raw_id(world: World) -> int:
    add_source(code="k1", plugin="kuaidi100", settings={"salt": "s"}, by=SYSTEM_VIEWER, at=now())
    counts = take_in(source=get_source("k1"), body=BROKEN, content_type="application/json", at=now())
    assert counts.quarantined
    return int(counts.raw_id)


@pytest.fixture
def operator(world: World) -> Client:
    return browser(world.operator)


@pytest.mark.parametrize("page", PAGES)
def test_operators_owners_and_quality_come_in(world: World, page: str) -> None:
    for user in (world.operator, world.owner, world.quality):
        assert browser(user).get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_outlets_do_not(world: World, page: str) -> None:
    for user in (world.lin, world.zhou):
        assert browser(user).get(page).status_code == 403
    assert Client().get(page).status_code == 302


def test_quality_does_not_see_feeds(world: World, raw_id: int) -> None:
    quality = browser(world.quality)
    assert "k1" not in quality.get("/manage/").content.decode()
    assert quality.get(f"/manage/quarantine/{raw_id}").status_code == 403
    assert quality.post(f"/manage/quarantine/{raw_id}/replay").status_code == 403
    assert get_state(raw_id) == "QUARANTINED"


def get_state(raw_id: int) -> str:
    from yishi.feeds.models import RawInput

    return RawInput.objects.get(pk=raw_id).state


def test_quarantine_is_grouped_by_reason(operator: Client, raw_id: int) -> None:
    text = operator.get("/manage/").content.decode()
    assert "k1" in text and "读不懂" in text
    (group,) = re.findall(r'href="(/manage/feeds/k1/quarantine[^"]+)"[^>]*>[^<]*<', text)[:1]
    assert f"#{raw_id}" in operator.get(group).content.decode()


def test_a_body_is_shown_without_its_people(operator: Client, raw_id: int) -> None:
    text = operator.get(f"/manage/quarantine/{raw_id}").content.decode()
    assert "polling" in text
    assert "赵小姐" not in text and PHONE not in text


def test_what_still_cannot_be_read_stays_and_says_so(operator: Client, raw_id: int) -> None:
    answer = operator.post(f"/manage/quarantine/{raw_id}/replay")
    assert answer["Location"] == f"/manage/quarantine/{raw_id}?done=still"
    assert "还是读不懂" in operator.get(answer["Location"]).content.decode()
    assert operator.post("/manage/quarantine/999999/replay").status_code == 404
    assert get_state(raw_id) == "QUARANTINED"


def test_a_paused_source_is_replayed_when_it_goes_on(operator: Client, world: World) -> None:
    add_source(code="own", plugin="generic", settings={}, by=SYSTEM_VIEWER, at=now())
    pause_source(code="own", reason="对账", by=SYSTEM_VIEWER, at=now())
    event = {"waybill_no": "771200000000001", "kind": "accepted", "happened_at": "2026-11-22T08:00:00+08:00"}
    body = json.dumps([event]).encode()
    counts = take_in(source=get_source("own"), body=body, content_type="application/json", at=now())
    assert counts.quarantined == "paused"
    pause_source(code="own", reason="", by=SYSTEM_VIEWER, at=now())
    form = {"source": "own", "reason": "paused"}
    assert "reason=paused" in operator.post("/manage/quarantine/replay", form)["Location"]
    sweep_replays(at=now())
    assert list_quarantine(viewer=SYSTEM_VIEWER) == []
    assert operator.post("/manage/quarantine/replay", form).status_code == 404


def test_unknown_codes_raise_an_alarm(operator: Client, world: World) -> None:
    from yishi.feeds.actions.codes import note_unknown_codes

    add_source(code="k1", plugin="kuaidi100", settings={"salt": "s"}, by=SYSTEM_VIEWER, at=now())
    note_unknown_codes(source=get_source("k1"), codes={"9999": (3, f"快件异常，联系 {PHONE}")}, at=now())
    text = operator.get("/manage/").content.decode()
    assert list_unknown_codes(viewer=SYSTEM_VIEWER)[0].count == 3
    assert "9999" in text and 'role="alert"' in text and PHONE not in text


def test_a_key_is_revoked_by_those_who_keep_keys(world: World, operator: Client) -> None:
    add_key(role="INTEGRATOR", name="面单系统", by=SYSTEM_VIEWER, at=now())
    (key,) = list_keys(SYSTEM_VIEWER)
    assert "面单系统" not in browser(world.quality).get("/manage/people").content.decode()
    assert browser(world.quality).post(f"/manage/keys/{key.key_id}/revoke").status_code == 403
    assert list_keys(SYSTEM_VIEWER)[0].revoked_at is None
    operator.post(f"/manage/keys/{key.key_id}/revoke")
    assert list_keys(SYSTEM_VIEWER)[0].revoked_at is not None


def test_outlets_lead_to_their_posters(operator: Client, world: World) -> None:
    text = operator.get("/manage/outlets").content.decode()
    assert "/poster/DS01.pdf" in text and "东山网点" in text


def test_a_failed_notice_leads_to_its_case(world: World, operator: Client) -> None:
    from tests.web.desk.conftest import open_at
    from yishi.notifications.models import Delivery

    case = open_at(world.dongshan_id)
    Delivery.objects.create(
        kind="ACK", subject_kind="CASE", subject_id=str(case.id), channel="SMS", to=PHONE, to_hash=b"0" * 16,
        body="收到", state="FAILED", created_at=now(),
    )  # fmt: skip
    link = f"/desk/cases/{case.case_no}"
    assert link in browser(world.quality).get("/manage/notices").content.decode()
    assert link not in operator.get("/manage/notices").content.decode()


def test_a_new_source_has_not_fallen_silent(operator: Client, world: World) -> None:
    add_source(code="k1", plugin="kuaidi100", settings={"salt": "s"}, by=SYSTEM_VIEWER, at=now())
    text = operator.get("/manage/").content.decode()
    assert "还没有来过数据" in text and "一天没有数据" not in text
