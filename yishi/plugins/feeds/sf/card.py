"""顺丰 (SF): routes pushed as XML in a form, or as JSON; each is answered in its own form."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import tzinfo
from hashlib import md5
from typing import Any
from urllib.parse import quote_plus

from django.utils.translation import gettext_noop as _
from msgspec.structs import replace

from yishi.feeds.port import BAD_SIGNATURE, Answer, Card, Parsed, Pushed, SettingField, Unreadable
from yishi.plugins.common.pushes import digest, in_json, is_json
from yishi.plugins.common.reading import form_fields, load_json, same
from yishi.plugins.common.traces import TraceForm, read_traces
from yishi.plugins.feeds.sf.mapping import meaning
from yishi.plugins.feeds.sf.xml_form import read_routes

CARD = Card(
    name="sf",
    label=_("顺丰速运"),
    settings=(SettingField("check_word", _("校验码 checkWord"), is_secret=True),),
    docs="https://open.sf-express.com",
)

FORM = TraceForm(
    carrier="shunfeng",
    wrapped_in=("Body", "WaybillRoute"),
    number=("mailno",),
    at=("acceptTime",),
    code=("opCode",),
    meaning=meaning,
    text=("remark", "reasonName"),
    city=("acceptAddress",),
    outlet=("zoneCode",),
)

_XML = "text/xml; charset=utf-8"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?><Response service="RoutePushService">'
_XML_TAKEN = f"{_HEAD}<Head>OK</Head></Response>".encode()
_XML_REFUSED = f'{_HEAD}<Head>ERR</Head><ERROR code="4001">校验失败</ERROR></Response>'.encode()
_JSON_TAKEN = '{"return_code":"0000","return_msg":"成功"}'.encode()
_JSON_REFUSED = '{"return_code":"1000","return_msg":"校验失败"}'.encode()


class Sf:
    """Reads the form with `content` (XML), the form with `msgData` and the bare body (JSON), and bare XML."""

    def check_signature(self, body: bytes, headers: Mapping[str, str], settings: Mapping[str, str]) -> bool:
        """`verifyCode` over the XML, `msgDigest` over msgData and timestamp. Without a check word nothing is
        signed."""
        check_word = settings.get("check_word", "")
        if not check_word:
            return True
        form = {} if _is_bare(body) else form_fields(body)
        if said := form.get(b"msgDigest"):
            return same(_message_digest(form, check_word), said.strip())
        said = form.get(b"verifyCode", b"").strip()
        return same(digest(form.get(b"content", b""), check_word), said)

    def parse(self, body: bytes, content_type: str, settings: Mapping[str, str], zone: tzinfo) -> Parsed:
        parsed = read_traces(_routes(body), FORM, zone)
        # a dash stands for no remark
        parsed.events = [replace(e, text="") if e.text == "-" else e for e in parsed.events]
        return parsed

    def answer(self, outcome: str, pushed: Pushed) -> Answer:
        if _pushes_json(pushed.body):
            return in_json(outcome, taken=_JSON_TAKEN, refused=_JSON_REFUSED)
        is_refused = outcome == BAD_SIGNATURE
        return Answer(401, _XML, _XML_REFUSED) if is_refused else Answer(200, _XML, _XML_TAKEN)


def _is_bare(body: bytes) -> bool:
    return is_json(body) or body[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _pushes_json(body: bytes) -> bool:
    return is_json(body) or (not _is_bare(body) and b"msgData" in form_fields(body))


def _message_digest(form: Mapping[bytes, bytes], check_word: str) -> str:
    """base64(md5(urlencode(msgData + timestamp + checkWord))), encoded as Java's URLEncoder does it."""
    said = form.get(b"msgData", b"") + form.get(b"timestamp", b"") + check_word.encode()
    quoted = quote_plus(said, safe="*").replace("~", "%7E")
    return b64encode(md5(quoted.encode()).digest()).decode()


def _routes(body: bytes) -> Any:
    """The routes of a push in any of its forms."""
    if is_json(body):
        return load_json(body)
    if _is_bare(body):
        return read_routes(body)
    form = form_fields(body)
    if content := form.get(b"content"):
        return load_json(content) if is_json(content) else read_routes(content)
    if message := form.get(b"msgData"):
        return load_json(message)
    raise Unreadable("missing_field", "content")


PLUGIN = Sf()
