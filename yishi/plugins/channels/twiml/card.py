"""Telephone by a call centre that speaks the TwiML dialect: calls are led by XML, their steps are pushed."""

import base64
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext_noop as _

from yishi.conversations.port import (
    QUERY,
    Answer,
    CallNews,
    ChannelCard,
    GivenFile,
    Heard,
    Incoming,
    MenuRequest,
    SettingField,
    Spoken,
    Unreadable,
)
from yishi.plugins.common.recorded import fetch_recording

CARD = ChannelCard(
    name="twiml",
    label=_("电话（TwiML 呼叫中心）"),
    channel="PHONE",
    settings=(
        SettingField("auth_token", _("签名密钥（Auth Token）"), is_secret=True, is_required=True),
        SettingField("agent_number", _("人工坐席的号码")),
        SettingField("voice", _("播报的语言，如 zh-CN")),
        SettingField("record", _("转人工后录音：填 yes（要先在开头告知来电的人）")),
        SettingField("account_sid", _("账号 SID（取录音要登录时填）")),
        SettingField("media_url", _("录音地址的开头（一般不用改）")),
    ),
    docs=_(
        "把来电网址和状态回调网址都填成上面的推送地址，方法选 POST。语音菜单接起不算人工接起："
        "30 秒接起率从转人工开始响铃算，到坐席接起为止。"
    ),
)

_MISSED = frozenset({"busy", "no-answer", "failed", "canceled"})
_OVER = _MISSED | {"completed"}
# the call of the person himself: what answers first is our menu
_STEPS = {
    "queued": "RINGING",
    "ringing": "RINGING",
    "in-progress": "MENU",
    "completed": "ENDED",
    **dict.fromkeys(_MISSED, "MISSED"),
}
# the leg to the agent
_LEG_STEPS = {"in-progress": "ANSWERED", **dict.fromkeys(_MISSED, "MISSED")}
_NEWS_ONLY = ("CallbackSource", "ParentCallSid", "DialCallStatus", "RecordingStatus")
MEDIA_URL = "https://api.twilio.com/"
_NOBODY = "现在没有人能接电话，我们会尽快给您打回去。"
_SAFE_NUMBER = re.compile(r"\+?\d{3,20}")
_LONGEST_RECORDING_S = 120


class Twiml:
    """Signed by HMAC-SHA1 over the address and the sorted fields, in base64."""

    def check_signature(self, incoming: Incoming) -> bool:
        token = incoming.settings.get("auth_token", "")
        fields = sorted(parse_qsl(incoming.body.decode("utf-8", "replace"), keep_blank_values=True))
        signed = incoming.headers.get(":url", "") + "".join(name + value for name, value in fields)
        wanted = base64.b64encode(hmac.digest(token.encode(), signed.encode(), "sha1")).decode()
        return bool(token) and hmac.compare_digest(wanted, incoming.headers.get("x-twilio-signature", ""))

    def read(self, incoming: Incoming) -> Heard:
        said = _fields(incoming)
        # of a leg to the agent the person's call is told
        call_id = said.get("ParentCallSid") or said.get("CallSid", "")
        if not call_id:
            raise Unreadable("no_call", "CallSid")
        return Heard(
            calls=(
                CallNews(
                    call_id=call_id,
                    step=_step(said),
                    happened_at=_moment(said.get("Timestamp", ""), incoming.at),
                    caller=said.get("From", ""),
                    called=said.get("To", ""),
                    answered_by=said.get("To", "") if said.get("ParentCallSid") else "",
                    digits=said.get("Digits", ""),
                    recording=said.get("RecordingUrl", ""),
                ),
            )
        )

    def answer(self, incoming: Incoming, outcome: str) -> Answer:
        if outcome == "bad_signature":
            return Answer(403, "text/plain", b"bad signature")
        if _fields_or_none(incoming).get("DialCallStatus", "").lower() in _MISSED:
            return _response(f"{_says(incoming, _NOBODY)}<Hangup/>")
        return _response("")

    def pressed(self, incoming: Incoming) -> MenuRequest | None:
        """News of a call ask nothing; a call that begins or goes on asks what to say."""
        said, query = _fields(incoming), _query(incoming)
        is_news = any(said.get(name) for name in _NEWS_ONLY)
        if is_news or said.get("CallStatus", "").lower() in _OVER or "CallSid" not in said:
            return None
        return MenuRequest(
            call_id=said["CallSid"],
            caller=said.get("From", ""),
            step=query.get("step", ""),
            digits=said.get("Digits", ""),
            wrong=int(query.get("wrong", "0")) if query.get("wrong", "0").isdecimal() else 0,
        )

    def speak(self, incoming: Incoming, spoken: Spoken) -> Answer:
        says = _says(incoming, spoken.text)
        again = "?" + urlencode({"step": spoken.step, "wrong": spoken.wrong})
        if spoken.ends:
            verbs = f"{says}<Hangup/>"
        elif spoken.records:
            verbs = (
                f'{says}<Record maxLength="{_LONGEST_RECORDING_S}" playBeep="true" method="POST"'
                f" action={quoteattr(again)}/>"
            )
        elif _SAFE_NUMBER.fullmatch(spoken.dials):
            verbs = f"{says}{_dial(incoming, spoken.dials, again)}"
        else:
            verbs = (
                f'<Gather input="dtmf" numDigits="{max(1, spoken.gathers)}" finishOnKey="#" timeout="6"'
                f' method="POST" actionOnEmptyResult="true" action={quoteattr(again)}>{says}</Gather>'
            )
        return _response(verbs)


