"""The line as its pages show it: who waits, who is called, how long it takes, what was measured."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from yishi.kit.errors import NotFound
from yishi.kit.ids import private_token, token_hash
from yishi.stations.models.queue import FloorLink, QueueTicket, StationQueue
from yishi.stations.queries.stations import StationCard, local, station_card
from yishi.stations.rules.forecast import WEEKS
from yishi.stations.rules.queue import (
    Expected,
    Place,
    before,
    expected_wait,
    in_order,
    middle_and_late,
    ticket_no,
)

_State = QueueTicket.State
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class TicketLine:
    """One ticket as pages show it; `tail` holds two digits or nothing."""

    id: int
    ticket_no: str
    state: str
    reason: str
    wants_help: bool
    tail: str
    counter: int
    calls: int
    parcel_id: int | None
    drawn_at: datetime
    called_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Line:
    """Today's line. `expected` is the wait of somebody who would draw a ticket now."""

    waiting: list[TicketLine]
    called: list[TicketLine]
    passed: list[TicketLine]
    served: int
    counters: int
    expected: Expected | None
    is_peak: bool


def line_of(card: StationCard, *, at: datetime) -> Line:
    """Today's line, in the order in which it is called."""
    today = QueueTicket.objects.filter(station_id=card.id, day=local(at).date())
    rows = list(today.exclude(state=_State.SERVED).order_by("number"))
    waiting = [row for row in rows if row.state == _State.WAITING]
    called = sorted(
        (row for row in rows if row.state == _State.CALLED and row.called_at), key=_called, reverse=True
    )
    passed = [row for row in rows if row.state == _State.GONE and row.called_at]
    by_number = {row.number: row for row in waiting}
    order = in_order(Place(row.number, bool(row.reason)) for row in waiting)
    setting = queue_setting(card.id)
    return Line(
        waiting=[_line(by_number[place.number]) for place in order],
        called=[_line(row) for row in called],
        passed=[_line(row) for row in passed[-5:]],
        served=today.filter(state=_State.SERVED).count(),
        counters=setting.counters,
        expected=_expected(card, len(waiting), setting.counters, len(called), at),
        is_peak=setting.peak_since is not None,
    )


def _called(row: QueueTicket) -> datetime:
    assert row.called_at is not None
    return row.called_at


def _line(row: QueueTicket) -> TicketLine:
    return TicketLine(
        id=row.pk,
        ticket_no=ticket_no(row.number),
        state=row.state,
        reason=row.reason,
        wants_help=row.wants_help,
        tail=row.tail,
        counter=row.counter,
        calls=row.calls,
        parcel_id=row.parcel_id,
        drawn_at=row.drawn_at,
        called_at=row.called_at,
    )


def queue_setting(station_id: int) -> StationQueue:
    """How the line is run; what nobody has set is as shipped."""
    return StationQueue.objects.filter(pk=station_id).first() or StationQueue(station_id=station_id)


def _expected(card: StationCard, ahead: int, counters: int, busy: int, at: datetime) -> Expected | None:
    return expected_wait(
        ahead=ahead,
        counters=counters,
        busy=busy,
        last_hour=_services(card.id, at - _HOUR, at),
        weeks=_services_of_weeks(card.id, at),
    )


def _services(station_id: int, since: datetime, until: datetime) -> list[float]:
    """Seconds that each took from being called to having been served."""
    rows = QueueTicket.objects.filter(
        station_id=station_id, state=_State.SERVED, called_at__gte=since, called_at__lt=until
    ).order_by("-called_at")
    pairs = rows.values_list("called_at", "served_at")[:500]
    return [(end - start).total_seconds() for start, end in pairs if start is not None and end is not None]


def _services_of_weeks(station_id: int, at: datetime) -> list[float]:
    """Those of the same hour of the same weekday in past weeks, the newest first, a few weeks are enough."""
    begin, found = at.replace(minute=0, second=0, microsecond=0), []
    for weeks in range(1, WEEKS + 1):
        since = begin - timedelta(weeks=weeks)
        found += _services(station_id, since, since + _HOUR)
        if len(found) >= 60:
            break
    return found


