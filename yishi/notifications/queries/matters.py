"""What a letter about a case needs to know."""

from dataclasses import dataclass
from datetime import datetime

from yishi.kit.hot import hot_cursor
from yishi.kit.personal import unseal
from yishi.sla.models.clocks import SlaClock


@dataclass(frozen=True, kw_only=True)
class CaseMatter:
    """What a letter about a case may say, and to whom it may go."""

    case_id: int
    case_no: str
    category: str
    waybill_no: str
    language: str
    is_internal: bool
    phone: str
    email: str
    outlet_code: str | None
    outlet_name: str
    assignee_id: int | None
    first_reply_due_at: datetime | None


# one statement, kept prepared: it runs inside the opening of every case
_MATTER = """
SELECT c.case_no, c.category, c.waybill_no, c.language, c.is_internal, p.phone, p.email, o.code, o.name,
       c.assignee_id,
       (SELECT min(k.due_at) FROM sla_clock k
         WHERE k.subject_kind = 'CASE' AND k.subject_id = c.id AND k.kind = 'FIRST_RESPONSE')
  FROM cases_case c
  LEFT JOIN consignees_contact p ON p.id = c.contact_id
  LEFT JOIN network_outlet o ON o.id = c.outlet_id
 WHERE c.id = %s
"""


def get_case_matter(case_id: int) -> CaseMatter:
    """What letters about this case need. LookupError when there is no such case."""
    row = hot_cursor().execute(_MATTER, [case_id], prepare=True).fetchone()
    if row is None:
        raise LookupError(f"no case {case_id}")
    case_no, category, waybill_no, language, is_internal, phone, email, code, name, assignee_id, due_at = row
    return CaseMatter(
        case_id=case_id,
        case_no=case_no,
        category=category,
        waybill_no=waybill_no,
        language=language,
        is_internal=is_internal,
        phone=unseal(phone),
        email=unseal(email),
        outlet_code=code,
        outlet_name=name or "",
        assignee_id=assignee_id,
        first_reply_due_at=due_at,
    )


def public_text(entry_id: int) -> str:
    """What a line of the timeline says to the person; '' when it is not for him."""
    query = "SELECT text FROM cases_timeline_entry WHERE id = %s AND audience = 'PUBLIC'"
    row = hot_cursor().execute(query, [entry_id]).fetchone()
    return str(row[0]) if row else ""


def clock_due_at(clock_id: int) -> datetime:
    """When a promise is due. SlaClock.DoesNotExist when there is no such clock."""
    return SlaClock.objects.values_list("due_at", flat=True).get(pk=clock_id)


@dataclass(frozen=True, kw_only=True)
class ParcelMatter:
    """What a letter about a parcel needs; phone and e-mail are empty where its consignee cannot be told."""

    waybill_no: str
    phone: str
    email: str


_PARCEL = """
SELECT s.waybill_no, p.phone, p.email FROM shipments_shipment s
  LEFT JOIN shipments_details d ON d.shipment_id = s.id
  LEFT JOIN consignees_contact p ON p.id = d.consignee_id
 WHERE s.id = %s
"""


def get_parcel_matter(shipment_id: int) -> ParcelMatter:
    """What letters about this parcel need. LookupError when there is no such parcel."""
    row = hot_cursor().execute(_PARCEL, [shipment_id]).fetchone()
    if row is None:
        raise LookupError(f"no parcel {shipment_id}")
    return ParcelMatter(waybill_no=row[0], phone=unseal(row[1]), email=unseal(row[2]))
