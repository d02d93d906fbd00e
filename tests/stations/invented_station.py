"""A station that never was: thirteen weeks of parcels, how they are fetched, and who comes to the counter.

Its habits are ours, so figures from it show that the rules find what is there to be found, not how right
they are in a real station. `level` says how much its days differ by what the lines bring; `other` visits
have no parcel.
"""

import math
import random
from datetime import date, timedelta

from yishi.stations.rules.fetching import Stays
from yishi.stations.rules.forecast import like
from yishi.stations.rules.outlook import Past

TODAY = date(2026, 11, 18)
HOURS = range(8, 21)
# when lines come, and how likely what stands there is fetched within an hour: lunch and after work
_COME = {8: 0.35, 9: 0.2, 11: 0.05, 14: 0.25, 15: 0.15}
_FETCH = (0.02, 0.03, 0.03, 0.04, 0.09, 0.06, 0.03, 0.03, 0.05, 0.1, 0.16, 0.14, 0.07)
_BY_AGE = (1.0, 1.1, 0.7, 0.5, 0.35)


def invented(*, parcels: float = 260, level: float = 0.35, other: float = 0.15, seed: int = 7) -> Past:
    chance = random.Random(seed)
    came, fetched, gone, visits, on_way = {}, {}, {}, {}, {}
    inside: dict[date, int] = {}
    for ago in range(91, 0, -1):
        day = TODAY - timedelta(days=ago)
        weekend = 0.8 if day.weekday() >= 5 else 1.0
        today = parcels * weekend * math.exp(chance.gauss(0, level) - level * level / 2)
        came[day] = {hour: _poisson(chance, today * share) for hour, share in _COME.items()}
        # a third of what stands at the outlet in the morning is for this station; some comes a day later
        on_way[day] = _poisson(chance, 3 * today * 0.9)
        visits[day] = {}
        for n, hour in enumerate(HOURS):
            taken = _one_hour(chance, day, hour, _FETCH[n], came, fetched, inside)
            visits[day][hour] = _visits(chance, taken) + _poisson(chance, parcels / 20 * other)
    stays = Stays(came=came, fetched=fetched, gone=gone, on_way=on_way)
    return Past(visits=visits, stays=stays, likeness=like)


def _one_hour(chance, day, hour, share, came, fetched, inside):
    inside[day] = inside.get(day, 0) + came[day].get(hour, 0)
    whole = 0
    for arrived in list(inside):
        age = min((day - arrived).days, 4)
        taken = sum(chance.random() < share * _BY_AGE[age] for _n in range(inside[arrived]))
        if taken:
            fetched.setdefault(arrived, {}).setdefault(day, {})[hour] = taken
            inside[arrived] -= taken
        whole += taken
        if (day - arrived).days > 14:
            del inside[arrived]
    return whole


def _visits(chance, parcels):
    """Who has several fetches them at once: a visit takes 1, 2 or 3."""
    visits = 0
    while parcels > 0:
        parcels -= chance.choices((1, 2, 3), (0.6, 0.3, 0.1))[0]
        visits += 1
    return visits


def _poisson(chance, mean):
    """By the gaps between arrivals."""
    n, at = 0, chance.expovariate(1.0)
    while at < mean:
        n, at = n + 1, at + chance.expovariate(1.0)
    return n
