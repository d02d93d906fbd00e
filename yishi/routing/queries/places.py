"""What routing must know to open a case: the parcel's chain of custody, and who works where now."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from psycopg.types.numeric import Int8

from yishi.kit.hot import hot_cursor
from yishi.network.rules import Shift
from yishi.routing.rules import people as why
from yishi.routing.rules.custody import Scan
from yishi.routing.rules.people import Candidate, Chosen, Wanted, Weights, choose_person

# an older story does not tell who has the parcel
CUSTODY_WITHIN = timedelta(days=90)
MOST_SCANS = 200


@dataclass(frozen=True)
class Custody:
    """A parcel's scans, oldest first, and the outlet it was sent from, if that is ours; `named` is the person
    whom its corporate shipper asks first, `named_at` the outlet that serves that shipper."""

    scans: tuple[Scan, ...] = ()
    origin: int | None = None
    named: int | None = None
    named_at: int | None = None

    @property
    def outlets(self) -> set[int]:
        found = {scan.outlet_id for scan in self.scans if scan.outlet_id is not None}
        return found | ({self.origin} if self.origin is not None else set())


@dataclass(frozen=True)
class Place:
    """A working outlet: its duty of these days, the people on it, whether it keeps a roster at all, and
    whether anybody works cases there.

    `weights` are the operator's, read beside it.
    """

    code: str = ""
    name: str = ""
    shifts: tuple[Shift, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    has_roster: bool = False
    has_staff: bool = False
    weights: Weights = field(default_factory=Weights)


# a scan names an outlet by the carrier's code for it, or by our own
_CUSTODY = """
SELECT d.origin_outlet_id, e.happened_at, e.kind, COALESCE(named.outlet_id, own.id), agent.id, m.outlet_id
  FROM shipments_shipment s
  LEFT JOIN shipments_details d ON d.shipment_id = s.id
  LEFT JOIN network_merchant m ON m.id = d.merchant_id
  LEFT JOIN people_user agent ON agent.id = m.agent_id AND agent.is_active
  LEFT JOIN LATERAL (
    SELECT happened_at, identity, kind, outlet FROM shipments_event
     WHERE shipment_id = s.id AND happened_at > %s AND happened_at <= %s
     ORDER BY happened_at DESC, identity DESC LIMIT %s) e ON true
  LEFT JOIN network_carrier c ON c.code = s.carrier AND e.outlet <> ''
  LEFT JOIN network_outlet_code named ON named.carrier_id = c.id AND named.code = e.outlet
  LEFT JOIN network_outlet own ON own.code = e.outlet AND e.outlet <> ''
 WHERE s.id = %s
 ORDER BY e.happened_at, e.identity
"""


def custody_of(shipment_id: int, at: datetime) -> Custody:
    """The parcel's way through hands as it was known at `at`."""
    # clocks of sources run ahead a little
    values = [at - CUSTODY_WITHIN, at + timedelta(minutes=10), MOST_SCANS, shipment_id]
    rows = hot_cursor().execute(_CUSTODY, values, prepare=True).fetchall()
    scans = tuple(Scan(row[1], row[2], row[3]) for row in rows if row[1] is not None)
    return Custody(scans, rows[0][0], *rows[0][4:]) if rows else Custody()


# one statement for all candidates: it runs inside the opening of every case. Loads are counted no further
# than the person's limit; only rosters of today, and of last night, are read
_PLACES = """
WITH weights AS MATERIALIZED (
  SELECT category, case_class, language, knows, load, most_open, knows_days FROM routing_weights LIMIT 1),
knows AS MATERIALIZED (
  SELECT assignee_id, opened_at FROM (
    (SELECT assignee_id, opened_at FROM cases_case
      WHERE waybill_no = %(waybill_no)s AND waybill_no <> '' AND id <> %(case_id)s
      ORDER BY opened_at DESC LIMIT 20)
    UNION ALL
    (SELECT assignee_id, opened_at FROM cases_case
      WHERE contact_id = %(contact_id)s AND id <> %(case_id)s ORDER BY opened_at DESC LIMIT 20)) earlier
   WHERE assignee_id IS NOT NULL)
SELECT o.id, o.code, o.name, s.user_id, s.starts, s.ends, s.weekday, s.date, s.is_fallback, h.most_open,
       (SELECT count(*) FROM (
         SELECT 1 FROM cases_case c
          WHERE c.assignee_id = s.user_id
            AND c.status IN ('OPEN', 'IN_PROGRESS', 'WAITING_CUSTOMER', 'WAITING_THIRD_PARTY')
          LIMIT COALESCE(h.most_open, w.most_open, 40)) AS counted),
       EXISTS (SELECT 1 FROM knows WHERE knows.assignee_id = s.user_id AND knows.opened_at >
         %(at)s::timestamptz - make_interval(days => COALESCE(w.knows_days, 30)::int)),
       ARRAY(SELECT ARRAY[kind, value] FROM routing_skill WHERE user_id = s.user_id),
       EXISTS (SELECT 1 FROM network_duty_shift r WHERE r.outlet_id = o.id),
       EXISTS (SELECT 1 FROM people_membership m JOIN people_user u ON u.id = m.user_id
                WHERE m.scope_kind = 'OUTLET' AND m.scope_code = o.code AND u.is_active
                  AND NOT u.is_shared
                  AND u.role IN ('AGENT', 'OUTLET_MANAGER')),
       w.*
  FROM network_outlet o
  LEFT JOIN weights w ON true
  LEFT JOIN (network_duty_shift s JOIN people_user u ON u.id = s.user_id AND u.is_active
             AND NOT u.is_shared)
    ON s.outlet_id = o.id AND (s.date IN (%(today)s, %(yesterday)s)
                               OR s.weekday IN (%(weekday)s, %(last_weekday)s))
  LEFT JOIN routing_helper h ON h.user_id = s.user_id
 WHERE o.id IN ({outlets}) AND o.is_active
"""


