"""快递100 asked: subscriptions to pushes, the whole trace of one parcel, and the code of one that waits."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import md5
from typing import Any

from yishi.feeds.port import Fetched, Limits, Parsed, PluginError, SettingsRefused, Wanted
from yishi.plugins.common.asking import needed, post_form, read_object, without_secrets
from yishi.plugins.common.reading import word
from yishi.plugins.feeds.kuaidi100.pickup import read_pickup_answer

SUBSCRIBE_URL = "https://poll.kuaidi100.com/poll"
QUERY_URL = "https://poll.kuaidi100.com/poll/query.do"

# 501: subscribed already, which is what was wanted
_TAKEN = {"200", "501"}
# 600 not our key, 601 the key has run out; of a query also 503, the signature is wrong
_SETTINGS = {"600", "601", "503"}
# 700 unreadable or unknown carrier, 701 the carrier refuses, 702 the number is of no carrier it knows
_PARCEL = {"700", "701", "702", "400", "408"}


class Kuaidi100Client:
    """Settings: `key`, for queries also `customer`, for pickup codes `secret` and `pickup_url`."""

    limits = Limits(
        query_every=timedelta(minutes=30),
        subscribe_at_most=4,
        again_within=timedelta(minutes=30),
        tail_for=frozenset({"shunfeng", "zhongtong", "fengwang"}),
    )

    def subscribe(self, wanted: Wanted, *, push_url: str, settings: Mapping[str, str]) -> None:
        """Without a carrier the source finds it out itself (`autoCom`) and corrects it in a push."""
        (key,) = needed(settings, "key")
        parameters = {"callbackurl": push_url, "resultv2": "4", "phone": wanted.phone_tail}
        if salt := settings.get("salt", ""):
            parameters["salt"] = salt
        if not wanted.carrier:
            parameters["autoCom"] = "1"
        param = {"company": wanted.carrier, "number": wanted.waybill_no, "key": key, "parameters": parameters}
        form = {"schema": "json", "param": _json(param)}
        said = read_object(post_form(settings.get("subscribe_url") or SUBSCRIBE_URL, form))
        if word(said.get("returnCode")) not in _TAKEN:
            raise _refusal(said, settings)

    def query(self, wanted: Wanted, *, settings: Mapping[str, str]) -> Fetched:
        """The answer is kept as it came. "Nothing found yet" is no body but a reason to ask later."""
        key, customer = needed(settings, "key", "customer")
        if not wanted.carrier:
            raise PluginError("a query needs the carrier", permanent=True)
        asked = {"com": wanted.carrier, "num": wanted.waybill_no, "phone": wanted.phone_tail, "resultv2": "4"}
        param = _json(asked)
        form = {"customer": customer, "param": param, "sign": _signed(param + key + customer)}
        body = post_form(settings.get("query_url") or QUERY_URL, form)
        said = read_object(body)
        if "nu" not in said:
            raise _refusal(said, settings)
        return Fetched(body)

    def tells_codes(self, settings: Mapping[str, str]) -> bool:
        return bool(settings.get("secret") and settings.get("pickup_url"))

    def read_pickup_code(self, fetched: Fetched, *, phone: str, at: datetime) -> Parsed:
        return read_pickup_answer(fetched.body, phone=phone, at=at)

    def pickup_code(
        self, wanted: Wanted, *, phone: str, asked_at_ms: int, settings: Mapping[str, str]
    ) -> Fetched:
        """Where the parcel waits and its code, told only with the consignee's whole number. The signature
        holds the moment in milliseconds since 1970."""
        key, secret, url = needed(settings, "key", "secret", "pickup_url")
        asked = {"kuaidicom": wanted.carrier, "kuaidinum": wanted.waybill_no, "receiverPhone": phone}
        param, moment = _json(asked), str(asked_at_ms)
        form = {"method": settings.get("pickup_method") or "query", "key": key, "t": moment, "param": param}
        body = post_form(url, {**form, "sign": _signed(param + moment + key + secret)})
        said = read_object(body)
        if word(said.get("code")) != "200":
            raise _refusal(said, settings)
        return Fetched(body)


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _signed(text: str) -> str:
    return md5(text.encode()).hexdigest().upper()


def _refusal(said: Mapping[str, Any], settings: Mapping[str, str]) -> PluginError:
    code = word(said.get("returnCode")) or word(said.get("code"))
    secrets = [settings.get(name, "") for name in ("key", "customer", "secret", "salt")]
    message = without_secrets(f"{code} {word(said.get('message'))}".strip(), *secrets)
    if code in _SETTINGS:
        return SettingsRefused(message)
    return PluginError(message, permanent=code in _PARCEL)
