"""A stock count: begun, scanned in batches (long after, from a page without a line), ended, put right."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.facts import announce
from yishi.people.rules import Viewer
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.rules.waybills import normalise_waybill_no
from yishi.stations.actions.strays import tell_of_strays
from yishi.stations.facts import CountEnded, ParcelsSeen
from yishi.stations.models.counts import CountDifference, CountScan, StockCount
from yishi.stations.models.parcels import StationMove, StationParcel
from yishi.stations.models.places import Shelf
from yishi.stations.queries.counts import book_of, places_by_number
from yishi.stations.queries.stations import StationCard
from yishi.stations.rules.counting import Difference, Found, Scan, differences, is_goods_barcode
from yishi.stations.rules.moments import scanned_at

MOST_SCANS = 5_000
_BATCH = 500
_PLACE = re.compile(r"[A-Z0-9]{1,6}(-\d{1,2})?")


class CountIsOver(Refusal):
    """这次盘点已经结束，要再盘就新开一次"""

    code = "count_is_over"


class NothingScanned(Refusal):
    """一件都没扫，不能结束；不盘了就放弃"""

    code = "nothing_scanned"


@dataclass(frozen=True, kw_only=True)
class Scanned:
    """One scan as the page kept it; the time is by the page's own clock."""

    client_id: str
    text: str
    place: str = ""
    scanned_at: datetime | None = None


@dataclass(frozen=True)
class Heard:
    """What the keeper hears at once: OK, AGAIN, or the kind of difference; `place` is the book's."""

    client_id: str
    verdict: str
    place: str


@transaction.atomic
def begin_count(*, card: StationCard, shelf: str, by: Viewer, at: datetime) -> int:
    """Begins a count of one shelf, or of the station (''); one that runs goes on. Raises Invalid."""
    row = None
    if shelf:
        row = Shelf.objects.filter(station_id=card.id, code=shelf, closed_at__isnull=True).first()
        if row is None:
            raise Invalid([("/shelf", "unknown_shelf", "没有这个货架，看一下标签再扫")])
    began = {"began_at": at, "began_by": by.label}
    return StockCount.objects.get_or_create(
        station_id=card.id, shelf=row, state=StockCount.State.OPEN.value, defaults=began
    )[0].pk


@transaction.atomic
def take_scans(
    *,
    card: StationCard,
    count_id: int,
    scans: Sequence[Scanned],
    sent_at: datetime | None,
    by: Viewer,
    at: datetime,
) -> list[Heard]:
    """Keeps a batch; a scan that was sent before is kept once. Whoever looks for one of them hears of it.

    A wrong clock is put right by when the page sent them. Raises Invalid, NotFound, CountIsOver.
    """
    if not scans or len(scans) > MOST_SCANS:
        raise Invalid([("/scans", "bad_value", "一次最多 5000 条")])
    if any(not one.client_id or max(len(one.client_id), len(one.text)) > 200 for one in scans):
        raise Invalid([("/scans", "bad_value", "有一条读不懂")])
    count = _hold(card, count_id)
    sent_before = set(count.scans.values_list("client_id", flat=True)) if count.scanned else set()
    seen = (
        set(count.scans.filter(undone_at=None).values_list("waybill_no", flat=True))
        if count.scanned
        else set()
    )
    rows = [_row(count, one, sent_at, by, at) for one in {one.client_id: one for one in scans}.values()]
    here, elsewhere = places_by_number(card.id, [row.waybill_no for row in rows])
    _drop_goods(rows, {*here, *elsewhere})
    new = [row for row in rows if row.client_id not in sent_before]
    CountScan.objects.bulk_create(new)
    count.scanned += len(new)
    count.save(update_fields=["scanned"])
    _tell_seekers(card, count, new, at)
    return [_heard(row, here, elsewhere, seen) for row in rows]


def _row(count: StockCount, one: Scanned, sent_at: datetime | None, by: Viewer, at: datetime) -> CountScan:
    place = one.place.strip().upper()
    moment = scanned_at(scanned=one.scanned_at, sent=sent_at, at=at)
    return CountScan(
        count=count,
        client_id=one.client_id,
        waybill_no=normalise_waybill_no(one.text) or "",
        place=place if _PLACE.fullmatch(place) else (count.shelf.code if count.shelf else ""),
        # nothing is counted before the count began
        at=max(moment, count.began_at),
        scanned_by=by.label,
    )


def _drop_goods(rows: Sequence[CountScan], standing: set[str]) -> None:
    """Who scanned the box's own barcode has not read the label: no parcel comes of it."""
    goods = [one for one in rows if is_goods_barcode(one.waybill_no) and one.waybill_no not in standing]
    if not goods:
        return
    numbers = Shipment.objects.filter(waybill_no__in=[one.waybill_no for one in goods])
    known = set(numbers.values_list("waybill_no", flat=True))
    for row in goods:
        row.waybill_no = row.waybill_no if row.waybill_no in known else ""


def _heard(row: CountScan, here: dict[str, str], elsewhere: dict[str, str], seen: set[str]) -> Heard:
    number = row.waybill_no
    if not number:
        return Heard(row.client_id, Found.UNREADABLE, "")
    if number not in here:
        kind = Found.ELSEWHERE if number in elsewhere else Found.UNEXPECTED
        return Heard(row.client_id, kind, elsewhere.get(number, ""))
    place = here[number]
    is_again = number in seen
    seen.add(number)
    if is_again:
        return Heard(row.client_id, "AGAIN", place)
    is_right = not row.place or not place or place == row.place or place.rpartition("-")[0] == row.place
    return Heard(row.client_id, "OK" if is_right else Found.WRONG_SHELF, place)


