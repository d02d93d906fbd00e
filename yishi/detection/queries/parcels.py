"""Parcels as the rules want them: any number of them in the same seven statements."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from yishi.consignees.rules import is_for
from yishi.detection.rules.parcel import (
    Allowance,
    Attempt,
    Habit,
    Parcel,
    Position,
    Scan,
    Stop,
    Wish,
    middle,
    position_of,
)
from yishi.detection.rules.settings import Scope
from yishi.kit.hot import hot_cursor
from yishi.kit.personal import unseal
from yishi.shipments.rules.milestones import RANK, milestone_of_event
from yishi.shipments.rules.provinces import plain_city

T = TypeVar("T")

_REMEMBERED = timedelta(days=60)
"""A wish that ended longer ago stood at no moment that a rule looks at (GIVEN_UP)."""

_PARCELS = """
SELECT s.id, s.carrier, coalesce(d.product, ''), coalesce(nullif(f.city, ''), ''),
       coalesce(nullif(d.city, ''), o.city, ''), s.outlet_id, coalesce(h.code, ''), coalesce(o.code, ''),
       coalesce(c.code, ''), s.promised_at, d.consignee_id, s.courier_number,
       CASE WHEN s.first_event_at IS NULL THEN d.updated_at END, s.waybill_no, d.address
  FROM shipments_shipment s LEFT JOIN shipments_details d ON d.shipment_id = s.id
  LEFT JOIN network_outlet o ON o.id = d.destination_outlet_id
  LEFT JOIN network_outlet f ON f.id = d.origin_outlet_id
  LEFT JOIN network_outlet h ON h.id = s.outlet_id
  LEFT JOIN network_carrier k ON k.code = s.carrier
  LEFT JOIN network_outlet_code c ON c.outlet_id = o.id AND c.carrier_id = k.id
 WHERE s.id = ANY(%s) AND s.merged_into_id IS NULL ORDER BY s.id
"""
# a scanner may run ahead of the time, never after we heard of it
_SCANS = """
SELECT e.shipment_id, least(e.happened_at, e.received_at), e.kind, coalesce(p.plugin, ''), e.source_code,
       e.detail, e.city, e.outlet, e.courier, e.consent, e.position
  FROM shipments_event e LEFT JOIN feeds_source p ON p.id = e.source_id
 WHERE e.shipment_id = ANY(%s) ORDER BY e.shipment_id, e.happened_at, e.identity
"""
_ATTEMPTS = """
SELECT shipment_id, at, kind FROM shipments_contact_attempt WHERE shipment_id = ANY(%s) ORDER BY at
"""
_STOPS = """
SELECT shipment_id, since, reason FROM shipments_stop WHERE shipment_id = ANY(%s) AND lifted_at IS NULL
"""
# whoever mentions this phone is the same person; what he wished and what he allowed, at any time lately
_WISHES = """
WITH people AS (
  SELECT c.id, same.id AS contact_id FROM consignees_contact c
    JOIN consignees_contact same ON same.id = c.id OR same.phone_hash = c.phone_hash
   WHERE c.id = ANY(%s)
)
SELECT w.id, p.kind, NULL, greatest(p.noted_at, p.valid_from), least(p.ended_at, p.valid_until), p.address
  FROM people w JOIN consignees_delivery_preference p USING (contact_id)
 WHERE p.ended_at IS NULL OR p.ended_at > %s
 UNION ALL
SELECT w.id, a.placement, a.waybill_no, a.given_at, least(a.valid_until, a.withdrawn_at), NULL
  FROM people w JOIN consignees_consent a USING (contact_id)
 WHERE a.waybill_no = '' OR a.waybill_no = ANY(%s)
"""
_HABITS = """
SELECT h.carrier, h.courier_number, h.signed, h.batch_share, h.night_share, h.contact_share, h.drift_m,
       h.complaints
  FROM detection_courier_habit h JOIN unnest(%s::text[], %s::text[]) AS w (carrier, number)
    ON h.carrier = w.carrier AND h.courier_number = w.number
