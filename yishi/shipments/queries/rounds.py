"""What a courier has with him today: the parcels that go out under one of his numbers, until they end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from yishi.shipments.models.parcels import Shipment
from yishi.shipments.rules.milestones import Milestone

Numbers = Sequence[tuple[str, str]]
"""(carrier, number) of one courier."""

_OUT = (Milestone.OUT_FOR_DELIVERY.value, Milestone.DELIVERY_FAILED.value)
_DONE = (Milestone.DELIVERED.value, Milestone.AT_PICKUP_POINT.value)


@dataclass(frozen=True, kw_only=True)
class OutParcel:
    """A parcel that is with the courier now; `address` in full, so only his own page shows it."""

    shipment_id: int
    waybill_no: str
    carrier: str
    courier: str
    milestone: str
    out_at: datetime
    promised_at: datetime | None
    consignee_id: int | None
    address: str
    goods: str
    handling: tuple[str, ...]
    declared_value_fen: int | None
    is_insured: bool
    cash_on_delivery_fen: int | None


def list_out(*, outlet_id: int, numbers: Numbers, since: datetime) -> list[OutParcel]:
    """The parcels out with him since that moment; one statement, by the outlet's index."""
    rows = _his(outlet_id, numbers).filter(milestone__in=_OUT, moved_at__gte=since)
    return [_out(row) for row in rows.select_related("details").order_by("pk")]


def count_done(*, outlet_id: int, numbers: Numbers, since: datetime) -> int:
    """How many of his were handed over since that moment, also into a locker or a station."""
    return _his(outlet_id, numbers).filter(milestone__in=_DONE, moved_at__gte=since).count()


def _his(outlet_id: int, numbers: Numbers) -> QuerySet[Shipment]:
    his = Q(pk__in=[])
    for carrier, number in numbers:
        his |= Q(carrier=carrier, courier_number=number)
    return Shipment.objects.filter(his, outlet_id=outlet_id, merged_into__isnull=True)


def _out(row: Shipment) -> OutParcel:
    details = getattr(row, "details", None)
    assert row.moved_at is not None
    return OutParcel(
        shipment_id=row.pk,
        waybill_no=row.waybill_no,
        carrier=row.carrier,
        courier=row.courier_number,
        milestone=row.milestone,
        out_at=row.moved_at,
        promised_at=row.promised_at,
        consignee_id=details.consignee_id if details else None,
        address=details.address if details else "",
        goods=details.goods if details else "",
        handling=tuple(details.handling) if details else (),
        declared_value_fen=details.declared_value_fen if details else None,
        is_insured=bool(details and details.insured),
        cash_on_delivery_fen=details.cash_on_delivery_fen if details else None,
    )
