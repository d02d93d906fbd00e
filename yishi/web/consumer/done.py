"""What was done in a conversation, as a line between what was said: a case, a wish, a call-back."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.kit.ids import private_token
from yishi.kit.phrases import joined
from yishi.web.shared.words import Sign

WISHES: Mapping[str, str | Promise] = {
    "NO_LOCKER": gettext_lazy("不放快递柜"),
    "NO_STATION": gettext_lazy("不放驿站"),
    "DOOR": gettext_lazy("送到门口"),
    "CALL_FIRST": gettext_lazy("派件前先打电话"),
    "GUARD": gettext_lazy("放门卫"),
    "NEIGHBOUR": gettext_lazy("放邻居家"),
}
_WISH, _CALL, _ADDED = "set_preference", "call_back", "add_to_case"
_DEEDS: Mapping[str, Sign] = {
    "open_case": Sign(gettext_lazy("立案了"), "flag", "is-brand"),
    _ADDED: Sign(gettext_lazy("补充进工单了"), "clip", "is-brand"),
    "rebook": Sign(gettext_lazy("改时间的要求交给网点了"), "calendar", "is-brand"),
    "redirect": Sign(gettext_lazy("改地址的要求交给网点了"), "route", "is-brand"),
    "intercept": Sign(gettext_lazy("拦截的要求交给网点了"), "stop", "is-brand"),
    "extend_custody": Sign(gettext_lazy("多放几天的要求交给取件点了"), "shelf", "is-brand"),
    "book_pickup": Sign(gettext_lazy("上门取件的预约交给网点了"), "hand", "is-brand"),
    _CALL: Sign(gettext_lazy("回电话的事记下了"), "phone", "is-brand"),
    _WISH: Sign(gettext_lazy("收货偏好记下了"), "wish", "is-plum"),
}


@dataclass(frozen=True)
class DidLine:
    """`more` says which; `url` leads to it, where it has a page of its own."""

    sign: Sign
    more: str
    url: str


def did_of(data: Mapping[str, Any]) -> list[DidLine]:
    """What the assistant did in the turn that ended with this message; what failed is no deed."""
    done: Sequence[Mapping[str, Any]] = data.get("did") or ()
    return [_line(each) for each in done if each.get("ok") and each.get("name") in _DEEDS]


def _line(done: Mapping[str, Any]) -> DidLine:
    name, ref = str(done["name"]), str(done.get("ref", ""))
    if name == _WISH:
        return DidLine(_DEEDS[name], _wishes(ref.split(",")), reverse("consumer:mine"))
    if name == _CALL or not ref:
        return DidLine(_DEEDS[name], "", "")
    # a case that was only added to may be another's who has shown less: its number, and no door
    url = "" if name == _ADDED else reverse("consumer:progress", args=[private_token("case", ref)])
    return DidLine(_DEEDS[name], _("工单 %s") % ref, url)


def _wishes(kinds: Iterable[str]) -> str:
    return joined(WISHES[kind] for kind in kinds if kind in WISHES)


# an article's title stands before its address
_LINK = re.compile(
    r"(?:(?P<zh>《[^》\n]{1,80}》)|(?P<en>“[^”\n]{1,80}”) )?(?P<url>https?://[^\s<>\"'，。；）)]+)"
)


def linked(text: str) -> SafeString:
    """What the assistant said, with addresses of our own pages as links; any other address stays text."""
    parts, end = [], 0
    origin = settings.ENVIRONMENT.web_origin.rstrip("/") + "/"
    for found in _LINK.finditer(text):
        if not found["url"].startswith(origin):
            continue
        title = found["zh"] or found["en"] or ""
        parts += [
            format_html("{}", text[end : found.start()]),
            format_html(
                '<a href="{}" target="_blank" rel="noopener">{}</a>', found["url"], title or found["url"]
            ),
        ]
        end = found.end()
    return mark_safe("".join([*parts, format_html("{}", text[end:])]))
