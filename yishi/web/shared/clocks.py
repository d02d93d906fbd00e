"""How a promise looks at one moment: how full its ring is, its colour, its words. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class ClockFace:
    """`percent` of the ring that is left; `runs_s` seconds until it is empty, 0 when it stands still."""

    role: str
    percent: int
    runs_s: int
    words: str
    short: str
    unit: str


def words_for(span: timedelta) -> str:
    """A length of time in the two largest units that matter: 2 天 3 小时, 1 小时 40 分, 26 分, 不到 1 分."""
    minutes = int(span.total_seconds()) // 60
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    if days:
        return (
            _("%(days)s 天 %(hours)s 小时") % {"days": days, "hours": hours} if hours else _("%s 天") % days
        )
    if hours:
        values = {"hours": hours, "minutes": minutes}
        return _("%(hours)s 小时 %(minutes)s 分") % values if minutes else _("%s 小时") % hours
    return _("%s 分") % minutes if minutes else _("不到 1 分")


def _short(span: timedelta) -> tuple[str, str]:
    """What fits inside the large ring: number and unit."""
    minutes = int(span.total_seconds()) // 60
    if minutes >= 2 * 1440:
        return str(minutes // 1440), _("天")
    if minutes >= 60:
        return f"{minutes // 60}:{minutes % 60:02d}", _("小时")
    return str(minutes), _("分")


def _past(span: timedelta) -> str:
    """The same where the word for overdue takes the unit's place: 0:26, 1:20, 3 天."""
    minutes = int(span.total_seconds()) // 60
    return _("%s 天") % (minutes // 1440) if minutes >= 2 * 1440 else f"{minutes // 60}:{minutes % 60:02d}"


def face(
    *,
    started_at: datetime,
    due_at: datetime,
    at: datetime,
    met_at: datetime | None = None,
    paused_at: datetime | None = None,
) -> ClockFace:
    """The face of a promise: kept, paused, running (amber under half), broken."""
    if met_at is not None:
        if met_at > due_at:
            return ClockFace("is-warn", 100, 0, _("已办，晚了 %s") % words_for(met_at - due_at), "✓", "")
        return ClockFace("is-good", 100, 0, _("按时办到"), "✓", "")
    moment = paused_at or at
    left, whole = due_at - moment, max(due_at - started_at, timedelta(seconds=1))
    number, unit = _short(abs(left))
    if left <= timedelta(0):
        return ClockFace("is-bad", 0, 0, _("超 %s") % words_for(-left), _past(-left), _("超"))
    percent = min(100, max(1, round(100 * (left / whole))))
    if paused_at is not None:
        return ClockFace("is-idle", percent, 0, _("已暂停，剩 %s") % words_for(left), number, unit)
    role = "is-good" if left * 2 >= whole else "is-warn"
    return ClockFace(role, percent, int(left.total_seconds()), _("还剩 %s") % words_for(left), number, unit)
