"""中通 (ZTO): traces pushed as JSON, signed by a digest in a header."""

from collections.abc import Mapping
from datetime import tzinfo

from django.utils.translation import gettext_noop as _

from yishi.feeds.port import Answer, Card, Parsed, Pushed, SettingField
from yishi.plugins.common.pushes import content_of, digest, in_json
from yishi.plugins.common.reading import load_json, same
from yishi.plugins.common.traces import TraceForm, by_code, read_traces
from yishi.plugins.feeds.zto.mapping import KIND_OF

CARD = Card(
    name="zto",
    label=_("中通快递"),
    settings=(SettingField("secret", _("应用密钥 appSecret"), is_secret=True),),
    docs="https://open.zto.com",
)

FORM = TraceForm(
    carrier="zhongtong",
    wrapped_in=("result", "data"),
    number=("billCode",),
    scans=("traces",),
    at=("scanDate",),
    code=("scanType",),
    meaning=by_code(KIND_OF),
    text=("desc",),
    place_in="scanSite",
    city=("city", "scanCity"),
    outlet=("code",),
    courier=("operateUserCode",),
    signed_by=("signMan",),
)

_TAKEN = '{"status":true,"statusCode":"SYS000","message":"成功","result":null}'.encode()
_REFUSED = '{"status":false,"statusCode":"S207","message":"签名错误","result":null}'.encode()


class Zto:
    """Reads pushes and answers of `zto.merchant.waybill.track.query`, which have the same traces."""

    def check_signature(self, body: bytes, headers: Mapping[str, str], settings: Mapping[str, str]) -> bool:
        """`x-dataDigest` is base64(md5(body + secret)). Without a secret nothing is signed."""
        secret = settings.get("secret", "")
        return not secret or same(digest(body, secret), headers.get("x-datadigest", "").strip())

    def parse(self, body: bytes, content_type: str, settings: Mapping[str, str], zone: tzinfo) -> Parsed:
        return read_traces(load_json(content_of(body, b"data")), FORM, zone)

    def answer(self, outcome: str, pushed: Pushed) -> Answer:
        return in_json(outcome, taken=_TAKEN, refused=_REFUSED)


PLUGIN = Zto()
