"""Cases follow their parcel when it turns out to run with another carrier."""

from django.db import transaction
from django.db.models import F

from yishi.cases.models.case import Case
from yishi.cases.models.interceptions import Interception
from yishi.kit.live import nudge


@transaction.atomic
def follow_parcel(*, shipment_id: int, now_at_id: int, carrier: str) -> int:
    """Points every case of a parcel at where its record is now, under its right carrier; returns how many.

    What was thought before, and when it was corrected, stands in the fact CarrierCorrected.
    """
    cases = Case.objects.filter(shipment_id=shipment_id)
    case_nos = list(cases.select_for_update().order_by("id").values_list("case_no", flat=True))
    cases.update(shipment_id=now_at_id, carrier=carrier, version=F("version") + 1)
    Interception.objects.filter(shipment_id=shipment_id).update(shipment_id=now_at_id)
    nudge(*(f"case:{case_no}" for case_no in case_nos))
    return len(case_nos)
