"""How long a station keeps a parcel, and what that costs. Pure; days are those of the station's own zone."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

LAST_MINUTE = time(23, 59)


@dataclass(frozen=True, kw_only=True)
class KeepingRule:
    """Days are counted from the day after booking in; money is fen. A fee of 0 costs nothing ever."""

    keep_days: int = 5
    extend_days: int = 4
    free_days: int = 7
    fee_fen: int = 0
    fee_cap_fen: int = 0


@dataclass(frozen=True)
class Extension:
    """A day until which a person may have it kept, and what it will have cost by then."""

    until: datetime
    fee_fen: int


def end_of_day(local: datetime, days: int, closes: time | None) -> datetime:
    """The closing time of the station `days` later; the day's last minute where no hours are on record."""
    day = local + timedelta(days=days)
    end = closes if closes not in (None, time(0)) else LAST_MINUTE
    assert end is not None
    return day.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)


def kept_until(booked_in: datetime, rule: KeepingRule, closes: time | None) -> datetime:
    """Until when a parcel booked in at this local moment is kept without anybody asking."""
    return end_of_day(booked_in, rule.keep_days, closes)


def fee_fen(booked_in: datetime, at: datetime, rule: KeepingRule) -> int:
    """What keeping costs at this local moment: a day's fee for each day begun after the free ones, capped.

    The last free day is free to its end; a cap of 0 caps nothing.
    """
    days = (at.date() - booked_in.date()).days - rule.free_days
    cost = max(days, 0) * rule.fee_fen
    return min(cost, rule.fee_cap_fen) if rule.fee_cap_fen else cost


def extensions(
    booked_in: datetime, until: datetime, rule: KeepingRule, closes: time | None
) -> list[Extension]:
    """The days until which it can be kept longer than `until`, at most the station's own limit."""
    most = rule.keep_days + rule.extend_days
    ends = [end_of_day(booked_in, day, closes) for day in range(rule.keep_days + 1, most + 1)]
    return [Extension(end, fee_fen(booked_in, end, rule)) for end in ends if end > until]
