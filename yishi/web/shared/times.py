"""Times as people say them: 今天 13:05, 昨天 19:36, 50 分钟前. Pure; the exact time goes beside them."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_WEEKDAYS = (
    gettext_noop("周一"),
    gettext_noop("周二"),
    gettext_noop("周三"),
    gettext_noop("周四"),
    gettext_noop("周五"),
    gettext_noop("周六"),
    gettext_noop("周日"),
)


def day_words(moment: datetime, at: datetime) -> str:
    """The day of a moment seen from another, in the installation's zone."""
    local, today = timezone.localtime(moment), timezone.localtime(at).date()
    days = (local.date() - today).days
    near = {-1: _("昨天"), 0: _("今天"), 1: _("明天"), 2: _("后天")}
    if days in near:
        return near[days]
    if abs(days) < 6:
        return _(_WEEKDAYS[local.weekday()])
    return date_format(local, _("n月j日") if local.year == today.year else _("Y年n月j日"))


def moment_words(moment: datetime, at: datetime) -> str:
    """Day and time: 今天 13:05."""
    return f"{day_words(moment, at)} {timezone.localtime(moment):%H:%M}"


def ago_words(moment: datetime, at: datetime) -> str:
    """How long ago within a day, else day and time: 刚刚, 50 分钟前, 3 小时前, 昨天 19:36."""
    minutes = int((at - moment).total_seconds()) // 60
    if minutes < -1:
        return moment_words(moment, at)
    if minutes < 1:
        return _("刚刚")
    if minutes < 60:
        return _("%s 分钟前") % minutes
    if minutes < 24 * 60:
        return _("%s 小时前") % (minutes // 60)
    return moment_words(moment, at)


def exact_words(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S %z}"
