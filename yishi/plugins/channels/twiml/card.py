"""Telephone by a call centre that speaks the TwiML dialect: calls are led by XML, their steps are pushed."""

import base64
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs, parse_qsl, urlencode
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext_noop as _

from yishi.conversations.port import (
    QUERY,
    Answer,
    CallNews,
    ChannelCard,
    Heard,
    Incoming,
    MenuRequest,
    SettingField,
    Spoken,
    Unreadable,
)

CARD = ChannelCard(
    name="twiml",
    label=_("电话（TwiML 呼叫中心）"),
    channel="PHONE",
    settings=(
        SettingField("auth_token", _("签名密钥（Auth Token）"), is_secret=True, is_required=True),
        SettingField("agent_number", _("人工坐席的号码")),
        SettingField("voice", _("播报的语言，如 zh-CN")),
    ),
    docs=_("把来电网址和状态回调网址都填成上面的推送地址，方法选 POST。"),
)

_STEPS = {
    "queued": "RINGING",
    "ringing": "RINGING",
    "in-progress": "ANSWERED",
    "completed": "ENDED",
    "busy": "MISSED",
    "no-answer": "MISSED",
    "failed": "MISSED",
    "canceled": "MISSED",
}
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
        call_id = said.get("CallSid", "")
        if not call_id:
            raise Unreadable("no_call", "CallSid")
        step = _STEPS.get(said.get("CallStatus", "").lower(), "")
        if said.get("DialCallStatus") == "completed":
            step = "ANSWERED"
        if said.get("RecordingUrl"):
            step = step or "RECORDED"
        return Heard(
            calls=(
                CallNews(
                    call_id=call_id,
                    step=step or "DIGITS",
                    happened_at=_moment(said.get("Timestamp", ""), incoming.at),
                    caller=said.get("From", ""),
                    called=said.get("To", ""),
                    digits=said.get("Digits", ""),
                    recording=said.get("RecordingUrl", ""),
                ),
            )
        )

    def answer(self, incoming: Incoming, outcome: str) -> Answer:
        if outcome == "bad_signature":
            return Answer(403, "text/plain", b"bad signature")
        return Answer(200, "text/xml; charset=utf-8", b"<Response/>")

    def pressed(self, incoming: Incoming) -> MenuRequest | None:
        """A status callback asks nothing; a call that begins or goes on asks what to say."""
        said, query = _fields(incoming), _query(incoming)
        if said.get("CallbackSource") or said.get("CallStatus", "").lower() in ("completed", "no-answer"):
            return None
        if "CallSid" not in said:
            return None
        return MenuRequest(
            call_id=said["CallSid"],
            caller=said.get("From", ""),
            step=query.get("step", ""),
            digits=said.get("Digits", ""),
            wrong=int(query.get("wrong", "0")) if query.get("wrong", "0").isdecimal() else 0,
        )

    def speak(self, incoming: Incoming, spoken: Spoken) -> Answer:
        language = incoming.settings.get("voice") or "zh-CN"
        says = f"<Say language={quoteattr(language)}>{escape(spoken.text)}</Say>"
        again = "?" + urlencode({"step": spoken.step, "wrong": spoken.wrong})
        if spoken.ends:
            verbs = f"{says}<Hangup/>"
        elif spoken.records:
            verbs = (
                f'{says}<Record maxLength="{_LONGEST_RECORDING_S}" playBeep="true" method="POST"'
                f" action={quoteattr(again)}/>"
            )
        elif _SAFE_NUMBER.fullmatch(spoken.dials):
            verbs = f'{says}<Dial timeout="30">{spoken.dials}</Dial>'
        else:
            verbs = (
                f'<Gather input="dtmf" numDigits="{max(1, spoken.gathers)}" finishOnKey="#" timeout="6"'
                f' method="POST" actionOnEmptyResult="true" action={quoteattr(again)}>{says}</Gather>'
            )
        body = f'<?xml version="1.0" encoding="UTF-8"?><Response>{verbs}</Response>'
        return Answer(200, "text/xml; charset=utf-8", body.encode())


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
