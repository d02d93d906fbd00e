"""The worklist: views by keyset, the strictest promise first, and how many stand in each."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from yishi.cases.models.case import Case, CaseStatus
from yishi.cases.models.parties import CaseParty, Part
from yishi.cases.queries.cards import _OPEN, MAX_COUNT, CaseLine, read_first
from yishi.cases.queries.search import matching_ids
from yishi.cases.rules.status import WAITING_STATUSES
from yishi.kit.errors import Invalid
from yishi.network.models import Outlet
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

VIEWS = ("mine", "outlet", "unassigned", "breaking", "waiting", "offered", "all")
# the views in which cases stand too that another outlet leads and ours have a part in
_SHARED_VIEWS = ("outlet", "breaking", "waiting", "all")
LED, SHARED = "LED", "SHARED"


BREAKING_WITHIN = timedelta(hours=1)


_WAITING = [status.value for status in WAITING_STATUSES]


@dataclass(frozen=True)
class Page:
    """A page of the worklist; `next_cursor` is None on the last one."""

    items: list[CaseLine]
    next_cursor: str | None


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which cases somebody looks at; the page, a saved view, a bulk and an export all read it the same way.

    `outlet` `HQ` is head office's queue. Without `status` and `q` only what is open.
    """

    view: str = "outlet"
    outlet: str | None = None
    status: str | None = None
    category: str | None = None
    source: str | None = None
    due_before: datetime | None = None
    tag: str = ""
    q: str = ""


def worklist(
    *,
    viewer: Viewer,
    view: str = "outlet",
    outlet: str | None = None,
    status: str | None = None,
    category: str | None = None,
    source: str | None = None,
    due_before: datetime | None = None,
    tag: str = "",
    q: str = "",
    cursor: str | None = None,
    limit: int = 25,
    at: datetime,
) -> Page:
    """A page of cases in sight, the strictest promise first; three statements, whatever stands behind.

    Raises Invalid for an unknown view, status or cursor.
    """
    asked = Filters(
        view=view, outlet=outlet, status=status, category=category, source=source, due_before=due_before,
        tag=tag, q=q,
    )  # fmt: skip
    after = Q()
    if cursor:
        due_at, case_no = _read_cursor(cursor)
        after = Q(Q(next_due_at__gt=due_at) | Q(case_no__gt=case_no), next_due_at__gte=due_at)
    # each side is read in the order of its own index
    wanted = _sides(viewer, asked)
    if wanted == [LED, SHARED] and not _has_parts(viewer):
        wanted = [LED]
    found = found_by(viewer, asked, at=at)
    sides = [matching(viewer, asked, at=at, side=side, found=found).filter(after) for side in wanted]
    lines = read_first(sides, CaseLine, limit + 1)
    has_more = len(lines) > limit
    return Page(lines[:limit], _write_cursor(lines[limit - 1]) if has_more else None)


def matching(
    viewer: Viewer,
    asked: Filters,
    *,
    at: datetime,
    side: str = "",
    outlet_ids: Mapping[str, int] | None = None,
    found: Sequence[int] | None = None,
) -> QuerySet[Case]:
    """The cases in this viewer's sight that the filters leave; of one side only those that his outlets lead
    (LED), or have a part in (SHARED). `outlet_ids` spares whoever asks often a statement each time, and
    `found` (`found_by`) whoever asks for both sides the second search.

    Raises NotAllowed, Invalid.
    """
    require(viewer, Permission.CASE_READ)
    sides = [side] if side else _sides(viewer, asked)
    scope = _scope(viewer, asked.outlet, outlet_ids) if LED in sides else Q(pk__in=[])
    scope = scope | _shared(viewer, asked.view) if SHARED in sides else scope
    cases = Case.objects.filter(scope, _view(viewer, asked.view, at))
    said = asked.q.strip()
    if asked.status:
        if asked.status not in CaseStatus.values:
            raise Invalid([("/status", "unknown_status", "没有这个状态")])
        cases = cases.filter(status=asked.status)
    elif not said:
        cases = cases.filter(status__in=_OPEN)
    narrow = {
        "category": asked.category,
        "source": asked.source,
        "next_due_at__lt": asked.due_before,
        "tags__tag": asked.tag,
    }
    cases = cases.filter(**{name: value for name, value in narrow.items() if value})
    found = found_by(viewer, asked, at=at) if found is None else found
    return cases if found is None else cases.filter(pk__in=found)


def found_by(viewer: Viewer, asked: Filters, *, at: datetime) -> list[int] | None:
    """What the words of the filters find; None where there are none. Raises NotAllowed."""
    require(viewer, Permission.CASE_READ)
    said = asked.q.strip()
    return matching_ids(viewer=viewer, q=said, at=at) if said else None


def _scope(viewer: Viewer, outlet: str | None, known: Mapping[str, int] | None = None) -> Q:
    """What lies in sight, as outlet ids, so that the indexes of the worklist fit."""
    if outlet == "HQ":
        return Q(outlet__isnull=True) if viewer.outlet_codes is None else Q(pk__in=[])
    if outlet is None and viewer.outlet_codes is None:
        return Q()
    wanted = {outlet} if outlet is not None else set(viewer.outlet_codes or ())
    if viewer.outlet_codes is not None:
        wanted &= viewer.outlet_codes
    if known is None:
        ids = list(Outlet.objects.filter(code__in=wanted).values_list("pk", flat=True))
    else:
        ids = [known[code] for code in wanted if code in known]
    return Q(outlet_id=ids[0]) if len(ids) == 1 else Q(outlet_id__in=ids)


