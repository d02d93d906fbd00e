"""The inbox over HTTP: who waits, answering, two at once, notes that call, a case from it."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from tests.cases.making import parcel
from tests.web.desk.conftest import browser
from tests.world import CONSUMER_PHONE, START, World
from yishi.cases.models.case import Case
from yishi.cases.queries.talks import case_of_conversation
from yishi.consignees.actions.standing import Wish
from yishi.consignees.actions.wishes import replace_preferences
from yishi.conversations.actions.begin import Person, begin_conversation
from yishi.conversations.actions.call_backs import ask_call_back
from yishi.conversations.actions.hand import hand_over, know_of
from yishi.conversations.actions.receive import receive
from yishi.conversations.models.beside import CallBack, Mention
from yishi.conversations.models.messages import Attachment, Draft, Message
from yishi.conversations.queries.threads import get_conversation
from yishi.conversations.rules import Channel
from yishi.kit.clock import now
from yishi.network.models import Outlet
from yishi.routing.models import Away

pytestmark = pytest.mark.django_db
SAID = "我的快递到哪了，千万别放柜子"


def asked(text: str = SAID, outlet: str = "DS01", **more: object) -> int:
    place = Outlet.objects.get(code=outlet)
    talk = begin_conversation(person=Person(channel=Channel.WEB), at=now(), outlet=place, **more)  # type: ignore[arg-type]
    receive(conversation_id=talk.id, text=text, at=now())
    hand_over(conversation_id=talk.id, reason="ASKED", handover={"intent": "track_parcel"}, at=now())
    return talk.id


@pytest.fixture(autouse=True)
def in_service_hours(time_machine: object) -> None:
    """At night a call-back is offered as well."""
    time_machine.move_to(START)  # type: ignore[attr-defined]


@pytest.fixture
def talk(world: World) -> int:
    return asked()


def url(talk: int, verb: str = "") -> str:
    return f"/desk/inbox/{talk}" + (f"/{verb}" if verb else "")


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


VERBS = ("reply", "note", "take", "give", "end", "draft", "case", "tone")


@pytest.mark.parametrize("verb", ["", "news", "live", "transcript"])
def test_a_foreign_conversation_is_unknown(he: Client, talk: int, verb: str) -> None:
    answer = he.get(url(talk, verb))
    assert answer.status_code == 404 and SAID not in answer.content.decode()


@pytest.mark.parametrize("verb", VERBS)
def test_a_foreign_conversation_cannot_be_touched(he: Client, talk: int, verb: str) -> None:
    before = (get_conversation(talk).version, Message.objects.count())
    assert he.post(url(talk, verb), {"text": "x", "category": "DELAY"}).status_code == 404
    assert (get_conversation(talk).version, Message.objects.count()) == before


def test_the_list_shows_who_waits_and_why(lin: Client, he: Client, talk: int) -> None:
    page = body(lin, "/desk/inbox?view=unassigned")
    assert SAID[:10] in page and "要找人工" in page and "网页" in page
    assert SAID[:10] not in body(he, "/desk/inbox?view=outlet")
    assert SAID[:10] in body(lin, "/desk/inbox/news?view=outlet")
    assert "没有排班" in body(lin, url(talk))


def test_a_reply_is_said_and_takes_it(world: World, lin: Client, talk: int) -> None:
    assert lin.post(url(talk, "reply"), {"text": "我是小林，正在查"})["Location"].endswith("?done=reply")
    page = body(lin, url(talk))
    assert "我是小林，正在查" in page and "已发送" in page
    assert get_conversation(talk).assignee_id == world.lin.pk


def test_the_second_who_answers_is_told_and_keeps_his_words(world: World, lin: Client, talk: int) -> None:
    lin.post(url(talk, "reply"), {"text": "我来"})
    zhou = browser(world.zhou)
    refused = zhou.post(url(talk, "reply"), {"text": "我也来回"})
    text = refused.content.decode()
    assert refused.status_code == 409 and "林客服" in text and "我也来回</textarea>" in text
    assert Message.objects.filter(author=world.zhou).count() == 0
    zhou.post(url(talk, "take"), {"from_colleague": "1"})
    assert zhou.post(url(talk, "reply"), {"text": "我接过来了"}).status_code == 302


def test_a_note_calls_a_colleague_until_he_looks(world: World, lin: Client, talk: int) -> None:
    lin.post(url(talk, "note"), {"text": "@周站长 帮看一眼", "mention": []})
    assert Mention.objects.get().user_id == world.zhou.pk
    zhou = browser(world.zhou)
    assert "备注里提到你" in body(zhou, "/desk/inbox?view=called")
    assert "叫了周站长" in body(zhou, url(talk)) and Mention.objects.get().seen_at
    assert "帮看一眼" not in body(lin, url(talk, "transcript"))


def test_a_later_message_waits_and_can_be_withdrawn(lin: Client, talk: int) -> None:
    soon = (now() + timedelta(hours=20)).strftime("%Y-%m-%dT%H:%M")
    lin.post(url(talk, "reply"), {"text": "明早给你回", "send_at": soon})
    held = Message.objects.get(state="HELD")
    assert "不发了" in body(lin, url(talk))
    lin.post(url(talk, f"held/{held.pk}"))
    assert Message.objects.get(pk=held.pk).state == "WITHDRAWN"
    other = asked("别的")
    assert lin.post(url(other, f"held/{held.pk}")).status_code == 404
    bad = lin.post(url(talk, "reply"), {"text": "x", "send_at": "2020-01-01T00:00"})
    assert bad.status_code == 422 and Message.objects.filter(state="HELD").count() == 0


def test_a_draft_stays_for_its_writer(world: World, lin: Client, talk: int) -> None:
    assert lin.post(url(talk, "draft"), {"text": "写了一半"}).status_code == 204
    assert "写了一半</textarea>" in body(lin, url(talk))
    assert "写了一半" not in body(browser(world.zhou), url(talk))
    lin.post(url(talk, "reply"), {"text": "写完了"})
    assert not Draft.objects.exists()


def test_a_case_comes_from_it_with_what_was_said(world: World, lin: Client) -> None:
    parcel(outlet_id=world.dongshan_id)
    talk = asked("箱子破了，杯子碎了", waybill_no="YT8800000000001")
    page = body(lin, url(talk))
    assert '<option value="DAMAGED" selected>' in page
    lin.post(url(talk, "case"), {"category": "DAMAGED"})
    case = case_of_conversation(talk)
    assert case is not None and "杯子碎了" in case.text and Case.objects.count() == 1
    assert case.case_no in body(lin, url(talk)) and "会话记录" in body(lin, f"/desk/cases/{case.case_no}")
    other = asked("还是那个箱子")
    lin.post(url(other, "case"), {"case_no": case.case_no})
    assert case_of_conversation(other) == case
    assert lin.post(url(asked("啊"), "case"), {"case_no": "C000"}).status_code == 404


def test_help_says_only_what_the_record_says(world: World, lin: Client) -> None:
    parcel(outlet_id=world.dongshan_id)
    page = body(lin, url(asked(waybill_no="YT8800000000001")))
    assert "建议回复" in page and "轨迹 …000001" in page
    assert "建议回复" not in body(lin, url(asked("你好")))
    remarks = lin.post(url(asked("什么时候到"), "tone"), {"text": "你自己没看清楚"}).content.decode()
    assert "责怪" in remarks


def test_a_wish_is_told_with_its_time_place_and_end(world: World, lin: Client) -> None:
    until = now() + timedelta(days=9)
    wish = Wish(kind="TIME_WINDOW", source="group_chat", value="19:00–21:00", valid_until=until)
    replace_preferences(phone=CONSUMER_PHONE, wishes=[wish], by=world.viewer(world.zhou), at=now())
    talk = asked()
    know_of(conversation_id=talk, contact_id=world.contact_id, at=now())
    page = body(lin, url(talk))
    assert "只在这段时间送 19:00–21:00" in page and "为止 · 群里说的" in page


def test_given_away_and_ended(world: World, lin: Client, talk: int) -> None:
    lin.post(url(talk, "take"))
    lin.post(url(talk, "give"), {"user": world.zhou.pk})
    assert get_conversation(talk).assignee_id == world.zhou.pk
    refused = lin.post(url(talk, "give"), {"user": world.he.pk})
    assert refused.status_code == 422 and get_conversation(talk).assignee_id == world.zhou.pk
    lin.post(url(talk, "give"))
    assert get_conversation(talk).state == "QUEUED"
    lin.post(url(talk, "end"))
    assert get_conversation(talk).state == "ENDED" and "已结束" in body(lin, url(talk))


def test_a_file_is_served_to_whom_it_is_in_sight(lin: Client, he: Client, talk: int) -> None:
    photo = io.BytesIO()
    Image.new("RGB", (8, 8)).save(photo, "JPEG")
    slip = SimpleUploadedFile("单.jpg", photo.getvalue(), content_type="image/jpeg")
    lin.post(url(talk, "reply"), {"text": "看附件", "files": slip})
    address = f"/desk/inbox/files/{Attachment.objects.get().file_id}"
    assert lin.get(address).status_code == 200 and he.get(address).status_code == 404


def test_away_and_back_from_the_desk(world: World, lin: Client) -> None:
    lin.post("/desk/inbox/away", {"minutes": "30", "reason": "吃饭"})
    assert "你暂时离开" in body(lin, "/desk/inbox") and Away.objects.get().reason == "吃饭"
    lin.post("/desk/inbox/away", {"back": "1"})
    assert not Away.objects.exists()
    assert lin.post("/desk/inbox/away", {"minutes": "99999"}).status_code == 422


def test_call_backs_are_listed_and_ended(lin: Client, he: Client, talk: int) -> None:
    at = now()
    soon = at + timedelta(hours=2)
    ask_call_back(conversation_id=talk, phone="19900000009", wished_at=at, due_at=soon, at=at)
    call = CallBack.objects.get()
    assert "19900000009" in body(lin, "/desk/inbox/calls")
    assert "19900000009" not in body(he, "/desk/inbox/calls")
    assert he.post(f"/desk/inbox/calls/{call.pk}", {"state": "REACHED"}).status_code == 404
    lin.post(f"/desk/inbox/calls/{call.pk}", {"state": "REACHED", "result": "说好了"})
    assert CallBack.objects.get().state == "REACHED"


def test_the_managers_view(world: World, lin: Client, talk: int) -> None:
    lin.post(url(talk, "reply"), {"text": "您好"})
    page = body(browser(world.zhou), "/desk/inbox/team")
    assert "林客服" in page and lin.get("/desk/inbox/team").status_code == 403


def test_list_and_page_cost_the_same_for_many(lin: Client, talk: int) -> None:
    def cost(address: str) -> int:
        lin.get(address)
        with CaptureQueriesContext(connection) as done:
            lin.get(address)
        return len(done)

    addresses = ("/desk/inbox?view=outlet", url(talk))
    few = [cost(each) for each in addresses]
    for number in range(8):
        asked(f"第 {number} 位")
        receive(conversation_id=talk, text=f"在吗 {number}", at=now())
    many = [cost(each) for each in addresses]
    assert all(now_it <= before for now_it, before in zip(many, few, strict=True)), (many, few)
