"""What telling ahead did to complaints: two groups of parcels counted, and the cases behind each figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yishi.detection.queries.hold_out import Comparison, WentLive, newest_comparisons, newest_live
from yishi.detection.rules.avoided import WITHIN, Arm, Estimate, Group
from yishi.kit.errors import NotFound
from yishi.kit.hot import hot_cursor
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

AROUND = timedelta(days=28)
"""So long before and after a rule went live is looked at."""
MOST_CASES = 200
TOLD, UNTOLD = "told", "untold"

# a parcel once, by its first finding; complaints are cases of a person, never our own tasks
_FOUND = """
WITH found AS MATERIALIZED (
  SELECT DISTINCT ON (shipment_id) shipment_id, opened_at, {is_told} AS is_told FROM detection_incident
   WHERE kind = %(kind)s AND shipment_id IS NOT NULL AND {which}
     AND opened_at >= %(since)s AND opened_at < %(until)s
   ORDER BY shipment_id, opened_at)
"""
_COMPLAINT = """c.shipment_id = f.shipment_id AND NOT c.is_internal AND c.case_class IN ('E', 'C')
  AND c.opened_at > f.opened_at AND c.opened_at <= f.opened_at + %(within)s"""
_COUNTS = f"""
SELECT is_told, count(*), count(*) FILTER (WHERE EXISTS (SELECT FROM cases_case c WHERE {_COMPLAINT}))
  FROM found f GROUP BY is_told
"""
_CASES = f"""
SELECT DISTINCT c.case_no, c.category, c.opened_at, c.waybill_no
  FROM found f JOIN cases_case c ON {_COMPLAINT}
 WHERE f.is_told = %(is_told)s ORDER BY c.opened_at DESC LIMIT %(most)s
"""
_ARMS = _FOUND.format(is_told=f"arm = '{Arm.TOLD}'", which="arm <> ''")
_AROUND = _FOUND.format(
    is_told="opened_at >= %(live_at)s",
    which="""setting_id = %(setting)s AND steps @> '["TELL"]'
     AND NOT (is_shadow AND opened_at >= %(live_at)s)""",
)


@dataclass(frozen=True, kw_only=True)
class Avoided:
    """One kind: by whom it was compared (`comparison`), or only before with after (`live`), and what came."""

    kind: str
    comparison: Comparison | None
    live: WentLive | None
    estimate: Estimate | None

    @property
    def is_weak(self) -> bool:
        """A before and an after differ by more than the telling."""
        return self.estimate is not None and self.comparison is None


@dataclass(frozen=True)
class Complaint:
    """One case behind a figure."""

    case_no: str
    category: str
    opened_at: datetime
    waybill_no: str


def complaints_avoided(*, viewer: Viewer, kinds: Sequence[str], at: datetime) -> list[Avoided]:
    """For each kind the comparison with those held out; else before and after its rule went live; else
    nothing. Findings count whose WITHIN is over. Raises NotAllowed."""
    comparisons, lives = newest_comparisons(viewer=viewer), newest_live(viewer=viewer)
    return [_avoided(kind, comparisons.get(kind), lives.get(kind), at) for kind in kinds]


def _avoided(kind: str, comparison: Comparison | None, live: WentLive | None, at: datetime) -> Avoided:
    asked = _asked(kind, comparison, live, at)
    estimate = None
    if asked is not None:
        query, values = asked
        counts = {
            is_told: Group(n, complained)
            for is_told, n, complained in hot_cursor().execute(query + _COUNTS, values).fetchall()
        }
        estimate = Estimate(told=counts.get(True, Group(0, 0)), untold=counts.get(False, Group(0, 0)))
    return Avoided(kind=kind, comparison=comparison, live=live, estimate=estimate)


def _asked(
    kind: str, comparison: Comparison | None, live: WentLive | None, at: datetime
) -> tuple[str, dict[str, Any]] | None:
    """The statement's beginning and its values; None where nothing can be compared."""
    values: dict[str, Any] = {"kind": kind, "within": WITHIN}
    if comparison is not None:
        ends = min(at - WITHIN, comparison.ended_at or at)
        return _ARMS, values | {"since": comparison.begun_at, "until": ends}
    if live is not None:
        begins, ends = live.live_at - AROUND, min(live.live_at + AROUND, at - WITHIN)
        around = {"since": begins, "until": ends, "live_at": live.live_at, "setting": live.setting_id}
        return _AROUND, values | around
    return None


def complaints_of_group(*, viewer: Viewer, kind: str, group: str, at: datetime) -> list[Complaint]:
    """The cases behind a figure, newest first, at most MOST_CASES. Raises NotAllowed, NotFound."""
    require(viewer, Permission.CASE_READ)
    comparison = newest_comparisons(viewer=viewer).get(kind)
    asked = _asked(kind, comparison, newest_live(viewer=viewer).get(kind), at)
    if asked is None or group not in (TOLD, UNTOLD):
        raise NotFound()
    query, values = asked
    more = {"is_told": group == TOLD, "most": MOST_CASES}
    return [Complaint(*row) for row in hot_cursor().execute(query + _CASES, values | more).fetchall()]
