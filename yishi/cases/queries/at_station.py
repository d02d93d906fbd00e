"""What a station owes somebody: mistakes with his parcels that he had to complain of."""

from collections.abc import Collection
from datetime import datetime

from yishi.cases.models.case import Case, Validity

MISTAKES = ("PARCEL_NOT_FOUND", "PICKUP_CODE", "TAKEN_BY_OTHER")


def mistake_with(shipment_ids: Collection[int], *, since: datetime) -> str:
    """The newest of our mistakes with these parcels since then, or ''; one found not to be so is none."""
    rows = Case.objects.filter(shipment_id__in=set(shipment_ids), category__in=MISTAKES, opened_at__gte=since)
    rows = rows.exclude(finding_validity=Validity.INVALID.value).exclude(status="WITHDRAWN")
    return rows.order_by("-opened_at").values_list("category", flat=True).first() or ""
