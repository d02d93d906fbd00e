"""快递100 (kuaidi100): pushes of whole traces as a signed form."""

from collections.abc import Mapping
from datetime import tzinfo
from hashlib import md5

from django.utils.translation import gettext_noop as _

from yishi.feeds.port import BAD_SIGNATURE, Answer, Card, Parsed, Pushed, SettingField, Unreadable
from yishi.plugins.common.reading import form_fields, same
from yishi.plugins.feeds.kuaidi100.client import Kuaidi100Client
from yishi.plugins.feeds.kuaidi100.trace import read_push

CARD = Card(
    name="kuaidi100",
    label=_("快递100"),
    settings=(
        SettingField("salt", _("签名用的 salt"), is_secret=True),
        SettingField("key", _("授权 key（订阅和查询）"), is_secret=True),
        SettingField("customer", _("customer（查询）"), is_secret=True),
        SettingField("secret", _("secret（取件码）"), is_secret=True),
        SettingField("subscribe_url", _("订阅接口地址")),
        SettingField("query_url", _("查询接口地址")),
        SettingField("pickup_url", _("取件码接口地址")),
        SettingField("pickup_method", _("取件码接口方法")),
    ),
    docs="https://api.kuaidi100.com/document",
)

_TAKEN = '{"result":true,"returnCode":"200","message":"成功"}'.encode()
_REFUSED = '{"result":false,"returnCode":"500","message":"签名错误"}'.encode()


class Kuaidi100:
    """Reads the callback form (`param`, `sign`), and a captured bare `param` loaded from a file."""

    def check_signature(self, body: bytes, headers: Mapping[str, str], settings: Mapping[str, str]) -> bool:
        """`sign` is MD5(param + salt) over the param as received, either case. Without a salt nothing is
        signed."""
        salt = settings.get("salt", "")
        if not salt:
            return True
        form = form_fields(body)
        expected = md5(form.get(b"param", b"") + salt.encode()).hexdigest()
        return same(expected, form.get(b"sign", b"").strip().lower())

    def parse(self, body: bytes, content_type: str, settings: Mapping[str, str], zone: tzinfo) -> Parsed:
        body = body.removeprefix(b"\xef\xbb\xbf").strip()
        param = body if body.startswith(b"{") else form_fields(body).get(b"param", b"")
        if not param:
            raise Unreadable("missing_field", "param")
        return read_push(param, zone)

    def answer(self, outcome: str, pushed: Pushed) -> Answer:
        """Success for everything that is signed, else it would push again and again what we have stored."""
        if outcome == BAD_SIGNATURE:
            return Answer(401, "application/json; charset=utf-8", _REFUSED)
        return Answer(200, "application/json; charset=utf-8", _TAKEN)


PLUGIN = Kuaidi100()
CLIENT = Kuaidi100Client()
