"""Proof in one touch: the trace of the parcel, and every attempt to reach its consignee, as they are now."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from yishi.cases.actions.evidence import add_written_proof
from yishi.cases.models.case import Case
from yishi.cases.models.history import EvidenceKind
from yishi.cases.rules.proofs import Proof
from yishi.kit.errors import NotFound, Refusal
from yishi.people.rules import SYSTEM_VIEWER, Viewer
from yishi.shipments.queries.parcels import ContactMade, StaffEvent, StaffShipment, access_shipment


class NothingToKeep(Refusal):
    """这个包裹还没有可以存的记录"""

    code = "nothing_to_keep"


def keep_trace(*, case_id: int, by: Viewer, at: datetime) -> int:
    """Keeps the parcel's trace as it is now, word for word. Returns the entry's id.

    Raises NothingToKeep where there is none, NothingNew where it was kept like this before.
    """
    parcel = _parcel(case_id, at)
    words = "\n".join(_event(event) for event in parcel.events)
    return _keep(case_id, EvidenceKind.TRACE, parcel, words, by=by, at=at)


def keep_contacts(*, case_id: int, by: Viewer, at: datetime) -> int:
    """Keeps the calls, messages and knocks of the parcel. Returns the entry's id. Raises as `keep_trace`."""
    parcel = _parcel(case_id, at)
    words = "\n".join(_contact(contact) for contact in parcel.contacts)
    return _keep(case_id, EvidenceKind.CALLS, parcel, words, by=by, at=at)


def _parcel(case_id: int, at: datetime) -> StaffShipment:
    """The parcel of a case that the viewer has got through its own door."""
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        raise NotFound()
    try:
        return access_shipment(SYSTEM_VIEWER, case.waybill_no, case.carrier or None, at=at)
    except NotFound:
        raise NothingToKeep() from None


def _keep(
    case_id: int, kind: EvidenceKind, parcel: StaffShipment, words: str, *, by: Viewer, at: datetime
) -> int:
    if not words:
        raise NothingToKeep()
    title = f"{kind.label} {parcel.carrier} {parcel.waybill_no}"
    return add_written_proof(
        case_id=case_id,
        proof=Proof(kind=kind, taken_at=at),
        name=f"{kind.label}-{parcel.waybill_no}.txt",
        words=f"{title}\n{words}",
        by=by,
        at=at,
    )


def _moment(at: datetime) -> str:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).isoformat(sep=" ", timespec="seconds")


def _event(event: StaffEvent) -> str:
    received = _("收到于 %s") % _moment(event.received_at)
    said = (event.kind, event.source_code, event.city, event.outlet, event.courier, event.text)
    return " | ".join([_moment(event.happened_at), *(word for word in said if word), received])


def _contact(contact: ContactMade) -> str:
    said = (contact.kind, contact.outcome, contact.courier, contact.position)
    return " | ".join([_moment(contact.at), *(word for word in said if word)])
