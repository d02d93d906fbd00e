"""A parcel in the wrong hands has its owner's case; he hears when it is back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yishi.cases.actions.open import open_case
from yishi.cases.actions.reply import add_note, add_reply
from yishi.cases.models.case import Case
from yishi.cases.rules.status import OPEN_STATUSES
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.queries.parcels import find_shipment_refs
from yishi.stations.actions.takings import note_taking_case

CATEGORY = "TAKEN_BY_OTHER"
ENTRY_POINT = "station"


@transaction.atomic
def open_for_taking(
    *,
    taking_id: int,
    shipment_id: int,
    waybill_no: str,
    contact_id: int | None,
    station: str,
    at: datetime,
) -> str:
    """The owner's case, the one that runs where he complained before; its number."""
    rows = Case.objects.filter(shipment_id=shipment_id, status__in=OPEN_STATUSES, merged_into__isnull=True)
    running = rows.filter(category=CATEGORY).order_by("-opened_at").first()
    text = _("%(station)s发现这一件可能被别人错拿，正在联系取走的人") % {"station": station}
    if running is not None:
        add_note(case_id=running.pk, text=text, by=SYSTEM_VIEWER, at=at)
        note_taking_case(taking_id=taking_id, case_no=running.case_no)
        return running.case_no
    ref = next((one for one in find_shipment_refs(waybill_no) if one.id == shipment_id), None)
    opened = open_case(
        waybill_no=waybill_no,
        category=CATEGORY,
        text=text,
        contact_id=contact_id,
        is_verified=contact_id is not None,
        is_internal=contact_id is None,
        entry_point=ENTRY_POINT,
        shipment=ref,
        by=SYSTEM_VIEWER,
        at=at,
    )
    note_taking_case(taking_id=taking_id, case_no=opened.case_no)
    return opened.case_no


@transaction.atomic
def note_taking_ended(*, case_no: str, station: str, at: datetime) -> None:
    """It is back at the station: the owner hears where he can fetch it; whoever has the case closes it."""
    case = Case.objects.filter(case_no=case_no).first()
    if case is None:
        return
    text = _("包裹已经送回%(station)s，可以来取了") % {"station": station}
    if case.is_open and not case.is_internal:
        add_reply(case_id=case.pk, text=text, is_automatic=True, by=SYSTEM_VIEWER, at=at)
    else:
        add_note(case_id=case.pk, text=text, by=SYSTEM_VIEWER, at=at)
