"""What was known of parcels at given moments, set-wise: the same statements score today's and teach from the
past, so that what a model learnt from is what it meets. Nothing later than its moment is looked at."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from yishi.detection.models.risk import WeatherNote
from yishi.detection.rules.risk import (
    COURIER_DAYS,
    PERSON_DAYS,
    USED_WISHES,
    Known,
    is_fragile,
    worst_weather,
)
from yishi.kit.hot import hot_cursor
from yishi.shipments.queries.eta import zone
from yishi.shipments.rules.milestones import MILESTONE_OF, Milestone
from yishi.shipments.rules.provinces import plain_city
from yishi.shipments.rules.special import special_of

FAILED = sorted(kind for kind, one in MILESTONE_OF.items() if one == Milestone.DELIVERY_FAILED)
OUT = sorted(kind for kind, one in MILESTONE_OF.items() if one == Milestone.OUT_FOR_DELIVERY)


@dataclass(frozen=True)
class Moment:
    """A parcel at a moment; of its scans only what we had heard by `heard_at` counts."""

    shipment_id: int
    at: datetime
    heard_at: datetime


@dataclass(frozen=True)
class Standing:
    """What was known, and where the parcel was then."""

    known: Known
    outlet_id: int | None


# an event's outlet is its carrier's code; where it is none of ours the parcel's own stands
_PARCELS = """
SELECT a.n, s.carrier, coalesce(d.product, ''), coalesce(d.goods, ''), coalesce(d.handling, '[]'),
       d.declared_value_fen, coalesce(d.insured, false), coalesce(d.cash_on_delivery_fen, 0) > 0,
       s.promised_at, d.consignee_id, e.first_at, e.failures, e.is_damaged, e.is_missorted,
       coalesce(e.courier, ''), o.id, coalesce(o.city, ''),
       (SELECT count(*) FROM shipments_contact_attempt t WHERE t.shipment_id = s.id AND t.at < a.at)
  FROM unnest(%(ns)s::int[], %(ids)s::bigint[], %(ats)s::timestamptz[], %(heards)s::timestamptz[])
       AS a (n, id, at, heard_at)
  JOIN shipments_shipment s ON s.id = a.id LEFT JOIN shipments_details d ON d.shipment_id = s.id
  LEFT JOIN LATERAL (
    SELECT min(least(v.happened_at, v.received_at)) AS first_at,
           count(*) FILTER (WHERE v.kind = ANY(%(failed)s)) AS failures,
           coalesce(bool_or(v.kind = 'damaged'), false) AS is_damaged,
           coalesce(bool_or(v.kind = 'missorted'), false) AS is_missorted,
           (array_agg(v.courier ORDER BY v.happened_at DESC) FILTER (WHERE v.courier <> ''))[1] AS courier,
           (array_agg(v.outlet ORDER BY v.happened_at DESC) FILTER (WHERE v.outlet <> ''))[1] AS outlet
      FROM shipments_event v WHERE v.shipment_id = s.id AND v.received_at <= a.heard_at
       AND least(v.happened_at, v.received_at) <= a.at) e ON true
  LEFT JOIN network_carrier k ON k.code = s.carrier
  LEFT JOIN network_outlet_code c ON c.carrier_id = k.id AND c.code = e.outlet
  LEFT JOIN network_outlet o ON o.id = coalesce(c.outlet_id, s.outlet_id)
 ORDER BY a.n
"""
# whoever mentions this phone is the same person
_WISHES = """
SELECT DISTINCT a.n, p.kind FROM unnest(%(ns)s::int[], %(people)s::bigint[], %(ats)s::timestamptz[])
       AS a (n, id, at)
  JOIN consignees_contact c ON c.id = a.id
  JOIN consignees_contact same ON same.id = c.id OR same.phone_hash = c.phone_hash
  JOIN consignees_delivery_preference p ON p.contact_id = same.id
 WHERE p.kind = ANY(%(kinds)s) AND p.noted_at <= a.at AND (p.ended_at IS NULL OR p.ended_at > a.at)
   AND (p.valid_from IS NULL OR p.valid_from <= a.at) AND (p.valid_until IS NULL OR p.valid_until >= a.at)
"""
_COMPLAINTS_BEFORE = """
SELECT a.n, count(DISTINCT k.case_no)
  FROM unnest(%(ns)s::int[], %(ids)s::bigint[], %(people)s::bigint[], %(ats)s::timestamptz[])
       AS a (n, id, person, at)
  JOIN consignees_contact c ON c.id = a.person
  JOIN consignees_contact same ON same.id = c.id OR same.phone_hash = c.phone_hash
  JOIN shipments_details d ON d.consignee_id = same.id AND d.shipment_id <> a.id
  JOIN detection_complaint k ON k.shipment_id = d.shipment_id AND k.at <= a.at AND k.at >= a.at - %(back)s
 GROUP BY a.n
"""
_COMPLAINTS_HERE = """
SELECT a.n, count(*) FROM unnest(%(ns)s::int[], %(ids)s::bigint[], %(ats)s::timestamptz[]) AS a (n, id, at)
  JOIN detection_complaint k ON k.shipment_id = a.id AND k.at <= a.at GROUP BY a.n
"""
# a courier counts as of the morning: what came in during the day is not told apart
_COURIERS = """
SELECT w.carrier, w.courier, w.since, count(*), count(*) FILTER (WHERE s.complained_at < w.since)
  FROM unnest(%(carriers)s::text[], %(couriers)s::text[], %(days)s::timestamptz[])
       AS w (carrier, courier, since)
  JOIN detection_sign s ON s.carrier = w.carrier AND s.courier_number = w.courier
   AND s.signed_at >= w.since - %(back)s AND s.signed_at < w.since
 GROUP BY 1, 2, 3
