"""The way to a station: which one a viewer may see, how it works, what its shelves hold."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from yishi.kit.errors import NotFound
from yishi.kit.hot import KeptQuery, hot_cursor
from yishi.network.models import OutletCode, Station
from yishi.people.queries import require, within_scope
from yishi.people.rules import Permission, Viewer
from yishi.stations.models.parcels import StationParcel
from yishi.stations.models.places import Shelf, StationSetting
from yishi.stations.rules.keeping import KeepingRule
from yishi.stations.rules.shelves import Place

INSIDE = StationParcel.State.INSIDE.value

# every scan begins with these: their plans are kept
_BY_CODE = KeptQuery(
    lambda: Station.objects.select_related("outlet", "setting").filter(code="a-code")[:1], "a-code"
)
# count(*) is answered by the index alone
_PLACES = """
SELECT s.id, s.code, n.layer, coalesce(l.load, 0), s.capacity, s.size, s.is_temporary
FROM stations_shelf s CROSS JOIN generate_series(1, s.layers) AS n (layer)
LEFT JOIN (
    SELECT shelf_id, layer, count(*) AS load FROM stations_parcel
    WHERE station_id = %(station)s AND state = 'INSIDE' AND shelf_id IS NOT NULL GROUP BY shelf_id, layer
) l ON l.shelf_id = s.id AND l.layer = n.layer
WHERE s.station_id = %(station)s AND s.closed_at IS NULL
"""


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
    return_after_days: int = 3

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
    row = _BY_CODE.first(code)
    if row is None or not _is_in_sight(viewer, row):
        raise NotFound()
    return card_of(row)


def _is_in_sight(viewer: Viewer, row: Station) -> bool:
    is_named = not viewer.station_codes or row.code in viewer.station_codes
    return is_named and viewer.sees_outlet(row.outlet.code)


def list_stations(viewer: Viewer) -> list[StationCard]:
    """The stations in sight, by code."""
    return [card_of(row) for row in _stations(viewer).order_by("code")]


def _stations(viewer: Viewer) -> QuerySet[Station]:
    rows = Station.objects.select_related("outlet", "setting").filter(within_scope(viewer, "outlet__code"))
    return rows.filter(code__in=viewer.station_codes) if viewer.station_codes else rows


def other_stations(card: StationCard) -> list[tuple[str, str]]:
    """Code and name of the operator's other stations, those of the same outlet first."""
    rows = Station.objects.exclude(pk=card.id).order_by("code").values_list("code", "name", "outlet_id")
    return [(code, name) for code, name, _outlet in sorted(rows, key=lambda row: row[2] != card.outlet_id)]


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
        return_after_days=setting.return_after_days,
    )


def carriers_at_station(card: StationCard) -> frozenset[str]:
    """The brands whose parcels come here: those that have given its outlet a code; maybe none is known."""
    rows = OutletCode.objects.filter(outlet_id=card.outlet_id)
    return frozenset(rows.values_list("carrier__code", flat=True))


def list_places(station_id: int) -> list[Place]:
    """Every layer of the station's shelves with what stands there, shelf 2 before 12; one statement."""
    found = hot_cursor().execute(_PLACES, {"station": station_id}, prepare=True)
    return sorted((Place(*row) for row in found), key=lambda one: (one.shelf.zfill(8), one.layer))


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
