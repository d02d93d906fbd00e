"""The way to a station: which one a viewer may see, how it works, what its shelves hold."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, QuerySet

from yishi.kit.errors import NotFound
from yishi.network.models import OutletCode, Station
from yishi.people.queries import require, within_scope
from yishi.people.rules import Permission, Viewer
from yishi.stations.models.parcels import StationParcel
from yishi.stations.models.places import Shelf, StationSetting
from yishi.stations.rules.keeping import KeepingRule
from yishi.stations.rules.shelves import Place

INSIDE = StationParcel.State.INSIDE.value


@dataclass(frozen=True, kw_only=True)
class StationCard:
    """A station with its way of working; what nobody has set is as shipped."""

    id: int
    code: str
    name: str
    address: str
    phone: str
    opens: time | None
    closes: time | None
    outlet_id: int
    outlet_code: str
    kind: str
    mode: str
    template: str
    rule: KeepingRule
    quiet_from: time
    quiet_until: time
    needs_photo: bool

    @property
    def is_mirror(self) -> bool:
        return self.mode == "MIRROR"


def local(moment: datetime) -> datetime:
    """The moment by the clock that hangs in the station."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE))


def access_station(
    viewer: Viewer, code: str, *permissions: Permission, is_writing: bool = True
) -> StationCard:
    """The door to a station. Raises NotAllowed for a role without scanner, NotFound for one unknown or
    foreign: a keeper's are those he is named for, anybody else's those of the outlets in his sight."""
    for permission in permissions or ((Permission.SCAN if is_writing else Permission.SHIPMENT_READ),):
        require(viewer, permission)
    row = _stations(viewer).filter(code=code).first()
    if row is None:
        raise NotFound()
    return card_of(row)


def list_stations(viewer: Viewer) -> list[StationCard]:
    """The stations in sight, by code."""
    return [card_of(row) for row in _stations(viewer).order_by("code")]


def _stations(viewer: Viewer) -> QuerySet[Station]:
    rows = Station.objects.select_related("outlet", "setting").filter(within_scope(viewer, "outlet__code"))
    return rows.filter(code__in=viewer.station_codes) if viewer.station_codes else rows


def station_card(station_id: int) -> StationCard:
    """The station of that id. Raises NotFound."""
    row = Station.objects.select_related("outlet", "setting").filter(pk=station_id).first()
    if row is None:
        raise NotFound()
    return card_of(row)


def card_of(row: Station) -> StationCard:
    setting = getattr(row, "setting", None) or StationSetting(station=row)
    return StationCard(
        id=row.pk,
        code=row.code,
        name=row.name,
        address=row.address,
        phone=row.phone,
        opens=row.opens,
        closes=row.closes,
        outlet_id=row.outlet_id,
        outlet_code=row.outlet.code,
        kind=row.kind,
        mode=setting.mode,
        template=setting.template,
        rule=KeepingRule(
            keep_days=setting.keep_days,
            extend_days=setting.extend_days,
            free_days=setting.free_days,
            fee_fen=setting.fee_fen,
            fee_cap_fen=setting.fee_cap_fen,
        ),
        quiet_from=setting.quiet_from,
        quiet_until=setting.quiet_until,
        needs_photo=setting.needs_photo,
    )


def carriers_at_station(card: StationCard) -> frozenset[str]:
    """The brands whose parcels come here: those that have given its outlet a code; maybe none is known."""
    rows = OutletCode.objects.filter(outlet_id=card.outlet_id)
    return frozenset(rows.values_list("carrier__code", flat=True))


def list_places(station_id: int) -> list[Place]:
    """Every layer of the station's shelves with what stands there; two statements."""
    counted = StationParcel.objects.filter(station_id=station_id, state=INSIDE, shelf__isnull=False)
    loads = {
        (shelf, layer): load
        for shelf, layer, load in counted.values_list("shelf_id", "layer").annotate(load=Count("id"))
    }
    shelves = Shelf.objects.filter(station_id=station_id, closed_at__isnull=True).order_by("code")
    return [
        Place(
            shelf.pk,
            shelf.code,
            layer,
            loads.get((shelf.pk, layer), 0),
            shelf.capacity,
            shelf.size,
            shelf.is_temporary,
        )
        for shelf in sorted(shelves, key=lambda one: one.code.zfill(8))
        for layer in range(1, shelf.layers + 1)
    ]


@dataclass(frozen=True)
class Today:
    """The figures above the scanner: booked in today, standing here, room on the shelves."""

    booked_in: int
    inside: int
    capacity: int


def today_at(station_id: int, *, since: datetime) -> Today:
    stays = StationParcel.objects.filter(station_id=station_id)
    came = stays.filter(booked_in_at__gte=since).exclude(state=StationParcel.State.UNDONE.value).count()
    room = sum(
        layers * capacity
        for layers, capacity in Shelf.objects.filter(
            station_id=station_id, closed_at__isnull=True
        ).values_list("layers", "capacity")
    )
    return Today(came, stays.filter(state=INSIDE).count(), room)
