"""Where a search may look: the cases in a viewer's sight, also those that the worker has not read yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from yishi.cases.queries.search_words import words_of
from yishi.network.models import Outlet
from yishi.people.rules import Viewer

MOST = 200
# a worker that keeps up leaves a handful; behind one that does not, this many are found all the same
NEWEST, MOST_UNREAD = 300, 100

# cases in which the viewer's outlets have a part (`queries.sight`)
SHARED = "SELECT case_id FROM cases_party WHERE until IS NULL AND outlet_id = ANY(%(outlets)s)"
SIGHT = f"(%(all)s OR c.outlet_id = ANY(%(outlets)s) OR c.id IN ({SHARED}))"
# what the worker has not read yet, of the newest
_UNREAD = f"""
SELECT c.id FROM (SELECT id, outlet_id FROM cases_case ORDER BY id DESC LIMIT %(newest)s) c
 WHERE NOT EXISTS (SELECT 1 FROM cases_search WHERE case_id = c.id) AND {SIGHT}
 ORDER BY c.id DESC LIMIT %(unread)s
"""
_AS_SAID = """
SELECT c.id, c.opened_at, ts_rank_cd(row.words::tsvector, %(words)s::tsquery)
  FROM unnest(%(ids)s::bigint[], %(said)s::text[]) AS row (id, words) JOIN cases_case c ON c.id = row.id
 WHERE row.words::tsvector @@ %(words)s::tsquery
"""


@dataclass(frozen=True)
class Sight:
    all: bool
    outlets: list[int]


class Hit(NamedTuple):
    id: int
    opened_at: datetime
    match: float


def sight_of(viewer: Viewer) -> Sight:
    if viewer.outlet_codes is None:
        return Sight(True, [])
    codes = sorted(viewer.outlet_codes)
    return Sight(False, list(Outlet.objects.filter(code__in=codes).values_list("pk", flat=True)))


def values_of(sight: Sight) -> dict[str, Any]:
    return {"all": sight.all, "outlets": sight.outlets, "most": MOST}


def rows_of(sql: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def unread_hits(sight: Sight, words: str) -> list[Hit]:
    """Hits among the newest cases that the worker has not read yet: they are read here, as they stand."""
    unread = [pk for (pk,) in rows_of(_UNREAD, {**values_of(sight), "newest": NEWEST, "unread": MOST_UNREAD})]
    if not unread:
        return []
    rows = words_of(unread)
    said = {"words": words, "ids": [row.case_id for row in rows], "said": [row.words for row in rows]}
    return [Hit(*row) for row in rows_of(_AS_SAID, said)]
