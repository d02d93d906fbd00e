"""The 24-hour obligation over a period: kept and broken by carrier, lane, outlet, and the parcels behind."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yishi.kit.hot import hot_cursor
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

GROUPS = ("carrier", "lane", "outlet")
_LONGEST_WAY = timedelta(days=60)
MOST_LISTED = 200
MOST_EXPORTED = 50_000


@dataclass(frozen=True)
class TraceRate:
    """One carrier, lane (`origin→destination`) or outlet (`label` its name): parcels whose obligation ran in
    the period, how many of them were silent for more than 24 hours in it, and how long."""

    key: str
    label: str
    parcels: int
    broken: int
    breaks: int
    silent_hours: float
    longest_hours: float

    @property
    def share(self) -> float:
        """Parcels with at least one scan every 24 hours, of all."""
        return (self.parcels - self.broken) / self.parcels if self.parcels else 1.0


@dataclass(frozen=True)
class BreakLine:
    """One silence: where the parcel was last seen, since when, until when (None = still)."""

    waybill_no: str
    carrier: str
    lane: str
    place: str
    since: datetime
    until: datetime | None
    hours: float


# an obligation ran in the period; one that began two months before it is over by any measure
_RUNNING = """
running AS (
  SELECT d.shipment_id, s.waybill_no, s.carrier, d.origin || '→' || d.destination AS lane, s.outlet_id,
         o.code AS outlet, o.name AS outlet_name
    FROM shipments_trace_duty d JOIN shipments_shipment s ON s.id = d.shipment_id
    LEFT JOIN network_outlet o ON o.id = s.outlet_id
   WHERE d.began_at >= %(earliest)s AND d.began_at < %(until)s
     AND (d.ended_at IS NULL OR d.ended_at >= %(since)s)
     AND (%(codes)s::text[] IS NULL OR o.code = ANY(%(codes)s)))
, silent AS (
  SELECT b.duty_id, b.outlet_id, b.city, b.since, b.until,
         extract(epoch FROM least(coalesce(b.until, %(until)s), %(until)s) - b.since) / 3600 AS hours
    FROM shipments_trace_break b JOIN running r ON r.shipment_id = b.duty_id
   WHERE b.since + interval '24 hours' < %(until)s AND (b.until IS NULL OR b.until > %(since)s)
     AND (%(by)s <> 'outlet' OR b.outlet_id = r.outlet_id))
"""
_KEY = {"carrier": "r.carrier", "lane": "r.lane", "outlet": "r.outlet", "": "''"}
_LABEL = {"carrier": "r.carrier", "lane": "r.lane", "outlet": "r.outlet_name", "": "''"}
_RATES = """
WITH {running}
SELECT {key}, {label}, count(*), count(x.duty_id), coalesce(sum(x.breaks), 0)::bigint,
       coalesce(sum(x.hours), 0)::float8, coalesce(max(x.longest), 0)::float8
  FROM running r LEFT JOIN (
    SELECT duty_id, count(*) AS breaks, sum(hours) AS hours, max(hours) AS longest
      FROM silent GROUP BY duty_id) x ON x.duty_id = r.shipment_id
 WHERE {key} IS NOT NULL GROUP BY 1, 2 ORDER BY count(x.duty_id) DESC, count(*) DESC, 1 LIMIT 500
"""
_BREAKS = """
WITH {running}
SELECT r.waybill_no, r.carrier, r.lane, coalesce(p.name, x.city), x.since, x.until, x.hours::float8
  FROM silent x JOIN running r ON r.shipment_id = x.duty_id LEFT JOIN network_outlet p ON p.id = x.outlet_id
 WHERE %(key)s = '' OR {key} = %(key)s ORDER BY x.hours DESC, r.waybill_no LIMIT %(most)s
"""


def trace_rates(*, viewer: Viewer, by: str, since: datetime, until: datetime) -> list[TraceRate]:
    """The figure for each carrier, lane or outlet (`by`), or for all in one row when `by` is ''.

    An outlet answers for silence that began with it. Raises NotAllowed; ValueError for another `by`.
    """
    values = _values(viewer, by, since, until)
    statement = _RATES.format(running=_RUNNING, key=_KEY[by], label=_LABEL[by])
    return [TraceRate(*row) for row in hot_cursor().execute(statement, values)]


def list_breaks(
    *, viewer: Viewer, by: str, key: str, since: datetime, until: datetime, most: int = MOST_LISTED
) -> list[BreakLine]:
    """The silences behind a figure, the longest first; of all when `key` is ''. Raises NotAllowed."""
    values = _values(viewer, by, since, until) | {"key": key, "most": most}
    statement = _BREAKS.format(running=_RUNNING, key=_KEY[by])
    return [BreakLine(*row) for row in hot_cursor().execute(statement, values)]


def _values(viewer: Viewer, by: str, since: datetime, until: datetime) -> dict[str, Any]:
    require(viewer, Permission.SHIPMENT_READ)
    if by not in _KEY:
        raise ValueError(by)
    codes = None if viewer.outlet_codes is None else sorted(viewer.outlet_codes)
    return {"since": since, "until": until, "earliest": since - _LONGEST_WAY, "codes": codes, "by": by}
