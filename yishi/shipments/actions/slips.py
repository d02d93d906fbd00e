"""Watches over what consignees were told: each open parcel with a promise has a row with its due time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor
from yishi.shipments.facts import PromiseSlipped, SlipsOver
from yishi.shipments.models.promises import PromiseWatch
from yishi.shipments.queries.eta import find_estimates
from yishi.shipments.rules.eta import Estimate, Standing, kind_of_rank
from yishi.shipments.rules.slips import STALE, look

_OPEN = ["CREATED", "ACCEPTED", "IN_TRANSIT", "AT_OUTLET", "OUT_FOR_DELIVERY", "DELIVERY_FAILED"]

# only where somebody is known who can be told; what was broken long ago is no news
_BEGIN = """
INSERT INTO shipments_promise_watch (shipment_id, deadline_at, due_at, notices)
SELECT s.id, s.promised_at, s.promised_at, 0
  FROM shipments_shipment s JOIN shipments_details d ON d.shipment_id = s.id AND d.consignee_id IS NOT NULL
 WHERE s.id = ANY(%s) AND s.promised_at > %s AND s.merged_into_id IS NULL AND s.milestone = ANY(%s)
ON CONFLICT (shipment_id) DO NOTHING
"""
_WATCHED = """
SELECT s.id, s.carrier, CASE WHEN s.merged_into_id IS NULL THEN s.milestone ELSE '' END, s.moved_rank,
       s.moved_at, s.last_city, s.promised_at,
       coalesce(nullif(d.city, ''), o.city, ''), w.deadline_at, w.due_at, w.told_at, w.notices
  FROM shipments_promise_watch w JOIN shipments_shipment s ON s.id = w.shipment_id
  LEFT JOIN shipments_details d ON d.shipment_id = s.id
  LEFT JOIN network_outlet o ON o.id = d.destination_outlet_id
 WHERE w.shipment_id = ANY(%s) ORDER BY w.shipment_id FOR UPDATE OF w
"""
_DUE = """
SELECT shipment_id FROM shipments_promise_watch WHERE due_at <= %s
 ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
"""


@dataclass(frozen=True, slots=True)
class _Watched:
    shipment_id: int
    carrier: str
    milestone: str
    moved_rank: int
    moved_at: datetime | None
    city: str
    promised_at: datetime | None
    destination: str
    deadline_at: datetime | None
    due_at: datetime | None
    told_at: datetime | None
    notices: int

    @property
    def is_open(self) -> bool:
        return self.milestone in _OPEN


@transaction.atomic
def watch_promises(*, shipment_ids: Sequence[int], at: datetime) -> int:
    """Looks at what was promised for these parcels after they moved; how many consignees will be told.

    Announces PromiseSlipped and SlipsOver. The same call again finds nothing more to tell.
    """
    ids = sorted(shipment_ids)
    hot_cursor().execute(_BEGIN, [ids, at - STALE, _OPEN])
    return _look_at(ids, at)


@transaction.atomic
def watch_due(*, at: datetime, limit: int) -> int:
    """Looks at up to `limit` parcels whose time has come; how many there were."""
    ids = sorted(row[0] for row in hot_cursor().execute(_DUE, [at, limit]))
    _look_at(ids, at)
    return len(ids)


def _look_at(ids: Sequence[int], at: datetime) -> int:
    watched = [_Watched(*row) for row in hot_cursor().execute(_WATCHED, [list(ids)])]
    over = [one for one in watched if not one.is_open]
    if over:
        PromiseWatch.objects.filter(pk__in=[one.shipment_id for one in over]).delete()
        told = tuple(one.shipment_id for one in over if one.told_at is not None)
        if told:
            announce(SlipsOver(shipment_ids=told, at=at))
    running = [one for one in watched if one.is_open]
    return sum(_judge(one, said, at) for one, said in zip(running, _estimates(running, at), strict=True))


def _estimates(running: Sequence[_Watched], at: datetime) -> list[Estimate | None]:
    standings = [
        Standing(one.carrier, kind_of_rank(one.moved_rank), one.city, one.destination, one.moved_at or at)
        for one in running
    ]
    return find_estimates(standings, at=at)


def _judge(one: _Watched, estimate: Estimate | None, at: datetime) -> bool:
    """Keeps the verdict on one parcel; whether its consignee will be told."""
    # until the first notice it is the promise that counts, also one that was stated anew
    deadline_at = one.deadline_at if one.notices else one.promised_at
    if deadline_at is None:
        return False
    verdict = look(deadline_at=deadline_at, notices=one.notices, estimate=estimate, at=at)
    if (verdict.deadline_at, verdict.due_at) != (one.deadline_at, one.due_at) or verdict.tells:
        PromiseWatch.objects.filter(pk=one.shipment_id).update(
            deadline_at=verdict.deadline_at,
            due_at=verdict.due_at,
            notices=one.notices + verdict.tells,
            told_at=at if verdict.tells else one.told_at,
        )
    if verdict.tells:
        window = verdict.window
        announce(
            PromiseSlipped(
                shipment_id=one.shipment_id,
                deadline_at=deadline_at,
                from_at=window.from_at if window else None,
                until_at=window.until_at if window else None,
                at=at,
            )
        )
    return verdict.tells
