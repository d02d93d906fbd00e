"""极兔 (J&T): traces as a form with one field, signed by a digest in a header."""

from collections.abc import Mapping
from datetime import tzinfo

from django.utils.translation import gettext_noop as _

from yishi.feeds.port import Answer, Card, Parsed, Pushed, SettingField
from yishi.plugins.common.pushes import content_of, digest, in_json
from yishi.plugins.common.reading import form_fields, load_json, same
from yishi.plugins.common.traces import TraceForm, by_code, read_traces
from yishi.plugins.feeds.jt.mapping import KIND_OF

CARD = Card(
    name="jt",
    label=_("极兔速递"),
    settings=(SettingField("private_key", _("私钥 privateKey"), is_secret=True),),
    docs="https://open.jtexpress.com.cn",
)

FORM = TraceForm(
    carrier="jtexpress",
    wrapped_in=("data",),
    number=("billCode",),
    scans=("details", "detail"),
    at=("scanTime",),
    code=("scanType",),
    meaning=by_code(KIND_OF),
    text=("desc",),
    city=("scanNetworkCity",),
    outlet=("scanNetworkId",),
)

_TAKEN = b'{"code":"1","msg":"success","data":"SUCCESS"}'
_REFUSED = '{"code":"145003030","msg":"签名错误","data":null}'.encode()


class Jt:
    """Reads the form with `bizContent`, and a bare `bizContent` from a file."""

    def check_signature(self, body: bytes, headers: Mapping[str, str], settings: Mapping[str, str]) -> bool:
        """`digest` is base64(md5(bizContent + privateKey)). Without a key nothing is signed."""
        key = settings.get("private_key", "")
        if not key:
            return True
        content = form_fields(body).get(b"bizContent", b"")
        return same(digest(content, key), headers.get("digest", "").strip())

    def parse(self, body: bytes, content_type: str, settings: Mapping[str, str], zone: tzinfo) -> Parsed:
        return read_traces(load_json(content_of(body, b"bizContent")), FORM, zone)

    def answer(self, outcome: str, pushed: Pushed) -> Answer:
        return in_json(outcome, taken=_TAKEN, refused=_REFUSED)


PLUGIN = Jt()
