"""The line: a ticket is drawn, called, called again, passed over, served. Pressing twice does it once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.hot import hot_cursor
from yishi.kit.ids import private_token, token_hash
from yishi.kit.live import nudge
from yishi.stations.models.parcels import StationParcel
from yishi.stations.models.queue import QueueTicket, StationQueue
from yishi.stations.queries.stations import StationCard, local
from yishi.stations.rules.queue import Place, in_order, ticket_no

MOST_WAITING = 500
MOST_COUNTERS = 20
BACK_WITHIN = timedelta(hours=2)
_State = QueueTicket.State


class LineFull(Refusal):
    """排队的人太多了，请直接找店员"""

    code = "line_full"


class NobodyWaits(Refusal):
    """现在没有人在等"""

    code = "nobody_waits"


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """Who draws: `parcel_id` is a stay of his where one is known, `reason` our mistake for which he goes
    first, `client_id` the same for the same press sent again."""

    drawn_by: str
    parcel_id: int | None = None
    tail: str = ""
    reason: str = ""
    wants_help: bool = False
    client_id: str = ""


@dataclass(frozen=True)
class Drawn:
    """The ticket; `token` opens its page without an account."""

    ticket_id: int
    ticket_no: str
    token: str
    is_repeat: bool = False


def topic_of(station_id: int) -> str:
    """What pages of the line listen to."""
    return f"queue:{station_id}"


@transaction.atomic
def draw_ticket(*, card: StationCard, drawing: Drawing, at: datetime) -> Drawn:
    """A place at the end of today's line, or before it after a mistake of ours. Raises LineFull, Invalid.

    The same press sent again, and a parcel whose ticket still waits, give the ticket that was drawn.
    """
    if drawing.reason and drawing.reason not in QueueTicket.Reason.values:
        raise Invalid([("/reason", "bad_value", "没有这个选项")])
    row, day = _hold(card), local(at).date()
    today = QueueTicket.objects.filter(station_id=card.id, day=day)
    again = _drawn_before(today, drawing)
    if again is not None:
        return _drawn(again, is_repeat=True)
    if row.day != day:
        _begin_day(row, card, day)
    if today.filter(state=_State.WAITING).count() >= MOST_WAITING:
        raise LineFull()
    row.last_no += 1
    row.save(update_fields=["day", "last_no"])
    own = drawing.parcel_id
    if own is not None and not StationParcel.objects.filter(pk=own, station_id=card.id).exists():
        raise NotFound()
    ticket = QueueTicket.objects.create(
        station_id=card.id,
        day=day,
        number=row.last_no,
        drawn_by=drawing.drawn_by,
        reason=drawing.reason,
        wants_help=drawing.wants_help,
        parcel_id=own,
        tail=drawing.tail[-2:],
        drawn_at=at,
        token_hash=token_hash(_token(card.id, day.isoformat(), row.last_no)),
        client_id=drawing.client_id[:64],
    )
    nudge(topic_of(card.id))
    return _drawn(ticket)


def _hold(card: StationCard) -> StationQueue:
    """The station's line, locked: two machines never draw or call the same."""
    StationQueue.objects.get_or_create(station_id=card.id)
    return StationQueue.objects.select_for_update().get(station_id=card.id)


def _begin_day(row: StationQueue, card: StationCard, day: date) -> None:
    """Who still waited yesterday has gone; numbers begin anew."""
    old = QueueTicket.objects.filter(station_id=card.id, state__in=(_State.WAITING, _State.CALLED))
    old.exclude(day=day).update(state=_State.GONE)
    newest = QueueTicket.objects.filter(station_id=card.id, day=day).aggregate(n=Max("number"))["n"]
    row.day, row.last_no = day, newest or 0


def _drawn_before(today: QuerySet[QueueTicket], drawing: Drawing) -> QueueTicket | None:
    same = Q(pk__in=[])
    if drawing.client_id:
        same |= Q(client_id=drawing.client_id[:64])
    if drawing.parcel_id is not None:
        same |= Q(parcel_id=drawing.parcel_id, state__in=(_State.WAITING, _State.CALLED))
    return today.filter(same).order_by("number").first()


def _token(station_id: int, day: str, number: int) -> str:
    return private_token("ticket", f"{station_id}:{day}:{number}")


def _drawn(ticket: QueueTicket, *, is_repeat: bool = False) -> Drawn:
    token = _token(ticket.station_id, ticket.day.isoformat(), ticket.number)
    return Drawn(ticket.pk, ticket_no(ticket.number), token, is_repeat)


@transaction.atomic
def call_next(*, card: StationCard, counter: int, after: int, at: datetime) -> int:
    """Calls the next to this counter; who stands there is served. The ticket's id.

    `after` is the ticket the caller saw at the counter (0 = none): where another stands there meanwhile,
    it was pressed twice and nothing is called. Raises NobodyWaits, Invalid.
    """
    if not 1 <= counter <= MOST_COUNTERS:
        raise Invalid([("/counter", "out_of_range", "窗口号是 1 到 20")])
    _hold(card)
    today = _today(card, at)
    there = today.filter(state=_State.CALLED, counter=counter).first()
    if there is not None and there.pk != after:
        return there.pk
    if there is not None:
        _end(there, _State.SERVED.value, at)
    waiting = {row.number: row for row in today.filter(state=_State.WAITING)}
    order = in_order(Place(row.number, bool(row.reason)) for row in waiting.values())
    if not order:
        if there is None:
            raise NobodyWaits()
        nudge(topic_of(card.id))
        return 0
    ticket = waiting[order[0].number]
    _call(ticket, counter, at)
    return ticket.pk


