"""Other people's cases of the same outlet with the same cause."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from yishi.cases.models.case import Case
from yishi.cases.queries.cards import CaseCard, CaseLine, read_all
from yishi.cases.queries.sight import in_sight
from yishi.cases.rules.causes import Cause, Earlier, cause_of
from yishi.cases.rules.repeats import REPEAT_WITHIN
from yishi.people.rules import Viewer

MOST = 5

# the outlet's newest of the month by its index, however many there are; what the same person or parcel came
# for is a repeat of its own
_EARLIER = """
SELECT c.id, c.opened_at, %(category)s IN (c.category, c.finding_category),
       coalesce(s.courier_number <> '' AND (s.carrier, s.courier_number) = (me.carrier, me.courier_number),
                false), c.root_cause
  FROM (SELECT id, opened_at, category, finding_category, root_cause, shipment_id, waybill_no, contact_id
          FROM cases_case
         WHERE outlet_id = %(outlet)s AND opened_at BETWEEN %(since)s AND %(at)s
           AND case_class NOT IN ('P', 'Q') AND status <> 'WITHDRAWN' AND merged_into_id IS NULL
         ORDER BY opened_at DESC LIMIT 1000) c
  LEFT JOIN shipments_shipment s ON s.id = c.shipment_id
  LEFT JOIN shipments_shipment me ON me.id = %(shipment)s
 WHERE c.id < %(case)s
   AND (%(category)s IN (c.category, c.finding_category) OR (c.root_cause = %(root)s AND %(root)s <> ''))
   AND (c.waybill_no = '' OR c.waybill_no <> %(waybill)s)
   AND c.contact_id IS DISTINCT FROM %(contact)s::bigint
"""


def find_cause(case: Case) -> Cause | None:
    """What this case has in common with others of its outlet before it; None at head office."""
    if case.outlet_id is None:
        return None
    values: dict[str, Any] = {
        "category": case.category,
        "outlet": case.outlet_id,
        "since": case.opened_at - REPEAT_WITHIN,
        "at": case.opened_at,
        "shipment": case.shipment_id,
        "case": case.pk,
        "root": case.root_cause,
        "waybill": case.waybill_no,
        "contact": case.contact_id or 0,
    }
    with connection.cursor() as cursor:
        cursor.execute(_EARLIER, values)
        rows = [
            Earlier(case_id=pk, opened_at=at, is_same_kind=kind, is_same_courier=courier, root_cause=root)
            for pk, at, kind, courier, root in cursor.fetchall()
        ]
    return cause_of(rows, case_class=case.case_class, root_cause=case.root_cause, at=case.opened_at)


@dataclass(frozen=True, kw_only=True)
class CauseLines:
    """For the page of a case: by what it belongs with others, how often that was, and the newest in sight."""

    by: str
    in_3_days: int
    in_30_days: int
    root_cause: str
    lines: list[CaseLine]


def cause_lines(*, viewer: Viewer, case: CaseCard) -> CauseLines | None:
    """None where the case has no cause in common with others."""
    cause = find_cause(Case.objects.get(pk=case.id)) if case.cause_by else None
    if cause is None:
        return None
    seen = Case.objects.filter(in_sight(viewer), pk__in=cause.case_ids[:MOST]).order_by("-opened_at", "-pk")
    return CauseLines(
        by=cause.by,
        in_3_days=cause.in_3_days,
        in_30_days=cause.in_30_days,
        root_cause=cause.root_cause,
        lines=read_all(seen, CaseLine),
    )
