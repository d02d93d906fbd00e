"""What can be chosen behind a message ahead, in the person's words; what he agrees to is kept as it stands
here."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.kit.phrases import remarked
from yishi.shipments.queries.choices import Chosen
from yishi.shipments.rules.choices import DOOR, GUARD, HOME, NEIGHBOUR, STATION, TIME, TooLate

Text = str | Promise


class Way(NamedTuple):
    """One choice with its icon and what it means."""

    icon: str
    word: Text
    more: Text


WAYS: Mapping[str, Way] = {
    TIME: Way("moon", gettext_lazy("换个时间"), gettext_lazy("今天晚些，或者明天")),
    NEIGHBOUR: Way("people", gettext_lazy("交给邻居"), gettext_lazy("写明是哪位")),
    GUARD: Way("lodge", gettext_lazy("放门卫"), gettext_lazy("写哪个门，可以不写")),
    STATION: Way("station", gettext_lazy("放驿站，自己取"), gettext_lazy("取件码会发给你")),
    DOOR: Way("door", gettext_lazy("一定送上门"), gettext_lazy("不放柜，不放驿站")),
}
CHOSEN: Mapping[str, Text] = {
    NEIGHBOUR: gettext_lazy("交给邻居"),
    GUARD: gettext_lazy("放门卫"),
    STATION: gettext_lazy("放驿站"),
    DOOR: gettext_lazy("一定送上门"),
    HOME: gettext_lazy("在家等"),
}
TOO_LATE: Mapping[str, Text] = {
    TooLate.DELIVERED: gettext_lazy("已经送到了"),
    TooLate.AT_POINT: gettext_lazy("已经在取件点等你取"),
    TooLate.GOES_BACK: gettext_lazy("正在退回寄件人"),
    TooLate.STOPPED: gettext_lazy("已经被拦下"),
    TooLate.OVER: gettext_lazy("不在派送了"),
}
AGAINST: Mapping[str, Text] = {
    "NO_STATION": gettext_lazy("不放驿站"),
    "DOOR": gettext_lazy("送货上门"),
    "GUARD": gettext_lazy("放门卫"),
    "NEIGHBOUR": gettext_lazy("交给邻居"),
}


def chosen_words(one: Chosen, when: str) -> str:
    """放门卫（南门）, or 约好 the time."""
    if one.kind == TIME:
        return _("约好%(when)s送") % {"when": when}
    return remarked(CHOSEN[one.kind], one.named or one.station)


def wording(kind: str, *, named: str, station: str, always: bool) -> str:
    """The consent exactly as he was asked for it."""
    said = remarked(CHOSEN[kind], named or station) if kind in CHOSEN else ""
    if always:
        return _("以后我的快递都同意%(what)s，随时可以撤回") % {"what": said}
    return _("这一件我同意%(what)s") % {"what": said}