def _call(ticket: QueueTicket, counter: int, at: datetime) -> None:
    ticket.state, ticket.counter = _State.CALLED.value, counter
    ticket.called_at, ticket.served_at, ticket.calls = at, None, ticket.calls + 1
    ticket.save(update_fields=["state", "counter", "called_at", "served_at", "calls"])
    nudge(topic_of(ticket.station_id))


@transaction.atomic
def call_again(*, card: StationCard, ticket_id: int, counter: int, at: datetime) -> None:
    """Once more for who did not hear it; who was passed over within two hours may come back:
    whoever stands at the counter is served. Raises NotFound."""
    _hold(card)
    ticket = _ticket(card, ticket_id, at)
    if ticket.state == _State.CALLED:
        ticket.calls += 1
        ticket.save(update_fields=["calls"])
        nudge(topic_of(card.id))
        return
    is_back = ticket.state == _State.GONE and ticket.served_at and at - ticket.served_at <= BACK_WITHIN
    if not (is_back or ticket.state == _State.WAITING) or not 1 <= counter <= MOST_COUNTERS:
        raise NotFound()
    there = _today(card, at).filter(state=_State.CALLED, counter=counter).first()
    if there is not None:
        _end(there, _State.SERVED.value, at)
    _call(ticket, counter, at)


@transaction.atomic
def pass_over(*, card: StationCard, ticket_id: int, at: datetime) -> None:
    """Called and not there, or left himself. Raises NotFound; again does nothing."""
    _hold(card)
    _end(_ticket(card, ticket_id, at), _State.GONE.value, at)


@transaction.atomic
def serve(*, card: StationCard, ticket_id: int, at: datetime) -> None:
    """He has what he came for. Raises NotFound; again does nothing."""
    _hold(card)
    _end(_ticket(card, ticket_id, at), _State.SERVED.value, at)


_DRAWN = "SELECT id FROM stations_ticket WHERE parcel_id = ANY (%s) AND state IN ('WAITING', 'CALLED')"


def serve_with_parcels(*, parcel_ids: tuple[int, ...], at: datetime) -> None:
    """Parcels were given away: the tickets drawn for them are served."""
    drawn = [pk for (pk,) in hot_cursor().execute(_DRAWN, [list(parcel_ids)], prepare=True)]
    if not drawn:
        return
    for ticket in QueueTicket.objects.filter(pk__in=drawn).select_for_update().order_by("pk"):
        _end(ticket, _State.SERVED.value, at)


def _end(ticket: QueueTicket, state: str, at: datetime) -> None:
    if ticket.state in (_State.SERVED, _State.GONE):
        return
    ticket.state, ticket.served_at = state, at
    ticket.save(update_fields=["state", "served_at"])
    nudge(topic_of(ticket.station_id))


def _today(card: StationCard, at: datetime) -> QuerySet[QueueTicket]:
    return QueueTicket.objects.filter(station_id=card.id, day=local(at).date())


def _ticket(card: StationCard, ticket_id: int, at: datetime) -> QueueTicket:
    found = _today(card, at).select_for_update().filter(pk=ticket_id).first()
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True, kw_only=True)
class PastTicket:
    """A ticket of an earlier machine or of paper, as it was."""

    drawn_at: datetime
    called_at: datetime | None
    served_at: datetime | None
    drawn_by: str = "KEEPER"


@transaction.atomic
def keep_past_tickets(*, card: StationCard, past: list[PastTicket], at: datetime) -> int:
    """Takes over whole past days of a line, so that forecasts begin with what is known; a day that has
    tickets is left alone. How many were kept."""
    row = _hold(card)
    has = set(QueueTicket.objects.filter(station_id=card.id).values_list("day", flat=True).distinct())
    numbers: dict[date, int] = {}
    tickets = []
    for one in sorted(past, key=lambda one: one.drawn_at):
        day = local(one.drawn_at).date()
        if day in has or one.drawn_at > at:
            continue
        number = numbers[day] = numbers.get(day, 0) + 1
        tickets.append(
            QueueTicket(
                station_id=row.station_id,
                day=day,
                number=number,
                drawn_by=one.drawn_by,
                state=(_State.SERVED if one.called_at else _State.GONE).value,
                counter=1 if one.called_at else 0,
                calls=1 if one.called_at else 0,
                drawn_at=one.drawn_at,
                called_at=one.called_at,
                served_at=one.served_at,
                token_hash=token_hash(_token(card.id, day.isoformat(), number)),
            )
        )
    QueueTicket.objects.bulk_create(tickets, batch_size=1000)
    return len(tickets)
