"""The facts that a risk model weighs, in words."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.network.queries import carrier_names

_FEATURES: Mapping[str, object] = {
    "late": gettext_lazy("超过承诺"),
    "late_days": gettext_lazy("超过承诺，每天"),
    "late_fresh": gettext_lazy("生鲜又晚了"),
    "failures": gettext_lazy("没送成，每次"),
    "contacts": gettext_lazy("联系过收件人，每次"),
    "complained_here": gettext_lazy("这件已经投诉过"),
    "complained_before": gettext_lazy("收件人半年里投诉过"),
    "courier": gettext_lazy("快递员近 30 天被投诉多于平常"),
    "wish_place": gettext_lazy("说过放哪里、不放哪里"),
    "wish_call": gettext_lazy("要先打电话"),
    "wish_time": gettext_lazy("约了时间"),
    "fresh": gettext_lazy("生鲜"),
    "valuable": gettext_lazy("贵重"),
    "fragile": gettext_lazy("易碎"),
    "cash": gettext_lazy("代收货款"),
    "long_way": gettext_lazy("路上走得久"),
    "damaged": gettext_lazy("路上记了破损"),
    "missorted": gettext_lazy("路上分错过"),
    "weather": gettext_lazy("天气"),
    "event": gettext_lazy("宣布了大范围延误"),
    "afternoon": gettext_lazy("下午才出来派"),
}


def feature_words(name: str) -> str:
    """One fact in words, products and carriers by their names."""
    kind, _mark, value = name.partition(":")
    if kind == "product":
        return _("产品：%(name)s") % {"name": value}
    if kind == "carrier":
        return _("快递公司：%(name)s") % {"name": carrier_names().get(value, value)}
    return str(_FEATURES.get(name, name))