@cache
def _places(count: int) -> str:
    """The statement with a place for each of so many outlets: one array of them would be planned anew each
    time, as the planner thinks a plan for any array the dearer one. Planning costs more than running here."""
    return _PLACES.format(outlets=", ".join(f"%(outlet{place})s" for place in range(count)))


def _in_places(outlet_ids: Collection[int]) -> dict[str, Int8]:
    """The outlets for 4, 16, 64 … places, the last one again and again where there are fewer."""
    ids, count = sorted(outlet_ids), 4
    while count < len(ids):
        count *= 4
    return {f"outlet{place}": Int8(ids[min(place, len(ids) - 1)]) for place in range(count)}


@dataclass(frozen=True)
class About:
    """The case for which a person is looked for: who knew its parcel or person before is marked."""

    case_id: int = 0
    waybill_no: str = ""
    contact_id: int | None = None


def working_places(outlet_ids: Collection[int], at: datetime, about: About | None = None) -> dict[int, Place]:
    """The outlets among these that are not closed, in one statement."""
    if not outlet_ids:
        return {}
    about = about or About()
    today = local_time(at).date()
    yesterday = today - timedelta(days=1)
    outlets = _in_places(outlet_ids)
    values = {
        **outlets,
        "at": at,
        "case_id": about.case_id,
        "waybill_no": about.waybill_no,
        "contact_id": about.contact_id,
        "today": today,
        "yesterday": yesterday,
        "weekday": today.weekday(),
        "last_weekday": yesterday.weekday(),
    }
    rows: dict[int, list[tuple[Any, ...]]] = {}
    for row in hot_cursor().execute(_places(len(outlets)), values, prepare=True):
        rows.setdefault(row[0], []).append(row)
    return {outlet_id: _place(found) for outlet_id, found in rows.items()}


def local_time(at: datetime) -> datetime:
    """The moment as rosters are written: in the installation's zone."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE))


def _place(rows: list[tuple[Any, ...]]) -> Place:
    """One outlet from its rows, one a shift of these days; one row where it has none."""
    _, code, name, *_ = rows[0]
    has_roster, has_staff, *weights = rows[0][13:]
    shifts, people = [], {}
    for user_id, *shift, most_open, open_cases, knows, skills in (row[3:13] for row in rows):
        if user_id is not None:
            can = frozenset((kind, value) for kind, value in skills)
            shifts.append(Shift(user_id, *shift))
            people[user_id] = Candidate(user_id, open_cases, most_open, knows, can)
    known = Weights(*weights) if weights[0] is not None else Weights()
    return Place(code, name, tuple(shifts), tuple(people.values()), has_roster, has_staff, known)


_MANAGER, _HEAD_OFFICE, _OWNER = 1, 2, 3
_WHY_ABOVE = {_MANAGER: why.MANAGER, _HEAD_OFFICE: why.HEAD_OFFICE, _OWNER: why.OWNER}

# who is asked when nobody on the roster is there, the nearest first
_ABOVE = """
SELECT tier, user_id FROM (
  SELECT 1 AS tier, u.id AS user_id FROM people_user u JOIN people_membership m ON m.user_id = u.id
   WHERE u.is_active AND u.role = 'OUTLET_MANAGER' AND (
     (m.scope_kind = 'OUTLET' AND m.scope_code = %(code)s)
     OR EXISTS (SELECT 1 FROM people_scope_outlet so WHERE so.outlet_code = %(code)s
                   AND so.scope_kind = m.scope_kind AND so.scope_code = m.scope_code))
  UNION ALL
  SELECT CASE u.role WHEN 'QUALITY' THEN 2 ELSE 3 END, u.id
    FROM people_user u JOIN people_membership m ON m.user_id = u.id
   WHERE u.is_active AND u.role IN ('QUALITY', 'OWNER') AND m.scope_kind = 'OPERATOR') above
 ORDER BY tier, user_id LIMIT 1
"""


def who_is_above(outlet_code: str) -> tuple[int, int] | None:
    """(tier, person): 1 the outlet's manager, 2 head office, 3 the owner; '' is head office's own queue."""
    row = hot_cursor().execute(_ABOVE, {"code": outlet_code}, prepare=True).fetchone()
    return (row[0], row[1]) if row else None


def person_for(place: Place | None, wanted: Wanted, at: datetime) -> Chosen | None:
    """The person who takes a case at this place (None = head office); None where a common list is worked,
    which somebody does: never where nobody is."""
    if place is None:
        above = who_is_above("")
        return Chosen(above[1], why.OWNER) if above and above[0] == _OWNER else None
    chosen = choose_person(
        place.shifts, place.candidates, wanted, weights=place.weights, local=local_time(at)
    )
    if chosen is None and wanted.named is not None and place.has_staff and not place.has_roster:
        return Chosen(wanted.named, why.NAMED)
    if chosen is not None or (place.has_staff and not place.has_roster):
        return chosen
    above = who_is_above(place.code)
    return Chosen(above[1], _WHY_ABOVE[above[0]]) if above else None
