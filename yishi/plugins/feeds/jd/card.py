"""京东 (JD Logistics): the traces of its order query, pushed or fetched."""

from collections.abc import Mapping
from datetime import tzinfo

from django.utils.translation import gettext_noop as _

from yishi.feeds.port import Answer, Card, Parsed, Pushed
from yishi.plugins.common.pushes import content_of, in_json
from yishi.plugins.common.reading import load_json
from yishi.plugins.common.traces import TraceForm, by_code, read_traces
from yishi.plugins.feeds.jd.mapping import KIND_OF

CARD = Card(name="jd", label=_("京东物流"), docs="https://open.jdl.com")

FORM = TraceForm(
    carrier="jd",
    wrapped_in=("data",),
    number=("waybillCode",),
    scans=("traceDetails", "traces"),
    at=("operationTime",),
    code=("category",),
    meaning=by_code(KIND_OF),
    text=("operationRemark", "operationTitle"),
)

_TAKEN = '{"success":true,"code":"0","message":"成功"}'.encode()
_REFUSED = '{"success":false,"code":"1","message":"签名错误"}'.encode()


class Jd:
    """How JD signs a push is not known from a public source: the key in the address is the proof."""

    def check_signature(self, body: bytes, headers: Mapping[str, str], settings: Mapping[str, str]) -> bool:
        return True

    def parse(self, body: bytes, content_type: str, settings: Mapping[str, str], zone: tzinfo) -> Parsed:
        return read_traces(load_json(content_of(body, b"data")), FORM, zone)

    def answer(self, outcome: str, pushed: Pushed) -> Answer:
        return in_json(outcome, taken=_TAKEN, refused=_REFUSED)


PLUGIN = Jd()
