"""What the parcel's own data tells of a loss: insurance, freight, how late against the configured promise."""

from datetime import datetime

from yishi.cases.models.case import Case
from yishi.claims.rules.compensation import LossFacts
from yishi.claims.rules.losses import loss_of
from yishi.shipments.models.parcels import Shipment, ShipmentDetails
from yishi.shipments.queries.eta import zone
from yishi.shipments.rules.milestones import Milestone
from yishi.shipments.rules.provinces import province_of

_ARRIVED = frozenset({Milestone.DELIVERED, Milestone.AT_PICKUP_POINT, Milestone.RETURNED})


def facts_of_case(case_id: int, *, at: datetime) -> LossFacts:
    """As far as it is known; what nobody told stays None."""
    case = Case.objects.select_related("shipment").get(pk=case_id)
    shipment = case.shipment
    details = ShipmentDetails.objects.filter(pk=shipment.pk).first() if shipment else None
    return LossFacts(
        loss_type=loss_of(case.finding_category or case.category).value,
        carrier=case.carrier,
        product=details.product if details else "",
        province=(province_of(details.city) or "") if details else "",
        is_insured=details.insured if details else None,
        declared_value_fen=details.declared_value_fen if details else None,
        freight_fen=details.freight_fen if details else None,
        late_hours=_late_hours(shipment, at),
        on=case.opened_at.astimezone(zone()).date(),
    )


def _late_hours(shipment: Shipment | None, at: datetime) -> int | None:
    """Whole hours past the promised moment; 0 in time; None where nothing was promised."""
    if shipment is None or shipment.promised_at is None:
        return None
    came = shipment.moved_at if shipment.milestone in _ARRIVED and shipment.moved_at else at
    return max(0, int((came - shipment.promised_at).total_seconds() // 3600))
