"""Reads of declared events: the list, one for reactions, what a parcel's page says, what holds a parcel."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from yishi.detection.models.events import MassEvent, MassParcel
from yishi.detection.models.incidents import Incident
from yishi.detection.queries.words import kind_words
from yishi.detection.rules.events import Area
from yishi.kit.errors import NotFound
from yishi.network.queries import list_outlets, outlets_by_region
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer


@dataclass(frozen=True, kw_only=True)
class EventLine:
    """A declared event; `closed_at` None while it runs."""

    id: int
    kind: str
    place: str
    text: str
    since: datetime
    opened_at: datetime
    until: datetime
    closed_at: datetime | None
    held: int
    outlet_ids: tuple[int, ...]
    hubs: tuple[str, ...]
    cities: tuple[str, ...]
    reported_at: datetime | None
    declared_by: str

    @property
    def kind_words(self) -> str:
        return kind_words(self.kind)

    @property
    def is_wide(self) -> bool:
        """Whether it reaches beyond the outlets that it names."""
        return bool(self.hubs or self.cities)


@dataclass(frozen=True)
class EventNotice:
    """What a parcel's page and the assistant say of an event that holds it up."""

    kind: str
    text: str
    until: datetime

    @property
    def kind_words(self) -> str:
        return kind_words(self.kind)


def list_events(*, viewer: Viewer) -> list[EventLine]:
    """Declared events in sight, running ones first, at most 50. Raises NotAllowed."""
    require(viewer, Permission.EVENTS_DECLARE)
    rows = MassEvent.objects.select_related("incident").filter(_in_sight(viewer))
    return [_line(row) for row in rows.order_by("-due_at", "-pk")[:50]]


def get_event(*, viewer: Viewer, event_id: int) -> EventLine:
    """One of them. Raises NotAllowed, NotFound."""
    require(viewer, Permission.EVENTS_DECLARE)
    row = MassEvent.objects.select_related("incident").filter(_in_sight(viewer), pk=event_id).first()
    if row is None:
        raise NotFound()
    return _line(row)


def own_outlets(viewer: Viewer) -> frozenset[int] | None:
    """The outlets for which a person may declare one; None = the whole operator."""
    return None if viewer.outlet_codes is None else frozenset(one.id for one in list_outlets(viewer))


def _in_sight(viewer: Viewer) -> Q:
    own = own_outlets(viewer)
    return Q() if own is None else Q(outlet_ids__overlap=sorted(own))


def find_event(event_id: int) -> EventLine | None:
    """One event for whoever reacts to it."""
    row = MassEvent.objects.select_related("incident").filter(pk=event_id).first()
    return _line(row) if row else None


def hold_event_to_report(at: datetime) -> EventLine | None:
    """The event whose report is due longest, held until the transaction ends."""
    rows = MassEvent.objects.select_for_update(skip_locked=True, of=("self",)).select_related("incident")
    row = rows.filter(report_at__lte=at).order_by("report_at").first()
    return _line(row) if row else None


def is_any_running() -> bool:
    """Whether any declared event runs."""
    return MassEvent.objects.filter(due_at__isnull=False).exists()


def area_of(
    *,
    viewer: Viewer,
    outlets: Sequence[str],
    regions: Sequence[str],
    hubs: Sequence[str],
    cities: Sequence[str],
) -> Area:
    """Where, by the codes of outlets and regions. Raises NotFound for one that is unknown or out of sight:
    who sees some outlets only knows no regions."""
    own = {one.code: one for one in list_outlets(viewer)}
    of_regions = {} if viewer.outlet_codes is not None else region_outlets()
    if not own.keys() >= {*outlets} or not of_regions.keys() >= {*regions}:
        raise NotFound()
    ids = {own[code].id for code in outlets} | {one for code in regions for one in of_regions[code][1]}
    names = (*(of_regions[code][0] for code in regions), *(own[code].name for code in outlets))
    return Area(
        outlet_ids=tuple(sorted(ids)),
        hubs=tuple(hubs),
        cities=tuple(cities),
        names=(*names, *hubs, *cities),
    )


def region_outlets() -> dict[str, tuple[str, list[int]]]:
    """The name and the outlets of every region by its code."""
    return {code: (name, ids) for (code, name), ids in outlets_by_region().items()}


def is_declared(incident_id: int) -> bool:
    return MassEvent.objects.filter(pk=incident_id).exists()


def event_of_parcel(shipment_id: int) -> EventNotice | None:
    """The running event that holds this parcel up, the one that lasts longest."""
    row = (
        MassParcel.objects.filter(shipment_id=shipment_id, event__incident__closed_at__isnull=True)
        .order_by("-event__until")
        .values_list("event__incident__kind", "event__text", "event__until")
        .first()
    )
    return EventNotice(*row) if row else None


def declared_of(shipment_ids: Collection[int]) -> dict[int, Incident]:
    """The running declared events by the parcels that they hold up. One statement."""
    rows = MassParcel.objects.filter(
        shipment_id__in=list(shipment_ids), event__incident__closed_at__isnull=True
    )
    return {
        row.shipment_id: row.event.incident for row in rows.select_related("event__incident").order_by("pk")
    }


def _line(row: MassEvent) -> EventLine:
    one = row.incident
    return EventLine(
        id=row.pk,
        kind=one.kind,
        place=one.place,
        text=row.text,
        since=one.since,
        opened_at=one.opened_at,
        until=row.until,
        closed_at=one.closed_at,
        held=one.held,
        outlet_ids=tuple(row.outlet_ids),
        hubs=tuple(row.hubs),
        cities=tuple(row.cities),
        reported_at=row.reported_at,
        declared_by=row.declared_by,
    )
