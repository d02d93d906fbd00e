"""Stations that work in their brand's own system: what stands there follows from the tracking we read."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from yishi.consignees.queries import reach_contact
from yishi.feeds.models import Source
from yishi.network.models import Station
from yishi.shipments.models.codes import PickupCode
from yishi.shipments.models.parcels import Shipment, TrackingEvent
from yishi.shipments.rules.milestones import PUT_NOT_TAKEN
from yishi.stations.actions.marking import code_hash, hashes_of
from yishi.stations.actions.queue import serve_with_parcels
from yishi.stations.models.handouts import HandOut
from yishi.stations.models.parcels import MIRROR, StationMove, StationParcel
from yishi.stations.models.places import StationSetting
from yishi.stations.queries.stations import INSIDE, card_of, local
from yishi.stations.rules.keeping import kept_until
from yishi.stations.rules.mirror import KINDS, STORED, Named, Scan, Stay, stays_of

_MS = timedelta(milliseconds=1)


@dataclass(frozen=True)
class _Stations:
    """Those that follow, as scans may name them."""

    rows: dict[int, Station]
    named: list[Named]


def is_any_mirrored() -> bool:
    """Whether a station of the operator only follows."""
    return StationSetting.objects.filter(mode="MIRROR").exists()


def mirror_parcels(*, shipment_ids: Sequence[int], at: datetime) -> int:
    """Brings the stays of these parcels up to what their scans say; how many parcels changed.

    In whatever order scans came, late, twice or after a parcel's record was joined to another, the stays are
    the same; the same again changes nothing. Stations that book in here are left alone.
    """
    stations = _stations()
    if not stations.rows:
        return 0
    scans = _scans(shipment_ids)
    begun = [pk for pk, found in scans.items() if any(scan.meant == STORED for scan in found)]
    had = StationParcel.objects.filter(
        shipment_id__in=list(shipment_ids), station_id__in=list(stations.rows), booked_in_by=MIRROR
    )
    wanted = sorted({*begun, *had.values_list("shipment_id", flat=True)})
    return sum(_mirror(pk, scans.get(pk, []), stations) for pk in wanted)


def _stations() -> _Stations:
    found = Station.objects.filter(setting__mode="MIRROR").select_related("outlet", "setting")
    rows = {row.pk: row for row in found.prefetch_related("outlet__codes").order_by("pk")}
    named = [
        Named(
            pk,
            row.code,
            row.name,
            frozenset({row.outlet.code, *(code.code for code in row.outlet.codes.all())}),
        )
        for pk, row in rows.items()
    ]
    return _Stations(rows, named)


def _scans(shipment_ids: Sequence[int]) -> dict[int, list[Scan]]:
    """What was scanned of each parcel that can begin or end a stay; two statements."""
    plugins = dict(Source.objects.values_list("pk", "plugin"))
    rows = TrackingEvent.objects.filter(shipment_id__in=list(shipment_ids), kind__in=KINDS)
    scans = defaultdict(list)
    for row in rows.only(
        "shipment_id", "kind", "happened_at", "outlet", "text", "source_id", "source_code", "position"
    ):
        is_put = (plugins.get(row.source_id, ""), row.source_code) in PUT_NOT_TAKEN
        scans[row.shipment_id].append(
            Scan(row.kind, row.happened_at, row.outlet, row.text, is_put, row.position)
        )
    return scans


@transaction.atomic
def _mirror(shipment_id: int, scans: Sequence[Scan], stations: _Stations) -> int:
    shipment = Shipment.objects.select_for_update(of=("self",)).select_related("details").get(pk=shipment_id)
    codes = list(PickupCode.objects.filter(shipment_id=shipment_id).order_by("happened_at", "pk"))
    stays = stays_of(scans, stations.named, [code.place for code in codes])
    rows = list(
        StationParcel.objects.select_for_update(of=("self",))
        .select_related("hand_out")
        .filter(shipment_id=shipment_id)
        .order_by("booked_in_at", "pk")
    )
    # booked in here, before the station began to follow: the brand's scans can end it, nothing else
    own = [(stay, row) for stay in stays for row in rows if row.booked_in_by != MIRROR and _is_in(row, stay)]
    changed = sum(_end_own(row, stay) for stay, row in own)
    left = [stay for stay in stays if all(stay is not kept for kept, _row in own)]
    pairs = _paired([row for row in rows if row.booked_in_by == MIRROR], left)
    # ends before beginnings: a parcel stands in one place only
    for row, stay in sorted(pairs, key=lambda pair: pair[1] is not None and pair[1].ended_at is None):
        changed += _write(row, stay, shipment, stations, codes)
    return int(changed > 0)


def _is_in(row: StationParcel, stay: Stay) -> bool:
    """Whether the row was booked in during this stay; a scan is kept to the millisecond."""
    is_after = stay.since <= row.booked_in_at + _MS
    return (
        row.station_id == stay.station
        and is_after
        and row.booked_in_at <= (stay.ended_at or row.booked_in_at)
    )


def _paired(known: list[StationParcel], stays: list[Stay]) -> list[tuple[StationParcel | None, Stay | None]]:
    """Each stay with its row: that of the same moment, else the earliest left; rows that no scan tells of any
    more go with nothing."""
    left = {row.booked_in_at: row for row in known}
    spare = [row for row in known if row.booked_in_at not in {stay.since for stay in stays}]
    pairs: list[tuple[StationParcel | None, Stay | None]] = []
    for stay in stays:
        row = left.get(stay.since)
        if row is None and spare:
            row = spare.pop(0)
        pairs.append((row, stay))
    used = {row.pk for row, _stay in pairs if row is not None}
    return pairs + [(row, None) for row in known if row.pk not in used]


def _write(
    row: StationParcel | None,
    stay: Stay | None,
    shipment: Shipment,
    stations: _Stations,
    codes: Sequence[PickupCode],
) -> bool:
    """Whether the row was made or changed."""
    if stay is None:
        return row is not None and _forget(row)
    if row is None:
        if stay.ended_at is None and StationParcel.objects.filter(shipment=shipment, state=INSIDE).exists():
            return False  # booked in somewhere by hand: what a keeper has in his hands counts
        row = StationParcel(shipment=shipment, booked_in_by=MIRROR)
    before = None if row.pk is None else (row.station_id, row.booked_in_at, row.state, row.ended_at)
    until = _kept_until(stations.rows[stay.station], stay)
    code = _code_of(stay, codes)
    wanted = (stay.station, stay.since, stay.state, stay.ended_at)
    if before == wanted and (row.keep_until, row.code) == (until, code):
        return False
    row.station_id, row.booked_in_at, row.state, row.ended_at = wanted
    row.keep_until = until
    whose = next((bytes(one.phone_hash) for one in reversed(codes) if one.phone_hash), None)
    _fill(row, shipment, code, whose)
    old, row.hand_out = row.hand_out, _hand_out(row, stay)
    row.save()
    if old is not None and row.hand_out is None:
        old.delete()
    if before != wanted:
        _retell(row, stay, before)
    return True


def _code_of(stay: Stay, codes: Sequence[PickupCode]) -> str:
    """The newest that was told before the stay ended."""
    told = [one.code for one in codes if stay.ended_at is None or one.happened_at <= stay.ended_at]
    return told[-1] if told else ""


def _kept_until(station: Station, stay: Stay) -> datetime:
    card = card_of(station)
    until = kept_until(local(stay.since), card.rule, card.closes)
    # its own system says that it stands too long: that rule counts
    return min(until, stay.overdue_at) if stay.overdue_at is not None else until


def _fill(row: StationParcel, shipment: Shipment, code: str, whose: bytes | None) -> None:
    """Its code and its person, as far as they are known by now."""
    details = getattr(shipment, "details", None)
    row.contact_id = details.consignee_id if details is not None else row.contact_id
    phone = reach_contact(row.contact_id).phone if row.contact_id is not None else ""
    row.phone_hash, row.tail_hash = hashes_of(phone)
    # else the phone that the place said it knows the parcel by
    row.phone_hash = row.phone_hash or whose
    row.code, row.code_hash = code, code_hash(code) if code else None
    same = StationParcel.objects.filter(station_id=row.station_id, state=INSIDE, code_hash=row.code_hash)
    if code and row.state == INSIDE and same.exclude(pk=row.pk).exists():
        row.code_hash = None  # two brands may give the same code: found by its number then


def _hand_out(row: StationParcel, stay: Stay) -> HandOut | None:
    if stay.state != StationParcel.State.HANDED_OUT.value or stay.ended_at is None:
        return None
    if row.hand_out is not None:
        HandOut.objects.filter(pk=row.hand_out.pk).update(at=stay.ended_at, station_id=stay.station)
        return row.hand_out
    said = {"station_id": stay.station, "at": stay.ended_at, "given_by": MIRROR}
    return HandOut.objects.create(how="MIRROR", **said)


def _retell(
    row: StationParcel, stay: Stay, before: tuple[int, datetime, str, datetime | None] | None
) -> None:
    """Its story goes on with what is heard now; what was heard before stands, it is never changed."""
    if before is None or before[:2] != (stay.station, stay.since):
        StationMove.objects.create(parcel=row, kind="BOOKED_IN", at=stay.since, moved_by=MIRROR)
    if stay.ended_at is not None and (before is None or before[2:] != (stay.state, stay.ended_at)):
        StationMove.objects.create(parcel=row, kind=stay.state, at=stay.ended_at, moved_by=MIRROR)
        serve_with_parcels(parcel_ids=(row.pk,), at=stay.ended_at)


def _forget(row: StationParcel) -> bool:
    """No scan tells of it any more: its parcel's record was joined to another, or a code reads otherwise."""
    if row.state == StationParcel.State.UNDONE.value:
        return False
    row.state, row.hand_out = StationParcel.State.UNDONE.value, None
    row.ended_at = row.ended_at or row.booked_in_at
    row.save(update_fields=["state", "hand_out", "ended_at"])
    StationMove.objects.create(parcel=row, kind="UNDONE", at=row.ended_at, moved_by=MIRROR)
    return True


def _end_own(row: StationParcel, stay: Stay) -> int:
    if row.state != INSIDE or stay.ended_at is None:
        return 0
    row.state, row.ended_at = stay.state, stay.ended_at
    row.hand_out = _hand_out(row, stay)
    row.save(update_fields=["state", "ended_at", "hand_out"])
    StationMove.objects.create(parcel=row, kind=stay.state, at=stay.ended_at, moved_by=MIRROR)
    serve_with_parcels(parcel_ids=(row.pk,), at=stay.ended_at)
    return 1
