"""What the line is called on pages: waits, reasons, machines."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from yishi.stations.rules.queue import LONGEST_MIN, Expected

Text = str | Promise
REASONS: dict[str, Text] = {
    "PARCEL_NOT_FOUND": gettext_lazy("上次没找到你的件，这次先办"),
    "PICKUP_CODE": gettext_lazy("取件码出过错，这次先办"),
    "TAKEN_BY_OTHER": gettext_lazy("你的件被错拿过，这次先办"),
}
REASONS_FOR_KEEPER: dict[str, Text] = {
    "PARCEL_NOT_FOUND": gettext_lazy("上次没找到件"),
    "PICKUP_CODE": gettext_lazy("取件码出过错"),
    "TAKEN_BY_OTHER": gettext_lazy("件被错拿过"),
}
MACHINES: dict[str, tuple[Text, Text, str]] = {
    "SCREEN": (gettext_lazy("叫号屏"), gettext_lazy("在电视的浏览器里打开，挂在进门看得到的地方"), "eye"),
    "KIOSK": (gettext_lazy("自助取件机"), gettext_lazy("在触摸屏上打开，接上扫码枪"), "ticket"),
    "LINE": (gettext_lazy("扫码取号"), gettext_lazy("贴在门口，叫号屏上也会显示"), "qr"),
}


def wait_words(expected: Expected | None) -> str:
    """约 3–5 分钟; '' where nothing can be promised."""
    if expected is None:
        return ""
    if expected.is_now:
        return _("马上轮到")
    if expected.is_long:
        return _("%(most)s 分钟以上") % {"most": LONGEST_MIN}
    if expected.low_min == 0:
        return ngettext("%(most)s 分钟以内", "%(most)s 分钟以内", expected.high_min) % {
            "most": expected.high_min
        }
    if expected.low_min == expected.high_min:
        return ngettext("约 %(most)s 分钟", "约 %(most)s 分钟", expected.high_min) % {
            "most": expected.high_min
        }
    return _("约 %(least)s–%(most)s 分钟") % {"least": expected.low_min, "most": expected.high_min}


def minutes_words(seconds: float) -> str:
    """3 分 20 秒 as people say it: 不到 1 分钟, 3 分钟."""
    if seconds < 45:
        return _("不到 1 分钟")
    minutes = round(seconds / 60) or 1
    return ngettext("%(n)s 分钟", "%(n)s 分钟", minutes) % {"n": minutes}
