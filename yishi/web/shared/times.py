"""Times as people say them: 今天 13:05, 昨天 19:36, 50 分钟前. Pure; the exact time goes beside them."""

from datetime import datetime, timedelta

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


_NEAR = {-1: gettext_noop("昨天"), 0: gettext_noop("今天"), 1: gettext_noop("明天"), 2: gettext_noop("后天")}
_LONG = timedelta(hours=36)


def day_words(moment: datetime, at: datetime) -> str:
    """The day of a moment seen from another, in the installation's zone."""
    local, today = timezone.localtime(moment), timezone.localtime(at).date()
    days = (local.date() - today).days
    if days in _NEAR:
        return _(_NEAR[days])
    if abs(days) < 6:
        return _(_WEEKDAYS[local.weekday()])
    return date_format(local, _("n月j日") if local.year == today.year else _("Y年n月j日"))


def moment_words(moment: datetime, at: datetime) -> str:
    """Day and time: 今天 13:05."""
    return f"{day_words(moment, at)} {timezone.localtime(moment):%H:%M}"


def range_words(from_at: datetime, until_at: datetime, at: datetime) -> str:
    """A stretch of time: 明天 14:00–18:00; one that has begun: 今天 18:00 前; a long one by its days."""
    if from_at <= at:
        return _("%s 前") % moment_words(until_at, at)
    first, last = timezone.localtime(from_at), timezone.localtime(until_at)
    if first.date() == last.date():
        return f"{moment_words(from_at, at)}–{last:%H:%M}"
    if until_at - from_at > _LONG:
        return _("%(from)s到%(until)s") % {"from": day_words(from_at, at), "until": day_words(until_at, at)}
    return _("%(from)s到%(until)s") % {"from": moment_words(from_at, at), "until": moment_words(until_at, at)}


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
