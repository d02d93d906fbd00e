"""A complaint that proved right lets us guess what the person wishes from now on; he is asked, never told."""

from datetime import datetime

from django.db import transaction

from yishi.cases.queries.cards import CaseCard, get_case
from yishi.consignees.actions.wishes import propose_wishes
from yishi.consignees.queries import reach_contact
from yishi.consignees.rules import learned_from
from yishi.kit.errors import NotFound
from yishi.kit.personal import normalise_phone
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.queries.parcels import StaffShipment, access_shipment

_PUT = frozenset({"locker", "station", "agent", "sf_store", "locker_or_station"})


@transaction.atomic
def learn_from_finding(*, case_id: int, at: datetime) -> int:
    """Asks the parcel's own consignee whether what was found is his wish for all parcels; of how many wishes.

    Nobody is asked for what proved wrong, for an outlet's internal task, or where somebody else complained.
    """
    case = get_case(case_id)
    if case.is_internal or case.contact_id is None:
        return 0
    parcel = _parcel(case, at)
    placed = next((one.detail for one in reversed(parcel.events) if one.detail in _PUT), "") if parcel else ""
    kinds = learned_from(found=case.finding_category, validity=case.finding_validity, placed=placed)
    phone = normalise_phone(reach_contact(case.contact_id).phone)
    if not kinds or not phone or not _is_his(parcel, phone):
        return 0
    return propose_wishes(phone=phone, kinds=kinds, ref=case.case_no, language=case.language, at=at)


def _parcel(case: CaseCard, at: datetime) -> StaffShipment | None:
    try:
        return access_shipment(SYSTEM_VIEWER, case.waybill_no, carrier=case.carrier or None, at=at)
    except NotFound:
        return None


def _is_his(parcel: StaffShipment | None, phone: str) -> bool:
    """Whether the parcel came to him, as far as we know to whom it came."""
    consignee_id = parcel.details.consignee_id if parcel and parcel.details else None
    known = normalise_phone(reach_contact(consignee_id).phone) if consignee_id is not None else ""
    return known in ("", phone)
