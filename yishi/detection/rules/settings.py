"""The parameters of the rules: what is shipped, what the operator says for whom and when. Pure.

The shipped figures come from what head offices and aggregators report (domain.md 1.2, 4, 5.4); none is law,
all are the operator's to change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from yishi.detection.rules.kinds import Kind

Numbers = Mapping[str, int]

_HOURS = "hours"
_MINUTES = "minutes"
NIGHT = {"night_from": 22, "night_until": 7}

SHIPPED: Mapping[Kind, Numbers] = {
    Kind.NO_FIRST_EVENT: {"after_hours": 48},
    Kind.STALLED: {"after_hours": 48},
    Kind.SENT_NOT_ARRIVED: {"after_hours": 36},
    Kind.ARRIVED_NOT_OUT: {"after_hours": 12, **NIGHT},
    Kind.OUT_NOT_SIGNED: {"after_hours": 14, **NIGHT},
    Kind.PICKUP_OVERDUE: {"locker_hours": 18, "station_hours": 120, **NIGHT},
    Kind.LATE: {"grace_minutes": 1},
    Kind.HELD_AT_OUTLET: {"after_hours": 72, "step_hours": 24},
    Kind.FAILED_TWICE: {"times": 2, "apart_minutes": 60},
    Kind.REFUSED_OUT: {"grace_minutes": 30},
    Kind.DAMAGED: {},
    Kind.MISROUTED: {},
    Kind.BOUNCING: {"times": 2},
    Kind.RETURN_LOOP: {"times": 2},
    Kind.INTERCEPT_MISSED: {"grace_minutes": 30},
    Kind.MOVED_AFTER_DELIVERY: {"grace_minutes": 30},
    Kind.UNCONSENTED_PLACEMENT: {"recorded_percent": 50},
    Kind.SUSPECTED_FALSE_SIGN_OFF: {
        "signs": 2,
        "contact_hours": 24,
        "skew_minutes": 10,
        "far_metres": 1_000,
        "batch_parcels": 8,
        "usual_percent": 30,
        "recorded_percent": 50,
        "complaints": 3,
        "known_parcels": 30,
        "watch_hours": 168,
        **NIGHT,
    },
}
"""Every parameter of every kind, with the value that counts where nothing else is said."""

SHADOWED = frozenset({Kind.SUSPECTED_FALSE_SIGN_OFF, Kind.UNCONSENTED_PLACEMENT})
"""These accuse somebody: nobody is told before the operator has seen what they find."""

SHADOW_DAYS = 14
MOST = {_HOURS: 24 * 60, _MINUTES: 24 * 60, "percent": 100, "from": 23, "until": 23}
_MOST = 1_000_000


@dataclass(frozen=True)
class Params:
    """The parameters of one kind as they count for one parcel."""

    numbers: Numbers
    zone: ZoneInfo
    is_shadow: bool = False
    setting_id: int | None = None
    steps: tuple[str, ...] | None = None

    @cached_property
    def spans(self) -> Mapping[str, timedelta]:
        """The numbers that are lengths of time."""
        units = {_HOURS: timedelta(hours=1), _MINUTES: timedelta(minutes=1)}
        return {
            name: number * units[unit]
            for name, number in self.numbers.items()
            if (unit := name.rpartition("_")[2]) in units
        }

    def is_night(self, moment: datetime) -> bool:
        """Whether nobody is expected to work then; equal hours mean that there is no night."""
        begins, ends = self.numbers.get("night_from", 0), self.numbers.get("night_until", 0)
        hour = moment.astimezone(self.zone).hour
        return begins <= hour or hour < ends if begins > ends else begins <= hour < ends

    def awake(self, moment: datetime) -> datetime:
        """The moment itself, or the end of the night it falls into."""
        if not self.is_night(moment):
            return moment
        local = moment.astimezone(self.zone)
        ends = self.numbers["night_until"]
        morning = local.replace(hour=ends, minute=0, second=0, microsecond=0)
        if morning <= local:
            morning += timedelta(days=1)
        return morning.astimezone(moment.tzinfo)


Book = Mapping[Kind, Params]


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the operator says of one kind; '' is any. Both days count. `numbers` holds what differs."""

    kind: Kind
    carrier: str = ""
    product: str = ""
    origin: str = ""
    destination: str = ""
    outlet: str = ""
    numbers: Numbers = field(default_factory=dict)
    steps: tuple[str, ...] | None = None
    valid_from: date
    valid_until: date | None = None
    is_shadow: bool = True
    setting_id: int | None = None


@dataclass(frozen=True)
class Scope:
    """A parcel as settings name it."""

    carrier: str = ""
    product: str = ""
    origin: str = ""
    destination: str = ""
    outlet: str = ""


def book_of(terms: Iterable[Terms], scope: Scope, day: date, zone: ZoneInfo) -> Book:
    """The parameters of every kind for such a parcel on that day.

    The most specific counts: outlet before lane before product before carrier; of two alike the later one.
    """
    best: dict[Kind, tuple[tuple[int, ...], Terms]] = {}
    for one in terms:
        if (fit := _fit(one, scope, day)) is None:
            continue
        rank = (*fit, one.valid_from.toordinal(), one.setting_id or 0)
        if one.kind not in best or rank > best[one.kind][0]:
            best[one.kind] = (rank, one)
    return {kind: params_of(best[kind][1], zone) if kind in best else shipped(kind, zone) for kind in SHIPPED}


def shipped(kind: Kind, zone: ZoneInfo) -> Params:
    """What counts where the operator says nothing."""
    return Params(SHIPPED[kind], zone, is_shadow=kind in SHADOWED)


def params_of(terms: Terms, zone: ZoneInfo) -> Params:
    """What a setting says, over what is shipped."""
    numbers = {**SHIPPED[terms.kind], **terms.numbers}
    return Params(numbers, zone, terms.is_shadow, terms.setting_id, terms.steps)


def _fit(terms: Terms, scope: Scope, day: date) -> tuple[int, ...] | None:
    if day < terms.valid_from or (terms.valid_until is not None and day > terms.valid_until):
        return None
    pairs = (
        (terms.outlet, scope.outlet),
        (terms.destination, scope.destination),
        (terms.origin, scope.origin),
        (terms.product, scope.product),
        (terms.carrier, scope.carrier),
    )
    if any(said and said != has for said, has in pairs):
        return None
    return tuple(int(said != "") for said, _ in pairs)


def fault_of(kind: Kind, numbers: Numbers) -> str:
    """The name of the first parameter that is unknown or out of range; '' when all can be used."""
    for name, number in numbers.items():
        least = 0 if name.startswith("night_") or name.endswith("_percent") else 1
        if name not in SHIPPED[kind] or not least <= number <= MOST.get(name.rpartition("_")[2], _MOST):
            return name
    return ""
