"""The line of the demo's station: five weeks as an earlier machine kept them, and today's as it stands."""

import random
from datetime import datetime, timedelta

from yishi.people.rules import SYSTEM_VIEWER
from yishi.sample.cast import STATIONS
from yishi.stations.actions.queue import (
    Drawing,
    PastTicket,
    call_next,
    draw_ticket,
    keep_past_tickets,
    serve,
)
from yishi.stations.actions.queue_setup import make_link, open_counters
from yishi.stations.queries.queue import list_links
from yishi.stations.queries.stations import StationCard, access_station, local

WEEKS = 5
# who comes in an hour of a working day, from eight in the morning: lunch, and after work
_A_DAY = (4, 6, 7, 9, 14, 10, 6, 6, 8, 15, 26, 22, 11)
_OPENS = 8


def build_line(*, at: datetime) -> None:
    """The past line, a few who wait now, and a link of each machine; again changes nothing."""
    card = access_station(SYSTEM_VIEWER, STATIONS[0].code, is_writing=False)
    if list_links(card):
        return
    chance = random.Random(20_261)
    past = [one for ago in range(1, WEEKS * 7 + 1) for one in _day(chance, local(at) - timedelta(days=ago))]
    keep_past_tickets(card=card, past=past, at=at)
    for kind in ("SCREEN", "KIOSK", "LINE"):
        make_link(station=card.code, kind=kind, by=SYSTEM_VIEWER, at=at)
    open_counters(card=card, counters=2, by=SYSTEM_VIEWER, at=at)
    _now(card, at)


def _day(chance: random.Random, moment: datetime) -> list[PastTicket]:
    """One day of one counter and at the evening two; weekends come later and more evenly."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    fuller = 1.15 if moment.weekday() in (0, 6) else 1.0
    tickets: list[PastTicket] = []
    free = [midnight, midnight]
    for hour, usual in enumerate(_A_DAY, _OPENS):
        visits = max(0, round(chance.gauss(usual * fuller, usual**0.5)))
        drawn = sorted(
            midnight + timedelta(hours=hour, seconds=chance.uniform(0, 3599)) for _ in range(visits)
        )
        for one in drawn:
            counter = 0 if hour < 17 or free[0] <= free[1] else 1
            called = max(one + timedelta(seconds=chance.uniform(5, 25)), free[counter])
            served = called + timedelta(seconds=min(600, chance.lognormvariate(4.2, 0.5)))
            free[counter] = served
            tickets.append(PastTicket(drawn_at=one, called_at=called, served_at=served, drawn_by="LINK"))
    return tickets


def _now(card: StationCard, at: datetime) -> None:
    """Three were served, two stand at the counters, the others wait; one of them was failed last week."""
    begin = at - timedelta(minutes=14)
    for number in range(9):
        drawn_by = "KIOSK" if number % 3 == 0 else "LINK"
        reason = "PARCEL_NOT_FOUND" if number == 7 else ""
        said = Drawing(drawn_by=drawn_by, tail=f"{37 * (number + 3) % 100:02}", reason=reason)
        draw_ticket(card=card, drawing=said, at=begin + timedelta(minutes=number))
        if number == 5:
            _call(card, begin + timedelta(minutes=number))


def _call(card: StationCard, at: datetime) -> None:
    after = 0
    for number in range(3):
        after = call_next(card=card, counter=1, after=after, at=at + timedelta(seconds=20 * number))
    serve(card=card, ticket_id=after, at=at + timedelta(minutes=1))
    for counter in (1, 2):
        call_next(card=card, counter=counter, after=0, at=at + timedelta(minutes=1))
