"""The vocabulary of tracking: every kind of event a feed may report, as the domain's taxonomy names them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

KINDS = frozenset(
    {
        "created", "pickup_pending", "pickup_failed", "accepted", "departed_origin_outlet", "arrived_hub",
        "departed_hub", "in_transit", "arrived_destination_city", "arrived_at_outlet", "delivery_scheduled",
        "out_for_delivery", "delivery_failed", "redelivery_scheduled", "stored_at_pickup_point",
        "retrieved_by_courier", "pickup_overdue", "delivered", "proof_available", "refused", "intercepted",
        "returning", "returned", "forwarded", "address_changed", "missorted", "damaged", "lost", "delayed",
        "stalled", "no_info", "weight_changed", "customs", "cancelled", "destroyed", "exception", "unknown",
    }
)  # fmt: skip

# details of a kind that plug-ins give (domain.md 1.11)
DETAILS: dict[str, tuple[str, ...]] = {
    "delivery_failed": (
        "unreachable", "out_of_area", "bad_address", "bad_phone", "business_closed", "security", "other",
    ),
    "stored_at_pickup_point": ("locker", "station", "agent", "sf_store", "locker_or_station"),
    "delivered": ("self", "proxy", "pickup_point", "after_exception", "cod", "unknown"),
    "customs": ("pending", "processing", "released", "exception"),
    "forwarded": ("new_address", "other_carrier"),
}  # fmt: skip

USUAL_DETAILS = frozenset({"", *(detail for details in DETAILS.values() for detail in details)})

# what an operator may say that a code means: anything but that nobody knows
MAPPABLE = KINDS - {"unknown"}

# what a source concludes from its clocks and not from a scan: nobody held the parcel then
JUDGEMENTS = frozenset({"delayed", "stalled", "pickup_overdue", "no_info"})

# a source's name stands in addresses and on the command line
SOURCE_CODE = r"[a-z0-9][a-z0-9-]{0,39}"

PAUSED = "PAUSED"
QUIET = "QUIET"
WELL = "WELL"
TROUBLED = "TROUBLED"


def health_of(*, is_paused: bool, quarantined: int, taken: int) -> str:
    """How a source stands over the period looked at: PAUSED, TROUBLED (something unreadable), QUIET or
    WELL."""
    if is_paused:
        return PAUSED
    if quarantined:
        return TROUBLED
    return WELL if taken else QUIET


WINDOW = timedelta(days=30)
"""In which sources count how often they were asked to push one parcel."""
FOLLOWED_FOR = timedelta(days=40)
"""A parcel is given up so long after it was wanted; what moves still is asked for anew by whoever cares."""
FOLLOWED_AFTER_END = timedelta(days=3)
"""Delivered is not final: a wrong signature or a return shows in the days after it."""
LEASE = timedelta(minutes=2)
"""How long a claimed parcel belongs to one worker; longer than a call may take."""

_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=6)


def next_try(tries: int, spread: float) -> timedelta:
    """The pause after so many failed tries (from 1): a minute, doubled each time up to six hours.

    `spread` (0 to 1) makes it up to a quarter longer, so that parcels which failed together do not come back
    together.
    """
    doubled: timedelta = _FIRST_PAUSE * 2 ** min(max(tries, 1) - 1, 16)
    return min(doubled, _LONGEST_PAUSE) * (1 + spread / 4)


def may_subscribe_at(asked_at: Sequence[datetime], *, at_most: int, at: datetime) -> datetime:
    """The first moment from `at` on when one more subscription keeps within `at_most` in any 30 days."""
    if len(asked_at) < at_most:
        return at
    return max(at, sorted(asked_at)[-at_most] + WINDOW)


class Step(StrEnum):
    SUBSCRIBE = "SUBSCRIBE"
    QUERY = "QUERY"
    WAIT = "WAIT"
    END = "END"


@dataclass(frozen=True)
class Followed:
    """What decides about a followed parcel. `asked_at` are the subscriptions of its number, any carrier."""

    is_wanted: bool
    until_at: datetime
    asked_at: Sequence[datetime] = ()
    queried_at: datetime | None = None


def next_step(
    parcel: Followed, *, at_most: int | None, query_every: timedelta | None, at: datetime
) -> tuple[Step, datetime]:
    """What to do with a parcel that is due now, or until when to wait.

    `at_most` subscriptions are taken in 30 days and a query at most `query_every`; None: no such call.
    A parcel that waits for its subscription is queried meanwhile where that is possible.
    """
    if at >= parcel.until_at or (at_most is None and query_every is None):
        return Step.END, at
    moments: list[tuple[datetime, Step]] = [(parcel.until_at, Step.END)]
    if at_most is not None and parcel.is_wanted:
        moments.append((may_subscribe_at(parcel.asked_at, at_most=at_most, at=at), Step.SUBSCRIBE))
    if query_every is not None:
        before = parcel.queried_at
        moments.append((at if before is None else max(at, before + query_every), Step.QUERY))
    when, step = min(moments, key=lambda moment: moment[0])
    # of two that may be done now the subscription goes first: it stands before the query
    return (step, at) if when <= at else (Step.WAIT, when)


HEARD_EVERY = timedelta(minutes=5)
"""How far `last_input_at` of a source may be behind."""


def silence_due(last_input_at: datetime, expected_within: timedelta | None) -> datetime | None:
    """When a source that stays quiet from now on has fallen silent; None where the operator expects
    nothing."""
    return None if expected_within is None else last_input_at + expected_within + HEARD_EVERY


# pushes with a wrong signature are counted by the day
BAD_SIGNATURES = "bad signature"
SIGNATURE_WINDOW_S = 24 * 3600