@dataclass(frozen=True)
class OwnTicket:
    """A person's own ticket: how many are called before him and how long it takes."""

    card: StationCard
    line: TicketLine
    before: int
    expected: Expected | None


def ticket_of_token(token: str, *, at: datetime) -> OwnTicket:
    """The ticket that this link opens. Raises NotFound; after its day it is not there."""
    row = QueueTicket.objects.filter(token_hash=token_hash(token), day=local(at).date()).first()
    if row is None:
        raise NotFound()
    return own_ticket(station_card(row.station_id), row, at=at)


def own_ticket(card: StationCard, row: QueueTicket, *, at: datetime) -> OwnTicket:
    today = QueueTicket.objects.filter(station_id=row.station_id, day=row.day)
    places = [
        Place(number, bool(reason))
        for number, reason in today.filter(state=_State.WAITING).values_list("number", "reason")
    ]
    ahead = before(places, row.number) if row.state == _State.WAITING else 0
    busy = today.filter(state=_State.CALLED).count()
    expected = None
    if row.state == _State.WAITING:
        expected = _expected(card, ahead, queue_setting(card.id).counters, busy, at)
    return OwnTicket(card, _line(row), ahead, expected)


@dataclass(frozen=True)
class HourWait:
    """The waits of one hour of the day, in seconds; from so many tickets."""

    hour: int
    median_s: float
    late_s: float
    tickets: int


def waits_by_hour(card: StationCard, *, at: datetime, days: int = 28) -> list[HourWait]:
    """Median and 90th percentile of the waits of the last weeks, by hour of drawing."""
    rows = QueueTicket.objects.filter(
        station_id=card.id, drawn_at__gte=at - timedelta(days=days), called_at__isnull=False
    )
    waits: dict[int, list[float]] = defaultdict(list)
    for drawn, called in rows.values_list("drawn_at", "called_at")[:50_000]:
        assert called is not None
        waits[local(drawn).hour].append((called - drawn).total_seconds())
    found = []
    for hour, measured in sorted(waits.items()):
        both = middle_and_late(measured)
        assert both is not None
        found.append(HourWait(hour, *both, len(measured)))
    return found


def wait_of(card: StationCard, *, since: datetime) -> tuple[float, float, int] | None:
    """Median, 90th percentile and number of the waits since then."""
    rows = QueueTicket.objects.filter(station_id=card.id, drawn_at__gte=since, called_at__isnull=False)
    pairs: Iterable[tuple[datetime, datetime | None]] = rows.values_list("drawn_at", "called_at")[:10_000]
    waits = [(called - drawn).total_seconds() for drawn, called in pairs if called is not None]
    both = middle_and_late(waits)
    return (*both, len(waits)) if both else None


@dataclass(frozen=True, kw_only=True)
class FloorDoor:
    """A machine's link that opens: what it is and where it stands."""

    link_id: int
    kind: str
    card: StationCard


def door_of(token: str, kind: str) -> FloorDoor:
    """The machine that holds this token. Raises NotFound for another kind and once it was taken back."""
    row = FloorLink.objects.filter(token_hash=token_hash(token), kind=kind, revoked_at__isnull=True).first()
    if row is None:
        raise NotFound()
    return FloorDoor(link_id=row.pk, kind=row.kind, card=station_card(row.station_id))


@dataclass(frozen=True)
class LinkLine:
    """A machine in the keeper's list."""

    id: int
    kind: str
    token: str
    made_at: datetime
    seen_at: datetime | None


def list_links(card: StationCard) -> list[LinkLine]:
    """The links that open, the oldest first."""
    rows = FloorLink.objects.filter(station_id=card.id, revoked_at__isnull=True).order_by("pk")
    return [
        LinkLine(row.pk, row.kind, private_token("floor", str(row.pk)), row.made_at, row.seen_at)
        for row in rows
    ]


def kind_of_token(token: str) -> str:
    """Which machine a link is for. Raises NotFound."""
    kinds = FloorLink.objects.filter(token_hash=token_hash(token), revoked_at__isnull=True)
    found = kinds.values_list("kind", flat=True).first()
    if found is None:
        raise NotFound()
    return found
