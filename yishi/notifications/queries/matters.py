"""What a letter about a case needs to know."""

from dataclasses import dataclass
from datetime import datetime

from yishi.consignees.rules import NoticeWish
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
    wish: NoticeWish


# one statement, kept prepared: it runs inside the opening of every case
_MATTER = """
SELECT c.case_no, c.category, c.waybill_no, c.language, c.is_internal, p.phone, p.email, o.code, o.name,
       c.assignee_id,
       (SELECT min(k.due_at) FROM sla_clock k
         WHERE k.subject_kind = 'CASE' AND k.subject_id = c.id AND k.kind = 'FIRST_RESPONSE'),
       w.channel, w.email, w.quiet_from, w.quiet_until
  FROM cases_case c
  LEFT JOIN consignees_contact p ON p.id = c.contact_id
  LEFT JOIN network_outlet o ON o.id = c.outlet_id
  LEFT JOIN LATERAL (
    SELECT channel, email, quiet_from, quiet_until FROM consignees_notice_choice
     WHERE contact_id = c.contact_id AND about IN ('case:' || c.id, '')
     ORDER BY about DESC LIMIT 1) w ON true
 WHERE c.id = %s
"""


def get_case_matter(case_id: int) -> CaseMatter:
    """What letters about this case need. LookupError when there is no such case."""
    row = hot_cursor().execute(_MATTER, [case_id], prepare=True).fetchone()
    if row is None:
        raise LookupError(f"no case {case_id}")
    case_no, category, waybill_no, language, is_internal, phone, email, code, name, *rest = row
    assignee_id, due_at, channel, own_email, quiet_from, quiet_until = rest
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
        wish=NoticeWish()
        if channel is None
        else NoticeWish(
            channel=channel, email=unseal(own_email), quiet_from=quiet_from, quiet_until=quiet_until
        ),
    )


def public_text(entry_id: int) -> str:
    """What a line of the timeline says to the person; '' when it is not for him."""
    query = "SELECT text FROM cases_timeline_entry WHERE id = %s AND audience = 'PUBLIC'"
    row = hot_cursor().execute(query, [entry_id]).fetchone()
    return str(row[0]) if row else ""


def is_placed_elsewhere(case_id: int, at: datetime) -> bool:
    """Whether the person can read that his case went to another place at this moment."""
    query = (
        "SELECT EXISTS (SELECT 1 FROM cases_timeline_entry"
        " WHERE case_id = %s AND kind = 'ROUTED' AND audience = 'PUBLIC' AND at = %s)"
    )
    row = hot_cursor().execute(query, [case_id, at]).fetchone()
    return bool(row and row[0])


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


_LATE = """
SELECT s.waybill_no, s.carrier, s.milestone, o.code FROM shipments_shipment s
  LEFT JOIN network_outlet o ON o.id = s.outlet_id
 WHERE s.id = %s
"""


def parcel_told(shipment_id: int) -> tuple[dict[str, str], str | None]:
    """What a program is told of a parcel, and the outlet that has it. LookupError when there is none."""
    row = hot_cursor().execute(_LATE, [shipment_id]).fetchone()
    if row is None:
        raise LookupError(f"no parcel {shipment_id}")
    waybill_no, carrier, milestone, outlet = row
    return {"waybill_no": waybill_no, "carrier": carrier, "milestone": milestone}, outlet
