"""When a consignee is told, before he asks, that his parcel comes later than he was told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from yishi.shipments.rules.eta import Estimate

MOST_NOTICES = 3
STALE = timedelta(hours=24)
"""A promise broken longer ago than this is no news any more: that parcel is a trouble, not a delay."""

SMALL = timedelta(hours=1)
"""A window told in a notice may be missed by this before there is another one."""


@dataclass(frozen=True)
class Verdict:
    """Whether to tell now, of what window, the deadline from now on, and when to look again."""

    tells: bool
    window: Estimate | None
    deadline_at: datetime | None
    due_at: datetime | None


def look(*, deadline_at: datetime, notices: int, estimate: Estimate | None, at: datetime) -> Verdict:
    """What to do about an open parcel whose consignee expects it by `deadline_at`.

    It slips when the deadline has come, or when even the early end of the estimate lies after it. One notice
    a slip: after it, the late end of the window told is what counts, with an hour's grace.
    """
    last_call = deadline_at + (SMALL if notices else timedelta(0))
    slips = at >= last_call or (estimate is not None and estimate.from_at > last_call)
    if not slips:
        return Verdict(False, None, deadline_at, last_call)
    if at - last_call > STALE or notices >= MOST_NOTICES:
        return Verdict(False, None, deadline_at, None)
    if estimate is None or notices + 1 >= MOST_NOTICES:
        return Verdict(True, estimate, estimate.until_at if estimate else None, None)
    return Verdict(True, estimate, estimate.until_at, estimate.until_at + SMALL)
