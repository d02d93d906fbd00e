"""Stock counts as pages show them, the book at its moments, and how regularly each shelf is counted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max, Q

from yishi.kit.errors import NotFound
from yishi.stations.models.counts import CountDifference, CountScan, StockCount
from yishi.stations.models.parcels import StationMove, StationParcel
from yishi.stations.models.places import Shelf
from yishi.stations.queries.stations import INSIDE, StationCard, local
from yishi.stations.rules.counting import OF_CASES, Standing, count_every

_PLACED = ("BOOKED_IN", "SHELVED")


def book_of(station_id: int, *, since: datetime, until: datetime) -> list[Standing]:
    """Everything that was inside at some moment of that time, with its places; two statements."""
    stays = StationParcel.objects.filter(station_id=station_id, booked_in_at__lte=until)
    stays = stays.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=since))
    rows = list(stays.values_list("pk", "shipment__waybill_no", "booked_in_at", "ended_at"))
    places: dict[int, list[tuple[datetime, str]]] = {}
    moves = StationMove.objects.filter(parcel_id__in=[row[0] for row in rows], kind__in=_PLACED)
    for parcel_id, at, place in moves.order_by("at", "pk").values_list("parcel_id", "at", "to_place"):
        places.setdefault(parcel_id, []).append((at, place))
    return [Standing(*row, tuple(places.get(row[0], ()))) for row in rows]


def places_by_number(station_id: int, numbers: Collection[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Where these stand by the book now: places here, and names of the other stations; one statement."""
    inside = StationParcel.objects.filter(state=INSIDE, shipment__waybill_no__in=set(numbers))
    here: dict[str, str] = {}
    elsewhere: dict[str, str] = {}
    named = ("shipment__waybill_no", "station_id", "station__name", "shelf__code", "layer")
    for number, stands_in, station, shelf, layer in inside.values_list(*named):
        if stands_in == station_id:
            here[number] = f"{shelf}-{layer}" if shelf else ""
        else:
            elsewhere[number] = station
    return here, {number: name for number, name in elsewhere.items() if number not in here}


@dataclass(frozen=True, kw_only=True)
class CountCard:
    """A count; `agreed` are those that stood where the book has them."""

    id: int
    shelf: str
    state: str
    began_at: datetime
    began_by: str
    ended_at: datetime | None
    scanned: int
    expected: int
    differences: int
    left: int


def access_count(card: StationCard, count_id: int) -> CountCard:
    """A count of this station. Raises NotFound."""
    row = StockCount.objects.filter(pk=count_id, station_id=card.id).select_related("shelf").first()
    if row is None:
        raise NotFound()
    return _card(row)


def list_counts(card: StationCard, *, limit: int = 20) -> list[CountCard]:
    """The newest first."""
    rows = StockCount.objects.filter(station_id=card.id).exclude(state="DROPPED").select_related("shelf")
    return [_card(row) for row in rows.prefetch_related("differences").order_by("-began_at")[:limit]]


def _card(row: StockCount) -> CountCard:
    found = list(row.differences.all())
    return CountCard(
        id=row.pk,
        shelf=row.shelf.code if row.shelf else "",
        state=row.state,
        began_at=row.began_at,
        began_by=row.began_by,
        ended_at=row.ended_at,
        scanned=row.scanned,
        expected=row.expected,
        differences=len(found),
        left=sum(not one.settled for one in found),
    )


def list_differences(count_id: int) -> list[CountDifference]:
    """What did not agree, what is left to do first. The caller came through `access_count`."""
    rows = CountDifference.objects.filter(count_id=count_id).select_related("parcel")
    return sorted(rows, key=lambda row: (bool(row.settled), row.pk))


def last_scans(count_id: int, *, limit: int = 12) -> list[CountScan]:
    """The newest that were kept, undone ones too."""
    return list(CountScan.objects.filter(count_id=count_id).order_by("-pk")[:limit])


@dataclass(frozen=True)
class ForCase:
    """A difference that a person may suffer from; `state` is of the last stay here ('' = never booked in)."""

    difference_id: int
    kind: str
    waybill_no: str
    booked: str
    seen: str
    state: str
    case_no: str
    station: str
    shelf: str


def differences_for_cases(count_id: int) -> list[ForCase]:
    """Those that become cases and were not put right meanwhile."""
    rows = CountDifference.objects.filter(count_id=count_id, kind__in=OF_CASES, settled="")
    return [
        ForCase(
            row.pk,
            row.kind,
            row.waybill_no,
            row.booked,
            row.seen,
            row.parcel.state if row.parcel else "",
            row.case_no,
            row.count.station.name,
            row.count.shelf.code if row.count.shelf else "",
        )
        for row in rows.select_related("parcel", "count__station", "count__shelf").order_by("pk")
    ]


@dataclass(frozen=True)
class Discipline:
    """When a shelf was counted last, alone or with the station; `standing` is never, late or fine. `times` is
    on how many days of the last four weeks: it should be four."""

    shelf: str
    last_at: datetime | None
    days: int | None
    standing: str
    times: int = 0


_REGULAR_WITHIN = timedelta(days=28)


def discipline_of(card: StationCard, *, at: datetime) -> list[Discipline]:
    """One line a shelf that stands; three statements."""
    ended = StockCount.objects.filter(station_id=card.id, state="ENDED")
    last = dict(ended.values_list("shelf_id").annotate(last=Max("ended_at")))
    lately: dict[int | None, set[date]] = {}
    for shelf_id, moment in ended.filter(ended_at__gt=at - _REGULAR_WITHIN).values_list(
        "shelf_id", "ended_at"
    ):
        if moment is not None:
            lately.setdefault(shelf_id, set()).add(local(moment).date())
    shelves = Shelf.objects.filter(station_id=card.id, closed_at__isnull=True)
    found = []
    for pk, code in sorted(shelves.values_list("pk", "code"), key=lambda one: one[1].zfill(8)):
        moments = [moment for moment in (last.get(pk), last.get(None)) if moment is not None]
        newest = max(moments, default=None)
        days = (local(at).date() - local(newest).date()).days if newest else None
        times = len(lately.get(pk, set()) | lately.get(None, set()))
        found.append(Discipline(code, newest, days, count_every(days), times))
    return found
