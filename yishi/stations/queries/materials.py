"""Packing materials of a station, and the parcels that were packed with each."""

from dataclasses import dataclass
from datetime import datetime

from yishi.stations.models.devices import StationDevice
from yishi.stations.models.materials import Material, MaterialMove, MaterialStock
from yishi.stations.queries.stations import StationCard


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


def packed_with(card: StationCard, *, since: datetime) -> list[tuple[int, int]]:
    """Material and parcel, each pair once."""
    rows = MaterialMove.objects.filter(stock__station_id=card.id, at__gte=since, change__lt=0)
    rows = rows.filter(shipment__isnull=False).order_by()
    return list(rows.values_list("stock__material_id", "shipment_id").distinct())


def list_devices(card: StationCard) -> list[StationDevice]:
    """Machines that are in use."""
    return list(StationDevice.objects.filter(station_id=card.id, revoked_at__isnull=True).order_by("pk"))
