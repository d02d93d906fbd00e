"""Learns transit times from the network's own past, all at once; pages go on with the old ones meanwhile."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from yishi.kit.hot import hot_cursor
from yishi.shipments.models.promises import EtaTraining, LaneTime
from yishi.shipments.queries.eta import zone
from yishi.shipments.queries.history import read_history
from yishi.shipments.rules.eta import ARRIVED, LATEST, Hours
from yishi.shipments.rules.learning import Example, Measured, Model, examples_of, hours_of, learn, measure

LEARNT_FROM = timedelta(days=42)
"""Six weeks: every hour of the week six times, and last season forgotten."""

_KEEP = """
INSERT INTO shipments_lane_time (key, count, minutes, stretch, opens, closes)
SELECT k, c, string_to_array(m, ' ')::float8[], s, %s, %s
  FROM unnest(%s::text[], %s::int[], %s::text[], %s::float8[]) AS n (k, c, m, s)
"""


@dataclass(frozen=True)
class Learnt:
    """What was read, what came of it, and how good it is on later parcels (None: too few to say)."""

    parcels: int
    examples: int
    groups: int
    measured: Measured | None


@transaction.atomic
def train_eta(*, at: datetime) -> Learnt:
    """Learns from the parcels first scanned in the last weeks, but not in the last days: of those only the
    quick ones have arrived. Replaces what was learned before; with too little history, by nothing.
    """
    since, until = at - LEARNT_FROM - LATEST, at - LATEST
    past = own_history(since=since, until=until)
    model, measured = learn(past.examples), measure(past.examples)
    _keep(model, hours_of(past.arrivals))
    EtaTraining.objects.create(
        at=at,
        since=since,
        parcels=past.parcels,
        examples=len(past.examples),
        groups=len(model),
        measured=measured.count if measured else 0,
        coverage=measured.coverage if measured else None,
        mean_error=measured.mean_error if measured else None,
        baseline_error=measured.baseline_error if measured else None,
    )
    return Learnt(past.parcels, len(past.examples), len(model), measured)


@dataclass(frozen=True)
class History:
    """Parcels that arrived, what they teach, how many were promised and how many of those came in time;
    and at which minute of the local day each arrived."""

    parcels: int
    examples: list[Example]
    promised: int
    kept: int
    arrivals: list[int]


def own_history(*, since: datetime, until: datetime) -> History:
    """The network's own past, of parcels first scanned in that time. Must stand in a transaction."""
    parcels = promised = kept = 0
    examples: list[Example] = []
    arrivals: list[int] = []
    here = zone()
    for past in read_history(since=since, until=until):
        parcels += 1
        examples += examples_of(past.scans, carrier=past.carrier, destination=past.destination, zone=here)
        arrived_at = next((moment for moment, kind, _ in past.scans if kind in ARRIVED), None)
        if arrived_at is None:
            continue
        local = arrived_at.astimezone(here)
        arrivals.append(local.hour * 60 + local.minute)
        if past.promised_at is not None:
            promised += 1
            kept += arrived_at <= past.promised_at
    return History(parcels, examples, promised, kept, arrivals)


def _keep(model: Model, hours: Hours) -> None:
    LaneTime.objects.all().delete()
    rows = sorted(model.items())
    columns: list[object] = [
        hours.opens,
        hours.closes,
        [key for key, _ in rows],
        [group.count for _, group in rows],
        [" ".join(f"{minutes:.1f}" for minutes in group.minutes) for _, group in rows],
        [group.stretch for _, group in rows],
    ]
    hot_cursor().execute(_KEEP, columns)
