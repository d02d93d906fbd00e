"""What came of cases: claims and findings side by side, settled at once, contacts again; each with its cases.

Population: cases opened in the period that a person brought, praise apart. A duplicate that was merged counts
as a contact of its own, and not as a case that was settled.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection

from yishi.cases.models.case import Case
from yishi.cases.queries.cards import CaseLine, read_all
from yishi.cases.queries.sight import in_sight
from yishi.cases.rules.outcomes import MOST_SETTLED_DAYS, SETTLED_WITHIN, Share
from yishi.kit.errors import Invalid
from yishi.network.models import Outlet
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

_KEYS = {
    "": "''",
    "category": "c.category",
    "outlet": "coalesce(c.outlet_id, 0)::text",
    "source": "c.source",
    "entry_point": "c.entry_point",
    "month": "to_char(c.opened_at AT TIME ZONE %(zone)s, 'YYYY-MM')",
    "party": "c.finding_party",
    "cause": "c.root_cause",
}
GROUPS = tuple(key for key in _KEYS if key)
MOST_LISTED = 200
MOST_EXPORTED = 10_000

# another contact about the same thing within a stretch of time: a case of the same person or parcel, an urge
_AGAIN = """(
 EXISTS (SELECT 1 FROM cases_case o WHERE o.waybill_no = c.waybill_no AND c.waybill_no <> '' AND o.id <> c.id
   AND o.opened_at > {since} AND o.opened_at <= {until} AND o.case_class <> 'P'
   AND o.split_from_id IS DISTINCT FROM c.id)
 OR EXISTS (SELECT 1 FROM cases_case o WHERE o.contact_id = c.contact_id AND o.id <> c.id
   AND o.opened_at > {since} AND o.opened_at <= {until} AND o.case_class <> 'P'
   AND o.split_from_id IS DISTINCT FROM c.id)
 OR EXISTS (SELECT 1 FROM cases_timeline_entry e WHERE e.case_id = c.id AND {spoke}
   AND e.at > {since} AND e.at <= {until}))"""
_URGED = "e.kind = 'URGED'"
# what he writes while we work is no second contact, what he writes after it was settled is one
_URGED_OR_WROTE_AFTER = "(e.kind = 'URGED' OR (e.kind = 'CONSUMER' AND e.at > c.resolved_at))"
_SPOKE_AGAIN = "e.kind IN ('URGED', 'CONSUMER')"
_AGAIN_WITHIN = {
    days: _AGAIN.format(
        since="c.opened_at", until=f"c.opened_at + interval '{days} days'", spoke=_URGED_OR_WROTE_AFTER
    )
    for days in (3, 30)
}
_AGAIN_AFTER = _AGAIN.format(
    since="c.resolved_at", until="c.resolved_at + %(settled_within)s::interval", spoke=_SPOKE_AGAIN
)
_SETTLED = "(c.merged_into_id IS NULL AND (c.resolved_at IS NOT NULL OR c.reopenings > 0))"
_QUIET_LONG = "c.resolved_at <= %(at)s::timestamptz - %(settled_within)s::interval"
_RIPE = f"({_SETTLED} AND (c.reopenings > 0 OR {_QUIET_LONG}))"
_FOUND = "(c.finding_validity IN ('VALID', 'PARTLY'))"

# what a number counts, as a condition on a case; a number leads to its cases by the same words
FIGURES = {
    "claimed": "true",
    "complaints": "c.case_class IN ('E', 'C')",
    "complaints_found": f"(c.case_class IN ('E', 'C') AND {_FOUND})",
    "settled": _SETTLED,
    "judged": "(c.finding_validity <> '')",
    "valid": "(c.finding_validity = 'VALID')",
    "partly": "(c.finding_validity = 'PARTLY')",
    "invalid": "(c.finding_validity = 'INVALID')",
    "found": _FOUND,
    "once_of": _RIPE,
    "once": f"({_RIPE} AND c.reopenings = 0 AND NOT {_AGAIN_AFTER})",
    "again_3_of": "(c.opened_at <= %(at)s::timestamptz - interval '3 days')",
    "again_3": f"(c.opened_at <= %(at)s::timestamptz - interval '3 days' AND {_AGAIN_WITHIN[3]})",
    "again_30_of": "(c.opened_at <= %(at)s::timestamptz - interval '30 days')",
    "again_30": f"(c.opened_at <= %(at)s::timestamptz - interval '30 days' AND {_AGAIN_WITHIN[30]})",
    "repeat_3": "(c.repeats_in_3_days > 0)",
    "repeat_30": "(c.repeats_in_30_days > 0)",
    "same_cause": "(c.cause_by <> '')",
}
_WHERE = """c.opened_at >= %(since)s AND c.opened_at < %(until)s AND NOT c.is_internal AND c.case_class <> 'P'
 AND (%(all)s OR c.outlet_id = ANY(%(outlets)s))"""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The figures of one group. `found` counts what was found to be this group, whatever had been claimed."""

    key: str
    label: str
    counts: dict[str, int]
    found_as: int

    def share(self, part: str, whole: str) -> Share:
        return Share(self.counts[part], self.counts[whole])

    @property
    def once(self) -> Share:
        """首次解决率"""
        return self.share("once", "once_of")

    @property
    def again_3(self) -> Share:
        """二次进线, within 3 days"""
        return self.share("again_3", "again_3_of")

    @property
    def again_30(self) -> Share:
        return self.share("again_30", "again_30_of")

    @property
    def valid(self) -> Share:
        """有效率: found to be so, at least partly, of all that were judged."""
        return self.share("found", "judged")

    @property
    def repeat_30(self) -> Share:
        """重复投诉, within 30 days"""
        return self.share("repeat_30", "claimed")

    @property
    def same_cause(self) -> Share:
        """Others' cases of the same cause before it, within 30 days"""
        return self.share("same_cause", "claimed")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which cases are counted: opened from `since` until before `until`; settled at once = quiet so long."""

    since: datetime
    until: datetime
    settled_within: timedelta = SETTLED_WITHIN


class Lasted(NamedTuple):
    outlet_id: int | None
    opened_at: datetime
    settled_at: datetime


def outcome_rates(*, viewer: Viewer, asked: Asked, by: str = "", at: datetime) -> list[Outcome]:
    """The figures of each group, the largest first (months in order); without `by` of all in sight.

    Raises Invalid for an unknown group, or for a stretch beyond 30 days.
    """
    values = _values(viewer, asked, by, at)
    counted = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in FIGURES.values())
    rows = _rows(f"SELECT {_KEYS[by]} AS key, {counted} FROM cases_case c WHERE {_WHERE} GROUP BY 1", values)
    found = _found_as(by, values)
    label = _labels(by)
    counts = {row[0]: dict(zip(FIGURES, row[1:], strict=True)) for row in rows}
    nothing = dict.fromkeys(FIGURES, 0)
    outcomes = [
        Outcome(
            key=key,
            label=label(key),
            counts=counts.get(key, nothing),
            found_as=found.get(key, 0) if by == "category" else counts[key]["found"],
        )
        for key in {**counts, **found}
    ]
    if by == "month":
        return sorted(outcomes, key=lambda one: one.key)
    return sorted(outcomes, key=lambda one: (-one.counts["claimed"], -one.found_as, one.key))


def list_behind(
    *, viewer: Viewer, asked: Asked, figure: str, by: str = "", key: str = "", at: datetime,
    most: int = MOST_LISTED,
) -> list[CaseLine]:  # fmt: skip
    """The cases that a number counts, the newest first. `found_as` are those found to be this category."""
    values = _values(viewer, asked, by, at)
    if figure != "found_as" and figure not in FIGURES:
        raise Invalid([("/figure", "unknown_figure", "没有这个数")])
    is_found = figure == "found_as"
    column = "c.finding_category" if is_found and by == "category" else _KEYS[by]
    condition = _FOUND if is_found else FIGURES[figure]
    narrow = f"AND {column} = %(key)s" if by else ""
    sql = f"SELECT c.id FROM cases_case c WHERE {_WHERE} {narrow} AND {condition}"
    sql += " ORDER BY c.opened_at DESC LIMIT %(most)s"
    ids = [row[0] for row in _rows(sql, {**values, "key": key, "most": most})]
    return read_all(Case.objects.filter(in_sight(viewer), pk__in=ids).order_by("-opened_at"), CaseLine)


def settle_times(*, viewer: Viewer, asked: Asked, at: datetime) -> list[Lasted]:
    """How long the newest 5,000 settled cases took, to be counted in natural or in service hours."""
    sql = f"SELECT c.outlet_id, c.opened_at, c.resolved_at FROM cases_case c WHERE {_WHERE}"
    sql += f" AND {_SETTLED} AND c.resolved_at IS NOT NULL ORDER BY c.opened_at DESC LIMIT 5000"
    return [Lasted(*row) for row in _rows(sql, _values(viewer, asked, "", at))]


def _values(viewer: Viewer, asked: Asked, by: str, at: datetime) -> dict[str, Any]:
    require(viewer, Permission.CASE_READ)
    if by not in _KEYS:
        raise Invalid([("/by", "unknown_group", "不能这样分")])
    if not timedelta(days=1) <= asked.settled_within <= timedelta(days=MOST_SETTLED_DAYS):
        raise Invalid([("/within", "out_of_range", "1 到 30 天")])
    codes = sorted(viewer.outlet_codes or ())
    outlets = list(Outlet.objects.filter(code__in=codes).values_list("pk", flat=True)) if codes else []
    return {
        "since": asked.since,
        "until": asked.until,
        "settled_within": asked.settled_within,
        "at": at,
        "zone": settings.TIME_ZONE,
        "all": viewer.outlet_codes is None,
        "outlets": outlets,
    }


def _found_as(by: str, values: dict[str, Any]) -> dict[str, int]:
    if by != "category":
        return {}
    sql = f"SELECT c.finding_category, count(*) FROM cases_case c WHERE {_WHERE} AND {_FOUND} GROUP BY 1"
    return dict(_rows(sql, values))


def _labels(by: str) -> Callable[[str], str]:
    if by != "outlet":
        return lambda key: key
    names = {str(pk): name for pk, name in Outlet.objects.values_list("pk", "name")}
    return lambda key: names.get(key, "")


def _rows(sql: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
