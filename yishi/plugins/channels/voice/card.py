"""Telephone by any call centre that can push JSON: ring, answer, end, recording, digits; also call records of
privacy numbers, and of bare mobiles, whose ringing nobody measures."""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec
from django.utils.translation import gettext_noop as _

from yishi.conversations.port import (
    Answer,
    CallNews,
    ChannelCard,
    GivenFile,
    Heard,
    Incoming,
    SettingField,
    Unreadable,
)
from yishi.plugins.common.recorded import fetch_recording

CARD = ChannelCard(
    name="voice",
    label=_("电话（通用回调）"),
    channel="PHONE",
    settings=(
        SettingField("secret", _("签名密钥"), is_secret=True, is_required=True),
        SettingField("media_url", _("录音地址的开头，下面的令牌只给它")),
        SettingField("media_token", _("取录音的令牌（Bearer，要登录才能取时填）"), is_secret=True),
    ),
    docs=_(
        "每一步推一条 JSON：call_id、step（RINGING、ANSWERED、ENDED、MISSED、RECORDED、DIGITS）、"
        "happened_at、caller、called、answered_by、digits、recording（录音的网址，我们取来保存）、is_measured。"
        "头 Yishi-Time 是秒，Yishi-Signature 是"
        ' HMAC-SHA256(密钥, 秒 + "." + 内容) 的十六进制，五分钟内有效。'
    ),
)

TOLERANCE = timedelta(minutes=5)
STEPS = frozenset({"RINGING", "ANSWERED", "ENDED", "MISSED", "RECORDED", "DIGITS"})


class _News(msgspec.Struct):
    call_id: str
    step: str
    happened_at: datetime
    caller: str = ""
    called: str = ""
    answered_by: str = ""
    digits: str = ""
    recording: str = ""
    is_measured: bool = True


class Voice:
    """Signed with a time: what is older than five minutes is refused."""

    def check_signature(self, incoming: Incoming) -> bool:
        secret, second = incoming.settings.get("secret", ""), incoming.headers.get("yishi-time", "")
        if not secret or not second.isdecimal() or len(second) > 12:
            return False
        wanted = hmac.digest(secret.encode(), second.encode() + b"." + incoming.body, "sha256").hex()
        is_fresh = abs(incoming.at.timestamp() - int(second)) <= TOLERANCE.total_seconds()
        return hmac.compare_digest(wanted, incoming.headers.get("yishi-signature", "")) and is_fresh

    def read(self, incoming: Incoming) -> Heard:
        try:
            news = msgspec.json.decode(incoming.body, type=list[_News] | _News)
        except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
            raise Unreadable("bad_json", str(wrong)[:200]) from wrong
        found = news if isinstance(news, list) else [news]
        wrong_steps = sorted({each.step[:20] for each in found} - STEPS)
        if wrong_steps or any(each.happened_at.tzinfo is None for each in found):
            raise Unreadable("bad_call", ", ".join(wrong_steps) or "happened_at without offset")
        return Heard(
            calls=tuple(
                CallNews(
                    call_id=each.call_id,
                    step=each.step,
                    happened_at=each.happened_at,
                    caller=each.caller,
                    called=each.called,
                    answered_by=each.answered_by,
                    digits=each.digits,
                    recording=each.recording,
                    is_measured=each.is_measured,
                )
                for each in found
            )
        )

    def answer(self, incoming: Incoming, outcome: str) -> Answer:
        if outcome == "bad_signature":
            return Answer(401, "application/json", b'{"ok":false,"error":"bad_signature"}')
        return Answer(200, "application/json", b'{"ok":true}')


class Media:
    """Recordings, by their web address."""

    def fetch_file(self, settings: Mapping[str, str], reference: str) -> GivenFile:
        home, token = settings.get("media_url", ""), settings.get("media_token", "")
        is_theirs = bool(home and token) and reference.startswith(home.rstrip("/") + "/")
        return fetch_recording(reference, {"Authorization": f"Bearer {token}"} if is_theirs else {})


PLUGIN = Voice()
MEDIA = Media()
