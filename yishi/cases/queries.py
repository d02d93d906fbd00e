"""Reading cases: the one door for a viewer, the private link, the worklist by keyset, the history."""

import base64
import binascii
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left

from yishi.cases.actions.lines import sentence_of, title_of, told_of
from yishi.cases.models import Audience, Author, Case, CaseStatus, Category, Evidence, TimelineEntry
from yishi.cases.rules import OPEN_STATUSES, WAITING_STATUSES
from yishi.consignees.models import Contact
from yishi.kit.errors import Invalid, NotFound
from yishi.kit.ids import token_hash
from yishi.kit.models import StoredFile
from yishi.kit.personal import keyed_hash, normalise_phone
from yishi.network.models import Outlet
from yishi.people.queries import require, staff_names, within_scope
from yishi.people.rules import Permission, Viewer

VIEWS = ("mine", "outlet", "unassigned", "breaking", "waiting", "all")
BREAKING_WITHIN = timedelta(hours=1)
MAX_COUNT = 100
_OPEN = [status.value for status in OPEN_STATUSES]
_WAITING = [status.value for status in WAITING_STATUSES]


@dataclass(frozen=True, kw_only=True)
class CaseLine:
    """A case in a list. `text` begins what was said; `next_due_at` is NEVER where no clock runs."""

    id: int
    case_no: str
    category: str
    status: str
    source: str
    external_no: str
    waybill_no: str
    carrier: str
    outlet_id: int | None
    outlet_code: str | None
    outlet_name: str
    assignee_id: int | None
    assignee_name: str
    priority: int
    is_repeat: bool
    opened_at: datetime
    next_due_at: datetime
    version: int
    text: str


@dataclass(frozen=True, kw_only=True)
class CaseCard(CaseLine):
    """A case with all that its page needs; who may see it has been checked by whoever got it."""

    case_class: str
    external_due_at: datetime | None
    external_state: str
    shipment_id: int | None
    contact_id: int | None
    is_verified: bool
    is_internal: bool
    is_in_arbitration: bool
    is_before_regulator: bool
    replied_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    remedy: str
    root_cause: str
    finding_validity: str
    finding_category: str
    finding_responsible: str
    finding_reason: str
    repeat_of_no: str
    language: str
    entry_point: str

    @property
    def is_open(self) -> bool:
        return self.status in _OPEN


@dataclass(frozen=True)
class Page:
    """A page of the worklist; `next_cursor` is None on the last one."""

    items: list[CaseLine]
    next_cursor: str | None


@dataclass(frozen=True, kw_only=True)
class TimelineLine:
    """A line of history in the reader's language. `is_said`: `text` is a person's own words."""

    id: int
    at: datetime
    kind: str
    audience: str
    title: str
    text: str
    is_said: bool
    author_kind: str
    author: str

    @property
    def is_internal(self) -> bool:
        return self.audience == Audience.INTERNAL


@dataclass(frozen=True, kw_only=True)
class EvidenceLine:
    file_id: UUID
    entry_id: int
    name: str
    content_type: str
    size: int
    has_thumbnail: bool
    author_kind: str
    at: datetime


L = TypeVar("L", bound=CaseLine)

# where a field of a line or card is not the column of the same name
_COLUMNS = {
    "outlet_code": "outlet__code",
    "outlet_name": "outlet__name",
    "assignee_name": "assignee__name",
    "is_repeat": "repeat_of_id",
    "repeat_of_no": "repeat_of__case_no",
    "text": "said",
}


def access_case(*, viewer: Viewer, case_no: str) -> CaseCard:
    """The only door to a case on behalf of a person. NotAllowed for the role, NotFound when foreign."""
    require(viewer, Permission.CASE_READ)
    return _one(Case.objects.filter(within_scope(viewer, "outlet__code"), case_no=case_no))


def get_case(case_id: int) -> CaseCard:
    """A case that the caller has got through a door. Raises NotFound."""
    return _one(Case.objects.filter(pk=case_id))


def get_case_by_token(token: str) -> CaseCard:
    """The case of a private link; internal ones have none. Raises NotFound."""
    return _one(Case.objects.filter(token_hash=token_hash(token), is_internal=False))


def list_cases(*, viewer: Viewer, case_nos: Sequence[str]) -> list[CaseLine]:
    """These cases as they are now, as far as they are in sight, in the order of the worklist."""
    seen = Case.objects.filter(within_scope(viewer, "outlet__code"), case_no__in=list(case_nos)[:MAX_COUNT])
    return _read_all(seen.order_by("next_due_at", "case_no"), CaseLine)


