"""A letter comes into a real mailbox, a real SMTP server takes the answer, and the talk goes on."""

import email
import email.policy
import json
import re
from contextlib import contextmanager
from datetime import timedelta

import pytest

from tests.assistant.talking import make_parcels
from tests.plugins.channels.mail.letters import bounce, encoded, head, letter, multipart, part, word
from tests.plugins.channels.mail.servers import mail_house
from tests.world import START
from yishi.assistant.jobs import sweep_errands
from yishi.cases.actions.open import open_case
from yishi.cases.models.history import TimelineEntry
from yishi.conversations.actions.accounts import change_account
from yishi.conversations.actions.say import say
from yishi.conversations.actions.take_in import read_again
from yishi.conversations.jobs import sweep_due_accounts
from yishi.conversations.models.messages import Message, RawMessage
from yishi.conversations.models.talk import ChannelAccount, Conversation
from yishi.conversations.queries.accounts import fetchers
from yishi.kit.models import FactRow
from yishi.kit.outbox import run_due
from yishi.notifications.actions.queue import queue_delivery
from yishi.notifications.jobs.deliveries import sweep_due_emails
from yishi.notifications.models import Delivery
from yishi.notifications.queries.letters import Letter
from yishi.plugins.channels.mail import fetching

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def running():
    with mail_house() as house:
        yield house


@pytest.fixture
def house(running):
    """The same server for every test, with its boxes empty."""
    running.sent.clear()
    for each in (running.home / "mail").glob("*/*/*.test*"):
        each.unlink()
    return running


@pytest.fixture
def account(world, house):
    return add_account(house)


def add_account(house, code="post", has_assistant=False, **more):
    return ChannelAccount.objects.create(
        code=code,
        plugin="mail",
        channel="EMAIL",
        settings=json.dumps(house.settings(**more)),
        has_assistant=has_assistant,
        due_at=START,
        created_at=START,
    )


def sent(house):
    return [email.message_from_bytes(body, policy=email.policy.default) for _to, body in house.sent]


def texts(**wanted):
    return list(Message.objects.filter(**wanted).order_by("pk").values_list("text", flat=True))


def test_a_letter_is_answered_and_goes_on_in_its_thread(house, account, world):
    house.deliver(
        letter(
            "单号YT9988776655443到哪了", subject=word("查件"), sender=f"{word('王小明')} <wang@qq.example>"
        )
    )
    assert sweep_due_accounts(at=START) == 1
    talk = Conversation.objects.get()
    assert (talk.state, talk.subject, talk.waybill_no) == ("QUEUED", "查件", "YT9988776655443")
    assert talk.participants.get().name == "王小明"

    say(conversation_id=talk.pk, text="在途，明天到", by=world.viewer(world.lin), at=START + MINUTE)
    assert sweep_due_emails(at=START + MINUTE) == 1
    (answer,) = sent(house)
    assert (answer["To"], answer["Subject"]) == ("wang@qq.example", "Re: 查件")
    assert answer["From"] == "驿使客服 <care@yishi.example>" and answer["Auto-Submitted"] is None
    assert (answer["In-Reply-To"], answer.get_content().strip()) == ("<m1@qq.example>", "在途，明天到")
    ours = Message.objects.get(author_kind="AGENT")
    assert (answer["Message-ID"], ours.state) == (f"<{ours.message_no}@yishi.example>", "SENT")

    quoted = "那后天三点以后送\n\n在 2026-11-22，客服 <care@yishi.example> 写道：\n> 在途，明天到"
    # a week later, so that only our number ties it to the talk
    house.deliver(letter(quoted, id="<m2@qq.example>", in_reply_to=answer["Message-ID"], subject="Re: x"))
    Conversation.objects.update(state="ENDED", ended_at=START, assignee=None)
    assert sweep_due_accounts(at=START + timedelta(days=7)) == 1
    assert Conversation.objects.get().state == "QUEUED"
    assert texts(author_kind="CONSUMER") == ["单号YT9988776655443到哪了", "那后天三点以后送"]


