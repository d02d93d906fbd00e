"""What a courier has with him today: the parcels that go out under one of his numbers, until they end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from yishi.shipments.models.parcels import Shipment
from yishi.shipments.models.rounds import DeliveryProof, RoundOrder
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


def list_day(*, outlet_id: int, numbers: Numbers, waybill_no: str, since: datetime) -> list[OutParcel]:
    """A number that is or was with him since that moment: out, or handed over; empty when it never was."""
    rows = _his(outlet_id, numbers).filter(milestone__in=_OUT + _DONE, moved_at__gte=since)
    return [_out(row) for row in rows.filter(waybill_no=waybill_no).select_related("details")]


def is_done(parcel: OutParcel) -> bool:
    """Whether it was handed over, also into a locker or a station."""
    return parcel.milestone in _DONE


def order_of(*, user_id: int, day: date) -> list[str]:
    """The courier's own order of that day; empty when he made none."""
    found = RoundOrder.objects.filter(user_id=user_id, day=day).values_list("waybill_nos", flat=True).first()
    return [str(number) for number in found or []]


@dataclass(frozen=True)
class ProofLine:
    """Who took a parcel, with what proves it."""

    receiver: str
    at: datetime
    has_photo: bool
    has_signature: bool
    accuracy_m: int | None


def proofs_of(shipment_id: int) -> list[ProofLine]:
    """What proves that the parcel was handed over, oldest first."""
    rows = DeliveryProof.objects.filter(shipment_id=shipment_id).order_by("at", "pk")
    return [
        ProofLine(p.receiver, p.at, p.photo_id is not None, p.signature_id is not None, p.accuracy_m)
        for p in rows
    ]


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
