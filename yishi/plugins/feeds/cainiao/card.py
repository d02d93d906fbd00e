"""菜鸟 (Cainiao): logistics reports in batches, and actions at lockers and stations with their codes."""

from collections.abc import Mapping
from datetime import tzinfo

from django.utils.translation import gettext_noop as _

from yishi.feeds.port import Answer, Card, Parsed, Pushed, SettingField, Unreadable
from yishi.plugins.common.pushes import digest, in_json, is_json
from yishi.plugins.common.reading import form_fields, load_json, same
from yishi.plugins.feeds.cainiao.items import read_items

CARD = Card(
    name="cainiao",
    label=_("菜鸟"),
    settings=(SettingField("link_secret", _("LINK 的 secret（留空不验签）"), is_secret=True),),
    docs=_(
        "收两种数据：物流轨迹批量推送（SmartLogisticsReport，JSON 数组），以及自提柜、代收点的事件回传"
        "（track_info：入柜、取件、超时提醒，连同取件码）。"
        "LINK 报文（logistics_interface、data_digest）的验签没有公开文档可查，请先与菜鸟核对，"
        "对得上再填 secret；留空就不验签，只靠推送地址里的密钥。"
    ),
)

_TAKEN = b'{"success":true,"errorCode":"","errorMsg":""}'
_REFUSED = '{"success":false,"errorCode":"S02","errorMsg":"签名错误"}'.encode()
_CONTENT = b"logistics_interface"


class Cainiao:
    """Reads bare JSON, and forms whose `logistics_interface` or `track_info` is JSON."""

    def check_signature(self, body: bytes, headers: Mapping[str, str], settings: Mapping[str, str]) -> bool:
        """With a secret: `data_digest` is base64(md5(logistics_interface + secret)). Else all comes in."""
        secret = settings.get("link_secret", "")
        if not secret:
            return True
        form = form_fields(body)
        # an unquoted + of base64 arrives as a space
        sent = form.get(b"data_digest", b"").strip().replace(b" ", b"+")
        return same(digest(form.get(_CONTENT, b""), secret), sent)

    def parse(self, body: bytes, content_type: str, settings: Mapping[str, str], zone: tzinfo) -> Parsed:
        return read_items(load_json(_content(body)), zone)

    def answer(self, outcome: str, pushed: Pushed) -> Answer:
        """Success for everything that is signed: pushed again it would still be the same."""
        return in_json(outcome, taken=_TAKEN, refused=_REFUSED)


def _content(body: bytes) -> bytes:
    if is_json(body):
        return body
    form = form_fields(body)
    for name in (_CONTENT, b"track_info"):
        if form.get(name, b"").strip():
            return form[name]
    raise Unreadable("missing_field", _CONTENT.decode())


PLUGIN = Cainiao()
