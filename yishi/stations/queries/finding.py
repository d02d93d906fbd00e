"""Finding a parcel: where it was last, who had it, and behind which others to look."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from yishi.consignees.rules import plain_name
from yishi.kit.personal import keyed_hash
from yishi.stations.models.counts import CountScan
from yishi.stations.models.parcels import StationParcel
from yishi.stations.queries.stations import INSIDE, StationCard
from yishi.stations.queries.stays import StayLine, Step, line_of, story_of
from yishi.stations.rules.codes import plain_code
from yishi.stations.rules.finding import TAKEN_WITHIN, TOGETHER, Look, Why, neighbours

_MOST = 600


@dataclass(frozen=True, kw_only=True)
class Found:
    """A parcel, its story (the newest step first), when a count last saw it, and what to look behind."""

    parcel: StayLine
    story: list[Step]
    seen_at: datetime | None
    seen_place: str
    neighbours: list[tuple[StayLine, tuple[Why, ...]]]


def find_parcels(card: StationCard, text: str, *, at: datetime) -> list[StayLine]:
    """By number, its last four signs, four digits of the phone, or the code; those inside first."""
    plain = plain_code(text)
    if len(plain) < 4:
        return []
    asked = Q(shipment__waybill_no=plain) | Q(code_hash=keyed_hash("station_code", plain))
    if len(plain) <= 6:
        asked |= Q(shipment__waybill_no__endswith=plain)
    if len(plain) == 4 and plain.isdigit():
        asked |= Q(tail_hash=keyed_hash("phone_tail", plain))
    rows = _rows(card).filter(asked).order_by("-pk")[:20]
    found = [line_of(card, row, at=at) for row in rows]
    return sorted(found, key=lambda line: line.state != INSIDE)


def look_for(card: StationCard, parcel_id: int, *, at: datetime) -> Found | None:
    """What is known of one parcel of this station, and its likely confusions; None for a foreign one."""
    row = _rows(card).filter(pk=parcel_id).first()
    if row is None:
        return None
    story = story_of(row.pk)
    seen = CountScan.objects.filter(
        count__station_id=card.id, waybill_no=row.shipment.waybill_no, undone_at__isnull=True
    )
    last = seen.order_by("-at").values_list("at", "place").first()
    near = {one.pk: one for one in _near(card, row)}
    ranked = neighbours(_look(row), [_look(one) for one in near.values()])
    return Found(
        parcel=line_of(card, row, at=at),
        story=story,
        seen_at=last[0] if last else None,
        seen_place=last[1] if last else "",
        neighbours=[(line_of(card, near[one.parcel_id], at=at), one.whys) for one in ranked],
    )


def _rows(card: StationCard) -> QuerySet[StationParcel]:
    rows = StationParcel.objects.filter(station_id=card.id)
    return rows.select_related("shipment__details", "shelf", "contact").prefetch_related("shipment__stops")


def _near(card: StationCard, row: StationParcel) -> list[StationParcel]:
    """Those it can be mistaken for: inside, or given away so lately that it may have gone with them."""
    about = row.ended_at or row.booked_in_at
    lately = Q(state="HANDED_OUT", ended_at__gte=about - TAKEN_WITHIN, ended_at__lte=about + TAKEN_WITHIN)
    shared = Q(shelf_id=row.shelf_id) | Q(shipment__waybill_no__endswith=row.shipment.waybill_no[-4:])
    together = (row.booked_in_at - TOGETHER, row.booked_in_at + TOGETHER)
    shared |= Q(booked_in_at__range=together)
    if row.phone_hash is not None:
        shared |= Q(phone_hash=row.phone_hash)
    if row.tail_hash is not None:
        shared |= Q(tail_hash=row.tail_hash)
    rows = _rows(card).filter(Q(state=INSIDE) | lately).filter(shared).exclude(pk=row.pk)
    return list(rows.order_by("-pk")[:_MOST])


def _look(row: StationParcel) -> Look:
    name = plain_name(row.contact.name) if row.contact else ""
    return Look(
        parcel_id=row.pk,
        tail=row.shipment.waybill_no[-4:],
        place=f"{row.shelf.code}-{row.layer}" if row.shelf else "",
        booked_in_at=row.booked_in_at,
        person=bytes(row.phone_hash or b""),
        name=name[-1:] if name and "*" not in name[-1:] else "",
        number=plain_code(row.code)[-4:] if row.code else "",
    )
