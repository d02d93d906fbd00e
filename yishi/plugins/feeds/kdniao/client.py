"""快递鸟 asked: subscriptions to pushes (1008, 8008) and the whole trace of one parcel (1002, 8002).

Where pushes go is set in the account's console, not with each subscription. Its refusals have no codes, only
words.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from hashlib import md5
from typing import Any

from yishi.feeds.port import Fetched, Limits, PluginError, SettingsRefused, Wanted
from yishi.plugins.common.asking import needed, post_form, read_object, without_secrets
from yishi.plugins.common.reading import word

SUBSCRIBE_URL = "https://api.kdniao.com/api/dist"
QUERY_URL = "https://api.kdniao.com/Ebusiness/EbusinessOrderHandle.aspx"

# its codes of carriers by the names under which parcels are kept
_CODE_OF = {
    "shunfeng": "SF",
    "yuantong": "YTO",
    "zhongtong": "ZTO",
    "shentong": "STO",
    "yunda": "YD",
    "huitongkuaidi": "HTKY",
    "jtexpress": "JTSD",
    "jd": "JD",
    "ems": "EMS",
    "youzhengguonei": "YZPY",
    "debangkuaidi": "DBL",
    "zhaijisong": "ZJS",
    "youshuwuliu": "UC",
    "fengwang": "FWX",
    "danniao": "CNSD",
    "tiantian": "HHTT",
    "kuayue": "KYSY",
    "annengwuliu": "ANE",
}

_ALREADY = ("已订阅", "重复订阅")
_SETTINGS = (
    "EBusinessID",
    "AppKey",
    "商户ID",
    "用户ID",
    "签名",
    "数据验证",
    "未开通",
    "套餐",
    "余额",
    "权限",
    "过期",
)
_PARCEL = ("不支持", "单号", "快递公司", "CustomerName", "手机号", "参数")


class KdniaoClient:
    """Settings: `ebusiness_id` and `app_key`; `plan` "free" uses the calls of unpaid accounts."""

    limits = Limits(
        query_every=timedelta(minutes=30),
        subscribe_at_most=4,
        tail_for=frozenset({"shunfeng", "zhongtong", "kuayue", "fengwang"}),
        needs_carrier=True,
    )

    def subscribe(self, wanted: Wanted, *, push_url: str, settings: Mapping[str, str]) -> None:
        """Asks for pushes about the parcel, as the console says where to."""
        kind = "1008" if _is_free(settings) else "8008"
        said = read_object(_ask(kind, settings.get("subscribe_url") or SUBSCRIBE_URL, wanted, settings))
        if said.get("Success") is not True and not any(words in _reason(said) for words in _ALREADY):
            raise _refusal(said, settings)

    def query(self, wanted: Wanted, *, settings: Mapping[str, str]) -> Fetched:
        """The answer is kept as it came, also one that has no trace yet."""
        kind = "1002" if _is_free(settings) else "8002"
        body = _ask(kind, settings.get("query_url") or QUERY_URL, wanted, settings)
        said = read_object(body)
        if said.get("Success") is not True:
            raise _refusal(said, settings)
        return Fetched(body)


def _is_free(settings: Mapping[str, str]) -> bool:
    return settings.get("plan") == "free"


def _ask(kind: str, url: str, wanted: Wanted, settings: Mapping[str, str]) -> bytes:
    account, app_key = needed(settings, "ebusiness_id", "app_key")
    asked = {
        "OrderCode": "",
        "ShipperCode": _CODE_OF.get(wanted.carrier, wanted.carrier.upper()),
        "LogisticCode": wanted.waybill_no,
        "CustomerName": wanted.phone_tail,
    }
    data = json.dumps(asked, ensure_ascii=False, separators=(",", ":"))
    form = {
        "EBusinessID": account,
        "RequestType": kind,
        "RequestData": data,
        "DataType": "2",
        "DataSign": b64encode(md5((data + app_key).encode()).hexdigest().encode()).decode(),
    }
    return post_form(url, form)


def _reason(said: Mapping[str, Any]) -> str:
    return word(said.get("Reason"))


def _refusal(said: Mapping[str, Any], settings: Mapping[str, str]) -> PluginError:
    reason = without_secrets(_reason(said), settings.get("app_key", ""))
    if any(words in reason for words in _SETTINGS):
        return SettingsRefused(reason)
    has_none_yet = "暂无" in reason or "没有" in reason
    return PluginError(reason, permanent=not has_none_yet and any(words in reason for words in _PARCEL))
