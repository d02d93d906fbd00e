"""A morning: who gets a parcel hears when, chooses by a link, the courier sees it; an elder is called."""

import dataclasses
import re
from datetime import datetime, timedelta

import pytest

from tests.notifications.gateways import sms_sink
from tests.shipments.tracking import event, take
from tests.stories.conftest import text_of, work
from tests.world import CONSUMER_PHONE, START, add_person
from yishi.consignees.actions.notices import name_backup
from yishi.consignees.actions.standing import Wish
from yishi.consignees.actions.wishes import state_wish
from yishi.consignees.models import Consent, DeliveryPreference
from yishi.kit.clock import now
from yishi.network.models import Courier, Station
from yishi.notifications.actions.ahead_settings import set_ahead
from yishi.notifications.models import AheadNote, Delivery
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.models.ahead import DoorChoice

NUMBERS = ("YT9900000000071", "YT9900000000072")
ADDRESS = "江苏省南京市江宁区东山街道外港河路 1 号 3 栋 2 单元 1203"


@pytest.fixture
def sent(told, settings):
    """Gateways of short messages and of calls, and outlets that tell ahead of everything."""
    with sms_sink() as texts, sms_sink() as calls:
        settings.ENVIRONMENT = dataclasses.replace(
            settings.ENVIRONMENT, sms_url=texts.url, voice_url=calls.url
        )
        set_ahead(outlet_id=None, mode="ALL", channels=["SMS"], by=SYSTEM_VIEWER, at=START)
        yield texts, calls


def goes_out(*numbers, phone=CONSUMER_PHONE, **more):
    for number in numbers:
        said = {"waybill_no": number, "carrier": "yuantong", "goods": "水果礼盒", **more}
        take(
            {**said, "consignee": {"name": "王女士", "phone": phone, "address": ADDRESS}}, expects="shipments"
        )
        scan = {"carrier": "yuantong", "place": {"outlet": "025101"}, "courier": "YT0001"}
        take({**event(number, kind="out_for_delivery", **scan), "happened_at": now().isoformat()}, at=now())


def sign(number):
    take({**event(number, kind="delivered", carrier="yuantong"), "happened_at": now().isoformat()}, at=now())


def liu(world, person):
    user = add_person("liu", "刘师傅", Role.COURIER, "DS01")
    Courier.objects.filter(pk=world.courier_id).update(user=user)
    return person(user)


def link_in(body):
    return re.search(r"http://[^/]+(/a/[\w-]+)", body["text"])[1]


def test_a_morning_with_a_choice_by_link(told, sent, clock, person):
    texts, _calls = sent
    goes_out(*NUMBERS)
    work(clock, later=timedelta(minutes=1))
    assert texts.posts == []  # the next scan may be his as well
    work(clock, later=timedelta(minutes=10))
    ((_headers, body),) = texts.posts
    assert "共2件" in body["text"] and "预计今天10:00–20:00送到" in body["text"] and "生鲜" in body["text"]
    work(clock, later=timedelta(minutes=10))
    goes_out(NUMBERS[0])
    work(clock, later=timedelta(minutes=30))
    assert len(texts.posts) == 1  # once a parcel and day

    link, browser = link_in(body), person()
    page = text_of(browser.get(link))
    assert "预计 今天 20:00 前 送到" in page and "东山驿站" in page and "1203" not in page
    assert CONSUMER_PHONE not in page and "王女士" not in page
    station = Station.objects.get()
    said = {"do": "choose", "kind": "NEIGHBOUR", "named": "502 王阿姨"}
    assert browser.post(link, said).status_code == browser.post(link, said).status_code == 302
    assert Consent.objects.count() == 2 == DoorChoice.objects.count()  # idempotent
    courier = liu(told, person)
    assert "可交给邻居 502 王阿姨" in text_of(courier.get("/courier/"))

    # a wish that contradicts what he said before is asked about; only for these parcels
    state_wish(phone=CONSUMER_PHONE, wish=Wish(kind="NO_STATION", source="CONSUMER"), at=now())
    wanted = {"do": "choose", "kind": "STATION", "station": station.pk}
    asked = browser.post(link, wanted)
    assert asked.status_code == 409 and "你说过：不放驿站" in asked.content.decode()
    assert browser.post(link, {**wanted, "sure": "1"}).status_code == 302
    assert DeliveryPreference.objects.get(ended_at=None).kind == "NO_STATION"
    assert Consent.objects.get(withdrawn_at=None, waybill_no=NUMBERS[0]).placement == "STATION"
    stop = text_of(courier.get(f"/courier/parcels/{NUMBERS[0]}"))
    assert "放驿站，已同意 东山驿站" in stop and "不要放驿站" not in stop

    # another time: on the courier's page, and on the parcel's own page without any case
    at_six = now().astimezone().strftime("%Y%m%dT") + "18"
    assert browser.post(link, {"do": "choose", "kind": "TIME", "visit": "20200101T09"}).status_code == 422
    assert browser.post(link, {"do": "choose", "kind": "TIME", "visit": at_six}).status_code == 302
    assert "约好 今天 18:00–20:00 送" in text_of(person().get(f"/t/{NUMBERS[0]}"))
    assert "18:00–20:00" in text_of(courier.get("/courier/"))

    # too late
    sign(NUMBERS[0])
    assert "已经送到了" in text_of(browser.get(link))
    sign(NUMBERS[1])
    late = browser.post(link, {"do": "choose", "kind": "DOOR"})
    assert late.status_code == 409 and "什么都没改" in late.content.decode()
    assert browser.get(link[:-2] + "xx").status_code == 404
    clock.shift(timedelta(days=3))
    assert browser.get(link).status_code == 404 and browser.post(link, wanted).status_code == 404


