"""How a station works is set, and its shelves are put up and taken away."""

from dataclasses import dataclass, fields
from datetime import datetime, time

from django.db import transaction

from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.people.rules import Permission, Viewer
from yishi.stations.models.parcels import StationParcel
from yishi.stations.models.places import Shelf, StationSetting
from yishi.stations.queries.stations import INSIDE, access_station
from yishi.stations.rules.codes import template_faults
from yishi.stations.rules.shelves import SIZES

MOST_DAYS = 60


class StillFull(Refusal):
    """这个货架上还有包裹，先移走再收"""

    code = "still_full"


@dataclass(frozen=True, kw_only=True)
class Working:
    """A station's way of working as it is to be from now on."""

    mode: str = "FULL"
    template: str
    keep_days: int = 5
    extend_days: int = 4
    free_days: int = 7
    fee_fen: int = 0
    fee_cap_fen: int = 0
    quiet_from: time = time(21, 30)
    quiet_until: time = time(8)
    needs_photo: bool = False
    remind_after_hours: int = 48
    call_after_days: int = 1
    return_after_days: int = 3


@transaction.atomic
def set_working(*, station: str, working: Working, by: Viewer, at: datetime) -> None:
    """Sets how the station works. Parcels inside keep their codes and days. Raises NotAllowed, Invalid."""
    card = access_station(by, station, Permission.STATIONS)
    errors = []
    if working.mode not in StationSetting.Mode.values:
        errors.append(("/mode", "bad_value", "没有这个选项"))
    if fault := template_faults(working.template):
        errors.append(("/template", fault, "取件码规则里要有编号、单号尾数、手机尾号或随机数"))
    days = (working.keep_days, working.extend_days, working.free_days)
    if working.keep_days < 1 or not all(0 <= day <= MOST_DAYS for day in days):
        errors.append(("/keep_days", "out_of_range", "1 到 60 天"))
    if not all(0 <= fen <= 100_000 for fen in (working.fee_fen, working.fee_cap_fen)):
        errors.append(("/fee_fen", "out_of_range", "0 到 1000 元"))
    if not 0 <= working.remind_after_hours <= 24 * MOST_DAYS:
        errors.append(("/remind_after_hours", "out_of_range", "0 到 1440 小时，0 是不提醒"))
    if not (0 <= working.call_after_days <= 30 and 1 <= working.return_after_days <= MOST_DAYS):
        errors.append(("/return_after_days", "out_of_range", "超期后 1 到 60 天退回，0 到 30 天打电话"))
    if errors:
        raise Invalid(errors)
    said = {field.name: getattr(working, field.name) for field in fields(working)}
    StationSetting.objects.update_or_create(
        station_id=card.id, defaults={**said, "updated_at": at, "updated_by": by.label}
    )


@transaction.atomic
def keep_shelf(
    *,
    station: str,
    code: str,
    layers: int,
    capacity: int,
    by: Viewer,
    at: datetime,
    size: str = "",
    is_temporary: bool = False,
) -> int:
    """Puts up a shelf, or says anew how much it holds (a layer holds `capacity`). Its id. Raises Invalid."""
    card = access_station(by, station, Permission.STATIONS)
    code = code.strip().upper()
    errors = []
    if not code.isalnum() or len(code) > 6:
        errors.append(("/code", "bad_value", "货架号用 1–6 位数字或字母"))
    if not (1 <= layers <= 20 and 1 <= capacity <= 1000):
        errors.append(("/layers", "out_of_range", "1–20 层，每层 1–1000 件"))
    if size and size not in SIZES:
        errors.append(("/size", "bad_value", "没有这个选项"))
    if errors:
        raise Invalid(errors)
    said = {"layers": layers, "capacity": capacity, "size": size, "is_temporary": is_temporary}
    row = Shelf.objects.update_or_create(station_id=card.id, code=code, defaults={**said, "closed_at": None})[
        0
    ]
    return row.pk


@transaction.atomic
def close_shelf(*, station: str, code: str, by: Viewer, at: datetime) -> None:
    """Takes a shelf away that stands empty. Raises NotAllowed, NotFound, StillFull."""
    card = access_station(by, station, Permission.STATIONS)
    row = Shelf.objects.select_for_update().filter(station_id=card.id, code=code, closed_at=None).first()
    if row is None:
        raise NotFound()
    if StationParcel.objects.filter(shelf=row, state=INSIDE).exists():
        raise StillFull()
    row.closed_at = at
    row.save(update_fields=["closed_at"])
