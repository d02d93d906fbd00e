"""百世 (Best): traces by waybill, pushed or fetched."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from django.utils.translation import gettext_noop as _

from yishi.feeds.port import Answer, Card, Parsed, Pushed
from yishi.plugins.common.pushes import content_of, in_json
from yishi.plugins.common.reading import load_json
from yishi.plugins.common.traces import TraceForm, by_code, read_traces
from yishi.plugins.feeds.best.mapping import KIND_OF

CARD = Card(name="best", label=_("百世快递"), docs="http://open.800best.com")

FORM = TraceForm(
    carrier="huitongkuaidi",
    number=("mailNo",),
    scans=("trace",),
    at=("acceptTime",),
    code=("scanType",),
    meaning=by_code(KIND_OF),
    text=("remark",),
    city=("acceptAddress",),
)

_TAKEN = b'{"result":true,"remark":"","errorCode":""}'
_REFUSED = '{"result":false,"remark":"签名错误","errorCode":"SIGN"}'.encode()


class Best:
    """How Best signs a push is not known from a public source: the key in the address is the proof."""

    def check_signature(self, body: bytes, headers: Mapping[str, str], settings: Mapping[str, str]) -> bool:
        return True

    def parse(self, body: bytes, content_type: str, settings: Mapping[str, str], zone: tzinfo) -> Parsed:
        push = load_json(content_of(body, b"bizData"))
        logs = push.get("traceLogs", push) if isinstance(push, dict) else push
        flat = [_flat(log) for log in logs] if isinstance(logs, list) else _flat(logs)
        return read_traces(flat, FORM, zone)

    def answer(self, outcome: str, pushed: Pushed) -> Answer:
        return in_json(outcome, taken=_TAKEN, refused=_REFUSED)


def _flat(log: Any) -> Any:
    """A parcel whose scans stand one level deeper, in traces.trace, with them one level up."""
    traces = log.get("traces") if isinstance(log, dict) else None
    return {**log, **traces} if isinstance(traces, dict) else log


PLUGIN = Best()
