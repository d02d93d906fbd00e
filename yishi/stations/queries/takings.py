"""Wrongly taken parcels, and who may have taken each."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from yishi.kit.errors import NotFound
from yishi.stations.models.parcels import StationParcel
from yishi.stations.models.takings import WrongTaking
from yishi.stations.queries.stations import StationCard
from yishi.stations.queries.stays import StayLine, line_of
from yishi.stations.rules.finding import TAKEN_WITHIN, Given, takers

_MOST_NEAR = 400


def taker_stays(parcel: StationParcel) -> list[StationParcel]:
    """Stays of other people that were given away near it in time, shelf or tail; the likeliest first.
    Where it was never handed out by the book, those of the last hours."""
    rows = StationParcel.objects.filter(station_id=parcel.station_id, state="HANDED_OUT")
    rows = rows.exclude(pk=parcel.pk).select_related("shipment__details", "shelf", "contact")
    if parcel.phone_hash is not None:
        rows = rows.exclude(phone_hash=parcel.phone_hash)
    newest = rows.order_by("-ended_at").values_list("ended_at", flat=True).first()
    about = parcel.ended_at or newest
    if about is None:
        return []
    near = rows.filter(ended_at__gte=about - TAKEN_WITHIN, ended_at__lte=about + TAKEN_WITHIN)
    found = {
        row.pk: row for row in near.prefetch_related("shipment__stops").order_by("-ended_at")[:_MOST_NEAR]
    }
    ranked = takers(given_of(parcel, about), [given_of(row, row.ended_at or about) for row in found.values()])
    return [found[pk] for pk, _score in ranked]


def given_of(row: StationParcel, at: datetime) -> Given:
    place = f"{row.shelf.code}-{row.layer}" if row.shelf else ""
    return Given(parcel_id=row.pk, place=place, tail=row.shipment.waybill_no[-4:], at=at)


@dataclass(frozen=True, kw_only=True)
class TakingCard:
    """A parcel in the wrong hands; `candidates` with whether each was asked."""

    id: int
    parcel: StayLine
    marked_at: datetime
    marked_by: str
    note: str
    case_no: str
    back_at: datetime | None
    candidates: list[tuple[StayLine, datetime | None]]


def access_taking(card: StationCard, taking_id: int, *, at: datetime) -> TakingCard:
    """One of this station. Raises NotFound."""
    rows = WrongTaking.objects.filter(pk=taking_id, parcel__station_id=card.id)
    row = rows.select_related("parcel__shipment__details", "parcel__shelf", "parcel__contact").first()
    if row is None:
        raise NotFound()
    asked = dict(row.asked.values_list("parcel_id", "asked_at"))
    stays = taker_stays(row.parcel) if row.back_at is None else []
    return TakingCard(
        id=row.pk,
        parcel=line_of(card, row.parcel, at=at),
        marked_at=row.marked_at,
        marked_by=row.marked_by,
        note=row.note,
        case_no=row.case_no,
        back_at=row.back_at,
        candidates=[(line_of(card, stay, at=at), asked.get(stay.pk)) for stay in stays],
    )


def list_takings(card: StationCard, *, limit: int = 30) -> list[tuple[int, str, datetime, datetime | None]]:
    """Open ones first: id, number, when marked, when back."""
    rows = WrongTaking.objects.filter(parcel__station_id=card.id).order_by("-marked_at")
    found = list(rows.values_list("pk", "parcel__shipment__waybill_no", "marked_at", "back_at")[:limit])
    return sorted(found, key=lambda row: row[3] is not None)


@dataclass(frozen=True, kw_only=True)
class TakingSaid:
    """What became of a wrong taking, for the person who said so; `is_own`: it is his own parcel that is gone.
    `asked` is how many were asked whether they have it."""

    is_own: bool
    marked_at: datetime
    back_at: datetime | None
    case_no: str
    asked: int
    tail: str


def takings_said(parcel_id: int) -> list[TakingSaid]:
    """Of this stay itself, and of those that its person says he holds; the newest first."""
    mine = Q(parcel_id=parcel_id) | Q(asked__parcel_id=parcel_id, asked__asked_by="person")
    rows = WrongTaking.objects.filter(mine).distinct().select_related("parcel__shipment")
    return [
        TakingSaid(
            is_own=row.parcel_id == parcel_id,
            marked_at=row.marked_at,
            back_at=row.back_at,
            case_no=row.case_no if row.parcel_id == parcel_id else "",
            asked=row.asked.count(),
            tail=row.parcel.shipment.waybill_no[-4:],
        )
        for row in rows.order_by("-pk")[:10]
    ]


def count_said_wrong(card: StationCard) -> int:
    """Open ones that people told of themselves: their keeper has not seen them happen."""
    said = Q(marked_by="person") | Q(asked__asked_by="person")
    rows = WrongTaking.objects.filter(said, parcel__station_id=card.id, back_at=None)
    return rows.distinct().count()
