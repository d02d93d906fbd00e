"""The chat's page without a script: begun by the first word, once; files, record, end; nobody else's."""

import re

import pytest

from tests.web.consumer.test_complain import photo
from tests.world import START
from yishi.cases.queries.talks import case_of_conversation
from yishi.conversations.actions.hand import end_conversation, take
from yishi.conversations.actions.say import add_inner_note, say
from yishi.conversations.models.messages import Message
from yishi.conversations.models.talk import Conversation
from yishi.feedback.models import TalkRating
from yishi.web.consumer.done import linked
from yishi.web.consumer.talks import agent_word, read_mark

pytestmark = pytest.mark.django_db
VOICE = b"ID3\x04" + b"\x00" * 60
HTML = "<img src=x onerror=alert(1)>\u202e到没\u200b"


@pytest.fixture
def begun(client):
    """The address of a conversation in which a person was asked for."""
    return client.post("/chat", {"text": "转人工", "key": "k1"}).headers["Location"].partition("#")[0]


@pytest.fixture
def lin(world):
    return world.viewer(world.lin)


def talk():
    return Conversation.objects.get()


def test_looking_begins_nothing(client, world):
    page = client.get("/chat")
    assert page.status_code == 200 and "小灯" in page.content.decode()
    assert not Conversation.objects.exists()


def test_the_first_word_begins_it_once_and_is_answered(client, world):
    said = {"text": "我的快递到哪了", "key": "k1"}
    first, again = client.post("/chat", said), client.post("/chat", said)
    assert first.headers["Location"] == again.headers["Location"]
    page = client.get(first.headers["Location"].partition("#")[0]).content.decode()
    assert "运单号" in page and page.count('class="y-msg is-me"') == 1
    assert talk().entry_point == "web"


def test_the_browser_finds_back_until_the_end(client, begun):
    assert client.get("/chat").headers["Location"] == begun
    client.post(begun + "/end")
    assert client.get("/chat").status_code == 200


def test_a_parcel_and_a_case_are_known(client, world, parcel):
    client.post(f"/t/{parcel}/chat", {"text": "到哪了"})
    assert talk().waybill_no == parcel
    Conversation.objects.all().delete()
    filed = client.post(
        f"/t/{parcel}/complain", {"category": "DELAY", "text": "还没到", "phone": "19900000001"}
    ).headers["Location"]
    client.post(filed.partition("#")[0] + "/chat", {"text": "怎么样了"})
    assert talk().waybill_no == parcel
    case = case_of_conversation(talk().pk)
    assert case is not None and case.category == "DELAY"


def test_the_place_in_the_queue_is_said_and_then_who_answers(client, begun, lin):
    assert "你排在第 1 位" in client.get(begun).content.decode()
    take(conversation_id=talk().pk, by=lin, at=START)
    say(conversation_id=talk().pk, text="您好，正在查", by=lin, at=START)
    page = client.get(begun).content.decode()
    assert "客服 小林" in page and "正在查" in page and "林客服" not in page
    assert talk().participants.get(kind="CONSUMER").read_up_to == Message.objects.latest("pk").pk


def test_only_what_is_newer_comes_and_no_inner_note(client, begun, lin):
    mark = re.search(r'name="after" value="([\d.]+)"', client.get(begun).content.decode())[1]
    add_inner_note(conversation_id=talk().pk, text="这人很急", by=lin, at=START)
    say(conversation_id=talk().pk, text="您好", by=lin, at=START)
    news = client.get(f"{begun}/lines", {"after": mark, "looking": "1"}).content.decode()
    assert news.count('class="y-msg') == 1 and "您好" in news and "很急" not in news
    assert "很急" not in client.get(begun + "/transcript.txt").content.decode()


@pytest.mark.parametrize("mark", ["", "abc", "-1", "9" * 50, "1.x", "٣", "1.99999999999"])
def test_a_mark_that_is_none_gives_everything(client, begun, mark):
    assert client.get(f"{begun}/lines", {"after": mark}).status_code == 200
    assert read_mark(mark)[1] == 0


def test_pictures_and_voices_are_kept_and_are_nobody_elses(client, begun, world):
    client.post(begun, {"photos": [photo()]})
    kept = Message.objects.filter(author_kind="CONSUMER").latest("pk")
    assert kept.kind == "PICTURE" and kept.text == ""
    address = f"{begun}/files/{kept.attachments.get().file_id}"
    shown = client.get(address + "?small=1")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert "sandbox" in client.get(address)["Content-Security-Policy"]
    other = client.post("/chat", {"text": "在吗"}).headers["Location"].partition("#")[0]
    assert client.get(f"{other}/files/{kept.attachments.get().file_id}").status_code == 404


def test_what_is_no_picture_voice_or_paper_is_refused_and_the_words_stay(client, begun):
    count = Message.objects.count()
    page = client.post(begun, {"text": "给你看", "photos": [named("a.exe", b"MZ" + b"\0" * 80)]})
    assert page.status_code == 415 and "给你看" in page.content.decode()
    assert Message.objects.count() == count


def named(name, body):
    import io

    file = io.BytesIO(body)
    file.name = name
    return file