def test_what_the_assistant_says_is_marked_and_no_machine_is_answered(house, account, world):
    house.deliver(letter("到哪了"))
    sweep_due_accounts(at=START)
    talk = Conversation.objects.get()
    say(conversation_id=talk.pk, text="在途", by=None, at=START)
    sweep_due_emails(at=START)
    assert sent(house)[0]["Auto-Submitted"] == "auto-replied"
    house.deliver(letter("我在休假", id="<auto@qq.example>", subject=word("自动回复：查件")))
    sweep_due_accounts(at=START + MINUTE)
    fact = FactRow.objects.filter(fact="conversations.MessageReceived").latest("pk")
    assert fact.body["is_automatic"] is True
    assert Message.objects.get(external_id="auto@qq.example").is_automatic
    run_due(at=START + MINUTE, limit=50)
    assert not Delivery.objects.filter(state="QUEUED", kind="MESSAGE").exists()


def test_the_assistant_answers_a_letter_in_its_thread_and_no_machine(house, world):
    (number,) = make_parcels(("out",), START)
    account = add_account(house, has_assistant=True)
    house.deliver(letter(f"{number} 到哪了", subject=word("查件")))
    sweep_due_accounts(at=START)
    assert sweep_errands(at=START) == 1 and sweep_due_emails(at=START) == 1
    (answer,) = sent(house)
    assert (answer["Subject"], answer["In-Reply-To"]) == ("Re: 查件", "<m1@qq.example>")
    assert "派送中" in answer.get_content() and answer["Auto-Submitted"] == "auto-replied"
    # his next letter answers ours: the talk goes on, about the same parcel
    house.deliver(
        letter("什么时候能到", id="<m2@qq.example>", in_reply_to=answer["Message-ID"], subject="Re: x")
    )
    ChannelAccount.objects.filter(pk=account.pk).update(due_at=START)
    sweep_due_accounts(at=START + MINUTE)
    sweep_errands(at=START + MINUTE)
    sweep_due_emails(at=START + MINUTE)
    assert "承诺最晚" in sent(house)[1].get_content() and Conversation.objects.count() == 1
    # a machine gets no answer, however it threads
    machine = {"subject": word("自动回复：查件"), "in_reply_to": sent(house)[1]["Message-ID"]}
    house.deliver(letter("我在休假，到哪了", id="<auto@qq.example>", **machine))
    ChannelAccount.objects.filter(pk=account.pk).update(due_at=START)
    sweep_due_accounts(at=START + 2 * MINUTE)
    assert sweep_errands(at=START + 2 * MINUTE) == 0 == sweep_due_emails(at=START + 2 * MINUTE)
    assert len(sent(house)) == 2 and Message.objects.filter(is_automatic=True).count() == 1


def test_a_machine_that_does_not_say_so_is_answered_no_more(house, account):
    for number in range(22):
        house.deliver(
            letter(f"您的来信已收到 {number}", id=f"<r{number}@bot.example>", sender="bot@bot.example")
        )
    sweep_due_accounts(at=START)
    assert (
        list(Message.objects.order_by("pk").values_list("is_automatic", flat=True))
        == [False] * 20 + [True] * 2
    )


def test_a_bounce_marks_the_very_message(house, account, world):
    house.deliver(letter("到哪了"))
    sweep_due_accounts(at=START)
    talk = Conversation.objects.get()
    first = say(conversation_id=talk.pk, text="一", by=world.viewer(world.lin), at=START)
    second = say(conversation_id=talk.pk, text="二", by=world.viewer(world.lin), at=START)
    sweep_due_emails(at=START)
    number = str(Message.objects.get(pk=second).message_no)
    house.deliver(
        bounce("x: y\n\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 gone\n", original=number)
    )
    sweep_due_accounts(at=START + MINUTE)
    assert Message.objects.get(pk=first).state == "SENT"
    failed = Message.objects.get(pk=second)
    assert (failed.state, failed.failed_for) == ("FAILED", "550 gone")
    assert Conversation.objects.count() == 1 and Message.objects.count() == 3


