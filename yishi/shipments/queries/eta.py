"""Estimates of arrival for pages and for the watch over promises; each costs one statement however many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from django.conf import settings

from yishi.kit.hot import hot_cursor
from yishi.shipments.models.promises import EtaTraining
from yishi.shipments.rules.eta import (
    Estimate,
    Hours,
    Standing,
    as_told,
    estimate_of,
    keys_of,
    kind_of_rank,
)

_BOUND = "*"

# the destination is known to the database: its name is put into the keys there, and no second look is needed
_NARROWEST = """
WITH bound AS (
  SELECT regexp_replace(coalesce(nullif(d.city, ''), nullif(o.city, ''), %s),
                        '(特别行政区|自治区|自治州|地区|省|市|盟)$', '') AS city
    FROM (VALUES (%s::bigint)) s (id) LEFT JOIN shipments_details d ON d.shipment_id = s.id
    LEFT JOIN network_outlet o ON o.id = d.destination_outlet_id)
SELECT l.minutes, l.stretch, l.opens, l.closes
  FROM bound CROSS JOIN unnest(%s::text[]) k JOIN shipments_lane_time l ON l.key = replace(k, '*', bound.city)
 WHERE bound.city <> '' ORDER BY left(l.key, 1) COLLATE "C" DESC LIMIT 1
"""


def zone() -> ZoneInfo:
    """The zone in which hours of the day are counted."""
    return ZoneInfo(settings.ENVIRONMENT.time_zone)


class Moved(Protocol):
    """What an estimate needs of a parcel."""

    @property
    def pk(self) -> int: ...
    @property
    def carrier(self) -> str: ...
    @property
    def moved_at(self) -> datetime | None: ...
    @property
    def moved_rank(self) -> int: ...
    @property
    def last_city(self) -> str: ...


def find_estimate(shipment: Moved, *, at: datetime) -> Estimate | None:
    """When this parcel will be there, as it is told; None: no destination is known, history says nothing."""
    kind = kind_of_rank(shipment.moved_rank)
    if shipment.moved_at is None:
        return None
    standing = Standing(shipment.carrier, kind, shipment.last_city, _BOUND, shipment.moved_at)
    keys = keys_of(standing, zone())
    if not keys:
        return None
    here = keys_of(Standing("", kind, shipment.last_city, "", shipment.moved_at), zone())
    values = [shipment.last_city if here else "", shipment.pk, list(keys)]
    row = hot_cursor().execute(_NARROWEST, values, prepare=True).fetchone()
    return _told(row, shipment.moved_at, at) if row else None


def _told(row: tuple[list[float], float, int, int], since: datetime, at: datetime) -> Estimate | None:
    minutes, stretch, opens, closes = row
    found = estimate_of(minutes, stretch, since, at)
    return as_told(found, Hours(opens, closes), zone()) if found else None


def find_estimates(standings: Sequence[Standing], *, at: datetime) -> list[Estimate | None]:
    """The estimate of each, as it is told, in their order."""
    keyed = [keys_of(standing, zone()) for standing in standings]
    wanted = sorted({key for keys in keyed for key in keys})
    if not wanted:
        return [None] * len(standings)
    rows = hot_cursor().execute(
        "SELECT key, minutes, stretch, opens, closes FROM shipments_lane_time WHERE key = ANY(%s::text[])",
        [wanted],
    )
    known = {row[0]: row[1:] for row in rows}
    said: list[Estimate | None] = []
    for standing, keys in zip(standings, keyed, strict=True):
        group = next((known[key] for key in reversed(keys) if key in known), None)
        said.append(_told(group, standing.at, at) if group else None)
    return said


@dataclass(frozen=True)
class Training:
    """One night's learning and what was measured on parcels held back; errors in minutes."""

    at: datetime
    since: datetime
    parcels: int
    examples: int
    groups: int
    measured: int
    coverage: float | None
    mean_error: float | None
    baseline_error: float | None


def find_last_training() -> Training | None:
    """What the estimates stand on; None before the first night."""
    row = EtaTraining.objects.order_by("-at").first()
    if row is None:
        return None
    return Training(
        row.at, row.since, row.parcels, row.examples, row.groups, row.measured, row.coverage,
        row.mean_error, row.baseline_error,
    )  # fmt: skip
