"""The worklist: views by keyset, the strictest promise first, and how many stand in each."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from yishi.cases.models.case import Case, CaseStatus
from yishi.cases.queries.cards import _OPEN, MAX_COUNT, CaseLine, read_all
from yishi.cases.rules.status import WAITING_STATUSES
from yishi.consignees.models import Contact
from yishi.kit.errors import Invalid
from yishi.kit.personal import keyed_hash, normalise_phone
from yishi.network.models import Outlet
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

VIEWS = ("mine", "outlet", "unassigned", "breaking", "waiting", "all")


BREAKING_WITHIN = timedelta(hours=1)


_WAITING = [status.value for status in WAITING_STATUSES]


@dataclass(frozen=True)
class Page:
    """A page of the worklist; `next_cursor` is None on the last one."""

    items: list[CaseLine]
    next_cursor: str | None


def worklist(
    *,
    viewer: Viewer,
    view: str = "outlet",
    outlet: str | None = None,
    status: str | None = None,
    category: str | None = None,
    source: str | None = None,
    due_before: datetime | None = None,
    q: str = "",
    cursor: str | None = None,
    limit: int = 25,
    at: datetime,
) -> Page:
    """A page of cases in sight, the strictest promise first; two statements, whatever stands behind.

    Without `status` and `q` only what is open. `outlet` `HQ` is head office's queue. Raises Invalid for
    an unknown view, status or cursor.
    """
    require(viewer, Permission.CASE_READ)
    cases = Case.objects.filter(_scope(viewer, outlet), _view(viewer, view, at))
    if status:
        if status not in CaseStatus.values:
            raise Invalid([("/status", "unknown_status", "没有这个状态")])
        cases = cases.filter(status=status)
    elif not q.strip():
        cases = cases.filter(status__in=_OPEN)
    for name, value in (("category", category), ("source", source), ("next_due_at__lt", due_before)):
        cases = cases.filter(**{name: value}) if value else cases
    if q.strip():
        cases = cases.filter(_search(q.strip()))
    if cursor:
        due_at, case_no = _read_cursor(cursor)
        cases = cases.filter(Q(next_due_at__gt=due_at) | Q(case_no__gt=case_no), next_due_at__gte=due_at)
    lines = read_all(cases.order_by("next_due_at", "case_no")[: limit + 1], CaseLine)
    has_more = len(lines) > limit
    return Page(lines[:limit], _write_cursor(lines[limit - 1]) if has_more else None)


def _scope(viewer: Viewer, outlet: str | None) -> Q:
    """What lies in sight, as outlet ids, so that the indexes of the worklist fit."""
    if outlet == "HQ":
        return Q(outlet__isnull=True) if viewer.outlet_codes is None else Q(pk__in=[])
    if outlet is None and viewer.outlet_codes is None:
        return Q()
    wanted = {outlet} if outlet is not None else set(viewer.outlet_codes or ())
    if viewer.outlet_codes is not None:
        wanted &= viewer.outlet_codes
    ids = list(Outlet.objects.filter(code__in=wanted).values_list("pk", flat=True))
    return Q(outlet_id=ids[0]) if len(ids) == 1 else Q(outlet_id__in=ids)


def _view(viewer: Viewer, view: str, at: datetime) -> Q:
    if view == "mine":
        return Q(assignee_id=viewer.user_id, status__in=_OPEN) if viewer.user_id else Q(pk__in=[])
    known = {
        "outlet": Q(),
        "all": Q(),
        "unassigned": Q(assignee__isnull=True, status__in=_OPEN),
        "breaking": Q(next_due_at__lte=at + BREAKING_WITHIN, status__in=_OPEN),
        "waiting": Q(status__in=_WAITING),
    }
    if view not in known:
        raise Invalid([("/view", "unknown_view", "没有这个列表")])
    return known[view]


def _search(q: str) -> Q:
    """By number of case, parcel (of open cases also its end) or order; by name, phone or its last four."""
    number = "".join(q.split()).upper().replace("-", "").lstrip("…")
    phone = normalise_phone(q)
    people = Q(name_hash=keyed_hash("name", q))
    if len(phone) == 4:
        people |= Q(phone_tail_hash=keyed_hash("phone_tail", phone))
    elif len(phone) > 6:
        people |= Q(phone_hash=keyed_hash("phone", phone))
    contacts = list(Contact.objects.filter(people).values_list("pk", flat=True)[:200])
    ends = Case.objects.filter(status__in=_OPEN, waybill_no__endswith=number).values_list("pk", flat=True)
    same_end = Q(pk__in=list(ends[:200])) if 5 <= len(number) <= 10 else Q()
    return Q(case_no=number) | Q(waybill_no=number) | Q(external_no=q) | Q(contact__in=contacts) | same_end


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


_COUNTS = {
    "mine": f"{_SEEN} AND assignee_id = %(user)s",
    "outlet": _SEEN,
    "unassigned": f"{_SEEN} AND assignee_id IS NULL",
    "breaking": f"{_SEEN} AND next_due_at <= %(soon)s",
    "waiting": f"{_SEEN} AND status = ANY(%(waiting)s)",
}


def worklist_counts(*, viewer: Viewer, at: datetime) -> dict[str, int]:
    """How many stand in each view, counted no further than 100: a number above 99 is shown as 99+."""
    require(viewer, Permission.CASE_READ)
    codes = sorted(viewer.outlet_codes or ())
    outlets = list(Outlet.objects.filter(code__in=codes).values_list("pk", flat=True)) if codes else []
    capped = ", ".join(
        f"(SELECT count(*) FROM (SELECT 1 FROM cases_case WHERE {where} LIMIT {MAX_COUNT}) AS counted)"
        for where in _COUNTS.values()
    )
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
