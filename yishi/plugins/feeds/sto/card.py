"""申通 (STO): one scan a push, as a form with a digest."""

from collections.abc import Mapping
from datetime import tzinfo

from django.utils.translation import gettext_noop as _

from yishi.feeds.port import Answer, Card, Parsed, Pushed, SettingField
from yishi.plugins.common.pushes import content_of, digest, in_json
from yishi.plugins.common.reading import form_fields, load_json, same
from yishi.plugins.common.traces import TraceForm, by_code, read_traces
from yishi.plugins.feeds.sto.mapping import KIND_OF

CARD = Card(
    name="sto",
    label=_("申通快递"),
    settings=(SettingField("secret", _("应用密钥 secretKey"), is_secret=True),),
    docs="https://open.sto.cn/#/apiDocument/STO_TRACE_PLATFORM_PUSH",
)

FORM = TraceForm(
    carrier="shentong",
    number=("waybillNo",),
    scans=("trace", "traces"),
    at=("opTime",),
    code=("scanType",),
    meaning=by_code(KIND_OF),
    text=("memo",),
    city=("opOrgCityName",),
    outlet=("opOrgCode",),
    courier=("bizEmpCode", "opEmpCode"),
    signed_by=("signoffPeople",),
)

_TAKEN = b'{"success":"true","errorCode":"","errorMsg":"","needRetry":"false"}'
_REFUSED = '{"success":"false","errorCode":"S02","errorMsg":"签名错误","needRetry":"false"}'.encode()


class Sto:
    """Reads the form (`content`, `data_digest` and who sends to whom), and a bare `content` from a file."""

    def check_signature(self, body: bytes, headers: Mapping[str, str], settings: Mapping[str, str]) -> bool:
        """`data_digest` is base64(md5(content + secret)). Without a secret nothing is signed."""
        secret = settings.get("secret", "")
        if not secret:
            return True
        form = form_fields(body)
        # an unquoted + of base64 arrives as a space
        sent = form.get(b"data_digest", b"").strip().replace(b" ", b"+")
        return same(digest(form.get(b"content", b""), secret), sent)

    def parse(self, body: bytes, content_type: str, settings: Mapping[str, str], zone: tzinfo) -> Parsed:
        return read_traces(load_json(content_of(body, b"content")), FORM, zone)

    def answer(self, outcome: str, pushed: Pushed) -> Answer:
        return in_json(outcome, taken=_TAKEN, refused=_REFUSED)


PLUGIN = Sto()
