"""韵达 (Yunda): one scan or a whole trace as JSON text within JSON, signed over the body."""

from collections.abc import Mapping
from datetime import tzinfo
from hashlib import md5
from typing import Any

from django.utils.translation import gettext_noop as _

from yishi.feeds.port import Answer, Card, Parsed, Pushed, SettingField
from yishi.plugins.common.pushes import in_json
from yishi.plugins.common.reading import load_json, same
from yishi.plugins.common.traces import TraceForm, read_traces
from yishi.plugins.feeds.yunda.mapping import meaning

CARD = Card(
    name="yunda",
    label=_("韵达快递"),
    settings=(
        SettingField("app_key", _("应用编号 app-key")),
        SettingField("secret", _("应用密钥 app-secret"), is_secret=True),
    ),
    docs="https://yundaex.apifox.cn/api-7039554",
)

FORM = TraceForm(
    carrier="yunda",
    number=("mailno",),
    scans=("steps",),
    at=("time",),
    code=("action",),
    meaning=meaning,
    text=("description", "remark"),
    city=("city",),
    outlet=("station",),
    signed_by=("signer",),
)

_TAKEN = '{"result":true,"code":"0000","message":"成功","data":null}'.encode()
_REFUSED = '{"result":false,"code":"401","message":"签名错误","data":null}'.encode()


class Yunda:
    """Reads pushes and answers of the trace query, which differ only in how many scans they hold."""

    def check_signature(self, body: bytes, headers: Mapping[str, str], settings: Mapping[str, str]) -> bool:
        """Header `sign` is md5hex(body + "_" + secret) over the body as sent, and `app-key` ours where we
        know it. Without a secret nothing is signed."""
        secret, app_key = settings.get("secret", ""), settings.get("app_key", "")
        if not secret:
            return True
        expected = md5(body + b"_" + secret.encode()).hexdigest()
        is_ours = not app_key or same(headers.get("app-key", "").strip(), app_key)
        return same(expected, headers.get("sign", "").strip().lower()) and is_ours

    def parse(self, body: bytes, content_type: str, settings: Mapping[str, str], zone: tzinfo) -> Parsed:
        return read_traces(_inner(load_json(body)), FORM, zone)

    def answer(self, outcome: str, pushed: Pushed) -> Answer:
        return in_json(outcome, taken=_TAKEN, refused=_REFUSED)


def _inner(push: Any) -> Any:
    """What stands in `data`: text of JSON in a push, an object in a query's answer; else the push itself."""
    data = push.get("data", push) if isinstance(push, dict) else push
    return load_json(data) if isinstance(data, str) else data


PLUGIN = Yunda()