def test_a_notice_that_comes_back_has_failed_and_the_case_says_so(house, account, world):
    case = open_case(
        waybill_no="771200000017402", category="DELAY", text="慢", contact_id=None, by=None, at=START
    )
    letter_of = {"kind": Delivery.Kind.PUBLIC_STEP, "subject_kind": "CASE", "subject_id": case.case_id}
    notice_id = queue_delivery(
        **letter_of, channel="EMAIL", to="x@y.test", letter=Letter("h", "b"), language="zh-hans", at=START
    )
    returned = bounce(
        "x: y\n\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 <x@y.test> gone\n",
        original=str(notice_id),
    )
    Delivery.objects.filter(notice_id=notice_id).update(state="SENT", due_at=None)
    for _time in range(2):
        house.deliver(returned)
        sweep_due_accounts(at=START + MINUTE)
        ChannelAccount.objects.update(due_at=START)
    sent_once = Delivery.objects.get(notice_id=notice_id)
    assert sent_once.state == "FAILED" and sent_once.attempts.get().error.startswith("bounced: 550")
    run_due(at=START + MINUTE, limit=100)
    note = TimelineEntry.objects.get(case_id=case.case_id, kind="NOTE")
    error = note.data["phrase"]["values"]["error"]
    assert "550" in error and "x@y.test" not in error
    assert not Conversation.objects.exists()


def test_killed_between_fetch_and_flag_it_is_heard_once(house, account, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*_args):
        raise Killed

    house.deliver(letter("到哪了"))
    with monkeypatch.context() as patch:
        patch.setattr(fetchers()["mail"], "done", die)
        with pytest.raises(Killed):
            sweep_due_accounts(at=START)
    assert texts() == ["到哪了"] and house.flags() == [""]
    assert sweep_due_accounts(at=START + MINUTE) == 0
    assert sweep_due_accounts(at=START + 3 * MINUTE) == 1
    assert texts() == ["到哪了"] and RawMessage.objects.get().times_received == 2
    assert house.flags() == ["Sa"]


def test_files_come_and_go(house, account, world):
    jpeg = bytes_of_photo()
    house.deliver(multipart("mixed", part("破了"), encoded(jpeg, "image/jpeg", name=word("门口.jpg"))))
    sweep_due_accounts(at=START)
    message = Message.objects.get()
    kept = message.attachments.get().file
    assert (message.text, kept.name, kept.content_type) == ("破了", "门口.jpg", "image/jpeg")
    say(
        conversation_id=message.conversation_id,
        text="您看",
        by=world.viewer(world.lin),
        at=START,
        files=[kept],
    )
    sweep_due_emails(at=START)
    (file,) = sent(house)[0].iter_attachments()
    assert file.get_filename() == "门口.jpg" and file.get_content()[:2] == b"\xff\xd8"


def bytes_of_photo():
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.effect_noise((64, 64), 50).save(out, "JPEG")
    return out.getvalue()


def test_one_number_for_two_letters_loses_neither(house, account):
    for text in ("第一封", "第二封", "第一封"):
        house.deliver(letter(text, id="<constant@scanner.example>") + (b"\r\n" if text == "第一封" else b""))
    house.deliver(letter("第二封", id="<constant@scanner.example>", received="by another way"))
    sweep_due_accounts(at=START)
    assert sorted(texts()) == ["第一封", "第二封"]


