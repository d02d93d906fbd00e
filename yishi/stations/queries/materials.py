"""Packing materials of a station, and the parcels that were packed with each."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from yishi.kit.errors import NotFound
from yishi.shipments.models.parcels import ShipmentDetails
from yishi.shipments.queries.parcels import find_shipment_refs
from yishi.stations.models.devices import DevicePush, StationDevice, StationIdReader
from yishi.stations.models.materials import Material, MaterialMove, MaterialStock
from yishi.stations.queries.stations import StationCard
from yishi.stations.rules.moments import OFF_BY_MS
from yishi.stations.rules.packing import standard_of

CUT_OFF_OVER = timedelta(days=2)


@dataclass(frozen=True)
class MaterialLine:
    """`is_low`: it is time to buy."""

    id: int
    code: str
    label: str
    unit: str
    goods: list[str]
    left: int
    low_at: int

    @property
    def is_low(self) -> bool:
        return self.left <= self.low_at and self.low_at > 0


def list_materials(card: StationCard) -> list[MaterialLine]:
    """What is used, with this station's stock; two statements."""
    stocks = {row.material_id: row for row in MaterialStock.objects.filter(station_id=card.id)}
    lines = []
    for row in Material.objects.filter(closed_at__isnull=True).order_by("code"):
        stock = stocks.get(row.pk)
        left, low_at = (stock.left, stock.low_at) if stock else (0, 0)
        lines.append(MaterialLine(row.pk, row.code, row.label, row.unit, list(row.goods), left, low_at))
    return lines


@dataclass(frozen=True)
class Packing:
    """A parcel at the counter: what is in it as far as anybody said, and the packing that is the standard for
    such goods; all that there is where nothing is."""

    waybill_no: str
    goods: str
    standard: list[MaterialLine]
    others: list[MaterialLine]


def packing_for(card: StationCard, waybill_no: str) -> Packing:
    """What a parcel is packed with. Raises NotFound for a number that nobody knows."""
    refs = find_shipment_refs(waybill_no)
    if not refs:
        raise NotFound()
    details = ShipmentDetails.objects.filter(shipment_id=refs[0].id).first()
    goods, lines = details.goods if details else "", list_materials(card)
    codes = set(standard_of(goods, {line.code: line.goods for line in lines}))
    return Packing(
        waybill_no=waybill_no,
        goods=goods,
        standard=[line for line in lines if line.code in codes],
        others=[line for line in lines if line.code not in codes],
    )


def packed_with(card: StationCard, *, since: datetime) -> list[tuple[int, int]]:
    """Material and parcel, each pair once."""
    rows = MaterialMove.objects.filter(stock__station_id=card.id, at__gte=since, change__lt=0)
    rows = rows.filter(shipment__isnull=False).order_by()
    return list(rows.values_list("stock__material_id", "shipment_id").distinct())


@dataclass(frozen=True)
class DeviceLine:
    """A machine in use. `ahead_s` is how wrong its clock was when it pushed last, 0 where it is right enough;
    `cut_off` are parcels of which it sent the photo and then no more: nothing was given, it must push
    again."""

    id: int
    label: str
    last_seen_at: datetime | None
    ahead_s: int
    cut_off: list[str]


def list_devices(card: StationCard, *, at: datetime) -> list[DeviceLine]:
    """Machines that are in use; two statements."""
    waiting: dict[int, list[str]] = {}
    cut = DevicePush.objects.filter(
        device__station_id=card.id, state=DevicePush.State.WAITING, at__gte=at - CUT_OFF_OVER
    )
    for device_id, number in cut.order_by("at").values_list("device_id", "waybill_no"):
        waiting.setdefault(device_id, []).append(number)
    rows = StationDevice.objects.filter(station_id=card.id, revoked_at__isnull=True).order_by("pk")
    return [
        DeviceLine(row.pk, row.label, row.last_seen_at, _ahead_s(row.offset_ms), waiting.get(row.pk, []))
        for row in rows
    ]


def _ahead_s(offset_ms: int | None) -> int:
    return round(offset_ms / 1000) if offset_ms is not None and abs(offset_ms) >= OFF_BY_MS else 0


def find_reader(card: StationCard) -> StationIdReader | None:
    """The ID-card reader at its counter, where one is set up."""
    return StationIdReader.objects.filter(station_id=card.id).first()
