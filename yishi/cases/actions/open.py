"""Opening a case: the hot path. One lock, one look at what was said before, one insert; the rest reacts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yishi.cases.actions.evidence import link_files, proof_note
from yishi.cases.actions.forms import Typed, keep_type, named_type
from yishi.cases.actions.hold import check_may, check_text
from yishi.cases.actions.lines import author_of
from yishi.cases.facts import CaseOpened
from yishi.cases.models.case import CaseSource
from yishi.cases.models.history import Audience, Author, TimelineEntry
from yishi.cases.queries.types import heed
from yishi.cases.rules.categories import CATEGORIES, CaseClass
from yishi.cases.rules.repeats import REPEAT_WITHIN, SAME_WITHIN, first_priority, repeats
from yishi.cases.rules.status import NEVER, OPEN_STATUSES, Status
from yishi.kit.errors import Invalid
from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor, hot_pipeline
from yishi.kit.ids import private_token, token_hash
from yishi.people.rules import Permission, Viewer

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"

# what the same parcel or person said before (our own tasks say nothing), the case of the same work order, a
# fresh number and how new the types are
_LOOK = """
(SELECT 'EARLIER', id, case_no, category, case_class, status, waybill_no, contact_id, opened_at
   FROM cases_case
  WHERE opened_at > %s AND opened_at <= %s AND ((waybill_no = %s AND waybill_no <> '') OR contact_id = %s)
    AND merged_into_id IS NULL AND NOT is_internal
  ORDER BY opened_at DESC LIMIT 100)
UNION ALL
(SELECT 'EXTERNAL', id, case_no, category, case_class, status, waybill_no, contact_id, opened_at
   FROM cases_case WHERE external_no <> '' AND external_no = %s AND source = %s)
UNION ALL
SELECT 'NUMBER', nextval('cases_case_no'), (SELECT version::text FROM cases_types_setup LIMIT 1), '', '', '',
  '', NULL, NULL
"""

_OPEN = """
WITH opened AS (
  INSERT INTO cases_case (case_no, category, case_class, status, source, external_no, external_due_at,
    external_state, shipment_id, waybill_no, carrier, contact_id, is_verified, is_internal, priority,
    is_in_arbitration, is_before_regulator, opened_at, next_due_at, repeat_of_id, token_hash, language,
    entry_point, remedy, root_cause, finding_validity, finding_category, finding_responsible, finding_reason,
    version, split_from_id, repeats_in_3_days, repeats_in_30_days)
  VALUES (%s, %s, %s, 'OPEN', %s, %s, %s, '', %s, %s, %s, %s, %s, %s, %s, false, %s, %s, %s, %s, %s, %s, %s,
    '', '', '', '', '', '', 1, %s, %s, %s)
  RETURNING id)
