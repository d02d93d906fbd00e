"""A stock count's scans in one go and its end: 2,000, and 5,000 of as many inside."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bench.harness import Ground, Row

NAMES = ("station-count", "station-count@large", "station-count-growth")
SIZES = (2_000, 5_000)


def run(ground: Ground) -> Iterator[Row]:
    """Time a scan: the batch, and holding it against the book."""
    calibration, each = ground.calibrate(), []
    for size, name in zip(SIZES, NAMES, strict=False):
        code = _station(size)
        with ground.measure(calibration, with_us=True) as measured:
            took = _count(code)
        each.append(took / size)
        yield Row(
            name=name,
            value=took,
            unit="s",
            n=size,
            cpu_ms_per_unit=measured.cpu_ms / size,
            calibration=calibration,
            target="≤ 5 s",
        )
    yield Row(name=NAMES[-1], value=each[1] / each[0], unit="×", n=sum(SIZES), target="≤ 1.3 × a scan")


def _station(size: int) -> str:
    """A station with so many parcels on the book, three moves of each."""
    from yishi.network.actions import add_outlet, add_region, add_station
    from yishi.network.models import Outlet, Region, Station
    from yishi.people.rules import SYSTEM_VIEWER
    from yishi.shipments.models.parcels import Shipment
    from yishi.stations.actions.floor import keep_shelf
    from yishi.stations.models.parcels import StationMove, StationParcel
    from yishi.stations.models.places import Shelf

    by, at = SYSTEM_VIEWER, datetime.now(UTC) - timedelta(days=2)
    if not Region.objects.filter(code="SC").exists():
        add_region(code="SC", name="片区", by=by)
    if not Outlet.objects.filter(code="SC01").exists():
        add_outlet(
            code="SC01", name="盘点网点", phone="", region_code="SC", province="江苏省", city="南京市",
            district="江宁区", address="", carrier_codes={}, by=by, at=at,
        )  # fmt: skip
    code = f"SC{size}"
    add_station(code=code, outlet_code="SC01", name=f"盘点驿站 {size}", by=by)
    for shelf in range(1, 11):
        keep_shelf(station=code, code=str(shelf), layers=5, capacity=100, by=by, at=at)
    station = Station.objects.get(code=code)
    shelves = list(Shelf.objects.filter(station=station))
    parcels = Shipment.objects.bulk_create(
        Shipment(waybill_no=f"SC{size}{i:08}", carrier="yuantong", milestone="AT_PICKUP_POINT")
        for i in range(size)
    )
    stays = StationParcel.objects.bulk_create(
        StationParcel(
            station=station, shipment=one, shelf=shelves[i % 10], layer=i % 5 + 1, booked_in_at=at,
            keep_until=at + timedelta(days=5), booked_in_by="user:1",
        )
        for i, one in enumerate(parcels)
    )  # fmt: skip
    said = {"kind": "SHELVED", "at": at, "moved_by": "user:1"}
    StationMove.objects.bulk_create(
        StationMove(parcel=stay, to_place=f"{shelves[i % 10].code}-{stay.layer}", **said)
        for i, stay in enumerate(stays)
        for _ in range(3)
    )
    return code


def _count(code: str) -> float:
    """All but the last parcel are scanned; that one is missing."""
    from yishi.people.rules import SYSTEM_VIEWER
    from yishi.stations.actions.counting import Scanned, begin_count, end_count, take_scans
    from yishi.stations.models.parcels import StationParcel
    from yishi.stations.queries.stations import access_station

    card, by = access_station(SYSTEM_VIEWER, code), SYSTEM_VIEWER
    rows = StationParcel.objects.filter(station_id=card.id).select_related("shipment", "shelf")
    scans = [
        Scanned(client_id=str(one.pk), text=one.shipment.waybill_no, place=f"{one.shelf.code}-{one.layer}")
        for one in rows
        if one.shelf is not None
    ][:-1]
    at = datetime.now(UTC)
    count_id = begin_count(card=card, shelf="", by=by, at=at)
    began = time.perf_counter()
    take_scans(card=card, count_id=count_id, scans=scans, sent_at=None, by=by, at=at)
    found = end_count(card=card, count_id=count_id, by=by, at=datetime.now(UTC))
    took = time.perf_counter() - began
    assert found == 1, found
    return took