def _tell_seekers(card: StationCard, count: StockCount, rows: Iterable[CountScan], at: datetime) -> None:
    """Parcels that an earlier count missed are found; whoever else looks for one is told by its cases."""
    where = {row.waybill_no: row.place for row in rows if row.waybill_no}
    missed = CountDifference.objects.filter(kind=Found.MISSING, settled="", waybill_no__in=list(where))
    for row in missed.filter(count__station_id=card.id):
        row.settled, row.settled_at, row.settled_by = "FOUND", at, "count"
        row.seen = where[row.waybill_no]
        row.save(update_fields=["settled", "settled_at", "settled_by", "seen"])
    known = list(
        Shipment.objects.filter(waybill_no__in=list(where), merged_into__isnull=True).values_list(
            "pk", "waybill_no"
        )
    )
    for start in range(0, len(known), _BATCH):
        part = known[start : start + _BATCH]
        ids, places = tuple(pk for pk, _no in part), tuple(where[number] for _pk, number in part)
        announce(ParcelsSeen(station=card.name, shipment_ids=ids, places=places, count_id=count.pk, at=at))


@transaction.atomic
def undo_scan(*, card: StationCard, count_id: int, client_id: str, by: Viewer, at: datetime) -> str:
    """The scan does not count; its number. Raises NotFound, CountIsOver."""
    count = _hold(card, count_id)
    row = count.scans.filter(client_id=client_id, undone_at__isnull=True).first()
    if row is None:
        raise NotFound()
    row.undone_at = at
    row.save(update_fields=["undone_at"])
    return row.waybill_no


@transaction.atomic
def drop_count(*, card: StationCard, count_id: int, by: Viewer, at: datetime) -> None:
    """Nothing comes of it. Raises NotFound, CountIsOver."""
    count = _hold(card, count_id)
    count.state, count.ended_at, count.ended_by = StockCount.State.DROPPED.value, at, by.label
    count.save(update_fields=["state", "ended_at", "ended_by"])


@transaction.atomic
def end_count(*, card: StationCard, count_id: int, by: Viewer, at: datetime) -> int:
    """Holds the scans against the book and keeps what does not agree; how many. Announces CountEnded.

    Raises NotFound, CountIsOver, NothingScanned: an empty shelf is counted with its one unreadable scan.
    """
    count = _hold(card, count_id)
    shelf = count.shelf.code if count.shelf else ""
    rows = [Scan(s.waybill_no, s.place, s.at) for s in count.scans.filter(undone_at__isnull=True)]
    book = book_of(card.id, since=count.began_at, until=at)
    still = [one for one in book if one.stood_still(count.began_at, at)]
    count.expected = sum(not shelf or one.place_at(at).rpartition("-")[0] == shelf for one in still)
    if not rows and count.expected:
        raise NothingScanned()
    _here, elsewhere = places_by_number(card.id, [row.waybill_no for row in rows])
    found = differences(
        scans=rows, book=book, elsewhere=elsewhere, shelf=shelf, began_at=count.began_at, ended_at=at
    )
    tell_of_strays(card, {one.waybill_no for one in found if one.kind == Found.UNEXPECTED}, at=at)
    _keep(count, card, found)
    count.state, count.ended_at, count.ended_by = StockCount.State.ENDED.value, at, by.label
    count.save(update_fields=["state", "ended_at", "ended_by", "expected"])
    announce(CountEnded(count_id=count.pk, station=card.name, at=at))
    return len(found)


def _keep(count: StockCount, card: StationCard, found: Sequence[Difference]) -> None:
    """With whoever had each parcel in hand last."""
    strays = {one.waybill_no for one in found if one.parcel_id is None and one.waybill_no}
    stays = StationParcel.objects.filter(station_id=card.id, shipment__waybill_no__in=strays)
    last_stay = dict(stays.order_by("pk").values_list("shipment__waybill_no", "pk"))
    ids = {one.parcel_id for one in found if one.parcel_id} | set(last_stay.values())
    moves = StationMove.objects.filter(parcel_id__in=ids).order_by("parcel_id", "-at", "-pk")
    last = {move.parcel_id: move for move in moves.distinct("parcel_id")}
    rows = []
    for one in found:
        parcel_id = one.parcel_id or last_stay.get(one.waybill_no)
        move = last.get(parcel_id) if parcel_id else None
        rows.append(
            CountDifference(
                count=count,
                kind=one.kind,
                waybill_no=one.waybill_no,
                parcel_id=parcel_id,
                booked=one.booked,
                seen=one.seen,
                at=one.at,
                last_by=move.moved_by if move else "",
                last_at=move.at if move else None,
                last_kind=move.kind if move else "",
            )
        )
    CountDifference.objects.bulk_create(rows)


def _hold(card: StationCard, count_id: int) -> StockCount:
    rows = StockCount.objects.select_for_update(of=("self",)).select_related("shelf")
    count = rows.filter(pk=count_id, station_id=card.id).first()
    if count is None:
        raise NotFound()
    if count.state != StockCount.State.OPEN:
        raise CountIsOver()
    return count