def _sides(viewer: Viewer, asked: Filters) -> list[str]:
    """Where a list looks: cases with a part stand in some views, unless an outlet is named or all is seen."""
    if asked.view == "offered":
        return [SHARED]
    is_shared = asked.view in _SHARED_VIEWS and asked.outlet is None and viewer.outlet_codes is not None
    return [LED, SHARED] if is_shared else [LED]


def _has_parts(viewer: Viewer) -> bool:
    """Most outlets have a part in no case of others: their lists need not look."""
    codes = sorted(viewer.outlet_codes or ())
    return CaseParty.objects.filter(until__isnull=True, outlet__code__in=codes).exists()


def _shared(viewer: Viewer, view: str) -> Q:
    """Cases in which the viewer's outlets have a part and which none of them leads."""
    live = CaseParty.objects.filter(until__isnull=True)
    if view == "offered":
        live = live.filter(part=Part.OFFERED)
    if viewer.outlet_codes is None:
        return Q(pk__in=live.values("case"))
    codes = sorted(viewer.outlet_codes)
    return Q(pk__in=live.filter(outlet__code__in=codes).values("case")) & ~Q(outlet__code__in=codes)


def _view(viewer: Viewer, view: str, at: datetime) -> Q:
    if view == "mine":
        return Q(assignee_id=viewer.user_id, status__in=_OPEN) if viewer.user_id else Q(pk__in=[])
    known = {
        "outlet": Q(),
        "all": Q(),
        "unassigned": Q(assignee__isnull=True, status__in=_OPEN),
        "breaking": Q(next_due_at__lte=at + BREAKING_WITHIN, status__in=_OPEN),
        "waiting": Q(status__in=_WAITING),
        "offered": Q(),
    }
    if view not in known:
        raise Invalid([("/view", "unknown_view", "没有这个列表")])
    return known[view]


def _write_cursor(line: CaseLine) -> str:
    place = json.dumps([line.next_due_at.isoformat(), line.case_no])
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    try:
        due_at, case_no = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        moment = datetime.fromisoformat(due_at)
        if moment.tzinfo is None or not str(case_no).isalnum():
            raise ValueError
    except (ValueError, TypeError, binascii.Error):
        raise Invalid([("/cursor", "bad_cursor", "翻页标记不对，从第一页再来")]) from None
    return moment, str(case_no)


_SEEN = "status = ANY(%(open)s) AND (%(all)s OR outlet_id = ANY(%(outlets)s))"

# cases that others lead and ours have a part in, for the views in which those stand too
_PARTS = """
SELECT DISTINCT p.case_id FROM cases_party p JOIN cases_case c ON c.id = p.case_id
 WHERE p.until IS NULL AND c.status = ANY(%(open)s)"""
_PART = f"{_PARTS} AND p.outlet_id = ANY(%(outlets)s) AND (c.outlet_id = ANY(%(outlets)s)) IS NOT TRUE"


_COUNTS = {
    # in the order of its index: the planner thinks a person's cases strewn over all outlets, and read all
    "mine": (f"{_SEEN} AND assignee_id = %(user)s ORDER BY next_due_at", ""),
    "outlet": (_SEEN, _PART),
    "unassigned": (f"{_SEEN} AND assignee_id IS NULL", ""),
    "breaking": (f"{_SEEN} AND next_due_at <= %(soon)s", f"{_PART} AND c.next_due_at <= %(soon)s"),
    "waiting": (f"{_SEEN} AND status = ANY(%(waiting)s)", f"{_PART} AND c.status = ANY(%(waiting)s)"),
    "offered": ("", f"{_PARTS} AND p.part = 'OFFERED' AND (%(all)s OR p.outlet_id = ANY(%(outlets)s))"),
}


def _counted(led: str, shared: str) -> str:
    sides = [f"SELECT 1 FROM cases_case WHERE {led}"] if led else []
    rows = " UNION ALL ".join(
        f"({side} LIMIT {MAX_COUNT})" for side in [*sides, *([shared] if shared else [])]
    )
    return f"(SELECT count(*) FROM (SELECT 1 FROM ({rows}) AS found LIMIT {MAX_COUNT}) AS counted)"


def worklist_counts(*, viewer: Viewer, at: datetime) -> dict[str, int]:
    """How many stand in each view, counted no further than 100: a number above 99 is shown as 99+."""
    require(viewer, Permission.CASE_READ)
    codes = sorted(viewer.outlet_codes or ())
    outlets = list(Outlet.objects.filter(code__in=codes).values_list("pk", flat=True)) if codes else []
    capped = ", ".join(_counted(led, shared) for led, shared in _COUNTS.values())
    values: dict[str, Any] = {
        "open": _OPEN,
        "waiting": _WAITING,
        "all": viewer.outlet_codes is None,
        "outlets": outlets,
        "user": viewer.user_id,
        "soon": at + BREAKING_WITHIN,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {capped}", values)
        row = cursor.fetchone()
    return dict(zip(_COUNTS, row, strict=True))