INSERT INTO cases_timeline_entry (case_id, kind, audience, text, data, author_kind, author_id, at)
SELECT id, 'OPENED', 'PUBLIC', %s, %s::jsonb, %s, %s, %s FROM opened
RETURNING case_id, id
"""


class ShipmentRef(Protocol):
    """What opening needs of a parcel; `shipments.queries.find_shipment_refs` gives it."""

    @property
    def id(self) -> int: ...
    @property
    def carrier(self) -> str: ...
    @property
    def waybill_no(self) -> str: ...
    @property
    def outlet_id(self) -> int | None: ...
    @property
    def destination_outlet_id(self) -> int | None: ...


@dataclass(frozen=True, kw_only=True)
class OpenedCase:
    """`is_new` is false when the same had been said just before, or the work order was known already."""

    case_id: int
    case_no: str
    token: str
    is_new: bool


class _Earlier(NamedTuple):
    branch: str
    id: int
    case_no: str
    category: str
    case_class: str
    status: str
    waybill_no: str
    contact_id: int | None
    opened_at: datetime


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """A case about to be opened, checked and cleaned."""

    waybill_no: str
    category: str
    case_class: CaseClass
    text: str
    note: dict[str, Any]
    contact_id: int | None
    is_verified: bool
    is_internal: bool
    source: str
    external_no: str
    external_due_at: datetime | None
    priority: int
    entry_point: str
    language: str
    shipment: ShipmentRef | None
    typed: Typed | None
    split_from_id: int | None
    by: Viewer | None
    at: datetime

    @property
    def by_user_id(self) -> int | None:
        return self.by.user_id if self.by else None


def open_case(
    *,
    waybill_no: str,
    category: str,
    text: str,
    contact_id: int | None = None,
    is_verified: bool = False,
    is_internal: bool = False,
    source: str = "SELF",
    external_no: str = "",
    external_due_at: datetime | None = None,
    priority: int = 0,
    files: Sequence[UUID] = (),
    entry_point: str = "",
    language: str = "zh-hans",
    shipment: ShipmentRef | None = None,
    type_key: str = "",
    form: Mapping[str, Any] | None = None,
    split_from_id: int | None = None,
    by: Viewer | None,
    at: datetime,
) -> OpenedCase:
    """Opens a case, routed, with its clocks running and its notice queued when this returns.

    The same waybill, category and contact within 60 s, and the same (source, external_no) at any time,
    answer the first case, also when both arrive at once. Without `type_key` it is of the type that its
    category implies; `form` are the values of that type. What is split from a case does not repeat it. Raises
    Invalid with a pointer a field.
    """
    check_may(by, Permission.CASE_WRITE)
    case_class = _check(category, source, priority)
    kept, note = check_text(text)
    note |= proof_note(files)
    wanted = _Wanted(
        waybill_no=waybill_no,
        category=category,
        case_class=case_class,
        text=kept,
        note=note,
        contact_id=contact_id,
        is_verified=is_verified,
        is_internal=is_internal,
        source=source,
        external_no=external_no,
        external_due_at=external_due_at,
        priority=priority,
        entry_point=entry_point,
        language=language,
        shipment=shipment,
        typed=named_type(category=category, type_key=type_key, form=form, by=by, at=at),
        split_from_id=split_from_id,
        by=by,
        at=at,
    )
    return _open(wanted, files)


@transaction.atomic(savepoint=False)  # refusals come before it; what fails in it fails the whole request
@hot_pipeline()
def _open(wanted: _Wanted, files: Sequence[UUID]) -> OpenedCase:
    cursor = hot_cursor()
    cursor.execute(_LOCK, [_sameness(wanted)], prepare=True)
    since = wanted.at - REPEAT_WITHIN
    look: list[Any] = [
        since,
        wanted.at,
        wanted.waybill_no,
        wanted.contact_id,
        wanted.external_no,
        wanted.source,
    ]
    *earlier, number = (_Earlier(*row) for row in cursor.execute(_LOOK, look, prepare=True))
    first = _first_of_same(earlier, wanted)
    if first is not None:
        return _answer(first.id, first.case_no, is_new=False)
    heed(int(number.case_no))
    case_no = f"{wanted.at.astimezone(ZoneInfo(settings.TIME_ZONE)):%y%m%d}{number.id:07d}"
    repeated = _repeated([e for e in earlier if e.id != wanted.split_from_id], wanted.case_class)
    row = cursor.execute(_OPEN, _values(wanted, case_no, repeated), prepare=True).fetchone()
    assert row is not None
    case_id, entry_id = row
    _add_rare(case_id, entry_id, repeated, files, by=wanted.by, at=wanted.at)
    if wanted.typed is not None:
        keep_type(case_id=case_id, typed=wanted.typed)
    announce(_fact(wanted, case_id, case_no))
    return _answer(case_id, case_no, is_new=True)


def _sameness(wanted: _Wanted) -> str:
    """What two calls have in common that must become one case; the lock is taken on it."""
    if wanted.external_no:
        return f"{wanted.source}|{wanted.external_no}"
    return f"{wanted.waybill_no}|{wanted.category}|{wanted.contact_id}"


def _values(wanted: _Wanted, case_no: str, repeated: Sequence[_Earlier]) -> list[Any]:
    """The parameters of the insert, in its order."""
    shipment, at = wanted.shipment, wanted.at
    moments = [each.opened_at for each in repeated]
    return [
        case_no,
        wanted.category,
        wanted.case_class,
        wanted.source,
        wanted.external_no,
        wanted.external_due_at,
        shipment.id if shipment else None,
        wanted.waybill_no,
        shipment.carrier if shipment else "",
        wanted.contact_id,
        wanted.is_verified,
        wanted.is_internal,
        first_priority(wanted.category, wanted.priority, moments, at),
        wanted.source == CaseSource.REGULATOR_12305,
        at,
        NEVER,
        repeated[0].id if repeated else None,
        token_hash(private_token("case", case_no)),
        wanted.language,
        wanted.entry_point,
        wanted.split_from_id,
        *repeats(moments, at),
        wanted.text,
        json.dumps(wanted.note),
        author_of(wanted.by),
        wanted.by_user_id,
        at,
    ]


def _fact(wanted: _Wanted, case_id: int, case_no: str) -> CaseOpened:
    shipment = wanted.shipment
    return CaseOpened(
        case_id=case_id,
        case_no=case_no,
        by_user_id=wanted.by_user_id,
        category=wanted.category,
        case_class=wanted.case_class,
        source=wanted.source,
        waybill_no=wanted.waybill_no,
        language=wanted.language,
        external_due_at=wanted.external_due_at,
        shipment_id=shipment.id if shipment else None,
        contact_id=wanted.contact_id,
        held_outlet_id=shipment.outlet_id if shipment else None,
        destination_outlet_id=shipment.destination_outlet_id if shipment else None,
        at=wanted.at,
    )


def _check(category: str, source: str, priority: int) -> CaseClass:
    rule = CATEGORIES.get(category)
    errors = []
    if rule is None or rule.case_class is None:
        errors.append(("/category", "unknown_category", "没有这个诉求类型"))
    if source not in CaseSource.values:
        errors.append(("/source", "unknown_source", "没有这个来源"))
    if priority not in (0, 1, 2):
        errors.append(("/priority", "out_of_range", "优先级是 0、1 或 2"))
    if errors or rule is None or rule.case_class is None:
        raise Invalid(errors)
    return rule.case_class


def _first_of_same(earlier: Sequence[_Earlier], wanted: _Wanted) -> _Earlier | None:
    """The case that this one says again, if any; a work order is known by its number alone."""
    if wanted.external_no:
        return next((e for e in earlier if e.branch == "EXTERNAL"), None)
    said = (wanted.waybill_no, wanted.category, wanted.contact_id)
    again = [
        e
        for e in earlier
        if (e.waybill_no, e.category, e.contact_id) == said
        and wanted.at - e.opened_at <= SAME_WITHIN
        and e.status in OPEN_STATUSES
    ]
    return again[-1] if again else None


def _repeated(earlier: Sequence[_Earlier], case_class: CaseClass) -> list[_Earlier]:
    """Earlier cases that this one repeats, the newest first; praise repeats nothing."""
    if case_class is CaseClass.PRAISE:
        return []
    passed_over = (CaseClass.PRAISE, CaseClass.ENQUIRY)
    return [
        e
        for e in earlier
        if e.branch == "EARLIER" and e.case_class not in passed_over and e.status != Status.WITHDRAWN
    ]


def _add_rare(
    case_id: int,
    entry_id: int,
    repeated: Sequence[_Earlier],
    files: Sequence[UUID],
    *,
    by: Viewer | None,
    at: datetime,
) -> None:
    """What most cases do not have: a line about the repeat, files."""
    if repeated:
        TimelineEntry.objects.create(
            case_id=case_id,
            kind="REPEAT",
            audience=Audience.INTERNAL,
            data={"case_no": repeated[0].case_no, "count": len(repeated)},
            author_kind=Author.SYSTEM,
            at=at,
        )
    link_files(case_id, entry_id, files, by=by, at=at)


def _answer(case_id: int, case_no: str, *, is_new: bool) -> OpenedCase:
    return OpenedCase(case_id=case_id, case_no=case_no, token=private_token("case", case_no), is_new=is_new)
