"""Scores in words: how urgent, and what speaks for it."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from yishi.detection.queries.words import KINDS

LEVELS: Mapping[str, object] = {
    "HIGH": gettext_lazy("风险高"),
    "MID": gettext_lazy("风险中"),
    "LOW": gettext_lazy("风险低"),
}
WEATHERS: Mapping[str, object] = {
    "RAIN": gettext_lazy("大雨"),
    "SNOW": gettext_lazy("大雪"),
    "STORM": gettext_lazy("大风、雷暴"),
    "HEAT": gettext_lazy("高温"),
}
SEVERITIES: Mapping[int, object] = {
    0: gettext_lazy("取消"),
    1: gettext_lazy("要留意"),
    2: gettext_lazy("会耽误"),
    3: gettext_lazy("很严重"),
}
_PLAIN: Mapping[str, object] = {
    "complained_here": gettext_lazy("这件已经投诉过"),
    "courier": gettext_lazy("这位快递员近 30 天被投诉多于平常"),
    "wish_place": gettext_lazy("说过放哪里、不放哪里"),
    "wish_call": gettext_lazy("要先打电话"),
    "wish_time": gettext_lazy("约了时间"),
    "fresh": gettext_lazy("生鲜"),
    "valuable": gettext_lazy("贵重"),
    "fragile": gettext_lazy("易碎"),
    "cash": gettext_lazy("代收货款"),
    "damaged": gettext_lazy("路上记了破损"),
    "missorted": gettext_lazy("路上分错过"),
    "afternoon": gettext_lazy("下午才出来派"),
}


def level_words(level: str) -> str:
    return str(LEVELS[level])


def risk_reason_words(key: str, value: str | int) -> str:
    """One reason, short enough for a chip."""
    if key in _PLAIN:
        return str(_PLAIN[key])
    if key == "weather":
        return str(WEATHERS[str(value)])
    if key == "event":
        return str(KINDS[str(value)])
    if key == "product":
        return _("“%(product)s”投诉多于平常") % {"product": value}
    number = int(value)
    said = {
        "failures": ngettext("已有 %d 次没送成", "已有 %d 次没送成", number),
        "complained_before": ngettext("半年里投诉过 %d 次", "半年里投诉过 %d 次", number),
        "long_way": ngettext("走了 %d 天", "走了 %d 天", number),
    }
    if key == "late":
        return _late(number)
    return said[key] % number


def _late(hours: int) -> str:
    if hours < 48:
        return ngettext("晚了 %d 小时", "晚了 %d 小时", hours) % hours
    days = hours // 24
    return ngettext("晚了 %d 天", "晚了 %d 天", days) % days