class Media:
    """Recordings; where the account asks for a login, it is given to the service's own host only."""

    def fetch_file(self, settings: Mapping[str, str], reference: str) -> GivenFile:
        home, account = settings.get("media_url") or MEDIA_URL, settings.get("account_sid", "")
        login: dict[str, str] = {}
        if account and reference.startswith(home.rstrip("/") + "/"):
            pair = f"{account}:{settings.get('auth_token', '')}".encode()
            login = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
        # without an ending it is a WAV, twelve times as large
        has_ending = "." in urlsplit(reference).path.rpartition("/")[2]
        return fetch_recording(reference if has_ending else f"{reference}.mp3", login)


def _step(said: Mapping[str, str]) -> str:
    status = said.get("CallStatus", "").lower()
    if said.get("ParentCallSid"):
        return _LEG_STEPS.get(status, "DIGITS")
    if dialled := said.get("DialCallStatus", "").lower():
        return "MISSED" if dialled in _MISSED else "ENDED"
    return _STEPS.get(status) or ("RECORDED" if said.get("RecordingUrl") else "DIGITS")


def _says(incoming: Incoming, text: str) -> str:
    language = incoming.settings.get("voice") or "zh-CN"
    return f"<Say language={quoteattr(language)}>{escape(text)}</Say>"


def _dial(incoming: Incoming, number: str, then: str) -> str:
    """Rings the agent: when he takes it and how it ends is told to our own address."""
    here = quoteattr(incoming.headers.get(":url", "").partition("?")[0])
    recorded = (
        f' record="record-from-answer-dual" recordingStatusCallback={here}'
        if incoming.settings.get("record", "").lower() == "yes"
        else ""
    )
    return (
        f'<Dial timeout="30" method="POST" action={quoteattr(then)}{recorded}>'
        f'<Number statusCallback={here} statusCallbackEvent="answered">{number}</Number></Dial>'
    )


def _response(verbs: str) -> Answer:
    body = f'<?xml version="1.0" encoding="UTF-8"?><Response>{verbs}</Response>'
    return Answer(200, "text/xml; charset=utf-8", body.encode())


def _fields_or_none(incoming: Incoming) -> Mapping[str, str]:
    try:
        return _fields(incoming)
    except Unreadable:
        return {}


def _fields(incoming: Incoming) -> Mapping[str, str]:
    try:
        found = parse_qs(incoming.body.decode("utf-8"), keep_blank_values=True, max_num_fields=100)
    except (UnicodeDecodeError, ValueError) as wrong:
        raise Unreadable("not_a_form", type(wrong).__name__) from wrong
    return {name: values[-1] for name, values in found.items()}


def _query(incoming: Incoming) -> Mapping[str, str]:
    found = parse_qs(incoming.headers.get(QUERY, ""), max_num_fields=20)
    return {name: values[-1] for name, values in found.items()}


def _moment(said: str, otherwise: datetime) -> datetime:
    """`Sun, 22 Nov 2026 02:00:00 +0000`, else the time at which it came."""
    try:
        return datetime.strptime(said, "%a, %d %b %Y %H:%M:%S %z").astimezone(UTC)
    except ValueError:
        return otherwise


PLUGIN = Twiml()
MEDIA = Media()