"""
_HOMES = """
SELECT consignee_id, latitude, longitude, shipment_id FROM detection_sign
 WHERE consignee_id = ANY(%s) AND latitude IS NOT NULL
"""
_SAME_MINUTE = """
SELECT w.shipment, count(s.shipment_id)
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[]) AS w (shipment, carrier, number, at)
  JOIN detection_sign s ON s.carrier = w.carrier AND s.courier_number = w.number
   AND s.signed_at BETWEEN w.at - interval '1 minute' AND w.at + interval '1 minute'
   AND s.shipment_id <> w.shipment
 GROUP BY w.shipment
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A parcel with what is needed beside the rules: whose it is, and how settings name it."""

    shipment_id: int
    waybill_no: str
    outlet_id: int | None
    consignee_id: int | None
    scope: Scope
    parcel: Parcel


def read_parcels(shipment_ids: Sequence[int], *, at: datetime) -> list[Watched]:
    """These parcels as of now, by id; those joined to another row are left out.

    Who signed in the same minute is known only of parcels whose signing was kept (`keep_signs`).
    """
    ids = sorted(shipment_ids)
    rows = hot_cursor().execute(_PARCELS, [ids], prepare=True).fetchall()
    scans = _scans(ids)
    attempts = _by_first(_all(_ATTEMPTS, [ids]), Attempt)
    stops = _by_first(_all(_STOPS, [ids]), Stop)
    people = sorted({row[10] for row in rows if row[10] is not None})
    wishes: dict[int, list[tuple[str, Wish]]] = defaultdict(list)
    allowed: dict[int, list[tuple[str, Allowance]]] = defaultdict(list)
    numbers = [row[13] for row in rows]
    since_then = [people, at - _REMEMBERED, numbers]
    for contact_id, kind, number, since, until, where in _all(_WISHES, since_then) if people else ():
        if number is None:
            wishes[contact_id].append((unseal(where) if where else "", Wish(kind, since, until)))
        else:
            allowed[contact_id].append((number, Allowance(kind, since, until)))
    watched, seen = [], set[int]()
    for row in rows:
        if row[0] in seen:
            continue  # an outlet with two codes of one carrier
        seen.add(row[0])
        mine = scans.get(row[0], ())
        watched.append(_watched(row, mine, attempts.get(row[0], ()), stops.get(row[0], ()), wishes, allowed))
    return watched


def _all(query: str, values: list[Any]) -> list[Any]:
    return hot_cursor().execute(query, values, prepare=True).fetchall()


def _scans(ids: list[int]) -> dict[int, tuple[Scan, ...]]:
    found: dict[int, list[Scan]] = defaultdict(list)
    for shipment_id, at, kind, plugin, code, detail, city, outlet, courier, consent, position in _all(
        _SCANS, [ids]
    ):
        milestone = milestone_of_event(plugin=plugin, source_code=code, kind=kind)
        place = position_of(position) if position else None
        found[shipment_id].append(Scan(at, kind, milestone, detail, city, outlet, courier, consent, place))
    # of two scans in the same moment the one further along the usual way counts, as for the milestone
    return {
        shipment_id: tuple(sorted(scans, key=lambda scan: (scan.at, RANK.get(scan.kind, 0))))
        for shipment_id, scans in found.items()
    }


def _by_first(rows: Iterable[Any], kind: Callable[..., T]) -> dict[int, tuple[T, ...]]:
    found: dict[int, list[T]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(kind(*row[1:]))
    return {key: tuple(values) for key, values in found.items()}


def _watched(
    row: Sequence[Any],
    scans: tuple[Scan, ...],
    attempts: tuple[Attempt, ...],
    stops: tuple[Stop, ...],
    wishes: dict[int, list[tuple[str, Wish]]],
    allowed: dict[int, list[tuple[str, Allowance]]],
) -> Watched:
    origin = plain_city(row[3] or next((scan.city for scan in scans if scan.city), ""))
    scope = Scope(row[1], row[2], origin, plain_city(row[4]), row[7] or row[6])
    return Watched(
        shipment_id=row[0],
        waybill_no=row[13],
        outlet_id=row[5],
        consignee_id=row[10],
        scope=scope,
        parcel=Parcel(
            carrier=row[1],
            product=row[2],
            origin=origin,
            destination=scope.destination,
            outlet=row[6],
            own_outlets=frozenset(code for code in (row[8], row[7]) if code),
            promised_at=row[9],
            scans=scans,
            attempts=attempts,
            stops=stops,
            wishes=_of_here(wishes.get(row[10], ()), row[14]),
            allowed=tuple(one for number, one in allowed.get(row[10], ()) if number in ("", row[13])),
            expected_since=row[12],
        ),
    )


def _of_here(wishes: Sequence[tuple[str, Wish]], sealed: bytes | None) -> tuple[Wish, ...]:
    """Those of every place, and those of this parcel's address; where it is not known, they say nothing."""
    if not any(where for where, _wish in wishes):
        return tuple(wish for _where, wish in wishes)
    address = unseal(sealed) if sealed else ""
    return tuple(wish for where, wish in wishes if not where or (address and is_for(where, address)))


