"""Saved views of the worklist with how many stand in each, in one statement; and the tags of cases."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q

from yishi.cases.models.case import Case
from yishi.cases.models.views import CaseTag, SavedView
from yishi.cases.queries.cards import MAX_COUNT
from yishi.cases.queries.sight import in_sight
from yishi.cases.queries.worklist import Filters, matching
from yishi.network.queries import list_outlet_codes
from yishi.people.rules import Viewer

MOST_SHOWN = 12


@dataclass(frozen=True, kw_only=True)
class ViewCard:
    """A saved view as the worklist shows it; `is_own` may be taken away by its reader."""

    id: int
    name: str
    filters: Mapping[str, Any]
    is_shared: bool
    is_own: bool
    owner_name: str
    count: int


def list_views(*, viewer: Viewer, at: datetime) -> list[ViewCard]:
    """One's own views and those shared with one's outlets (or by head office), with capped counts."""
    shared = Q(is_shared=True, outlet__isnull=True)
    if viewer.outlet_codes is None:
        shared |= Q(is_shared=True)
    else:
        shared |= Q(is_shared=True, outlet__code__in=sorted(viewer.outlet_codes))
    rows = SavedView.objects.filter(Q(owner_id=viewer.user_id) | shared).select_related("owner")
    found = list(rows.order_by("is_shared", "id")[:MOST_SHOWN])
    counts = _counts(viewer, [filters_of(view.filters) for view in found], at)
    return [
        ViewCard(
            id=view.pk,
            name=view.name,
            filters=view.filters,
            is_shared=view.is_shared,
            is_own=view.owner_id == viewer.user_id,
            owner_name=view.owner.name,
            count=count,
        )
        for view, count in zip(found, counts, strict=True)
    ]


def filters_of(kept: Mapping[str, Any]) -> Filters:
    """Filters as they are kept in a view or export."""
    return Filters(
        view=kept.get("view") or "outlet",
        outlet=kept.get("outlet") or None,
        status=kept.get("status") or None,
        category=kept.get("category") or None,
        source=kept.get("source") or None,
        tag=kept.get("tag") or "",
        q=kept.get("q") or "",
    )


def count_matching(viewer: Viewer, asked: Filters, *, at: datetime) -> int:
    """How many cases the filters leave, all of them."""
    return matching(viewer, asked, at=at).count()


def numbers_matching(viewer: Viewer, asked: Filters, *, at: datetime, most: int) -> list[str]:
    """Their numbers in the order of the worklist, at most `most`."""
    found = matching(viewer, asked, at=at).order_by("next_due_at", "case_no")
    return list(found.values_list("case_no", flat=True)[:most])


def case_ids_in_sight(*, viewer: Viewer, case_nos: Collection[str]) -> dict[str, int]:
    """The ids of these cases by number, as far as they are in sight."""
    seen = Case.objects.filter(in_sight(viewer), case_no__in=list(case_nos))
    return dict(seen.values_list("case_no", "pk"))


def _counts(viewer: Viewer, asked: Sequence[Filters], at: datetime) -> list[int]:
    """Up to MAX_COUNT each, all in one statement."""
    parts, values, places = [], list[Any](), list[int]()
    ids = {code: pk for pk, code in list_outlet_codes().items()} if asked else {}
    for place, one in enumerate(asked):
        try:
            query = matching(viewer, one, at=at, outlet_ids=ids).order_by().values("pk")[:MAX_COUNT].query
            sql, params = query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            continue
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")
        values += params
        places.append(place)
    counts = [0] * len(asked)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", values)
            for place, count in zip(places, cursor.fetchone(), strict=True):
                counts[place] = count
    return counts


def tags_of_case(case_id: int) -> list[str]:
    return list(CaseTag.objects.filter(case_id=case_id).order_by("tag").values_list("tag", flat=True))


def list_tags(*, viewer: Viewer) -> list[str]:
    """The words that hang on cases in sight, at most fifty."""
    seen = CaseTag.objects.all()
    if viewer.outlet_codes is not None:
        seen = seen.filter(case__outlet__code__in=sorted(viewer.outlet_codes))
    return list(seen.order_by("tag").values_list("tag", flat=True).distinct()[:50])


def tags_of_cases(case_ids: Collection[int]) -> dict[int, list[str]]:
    tags: dict[int, list[str]] = {}
    for case_id, tag in CaseTag.objects.filter(case_id__in=list(case_ids)).values_list("case_id", "tag"):
        tags.setdefault(case_id, []).append(tag)
    return tags