def case_numbers(*, viewer: Viewer, case_ids: Collection[int]) -> dict[int, str]:
    """The numbers of these cases, as far as they are in sight."""
    seen = Case.objects.filter(within_scope(viewer, "outlet__code"), pk__in=list(case_ids))
    return dict(seen.values_list("pk", "case_no"))


def list_cases_of_waybill(*, viewer: Viewer, waybill_no: str) -> list[CaseLine]:
    """Cases about one parcel, the newest first, at most 50."""
    seen = Case.objects.filter(within_scope(viewer, "outlet__code"), waybill_no=waybill_no)
    return _read_all(seen.order_by("-opened_at")[:50], CaseLine)


def list_cases_of_contact(*, viewer: Viewer, contact_id: int) -> list[CaseLine]:
    """Cases of one person, the newest first, at most 50."""
    seen = Case.objects.filter(within_scope(viewer, "outlet__code"), contact_id=contact_id)
    return _read_all(seen.order_by("-opened_at")[:50], CaseLine)


def _one(cases: QuerySet[Case]) -> CaseCard:
    found = _read_all(cases[:1], CaseCard)
    if not found:
        raise NotFound()
    return found[0]


def _read_all(cases: QuerySet[Case], kind: type[L]) -> list[L]:
    opening = TimelineEntry.objects.filter(case=OuterRef("pk")).order_by("id")
    said = Subquery(opening.values(beginning=Left("text", 20_000 if kind is CaseCard else 240))[:1])
    names = [field.name for field in fields(kind)]
    rows = cases.annotate(said=said).values_list(*(_COLUMNS.get(name, name) for name in names))
    return [kind(**_cleaned(dict(zip(names, row, strict=True)))) for row in rows]


def _cleaned(values: dict[str, Any]) -> dict[str, Any]:
    values["is_repeat"] = values["is_repeat"] is not None
    for name in ("outlet_name", "assignee_name", "repeat_of_no", "text"):
        if name in values:
            values[name] = values[name] or ""
    return values


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
    lines = _read_all(cases.order_by("next_due_at", "case_no")[: limit + 1], CaseLine)
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


def list_timeline(case_id: int, audience: str = "INTERNAL") -> list[TimelineLine]:
    """The history, oldest first, in the reader's language. PUBLIC: no inside lines, no staff's names."""
    entries = TimelineEntry.objects.filter(case_id=case_id).order_by("id")
    if audience == Audience.PUBLIC:
        entries = entries.filter(audience=Audience.PUBLIC)
    rows = list(entries)
    ids = {row.author_id for row in rows if row.author_id} if audience != Audience.PUBLIC else set()
    names = staff_names(ids) if ids else {}
    say = told_of if audience == Audience.PUBLIC else sentence_of
    return [_line(row, names, say) for row in rows]


def _line(
    row: TimelineEntry, names: dict[int, str], say: Callable[[str, Mapping[str, Any]], str]
) -> TimelineLine:
    author = names.get(row.author_id or 0) or str(Author(row.author_kind).label)
    return TimelineLine(
        id=row.pk,
        at=row.at,
        kind=row.kind,
        audience=row.audience,
        title=title_of(row.kind),
        text=row.text or say(row.kind, row.data),
        is_said=bool(row.text),
        author_kind=row.author_kind,
        author=author,
    )


def list_evidence(case_id: int, *, audience: str = "INTERNAL") -> list[EvidenceLine]:
    """Files of a case, oldest first; PUBLIC shows only what the person sent himself."""
    links = Evidence.objects.filter(case_id=case_id).select_related("file").order_by("id")
    if audience == Audience.PUBLIC:
        links = links.filter(author_kind=Author.CONSUMER)
    return [
        EvidenceLine(
            file_id=link.file_id,
            entry_id=link.entry_id,
            name=link.file.name,
            content_type=link.file.content_type,
            size=link.file.size,
            has_thumbnail=link.file.has_thumbnail,
            author_kind=link.author_kind,
            at=link.at,
        )
        for link in links
    ]


def access_file(*, viewer: Viewer, file_id: UUID) -> StoredFile:
    """The door to a file: it must belong to a case in sight. Raises NotFound, NotAllowed."""
    require(viewer, Permission.CASE_READ)
    link = Evidence.objects.filter(
        within_scope(viewer, "case__outlet__code"), file_id=file_id
    ).select_related("file")
    found = link.first()
    if found is None:
        raise NotFound()
    return found.file


def category_choices() -> list[tuple[str, str]]:
    """Categories that a person can claim, with their names in the reader's language."""
    return [(value, str(label)) for value, label in Category.choices if value != Category.FALSE_SIGN_OFF]
