"""快递鸟 (kdniao): pushes of many parcels in a signed form: traces (101) and in-transit monitoring (102)."""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import tzinfo
from hashlib import md5
from urllib.parse import unquote_to_bytes

from django.utils.translation import gettext_noop as _

from yishi.feeds.port import BAD_SIGNATURE, Answer, Card, Parsed, Pushed, SettingField, Unreadable
from yishi.plugins.common.pushes import content_of, is_json
from yishi.plugins.common.reading import form_fields, same
from yishi.plugins.feeds.kdniao.client import KdniaoClient
from yishi.plugins.feeds.kdniao.parcels import read_push

CARD = Card(
    name="kdniao",
    label=_("快递鸟"),
    settings=(
        SettingField("ebusiness_id", _("用户编号 EBusinessID")),
        SettingField("app_key", _("密钥 AppKey"), is_secret=True),
        SettingField("plan", _("套餐：免费版填 free")),
        SettingField("subscribe_url", _("订阅接口地址")),
        SettingField("query_url", _("查询接口地址")),
    ),
    docs="https://www.kdniao.com",
)


class Kdniao:
    """Reads the form (`RequestData`, `DataSign`, `RequestType`) of both pushes, and bare JSON from a file.

    Both pushes hold the same parcels: 102 only says more of each.
    """

    def check_signature(self, body: bytes, headers: Mapping[str, str], settings: Mapping[str, str]) -> bool:
        """`DataSign` is base64 of the hexadecimal MD5 of RequestData + AppKey, quoted once or twice. Without
        a key nothing is signed."""
        app_key = settings.get("app_key", "")
        if not app_key:
            return True
        form = {} if is_json(body) else form_fields(body)
        expected = b64encode(md5(form.get(b"RequestData", b"") + app_key.encode()).hexdigest().encode())
        return same(expected, unquote_to_bytes(form.get(b"DataSign", b"").strip()))

    def parse(self, body: bytes, content_type: str, settings: Mapping[str, str], zone: tzinfo) -> Parsed:
        request_type = b"" if is_json(body) else form_fields(body).get(b"RequestType", b"").strip()
        # others tell of money (107) and of orders, in other shapes
        if request_type not in (b"", b"101", b"102"):
            raise Unreadable("unknown_event", f"RequestType is {request_type[:20]!r}")
        return read_push(content_of(body, b"RequestData"), zone)

    def answer(self, outcome: str, pushed: Pushed) -> Answer:
        """Success for everything that is signed: it is kept, and would only be pushed again."""
        is_taken = outcome != BAD_SIGNATURE
        said = {
            "EBusinessID": pushed.settings.get("ebusiness_id", ""),
            "UpdateTime": pushed.at.astimezone(pushed.zone).strftime("%Y-%m-%d %H:%M:%S"),
            "Success": is_taken,
            "Reason": "" if is_taken else "签名错误",
        }
        body = json.dumps(said, ensure_ascii=False).encode()
        return Answer(200 if is_taken else 401, "application/json; charset=utf-8", body)


PLUGIN = Kdniao()
CLIENT = KdniaoClient()
