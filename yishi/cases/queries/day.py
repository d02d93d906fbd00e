"""An outlet's day in cases: what is open about many parcels, what came in and was settled today."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from yishi.cases.models.case import Case, Validity
from yishi.cases.queries.cards import _OPEN
from yishi.cases.queries.sight import in_sight
from yishi.kit.errors import NotFound
from yishi.network.queries import get_outlet
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

MOST_DUE = 200


@dataclass(frozen=True)
class OpenCase:
    """A case that is not over, about a parcel."""

    case_no: str
    category: str
    next_due_at: datetime


@dataclass(frozen=True, kw_only=True)
class DueCase:
    """An open case whose strictest promise ends by then, and who has its parcel."""

    case_no: str
    category: str
    waybill_no: str
    carrier: str
    courier: str
    next_due_at: datetime


@dataclass(frozen=True, kw_only=True)
class CareDay:
    """Complaints (exceptions and complaints that a person brought) of one outlet.

    `received`: opened since the day began. `settled`: given a remedy since then, `valid` of them found to be
    so, at least partly; `settled_ids` are these. `open` and `overdue`: not over now, and a promise broken.
    """

    received: int
    settled: int
    valid: int
    settled_ids: list[int]
    open: int
    overdue: int


_COMPLAINT = Q(case_class__in=["E", "C"], is_internal=False, merged_into__isnull=True)


def open_cases_of(*, viewer: Viewer, waybill_nos: Collection[str]) -> dict[str, list[OpenCase]]:
    """The cases in sight that are not over, by parcel, the strictest promise first. Raises NotAllowed."""
    require(viewer, Permission.CASE_READ)
    rows = Case.objects.filter(in_sight(viewer), waybill_no__in=list(waybill_nos), status__in=_OPEN)
    found: dict[str, list[OpenCase]] = {}
    fields = ("waybill_no", "case_no", "category", "next_due_at")
    for waybill_no, *values in rows.order_by("next_due_at", "case_no").values_list(*fields):
        found.setdefault(waybill_no, []).append(OpenCase(*values))
    return found


def care_day(*, viewer: Viewer, outlet_code: str, since: datetime, at: datetime) -> CareDay:
    """The numbers of an outlet's day from `since` to `at`; three indexed statements. Raises NotAllowed,
    NotFound."""
    require(viewer, Permission.CASE_READ)
    if not viewer.sees_outlet(outlet_code):
        raise NotFound()
    own = Case.objects.filter(outlet_id=get_outlet(outlet_code).id)
    settled = list(
        own.filter(_COMPLAINT, resolved_at__gte=since, resolved_at__lte=at).values_list(
            "pk", "finding_validity"
        )
    )
    now_open = own.filter(status__in=_OPEN).aggregate(
        open=Count("pk"), overdue=Count("pk", filter=Q(next_due_at__lte=at))
    )
    return CareDay(
        received=own.filter(_COMPLAINT, opened_at__gte=since, opened_at__lte=at).count(),
        settled=len(settled),
        valid=sum(validity in (Validity.VALID, Validity.PARTLY) for _pk, validity in settled),
        settled_ids=[pk for pk, _validity in settled],
        **now_open,
    )


def due_cases_of(*, viewer: Viewer, outlet_code: str, until: datetime) -> list[DueCase]:
    """The outlet's open cases that are due by `until`, the most pressing first, at most MOST_DUE. One indexed
    statement. Raises NotAllowed, NotFound."""
    require(viewer, Permission.CASE_READ)
    if not viewer.sees_outlet(outlet_code):
        raise NotFound()
    rows = Case.objects.filter(outlet__code=outlet_code, status__in=_OPEN, next_due_at__lte=until)
    columns = ("case_no", "category", "waybill_no", "carrier", "shipment__courier_number", "next_due_at")
    found = rows.order_by("next_due_at", "case_no").values_list(*columns)[:MOST_DUE]
    return [
        DueCase(
            case_no=case_no,
            category=category,
            waybill_no=waybill_no,
            carrier=carrier,
            courier=courier or "",
            next_due_at=due_at,
        )
        for case_no, category, waybill_no, carrier, courier, due_at in found
    ]
