"""A parcel that was broken when a station took it: its outlet has a case, with the pictures."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yishi.cases.actions.open import open_case
from yishi.cases.actions.parties import note_inside
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.queries.parcels import ref_of


@transaction.atomic
def open_damage(
    *, shipment_id: int, contact_id: int | None, station: str, files: Sequence[UUID], at: datetime
) -> str:
    """Opens the case of the damage in the person's name; again within a minute is the same case. Its
    number."""
    shipment = ref_of(shipment_id)
    case = open_case(
        waybill_no=shipment.waybill_no,
        category="DAMAGED",
        text=f"{station}入库验货时外包装破损",  # kept as it was found, in the language of the house
        contact_id=contact_id,
        source="COURIER_NOTE",
        shipment=shipment,
        by=SYSTEM_VIEWER,
        at=at,
    )
    note_inside(
        case_id=case.case_id,
        kind="STATION_FOUND",
        text=station,
        data={},
        files=files,
        by=SYSTEM_VIEWER,
        at=at,
    )
    return case.case_no
