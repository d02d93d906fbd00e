"""催一催: how often a person may urge, and how pressing his case becomes. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from yishi.cases.rules.repeats import HIGHEST_PRIORITY

URGE_AGAIN_WITHIN = timedelta(hours=2)
URGES_A_DAY = 3


def urges_again_at(earlier: Sequence[datetime], at: datetime, zone: ZoneInfo) -> datetime | None:
    """When he may urge again: two hours after the last time, three times a day of his zone; None = now."""
    if not earlier:
        return None
    today = at.astimezone(zone).date()
    again_at = max(earlier) + URGE_AGAIN_WITHIN
    if sum(moment.astimezone(zone).date() == today for moment in earlier) >= URGES_A_DAY:
        tomorrow = datetime.combine(today + timedelta(days=1), datetime.min.time(), zone)
        again_at = max(again_at, tomorrow)
    return again_at if again_at > at else None


def urged_priority(priority: int, urges: int) -> int:
    """Urged once, a case is pressing (1); urged again, it is the most pressing (2). It never falls."""
    return max(priority, min(urges, HIGHEST_PRIORITY))
