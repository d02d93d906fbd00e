"""圆通 (YTO): traces without codes, as a signed form."""

from collections.abc import Mapping
from datetime import tzinfo
from hashlib import md5

from django.utils.translation import gettext_noop as _

from yishi.feeds.port import Answer, Card, Parsed, Pushed, SettingField
from yishi.plugins.common.pushes import content_of, in_json
from yishi.plugins.common.reading import form_fields, load_json, same
from yishi.plugins.common.traces import TraceForm, read_traces
from yishi.plugins.feeds.yto.mapping import meaning

CARD = Card(
    name="yto",
    label=_("圆通速递"),
    settings=(SettingField("secret", _("密钥 Secret_Key"), is_secret=True),),
    docs="https://open.yto.net.cn",
)

FORM = TraceForm(
    carrier="yuantong",
    wrapped_in=("param", "result"),
    number=("waybill_No", "waybillNo"),
    scans=("traces",),
    at=("upload_Time", "uploadTime"),
    meaning=meaning,
    text=("processInfo",),
    city=("city",),
)

_TAKEN = '{"success":true,"code":"0","message":"成功"}'.encode()
_REFUSED = '{"success":false,"code":"S01","message":"签名错误"}'.encode()


class Yto:
    """Reads the form with `param`, and a bare `param` from a file."""

    def check_signature(self, body: bytes, headers: Mapping[str, str], settings: Mapping[str, str]) -> bool:
        """`sign` is MD5 over the secret and every other field's name and value in order of the names, in
        upper case. Without a secret nothing is signed."""
        secret = settings.get("secret", "")
        if not secret:
            return True
        form = form_fields(body)
        sent = form.pop(b"sign", b"").strip().upper()
        signed = b"".join(name + form[name] for name in sorted(form))
        return same(md5(secret.encode() + signed).hexdigest().upper(), sent)

    def parse(self, body: bytes, content_type: str, settings: Mapping[str, str], zone: tzinfo) -> Parsed:
        return read_traces(load_json(content_of(body, b"param")), FORM, zone)

    def answer(self, outcome: str, pushed: Pushed) -> Answer:
        return in_json(outcome, taken=_TAKEN, refused=_REFUSED)


PLUGIN = Yto()
