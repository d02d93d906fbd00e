"""微信's customer-service messages, with choices as a menu; a template message where 48 hours are over."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yishi.conversations.port import PluginError as CallFailed
from yishi.notifications.port import Notice, PluginError
from yishi.plugins.common.chat_texts import labels, pieces, shortened
from yishi.plugins.common.wechat_api import RENEW, SETTINGS_WRONG, Refused, WeChatApi

MOST_BYTES = 2_000
"""The API takes 2,048 bytes of a text; a longer one goes in several."""
_MOST_CHOICES = 10
PICKUP = "PICKUP"
_SHUT = {45015: "window_over", 45047: "answers_over"}
# busy, too fast, the day's calls, a wrong secret: nothing is wrong with this message
_BUSY = {-1, 45009, 45011, *RENEW, *SETTINGS_WRONG}


def connect_account(settings: Mapping[str, str], home: Path) -> "WeChatLine":
    """A line by one official account."""
    return WeChatLine(settings)


class WeChatLine:
    """One account's calls, kept open over a batch."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._settings = settings
        self._api = WeChatApi(settings)

    def send(self, notice: Notice) -> str | None:
        """A template's number comes back: its end is told later. Raises PluginError; `window_over` where the
        person has not written for too long, `answers_over` where he was sent too many since."""
        try:
            if notice.extra.get("template") == PICKUP and self._pickup_fields:
                return self._of_pickup(notice)
            if notice.extra.get("is_late"):
                return self._by_template(notice)
            for each in _messages(notice):
                self._api.call("/cgi-bin/message/custom/send", {"touser": notice.to, **each})
        except Refused as refused:
            raise _refusal(refused) from None
        except CallFailed as failed:
            raise PluginError(str(failed), outage=True) from None
        return None

    def close(self) -> None:
        self._api.close()

    @property
    def _pickup_fields(self) -> dict[str, str]:
        """Which field of the account's template says what; none without a template for it."""
        pairs = self._settings.get("pickup_fields", "").replace("，", ",").split(",")
        named = {ours.strip(): name.strip() for ours, sign, name in (p.partition("=") for p in pairs) if sign}
        return named if self._settings.get("pickup_template_id") else {}

    def _of_pickup(self, notice: Notice) -> str:
        """The notice that a parcel waits: no word of the person is needed before it."""
        said = notice.extra.get("variables") or {}
        data = {
            field: {"value": shortened(str(said[name]), 20)}
            for name, field in self._pickup_fields.items()
            if name in said
        }
        posted = {
            "touser": notice.to,
            "template_id": self._settings["pickup_template_id"],
            "url": said.get("link", ""),
            "data": data,
            "client_msg_id": notice.notice_id[:32],
        }
        return str(self._api.call("/cgi-bin/message/template/send", posted).get("msgid", ""))

    def _by_template(self, notice: Notice) -> str:
        field = self._settings.get("template_field") or "thing1"
        # fields of this kind take 20 signs
        data = {field: {"value": shortened(notice.body, 20)}}
        said = {"touser": notice.to, "template_id": self._settings.get("template_id", ""), "data": data}
        # ours, so that the same notice is not sent twice
        said["client_msg_id"] = notice.notice_id[:32]
        return str(self._api.call("/cgi-bin/message/template/send", said).get("msgid", ""))


def _messages(notice: Notice) -> list[dict[str, Any]]:
    choices = labels(notice.extra.get("options", ()))[:_MOST_CHOICES]
    *before, last = pieces(notice.body, MOST_BYTES)
    texts: list[dict[str, Any]] = [{"msgtype": "text", "text": {"content": each}} for each in before]
    if not choices:
        return [*texts, {"msgtype": "text", "text": {"content": last}}]
    menu = [{"id": str(number), "content": choice} for number, choice in enumerate(choices, 1)]
    return [*texts, {"msgtype": "msgmenu", "msgmenu": {"head_content": last, "list": menu}}]


def _refusal(refused: Refused) -> PluginError:
    if refused.code in _SHUT:
        return PluginError(_SHUT[refused.code], permanent=True)
    is_busy = refused.code in _BUSY
    return PluginError(str(refused), permanent=not is_busy, outage=is_busy)
