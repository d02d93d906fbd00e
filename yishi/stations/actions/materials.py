"""Packing materials: which there are and for what, bought, used."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.people.rules import Permission, Viewer
from yishi.shipments.queries.parcels import find_shipment_refs
from yishi.stations.models.materials import Material, MaterialMove, MaterialStock
from yishi.stations.queries.stations import StationCard, access_station

MOST = 100_000


class NotSoMuch(Refusal):
    """库存没有这么多，先登记入库或改正数量"""

    code = "not_so_much"


@transaction.atomic
def keep_material(
    *, station: str, code: str, label: str, unit: str, goods: Sequence[str], by: Viewer, at: datetime
) -> int:
    """A kind of packing with the goods for which it is the standard; the same code changes it.

    Raises NotAllowed, Invalid."""
    access_station(by, station, Permission.STATIONS)
    code = code.strip().upper()
    errors = []
    if not code.replace("-", "").isalnum() or len(code) > 20:
        errors.append(("/code", "bad_value", "编号用 1–20 位字母、数字或横线"))
    if not label.strip() or len(label) > 40 or len(unit) > 10:
        errors.append(("/label", "missing_field", "写上叫什么、按什么数"))
    if len(goods) > 20 or any(len(word) > 30 for word in goods):
        errors.append(("/goods", "too_long", "最多 20 类货"))
    if errors:
        raise Invalid(errors)
    said = {"label": label.strip(), "unit": unit.strip(), "goods": [g.strip() for g in goods if g.strip()]}
    return Material.objects.update_or_create(code=code, defaults={**said, "closed_at": None})[0].pk


@transaction.atomic
def move_material(
    *,
    card: StationCard,
    code: str,
    change: int,
    waybill_no: str = "",
    note: str = "",
    by: Viewer,
    at: datetime,
) -> int:
    """Bought (+) or used (−, for a parcel where one is named); what is left. Raises NotFound, Invalid,
    NotSoMuch."""
    material = Material.objects.filter(code=code, closed_at__isnull=True).first()
    if material is None:
        raise NotFound()
    if not change or abs(change) > MOST or len(note) > 100:
        raise Invalid([("/change", "out_of_range", "数量是 1 到 100000")])
    refs = find_shipment_refs(waybill_no) if waybill_no else []
    if waybill_no and not refs:
        raise Invalid([("/waybill_no", "unknown_parcel", "没有这个运单，单号对一下")])
    MaterialStock.objects.get_or_create(station_id=card.id, material=material)
    stock = MaterialStock.objects.select_for_update().get(station_id=card.id, material=material)
    if stock.left + change < 0:
        raise NotSoMuch()
    stock.left += change
    stock.save(update_fields=["left"])
    MaterialMove.objects.create(
        stock=stock,
        change=change,
        shipment_id=refs[0].id if refs else None,
        at=at,
        moved_by=by.label,
        note=note.strip(),
    )
    return stock.left


@transaction.atomic
def set_low(*, card: StationCard, code: str, low_at: int, by: Viewer, at: datetime) -> None:
    """From how few on the page warns. Raises NotFound, Invalid."""
    material = Material.objects.filter(code=code, closed_at__isnull=True).first()
    if material is None:
        raise NotFound()
    if not 0 <= low_at <= MOST:
        raise Invalid([("/low_at", "out_of_range", "数量是 0 到 100000")])
    MaterialStock.objects.update_or_create(station_id=card.id, material=material, defaults={"low_at": low_at})