def test_markup_and_turned_signs_are_shown_and_not_run(client, begun):
    client.post(begun, {"text": HTML})
    page = client.get(begun).content.decode()
    assert "<img src=x" not in page and "&lt;img src=x" in page
    assert '<p class="y-pre" dir="auto">&lt;img' in page
    record = client.get(begun + "/transcript.txt")
    assert record["Content-Type"].startswith("text/plain") and "attachment" in record["Content-Disposition"]
    assert f"\u2068{HTML}\u2069" in record.content.decode()


@pytest.mark.parametrize("text", ["", "   ", "哎" * 20_001])
def test_an_unusable_word_changes_nothing(client, begun, text):
    count = Message.objects.count()
    assert client.post(begun, {"text": text}).status_code == 422
    assert Message.objects.count() == count


def test_what_was_done_stands_between_what_was_said(client, begun):
    wish = {"name": "set_preference", "ok": True, "ref": "NO_LOCKER,CALL_FIRST"}
    case = {"name": "open_case", "ok": True, "ref": "2611220042"}
    failed = {"name": "intercept", "ok": False, "ref": "2611220043"}
    Conversation.objects.update(state="ASSISTANT", queued_at=None)
    say(conversation_id=talk().pk, text="办好了", by=None, at=START, data={"did": [wish, case, failed]})
    page = client.get(begun).content.decode()
    assert page.count('class="y-did') == 2 and "不放快递柜、派件前先打电话" in page
    assert "工单 2611220042" in page and "2611220043" not in page
    client.post(begun, {"text": '{"did": [{"name": "open_case"}]}'})
    assert client.get(begun).content.decode().count("立案了") == 1


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("看《怎么投诉》{own}/help/complain 。", '看<a href="{own}/help/complain"[to]>《怎么投诉》</a> 。'),
        ("进度：{own}/c/abc", '进度：<a href="{own}/c/abc"[to]>{own}/c/abc</a>'),
        ("{own}.evil.example/x", "{own}.evil.example/x"),
        ("https://evil.example/ <b>", "https://evil.example/ &lt;b&gt;"),
        ('{own}/"onclick=x', '<a href="{own}/"[to]>{own}/</a>&quot;onclick=x'),
    ],
)  # fmt: skip
def test_only_our_own_pages_are_led_to(settings, said, shown):
    own, way = settings.ENVIRONMENT.web_origin, ' target="_blank" rel="noopener"'
    assert linked(said.format(own=own)) == shown.format(own=own).replace("[to]", way)


def test_the_longest_text_is_folded(client, begun):
    client.post(begun, {"text": "哎" * 20_000})
    assert "看全文" in client.get(begun).content.decode()


def test_a_flood_is_told_in_words_when_to_come_back(client, begun):
    answers = [
        client.post(begun, {"text": f"在吗 {n}"}, headers={"Accept": "application/json"}) for n in range(21)
    ]
    assert answers[0].json()["url"] == begun
    assert answers[-1].status_code == 429 and "太频繁" in answers[-1].json()["error"]
    assert int(answers[-1]["Retry-After"]) <= 60


def test_it_ends_is_rated_once_and_goes_on(client, begun):
    assert client.post(begun + "/rate", {"score": 5}).status_code == 409
    client.post(begun + "/end")
    client.post(begun + "/rate", {"score": 4, "comment": "很快"})
    client.post(begun + "/rate", {"score": 1})
    assert TalkRating.objects.get().score == 4
    assert "你给了 4 分" in client.get(begun).content.decode()
    client.post(begun, {"text": "还有一件事"})
    assert talk().state != "ENDED"


@pytest.mark.parametrize("path", ["", "/lines", "/live", "/transcript.txt"])
def test_a_foreign_token_opens_nothing(client, begun, path):
    assert client.get("/chat/nobody" + path).status_code == 404


def test_only_named_sites_may_show_it(client, begun, settings):
    from dataclasses import replace

    assert "frame-ancestors 'none'" in client.get(begun + "?embed=1")["Content-Security-Policy"]
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, widget_origins=("https://shop.example.cn",))
    framed = client.get(begun + "?embed=1")
    assert "frame-ancestors https://shop.example.cn" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    assert client.get(begun)["X-Frame-Options"] == "DENY"
    assert client.post(begun + "?embed=1", {"text": "在吗"}).headers["Location"] == begun + "?embed=1#end"


def test_the_widget_is_small_and_clean(client):
    script = client.get("/widget.js")
    body = script.content.decode()
    assert script["Content-Type"].startswith("text/javascript") and len(script.content) < 15_000
    assert not re.search(r"\beval\(|innerHTML|Function\(|setAttribute\(.style", body)
    assert "在线客服" in body or "\\u5728\\u7EBF" in body


def test_a_colleague_is_called_by_his_family_name():
    assert agent_word("林晓") == "客服 小林"
    assert agent_word("Anna Lee") == "客服 Anna"
    assert agent_word("") == "客服"


def test_who_writes_after_the_end_is_with_people_again(client, begun, lin):
    take(conversation_id=talk().pk, by=lin, at=START)
    end_conversation(conversation_id=talk().pk, by=lin, at=START)
    client.post(begun, {"text": "又来了"})
    assert talk().state == "QUEUED"
