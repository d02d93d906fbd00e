"""快递100's work orders asked and answered: `status` of each one, and a message to it."""

import json
from collections.abc import Mapping, Sequence
from hashlib import md5
from typing import Any

from yishi.cases.port import Fetched, FilledAnswer, PluginError, SettingsRefused
from yishi.plugins.common.asking import needed, post_form, read_object, without_secrets
from yishi.plugins.common.reading import word

API_URL = "https://api.kuaidi100.com/workorder/api"
# of its other interfaces: not our key, the key has run out, the signature is wrong
_SETTINGS = {"503", "600", "601"}


class Kuaidi100WorkOrders:
    """Settings: `key`, `secret`, and `api_url` where it is another one."""

    def fetch(self, external_nos: Sequence[str], *, settings: Mapping[str, str], asked_at_ms: int) -> Fetched:
        """One question a work order: there is no list. What stands in the answer is kept as it came."""
        found = []
        for number in external_nos:
            said = _call("status", {"consultId": number}, {}, settings, asked_at_ms)
            found.append({"consultId": number, "data": said.get("data")})
        return Fetched(json.dumps(found, ensure_ascii=False).encode())

    def submit(self, filled: FilledAnswer, *, settings: Mapping[str, str], sent_at_ms: int) -> None:
        """Adds our answer as a message (`addReply`). Files would first have to be uploaded: see the card."""
        param = {"consultId": filled.parts["consultId"], "content": filled.parts["content"], "attach": []}
        _call("reply", param, {"method": "addReply"}, settings, sent_at_ms)


def _call(
    path: str,
    param: Mapping[str, Any],
    more: Mapping[str, str],
    settings: Mapping[str, str],
    at_ms: int,
) -> dict[str, Any]:
    """The object of a good answer; the signature is MD5(param + t + key + secret) in capitals."""
    key, secret = needed(settings, "key", "secret")
    said, moment = json.dumps(param, ensure_ascii=False, separators=(",", ":")), str(at_ms)
    sign = md5((said + moment + key + secret).encode()).hexdigest().upper()
    url = f"{(settings.get('api_url') or API_URL).rstrip('/')}/{path}"
    answer = read_object(post_form(url, {**more, "key": key, "t": moment, "sign": sign, "param": said}))
    code = word(answer.get("code"))
    if code == "200" and answer.get("success") is not False:
        return answer
    message = without_secrets(f"{code} {word(answer.get('message'))}".strip(), key, secret)
    if code in _SETTINGS:
        raise SettingsRefused(message)
    # an answer in so many words: nothing was taken, and the same again brings the same
    raise PluginError(message, permanent=True)
