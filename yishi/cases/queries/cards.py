"""The one door to a case for a viewer, the private link, and cases by number, parcel or person."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Left

from yishi.cases.models.case import Case, Category
from yishi.cases.models.history import TimelineEntry
from yishi.cases.queries.sight import in_sight
from yishi.cases.rules.status import OPEN_STATUSES
from yishi.kit.errors import NotFound
from yishi.kit.ids import token_hash
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

MAX_COUNT = 100


_OPEN = [status.value for status in OPEN_STATUSES]


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
    finding_party: str
    finding_responsible: str
    finding_reason: str
    repeat_of_no: str
    repeats_in_3_days: int
    repeats_in_30_days: int
    merged_into_id: int | None
    split_from_id: int | None
    cause_by: str
    language: str
    entry_point: str
    type_key: str
    type_version: int
    form: dict[str, Any]
    step: str

    @property
    def is_open(self) -> bool:
        return self.status in _OPEN


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
    return _one(Case.objects.filter(in_sight(viewer), case_no=case_no))


def get_case(case_id: int) -> CaseCard:
    """A case that the caller has got through a door. Raises NotFound."""
    return _one(Case.objects.filter(pk=case_id))


def get_case_by_token(token: str) -> CaseCard:
    """The case of a private link; internal ones have none. Raises NotFound."""
    return _one(Case.objects.filter(token_hash=token_hash(token), is_internal=False))


def list_cases(*, viewer: Viewer, case_nos: Sequence[str]) -> list[CaseLine]:
    """These cases as they are now, as far as they are in sight, in the order of the worklist."""
    seen = Case.objects.filter(in_sight(viewer), case_no__in=list(case_nos)[:MAX_COUNT])
    return read_all(seen.order_by("next_due_at", "case_no"), CaseLine)


def case_numbers(*, viewer: Viewer, case_ids: Collection[int]) -> dict[int, str]:
    """The numbers of these cases, as far as they are in sight."""
    seen = Case.objects.filter(in_sight(viewer), pk__in=list(case_ids))
    return dict(seen.values_list("pk", "case_no"))


def list_cases_of_waybill(*, viewer: Viewer, waybill_no: str) -> list[CaseLine]:
    """Cases about one parcel, the newest first, at most 50."""
    seen = Case.objects.filter(in_sight(viewer), waybill_no=waybill_no)
    return read_all(seen.order_by("-opened_at")[:50], CaseLine)


def list_cases_of_contact(*, viewer: Viewer, contact_id: int) -> list[CaseLine]:
    """Cases of one person, the newest first, at most 50."""
    seen = Case.objects.filter(in_sight(viewer), contact_id=contact_id)
    return read_all(seen.order_by("-opened_at")[:50], CaseLine)


def _one(cases: QuerySet[Case]) -> CaseCard:
    found = read_all(cases[:1], CaseCard)
    if not found:
        raise NotFound()
    return found[0]


def read_all(cases: QuerySet[Case], kind: type[L]) -> list[L]:
    return _made(_rows(cases, kind), kind)


def read_first(sides: Sequence[QuerySet[Case]], kind: type[L], count: int) -> list[L]:
    """The first of these cases in the order of the worklist, in one statement; no case is on two sides."""
    order = ("next_due_at", "case_no")
    first = [_rows(side.order_by(*order)[:count], kind) for side in sides]
    if len(first) == 1:
        return _made(first[0], kind)
    return _made(first[0].union(*first[1:], all=True).order_by(*order)[:count], kind)


def read_sides(sides: Sequence[QuerySet[Case]], kind: type[L]) -> list[L]:
    """All of these bounded lists in one statement, the newest first; a case that is on several comes once."""
    first, *others = (_rows(side, kind) for side in sides)
    found = {one.id: one for one in _made(first.union(*others, all=True) if others else first, kind)}
    return sorted(found.values(), key=lambda one: (one.opened_at, one.id), reverse=True)


def _rows(cases: QuerySet[Case], kind: type[L]) -> QuerySet[Case, tuple[Any, ...]]:
    opening = TimelineEntry.objects.filter(case=OuterRef("pk")).order_by("id")
    said = Subquery(opening.values(beginning=Left("text", 20_000 if kind is CaseCard else 240))[:1])
    return cases.annotate(said=said).values_list(*(_COLUMNS.get(f.name, f.name) for f in fields(kind)))


def _made(rows: QuerySet[Case, tuple[Any, ...]], kind: type[L]) -> list[L]:
    names = [field.name for field in fields(kind)]
    return [kind(**_cleaned(dict(zip(names, row, strict=True)))) for row in rows]


def _cleaned(values: dict[str, Any]) -> dict[str, Any]:
    values["is_repeat"] = values["is_repeat"] is not None
    for name in ("outlet_name", "assignee_name", "repeat_of_no", "text"):
        if name in values:
            values[name] = values[name] or ""
    return values


def category_choices() -> list[tuple[str, str]]:
    """Categories that a person can claim, with their names in the reader's language."""
    return [(value, str(label)) for value, label in Category.choices if value != Category.FALSE_SIGN_OFF]
