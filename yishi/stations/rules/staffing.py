"""How many counters an hour needs, after Erlang (M/M/c). Pure; times in seconds, load in Erlang."""

import math

MOST = 50


def blocked(counters: int, load: float) -> float:
    """Erlang B: how often all counters are busy if nobody waits."""
    share = 1.0
    for n in range(1, counters + 1):
        share = load * share / (n + load * share)
    return share


def must_wait(counters: int, load: float) -> float:
    """Erlang C: how often somebody finds all counters busy; 1 where they cannot keep up."""
    if load <= 0:
        return 0.0
    if load >= counters:
        return 1.0
    share = blocked(counters, load)
    return share / (1 - load / counters * (1 - share))


def served_within(counters: int, load: float, *, service_s: float, within_s: float) -> float:
    """The share of those who come that is called within so many seconds."""
    if load >= counters:
        return 1.0 if load <= 0 else 0.0
    return 1 - must_wait(counters, load) * math.exp(-(counters - load) * within_s / service_s)


def mean_wait_s(counters: int, load: float, *, service_s: float) -> float:
    """The mean wait of everybody; infinite where the line never ends."""
    if load >= counters:
        return 0.0 if load <= 0 else math.inf
    return must_wait(counters, load) * service_s / (counters - load)


def counters_for(visits: float, *, service_s: float, share: float = 0.8, within_s: float = 180) -> int:
    """The fewest counters at which `share` of an hour's visits is called in time; 1 to 50."""
    load = visits * service_s / 3600
    for counters in range(max(1, math.ceil(load)), MOST + 1):
        if served_within(counters, load, service_s=service_s, within_s=within_s) >= share:
            return counters
    return MOST
