"""Which legal limit holds where and when. Pure; the limits themselves are data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

COMPLAINT_ANSWER = "COMPLAINT_ANSWER"
APPEAL_ANSWER = "APPEAL_ANSWER"
AUTHORITY_DECISION = "AUTHORITY_DECISION"


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One limit with its citation; where `is_law` is false it is configuration and must not be called law."""

    id: int
    key: str
    title: str
    year: str
    article: str
    source: str
    text: str
    note: str
    province: str
    within: timedelta | None
    valid_from: date | None
    valid_until: date | None
    is_law: bool
    is_chosen: bool = True


def holds(limit: Limit, *, key: str, province: str, on: date) -> bool:
    return (
        limit.key == key
        and limit.is_chosen
        and limit.province in ("", province)
        and (limit.valid_from is None or limit.valid_from <= on)
        and (limit.valid_until is None or on < limit.valid_until)
    )


def limit_of(limits: Iterable[Limit], *, key: str, province: str, on: date) -> Limit | None:
    """The limit that holds on a day: the province's own before the country's, law before configuration."""
    found = [limit for limit in limits if holds(limit, key=key, province=province, on=on)]
    return max(
        found,
        key=lambda one: (one.province != "", one.is_law, one.valid_from or date.min, one.id),
        default=None,
    )