def test_what_cannot_be_read_is_kept_shown_and_read_again(house, account, monkeypatch):
    house.deliver(head(**{"From": "Nobody <>", "Subject": "x"}) + b"\r\nhi")
    house.deliver(letter("到哪了"))
    sweep_due_accounts(at=START)
    raw = RawMessage.objects.get(state="QUARANTINED")
    assert (raw.reason, texts()) == ("no_sender", ["到哪了"])
    assert read_again(raw_id=raw.pk, at=START).is_quarantined
    monkeypatch.setattr("yishi.plugins.channels.mail.reading._writer", lambda *_: ("", "li@qq.example"))
    assert len(read_again(raw_id=raw.pk, at=START).message_ids) == 1
    assert texts() == ["到哪了", "hi"] and RawMessage.objects.get(pk=raw.pk).state == "REPLAYED"


def test_a_wrong_password_pauses_and_is_told_until_it_is_mended(house, world):
    wrong = add_account(house, password="old")
    house.deliver(letter("到哪了"))
    assert sweep_due_accounts(at=START) == 0
    wrong.refresh_from_db()
    assert (wrong.is_paused, wrong.due_at) == (True, None) and "授权码" in wrong.paused_reason
    run_due(at=START, limit=50)
    told = Delivery.objects.filter(kind="FEED_ALARM")
    assert told.exists() and "授权码" in told[0].heading
    change_account(account_id=wrong.pk, settings=house.settings(), by=world.viewer(world.operator), at=START)
    assert sweep_due_accounts(at=START) == 1 and texts() == ["到哪了"]


def test_a_dead_server_disturbs_no_other(house, world, monkeypatch):
    monkeypatch.setattr(fetching, "TIMEOUT_S", 0.3)
    with silent_server() as port:
        silent = add_account(house, "silent", imap_port=str(port))
        gone = add_account(house, "gone", imap_port="1")
        nowhere = add_account(house, "nowhere", folder="没有这个")
        add_account(house)
        house.deliver(letter("到哪了"))
        assert sweep_due_accounts(at=START) == 1
    for each in (silent, gone):
        each.refresh_from_db()
        assert not each.is_paused and each.due_at == START + 2 * MINUTE and each.paused_reason
    nowhere.refresh_from_db()
    assert nowhere.is_paused and "没有这个" in nowhere.paused_reason


@contextmanager
def silent_server():
    """Takes connections and never says a word."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_over_tls_only_a_trusted_certificate_will_do(house, world, monkeypatch):
    secure = {"imap_host": "localhost", "imap_tls": "implicit", "imap_port": str(house.tls_port)}
    account = add_account(house, **secure)
    house.deliver(letter("到哪了"))
    assert sweep_due_accounts(at=START) == 0
    account.refresh_from_db()
    assert "证书" in account.paused_reason and not account.is_paused
    monkeypatch.setenv("SSL_CERT_FILE", str(house.home / "cert.pem"))
    assert sweep_due_accounts(at=START + 3 * MINUTE) == 1
    starttls = {**secure, "imap_tls": "starttls", "imap_port": str(house.port)}
    add_account(house, "second", **starttls)
    house.deliver(letter("还没到", id="<m2@qq.example>"))
    assert sweep_due_accounts(at=START + 4 * MINUTE) == 1


def test_an_oversize_letter_comes_with_its_beginning_and_stays_in_the_box(house, account, monkeypatch):
    monkeypatch.setattr(fetching, "MOST_BYTES", 300_000)
    photo = encoded(b"\xff\xd8\xff" + b"p" * 600_000, "image/jpeg", name="a.jpg")
    house.deliver(multipart("mixed", part("看照片"), photo))
    sweep_due_accounts(at=START)
    assert re.search(r"看照片.*邮件有 1 MB，太大，只收了开头", texts()[0], re.DOTALL)
    assert len(bytes(RawMessage.objects.get().body)) < 270_000 and house.flags() == ["Sa"]


def test_taken_letters_move_where_the_account_wants(house, world):
    add_account(house, done_folder="已收 & 存档")
    house.deliver(letter("到哪了"))
    sweep_due_accounts(at=START)
    moved = list((house.home / "mail" / "care").glob(".*/cur/*"))
    assert texts() == ["到哪了"] and len(moved) == 1 and house.flags() == []