def test_an_elder_is_called_and_presses_a_key(told, sent, clock, person):
    texts, calls = sent
    state_wish(phone=CONSUMER_PHONE, wish=Wish(kind="VOICE_CALL", source="CONSUMER"), at=now())
    name_backup(phone=CONSUMER_PHONE, backup="19900000009", at=now())
    goes_out(NUMBERS[0])
    work(clock, later=timedelta(minutes=11))
    ((_headers, call),) = calls.posts
    assert (
        texts.posts == [] and call["keys"] == ["1", "2", "3"] and "改到明天09:00–12:00，请按2" in call["text"]
    )
    push = "/" + call["status_url"].split("/", 3)[3]
    answer = person().post(push, {"state": "answered", "pressed": "2"}, "application/json")
    assert answer.json() == {"is_new": True}
    choice = DoorChoice.objects.get()
    assert (choice.kind, choice.via) == ("TIME", "voice") and choice.from_at > now()
    assert "09:00–12:00" in text_of(liu(told, person).get("/courier/"))
    # what he asked for himself is no slip
    work(clock, later=timedelta(hours=12))
    assert len(calls.posts) == 1


def test_a_window_that_slips_is_told_once_and_at_most_twice(told, sent, clock):
    texts, _calls = sent
    clock.move_to(START - timedelta(hours=2))  # eight in the morning
    goes_out(NUMBERS[0], goods="书")
    work(clock, later=timedelta(hours=1, minutes=5))
    note = AheadNote.objects.get()
    assert len(texts.posts) == 1 and note.told_at is not None
    AheadNote.objects.update(until_at=now(), due_at=now())  # a narrow window, learned elsewhere
    work(clock, later=timedelta(minutes=1))
    work(clock, later=timedelta(minutes=1))
    assert len(texts.posts) == 2 and "没能在22日09:05前送到" in texts.posts[1][1]["text"]
    for _more in range(3):
        AheadNote.objects.update(due_at=now())
        work(clock, later=timedelta(minutes=1))
    assert len(texts.posts) == 3 and AheadNote.objects.get().due_at is None
    assert Delivery.objects.filter(kind="AHEAD_SLIP").count() == 2


def test_nobody_is_told_who_wants_nothing_or_has_nothing_special(told, sent, clock, person):
    texts, _calls = sent
    set_ahead(outlet_id=told.dongshan_id, mode="SOME", channels=["SMS"], by=SYSTEM_VIEWER, at=START)
    goes_out(NUMBERS[0], goods="书")
    work(clock, later=timedelta(minutes=11))
    assert texts.posts == []
    goes_out(NUMBERS[1])
    work(clock, later=timedelta(minutes=11))
    link = link_in(texts.posts[0][1])
    assert person().post(link, {"do": "mute"}).status_code == 302
    assert "派送前的消息已经关了" in text_of(person().get(link))
    clock.move_to(datetime.fromisoformat("2026-11-23T02:00:00+00:00"))
    goes_out(NUMBERS[1])
    work(clock, later=timedelta(minutes=11))
    assert Delivery.objects.filter(kind="AHEAD").count() == 1