@dataclass(frozen=True, slots=True)
class _Beside:
    """What is known of a signing from other signings."""

    habits: dict[tuple[str, str], Habit]
    homes: dict[int, Position | None]
    same_minute: dict[int, int]


def handed_over(watched: Sequence[Watched]) -> list[tuple[Watched, Scan]]:
    """Those whose last step was to be signed for or put away, with that scan."""
    return [(one, scan) for one in watched if (scan := _last_move(one)) and scan.milestone in _HANDED]


_HANDED = ("DELIVERED", "AT_PICKUP_POINT")
_OUT = ("OUT_FOR_DELIVERY", "DELIVERY_FAILED")


def out_now(watched: Sequence[Watched]) -> list[int]:
    """Those that are with a courier, also after an attempt in vain."""
    return [one.shipment_id for one in watched if (scan := _last_move(one)) and scan.milestone in _OUT]


def _last_move(one: Watched) -> Scan | None:
    return next((scan for scan in reversed(one.parcel.scans) if scan.milestone), None)


def with_beside(watched: Sequence[Watched], handed: Sequence[tuple[Watched, Scan]]) -> list[Watched]:
    """The parcels, those that were handed over with what other signings say of theirs."""
    if not handed:
        return list(watched)
    beside, scans = _beside(handed), {one.shipment_id: scan for one, scan in handed}
    return [
        _with(one, scans[one.shipment_id], beside) if one.shipment_id in scans else one for one in watched
    ]


def _with(one: Watched, scan: Scan, beside: _Beside) -> Watched:
    parcel = replace(
        one.parcel,
        habit=beside.habits.get((one.parcel.carrier, scan.courier)),
        home=beside.homes.get(one.consignee_id or 0),
        same_minute=beside.same_minute.get(one.shipment_id, 0),
    )
    return replace(one, parcel=parcel)


def _beside(handed: Sequence[tuple[Watched, Scan]]) -> _Beside:
    """The couriers' habits, the persons' doors, and how many were signed with each."""
    couriers = sorted({(w.parcel.carrier, scan.courier) for w, scan in handed if scan.courier})
    habits = {
        (row[0], row[1]): Habit(*row[2:])
        for row in _all(_HABITS, [[c for c, _ in couriers], [n for _, n in couriers]])
    }
    placed = sorted({w.consignee_id for w, scan in handed if w.consignee_id and scan.position})
    mine = {w.shipment_id for w, _ in handed}
    doors: dict[int, list[Position]] = defaultdict(list)
    for consignee_id, latitude, longitude, shipment_id in _all(_HOMES, [placed]) if placed else ():
        if shipment_id not in mine:
            doors[consignee_id].append((latitude, longitude))
    asked = [(w.shipment_id, w.parcel.carrier, scan.courier, scan.at) for w, scan in handed if scan.courier]
    same = _all(_SAME_MINUTE, [list(column) for column in zip(*asked, strict=True)]) if asked else []
    return _Beside(habits, {person: middle(places) for person, places in doors.items()}, dict(same))
