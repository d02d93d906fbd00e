"""The words that search reads: written anew when somebody has said something, filled in for old cases."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from yishi.cases.models.case import Case
from yishi.cases.models.search import SearchFilling
from yishi.cases.queries.search_words import words_of

FILL_AT_ONCE = 500
# two that index the same case go one after the other: the later one has read all that was said
_LOCK = """
SELECT pg_advisory_xact_lock(hashtextextended('cases_search:' || id, 0))
  FROM unnest(%s::bigint[]) AS held (id) ORDER BY id
"""
_WRITE = """
INSERT INTO cases_search (case_id, outlet_id, words)
SELECT case_id, outlet_id, words::tsvector
  FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS row (case_id, outlet_id, words)
    ON CONFLICT (case_id) DO UPDATE SET outlet_id = excluded.outlet_id, words = excluded.words
"""


@transaction.atomic(savepoint=False)
def index_cases(*, case_ids: Collection[int]) -> int:
    """Writes the search row of each case from its public words without personal data; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [sorted(case_ids)])
    rows = words_of(case_ids)
    if rows:
        columns: list[list[Any]] = [list(column) for column in zip(*rows, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, columns)
    return len(rows)


@transaction.atomic
def fill_some(*, at: datetime, limit: int = FILL_AT_ONCE) -> int:
    """Indexes the next cases of before, the newest first; returns how many, 0 when all are there."""
    filling = SearchFilling.objects.select_for_update(skip_locked=True).filter(due_at__lte=at).first()
    if filling is None:
        return 0
    older = Case.objects.filter(pk__lt=filling.before_id).order_by("-pk").values_list("pk", flat=True)
    case_ids = list(older[:limit])
    if case_ids:
        index_cases(case_ids=case_ids)
        filling.before_id = case_ids[-1]
    else:
        filling.due_at = None
    filling.save()
    return len(case_ids)


def fill_again(*, at: datetime) -> None:
    """Has every case indexed anew by the worker, as after a change of the rules of tokens."""
    newest = Case.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    SearchFilling.objects.update_or_create(defaults={"before_id": newest + 1, "due_at": at})