"""
_EVENTS = """
SELECT a.n, i.kind FROM unnest(%(ns)s::int[], %(ids)s::bigint[], %(ats)s::timestamptz[]) AS a (n, id, at)
  JOIN detection_mass_parcel m ON m.shipment_id = a.id JOIN detection_incident i ON i.id = m.event_id
 WHERE i.opened_at <= a.at AND (i.closed_at IS NULL OR i.closed_at > a.at)
"""


def known_at(moments: Sequence[Moment]) -> list[Standing | None]:
    """Each parcel as it was known at its moment, in their order; None for one that is gone."""
    if not moments:
        return []
    values: dict[str, Any] = {
        "ns": list(range(len(moments))),
        "ids": [one.shipment_id for one in moments],
        "ats": [one.at for one in moments],
        "heards": [one.heard_at for one in moments],
        "failed": FAILED,
    }
    rows = {row[0]: row for row in _all(_PARCELS, values)}
    values["people"] = [rows[n][9] if n in rows else None for n in values["ns"]]
    beside = _beside(values)
    couriers = _couriers([(rows[n][1], rows[n][14], _morning(moments[n].at)) for n in rows])
    weather = _Weather([one.at for one in moments])
    return [
        _standing(rows[n], one.at, beside, couriers, weather) if n in rows else None
        for n, one in enumerate(moments)
    ]


@dataclass(frozen=True)
class _Beside:
    wishes: dict[int, set[str]]
    before: dict[int, int]
    here: dict[int, int]
    events: dict[int, str]


def _beside(values: dict[str, Any]) -> _Beside:
    wishes: dict[int, set[str]] = defaultdict(set)
    for n, kind in _all(_WISHES, {**values, "kinds": sorted(USED_WISHES)}):
        wishes[n].add(kind)
    before = _all(_COMPLAINTS_BEFORE, {**values, "back": timedelta(days=PERSON_DAYS)})
    return _Beside(wishes, dict(before), dict(_all(_COMPLAINTS_HERE, values)), dict(_all(_EVENTS, values)))


def _standing(
    row: Sequence[Any],
    at: datetime,
    beside: _Beside,
    couriers: dict[tuple[str, str, datetime], tuple[int, int]],
    weather: "_Weather",
) -> Standing:
    n, carrier, product, goods, handling, declared, is_insured, has_cash, promised_at = row[:9]
    first_at, failures, is_damaged, is_missorted, courier, outlet_id, city, contacts = row[10:]
    late = (at - promised_at).total_seconds() / 3600 if promised_at else 0.0
    signed, complaints = couriers.get((carrier, courier, _morning(at)), (0, 0))
    kind, severity = weather.at(outlet_id, plain_city(city), at)
    known = Known(
        carrier=carrier,
        product=product,
        wishes=frozenset(beside.wishes.get(n, ())),
        complaints_here=beside.here.get(n, 0),
        complaints_before=beside.before.get(n, 0),
        courier_signed=signed,
        courier_complaints=complaints,
        failures=failures or 0,
        contacts=contacts,
        late_hours=max(0.0, late),
        days_under_way=(at - first_at).total_seconds() / 86_400 if first_at else 0.0,
        is_damaged=bool(is_damaged),
        is_missorted=bool(is_missorted),
        special=special_of(
            goods=goods, handling=handling, declared_value_fen=declared, is_insured=is_insured
        ),
        is_fragile=is_fragile(goods, handling),
        has_cash=has_cash,
        weather=kind,
        severity=severity,
        event=beside.events.get(n, ""),
        hour=at.astimezone(zone()).hour,
    )
    return Standing(known, outlet_id)


def _couriers(
    asked: Sequence[tuple[str, str, datetime]],
) -> dict[tuple[str, str, datetime], tuple[int, int]]:
    """(signed, complained of) in the days before that morning."""
    wanted = sorted({one for one in asked if one[1]})
    if not wanted:
        return {}
    columns = dict(zip(("carriers", "couriers", "days"), map(list, zip(*wanted, strict=True)), strict=True))
    rows = _all(_COURIERS, {**columns, "back": timedelta(days=COURIER_DAYS)})
    return {(row[0], row[1], row[2]): (row[3], row[4]) for row in rows}


class _Weather:
    """The notes of the days concerned; there are few, so they are read at once."""

    def __init__(self, ats: Sequence[datetime]) -> None:
        days = [at.astimezone(zone()).date() for at in ats]
        self._notes: dict[tuple[object, object], list[tuple[datetime, str, int]]] = defaultdict(list)
        rows = WeatherNote.objects.filter(day__range=(min(days), max(days))).order_by("noted_at", "pk")
        for outlet_id, city, day, kind, severity, noted_at in rows.values_list(
            "outlet_id", "city", "day", "kind", "severity", "noted_at"
        ):
            self._notes[(outlet_id or plain_city(city), day)].append((noted_at, kind, severity))

    def at(self, outlet_id: int | None, city: str, at: datetime) -> tuple[str, int]:
        day = at.astimezone(zone()).date()
        found: list[tuple[str, int]] = []
        for place in (outlet_id, city):
            notes = self._notes.get((place, day), ()) if place else ()
            newest = {kind: severity for noted_at, kind, severity in notes if noted_at <= at}
            found += newest.items()
        return worst_weather(found)


def _morning(at: datetime) -> datetime:
    local = at.astimezone(zone())
    return datetime.combine(local.date(), time(0), local.tzinfo)


def _all(query: str, values: dict[str, Any]) -> list[Any]:
    return hot_cursor().execute(query, values).fetchall()
