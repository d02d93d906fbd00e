"""What we send as an answer: threaded, marked, and no value begins a header of its own."""

import email
import email.policy

import pytest

from yishi.notifications.port import Notice, PluginError, SentFile, open_account_line
from yishi.plugins.senders.smtp.letters import write_letter

AT = "2026-11-22T10:00:00+00:00"
LONG = "a" * 200 + "@qq.example"


def written(to="wang@qq.example", heading="查件", name="驿使客服", files=(), **extra):
    notice = Notice("0b6f5f0e-6a1c-4c58-9d58-2d6c3a1e9f01", to, heading, "在途", AT, extra, files)
    raw = write_letter(notice, sender="care@yishi.example", name=name).as_bytes()
    return raw, email.message_from_bytes(raw, policy=email.policy.default)


def test_a_long_id_comes_back_as_it_went():
    raw, _message = written(answers=["m2@qq.example", LONG, "m0@qq.example deadbeef"], is_person=True)
    assert b"In-Reply-To: <m2@qq.example>\r\n" in raw
    assert b"References: <m0@qq.example>\r\n <" + LONG.encode() + b">\r\n <m2@qq.example>\r\n" in raw
    assert b"Auto-Submitted" not in raw and b"Subject: Re: =?utf-8?" in raw


@pytest.mark.parametrize("heading", ["Re: 查件", "回复：查件", "RE：查件"])
def test_an_answer_is_called_so_once(heading):
    assert written(heading=heading, answers=["m1@qq.example"])[1]["Subject"] == heading


@pytest.mark.parametrize(
    "bad",
    [{"to": "a@b.example\r\nBcc: c@d.example"}, {"heading": "x\nBcc: c@d.example"}],
)
def test_a_broken_header_is_refused(bad):
    with pytest.raises(PluginError) as refused:
        written(**bad)
    assert refused.value.permanent


def test_names_and_ids_cannot_begin_a_header():
    file = SentFile('a"\r\nBcc: c@d.example.jpg', "image/jpeg", b"\xff\xd8")
    raw, message = written(
        name='客服"\r\nBcc: c@d.example', answers=["m1@x\r\nBcc: c@d.example"], files=(file,)
    )
    assert message["Bcc"] is None and b"\nBcc:" not in raw
    assert message["In-Reply-To"] == "<m1@x>" and message["Auto-Submitted"] == "auto-replied"


def test_an_account_without_a_server_says_so(tmp_path):
    with pytest.raises(PluginError):
        open_account_line(plugin="mail", settings={"address": "care@yishi.example"}, home=tmp_path)
