"""How a station's line is run: counters, the promise, feasts, the peak; and the links of its machines."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from yishi.kit.errors import Invalid, NotFound
from yishi.kit.ids import private_token, token_hash
from yishi.kit.live import nudge
from yishi.people.rules import Permission, Viewer
from yishi.stations.actions.queue import MOST_COUNTERS, topic_of
from yishi.stations.models.places import Shelf
from yishi.stations.models.queue import FloorLink, StationQueue
from yishi.stations.queries.stations import StationCard, access_station, local, station_card
from yishi.stations.rules.waves import Wave, next_slot

MOST_FACTORS = 120
FACTORS_KEPT = timedelta(weeks=14)


def _changed(card: StationCard, by: Viewer, at: datetime, **said: object) -> None:
    StationQueue.objects.update_or_create(
        station_id=card.id, defaults={**said, "updated_at": at, "updated_by": by.label}
    )
    nudge(topic_of(card.id))


@transaction.atomic
def open_counters(*, card: StationCard, counters: int, by: Viewer, at: datetime) -> None:
    """So many counters serve from now on; 0 = a break. Raises Invalid."""
    if not 0 <= counters <= MOST_COUNTERS:
        raise Invalid([("/counters", "out_of_range", "窗口数是 0 到 20")])
    _changed(card, by, at, counters=counters)


@transaction.atomic
def promise_wait(*, station: str, percent: int, within_s: int, by: Viewer, at: datetime) -> None:
    """So many of a hundred are called within so many seconds: what staff is counted for. Raises Invalid."""
    card = access_station(by, station, Permission.STATIONS)
    if not (50 <= percent <= 99 and 30 <= within_s <= 1800):
        raise Invalid([("/percent", "out_of_range", "50–99%，半分钟到 30 分钟")])
    _changed(card, by, at, target_percent=percent, target_s=within_s)


@transaction.atomic
def set_factor(*, station: str, day: date, factor: float, by: Viewer, at: datetime) -> None:
    """A feast or a promotion: so many times as many come on that day; 1 takes it back. Raises Invalid."""
    card = access_station(by, station, Permission.STATIONS)
    if not 0.1 <= factor <= 5:
        raise Invalid([("/factor", "out_of_range", "0.1 到 5 倍")])
    row = StationQueue.objects.filter(station_id=card.id).first()
    kept = dict(row.factors) if row is not None else {}
    # a feast that is over is still needed: its visits are divided by it before they tell a usual day
    oldest = (at - FACTORS_KEPT).date().isoformat()
    kept = {iso: one for iso, one in kept.items() if iso >= oldest and iso != day.isoformat()}
    if factor != 1:
        kept[day.isoformat()] = factor
    if len(kept) > MOST_FACTORS:
        raise Invalid([("/day", "too_many", "最多记 120 天")])
    _changed(card, by, at, factors=kept)


@transaction.atomic
def switch_peak(*, station: str, is_on: bool, wave_size: int = 60, by: Viewer, at: datetime) -> int:
    """On: temporary shelves are put up and notices go in waves, so many every ten minutes. Off: empty
    temporary shelves are taken away, notices go at once. How many shelves changed. Raises Invalid."""
    card = access_station(by, station, Permission.STATIONS)
    if not 1 <= wave_size <= 2000:
        raise Invalid([("/wave_size", "out_of_range", "每 10 分钟 1 到 2000 条")])
    shelves = Shelf.objects.filter(station_id=card.id, is_temporary=True)
    if is_on:
        changed = shelves.filter(closed_at__isnull=False).update(closed_at=None)
        _changed(card, by, at, peak_since=at, peak_by=by.label, wave_size=wave_size)
        return changed
    _changed(card, by, at, peak_since=None, peak_by="", wave_at=None, wave_sent=0)
    empty = shelves.filter(closed_at__isnull=True).exclude(parcels__state="INSIDE")
    return Shelf.objects.filter(pk__in=list(empty.values_list("pk", flat=True))).update(closed_at=at)


@transaction.atomic
def notice_slot(*, station_id: int, at: datetime) -> datetime:
    """When the notice of a parcel just booked in may go: at once, or at the peak with its wave, never in the
    station's quiet hours. Two parcels never share one place of a wave."""
    row = (
        StationQueue.objects.select_for_update()
        .filter(station_id=station_id, peak_since__isnull=False)
        .first()
    )
    if row is None:
        return at
    card = station_card(station_id)
    wave = Wave(local(row.wave_at), row.wave_sent) if row.wave_at is not None else None
    quiet = (card.quiet_from, card.quiet_until)
    slot, wave = next_slot(at=local(at), wave=wave, size=row.wave_size, quiet=quiet)
    row.wave_at, row.wave_sent = wave.begun_at, wave.sent
    row.save(update_fields=["wave_at", "wave_sent"])
    return slot


@dataclass(frozen=True)
class Link:
    """A machine's link as the keeper sees it; `token` opens it."""

    link_id: int
    kind: str
    token: str


@transaction.atomic
def make_link(*, station: str, kind: str, by: Viewer, at: datetime) -> Link:
    """A link for one kiosk, one wall screen, or the QR code by which tickets are drawn. Raises Invalid."""
    card = access_station(by, station, Permission.STATIONS)
    if kind not in FloorLink.Kind.values:
        raise Invalid([("/kind", "bad_value", "没有这个选项")])
    if FloorLink.objects.filter(station_id=card.id, revoked_at__isnull=True).count() >= 30:
        raise Invalid([("/kind", "too_many", "最多 30 台，先收回不用的")])
    row = FloorLink.objects.create(
        station_id=card.id, kind=kind, token_hash=secrets.token_bytes(32), made_at=at, made_by=by.label
    )
    token = private_token("floor", str(row.pk))
    row.token_hash = token_hash(token)
    row.save(update_fields=["token_hash"])
    return Link(row.pk, kind, token)


@transaction.atomic
def take_link_back(*, station: str, link_id: int, by: Viewer, at: datetime) -> None:
    """The machine opens nothing from now on. Raises NotFound; again does nothing."""
    card = access_station(by, station, Permission.STATIONS)
    row = FloorLink.objects.filter(pk=link_id, station_id=card.id).first()
    if row is None:
        raise NotFound()
    FloorLink.objects.filter(pk=row.pk, revoked_at__isnull=True).update(revoked_at=at)


def note_seen(*, link_id: int, at: datetime) -> None:
    """The machine is on; its keeper sees since when it is not."""
    FloorLink.objects.filter(pk=link_id).update(seen_at=at)
