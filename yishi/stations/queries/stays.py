"""Parcels at a station: lists for keepers, the story of one, and the six kinds of overdue."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from yishi.consignees.queries import MaskedContact
from yishi.kit.errors import Invalid, NotFound
from yishi.kit.personal import keyed_hash, mask_name, mask_phone
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.rules.waybills import normalise_waybill_no
from yishi.stations.models.parcels import MIRROR, StationMove, StationParcel
from yishi.stations.queries.stations import INSIDE, StationCard, local
from yishi.stations.rules.codes import plain_code
from yishi.stations.rules.keeping import Extension, extensions, fee_fen
from yishi.stations.rules.overdue import Look, Standing, standing_of

MOST = 5_000
_GOING_BACK = ("RETURNING", "RETURNED", "CANCELLED")


@dataclass(frozen=True, kw_only=True)
class StayLine:
    """One parcel of a station, its person masked. `standing` counts while it is inside."""

    parcel_id: int
    shipment_id: int
    waybill_no: str
    carrier: str
    state: str
    condition: str
    shelf: str
    pickup_code: str
    person: MaskedContact
    contact_id: int | None
    booked_in_at: datetime
    keep_until: datetime
    ended_at: datetime | None
    collect: str
    standing: str
    fee_fen: int


@dataclass(frozen=True)
class StayPage:
    items: list[StayLine]
    next_cursor: str | None


def list_stays(
    card: StationCard, *, state: str = "", q: str = "", cursor: str = "", limit: int = 25, at: datetime
) -> StayPage:
    """Parcels of the station, the newest first; `q` is a number, its last signs, a place, or four digits of a
    phone. The caller came through the station's door. Raises Invalid."""
    if state and state not in StationParcel.State.values:
        raise Invalid([("/state", "bad_value", "没有这个选项")])
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise Invalid([("/cursor", "bad_value", "没有这一页")])
    rows = _rows(card)
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(_asked(q)) if q.strip() else rows
    rows = rows.filter(pk__lt=int(cursor)) if cursor else rows
    found = list(rows.order_by("-pk")[: limit + 1])
    more = str(found[limit - 1].pk) if len(found) > limit else None
    return StayPage([line_of(card, row, at=at) for row in found[:limit]], more)


def _asked(q: str) -> Q:
    plain = plain_code(q)
    number = normalise_waybill_no(q)
    asked = Q(code_hash=keyed_hash("station_code", plain))
    asked |= Q(shipment__waybill_no=number) if number else Q(shipment__waybill_no__endswith=plain or "?")
    if len(plain) == 4 and plain.isdigit():
        asked |= Q(tail_hash=keyed_hash("phone_tail", plain))
    shelf, _, layer = q.strip().rpartition("-")
    return (
        asked | Q(shelf__code=shelf, layer=int(layer))
        if shelf and layer.isdigit() and len(layer) < 3
        else asked
    )


def _rows(card: StationCard) -> QuerySet[StationParcel]:
    rows = StationParcel.objects.filter(station_id=card.id)
    return rows.select_related("shipment__details", "shelf", "contact").prefetch_related("shipment__stops")


def line_of(card: StationCard, row: StationParcel, *, at: datetime) -> StayLine:
    contact = row.contact
    person = MaskedContact(mask_name(contact.name), mask_phone(contact.phone)) if contact else MaskedContact()
    return StayLine(
        parcel_id=row.pk,
        shipment_id=row.shipment_id,
        waybill_no=row.shipment.waybill_no,
        carrier=row.shipment.carrier,
        state=row.state,
        condition=row.condition,
        shelf=f"{row.shelf.code}-{row.layer}" if row.shelf else "",
        pickup_code=row.code,
        person=person,
        contact_id=row.contact_id,
        booked_in_at=row.booked_in_at,
        keep_until=row.keep_until,
        ended_at=row.ended_at,
        collect=row.collect,
        standing=_standing(card, row, at).value if row.state == INSIDE else "",
        fee_fen=fee_fen(local(row.booked_in_at), local(row.ended_at or at), card.rule),
    )


def _standing(card: StationCard, row: StationParcel, at: datetime) -> Standing:
    shipment = row.shipment
    moved_since = shipment.moved_at is not None and shipment.moved_at >= row.booked_in_at
    look = Look(
        keep_until=row.keep_until,
        is_stopped=any(stop.lifted_at is None for stop in shipment.stops.all()),
        is_damaged=row.condition == StationParcel.Condition.DAMAGED.value,
        is_released=moved_since and shipment.milestone == "DELIVERED",
        is_unwanted=row.collect == StationParcel.Collect.NOT_WANTED.value,
        is_going_back=moved_since and shipment.milestone in _GOING_BACK,
        # in mirror mode the brand's own system knows and tells the person
        has_contact=row.tail_hash is not None or row.booked_in_by == MIRROR,
    )
    return standing_of(look, at=at, return_after_days=card.return_after_days)


def get_stay(card: StationCard, parcel_id: int, *, at: datetime) -> StayLine:
    """One parcel of this station, inside or gone. Raises NotFound."""
    row = _rows(card).filter(pk=parcel_id).first()
    if row is None:
        raise NotFound()
    return line_of(card, row, at=at)


def stays_of_person(card: StationCard, parcel_id: int, *, at: datetime) -> list[StayLine]:
    """This parcel and the others of the same phone that stand here, in the order of their places."""
    asked = StationParcel.objects.filter(station_id=card.id, pk=parcel_id, state=INSIDE).first()
    if asked is None:
        raise NotFound()
    whose = Q(pk=asked.pk)
    if asked.phone_hash is not None:
        whose |= Q(phone_hash=asked.phone_hash)
    rows = _rows(card).filter(whose, state=INSIDE).order_by("shelf__code", "layer", "pk")[:50]
    return [line_of(card, row, at=at) for row in rows]


def list_standing(card: StationCard, kinds: Collection[str], *, at: datetime) -> list[StayLine]:
    """Parcels inside of these kinds, the longest here first."""
    rows = _rows(card).filter(state=INSIDE).order_by("keep_until", "pk")[:MOST]
    return [line_of(card, row, at=at) for row in rows if _standing(card, row, at) in kinds]


def count_standing(card: StationCard, *, at: datetime) -> Counter[str]:
    """How many stand here of each kind."""
    rows = StationParcel.objects.filter(station_id=card.id, state=INSIDE).select_related("shipment")
    found = rows.prefetch_related("shipment__stops").defer("code")[:MOST]
    return Counter(_standing(card, row, at).value for row in found)


def count_past(card: StationCard, *, at: datetime) -> int:
    """How many stand here beyond the day until which they are kept, whatever the reason."""
    return StationParcel.objects.filter(station_id=card.id, state=INSIDE, keep_until__lt=at).count()


@dataclass(frozen=True)
class Step:
    """One line of a parcel's story at the station; `who` is a label (`user:3`), never a name."""

    kind: str
    at: datetime
    who: str
    from_place: str
    to_place: str
    note: str


def story_of(parcel_id: int) -> list[Step]:
    """Whose hands it was in, the newest first."""
    rows = StationMove.objects.filter(parcel_id=parcel_id).order_by("-at", "-pk")[:100]
    return [Step(r.kind, r.at, r.moved_by, r.from_place, r.to_place, r.note) for r in rows]


def latest_bookings(card: StationCard, *, limit: int = 12) -> list[StationParcel]:
    """What was scanned last, undone ones too."""
    rows = StationParcel.objects.filter(station_id=card.id).select_related("shelf", "shipment")
    return list(rows.order_by("-booked_in_at", "-pk")[:limit])


def persons_with_tail(card: StationCard, tail: str, *, at: datetime) -> list[StayLine]:
    """Whose phones end so: one line a person, for the keeper to ask the name. Four digits."""
    rows = _rows(card).filter(state=INSIDE, tail_hash=keyed_hash("phone_tail", tail)).order_by("pk")[:50]
    seen: dict[bytes | int, StationParcel] = {}
    for row in rows:
        seen.setdefault(bytes(row.phone_hash) if row.phone_hash else row.pk, row)
    return [line_of(card, row, at=at) for row in seen.values()]


def shipments_beside(card: StationCard, parcel_id: int, *, since: datetime) -> list[int]:
    """The shipments of this stay's person here, of those inside or gone since then."""
    stay = StationParcel.objects.filter(station_id=card.id, pk=parcel_id).first()
    if stay is None:
        return []
    whose = Q(pk=stay.pk)
    if stay.phone_hash is not None:
        whose |= Q(phone_hash=stay.phone_hash) & (Q(state=INSIDE) | Q(ended_at__gte=since))
    rows = StationParcel.objects.filter(whose, station_id=card.id)
    return list(rows.values_list("shipment_id", flat=True)[:100])


def shipments_seen_here(card: StationCard, shipment_ids: Collection[int]) -> list[int]:
    """Those that stood here once, or in mirror mode whose outlet is this station's."""
    rows = Shipment.objects.filter(pk__in=shipment_ids)
    own = Q(outlet_id=card.outlet_id) if card.is_mirror else Q(stays__station_id=card.id)
    return list(rows.filter(own).values_list("pk", flat=True).distinct())


def find_inside(card: StationCard, waybill_no: str) -> int | None:
    """The parcel of that number that stands here."""
    rows = StationParcel.objects.filter(station_id=card.id, state=INSIDE, shipment__waybill_no=waybill_no)
    return rows.values_list("pk", flat=True).first()


def to_collect_fen(parcel_ids: Collection[int]) -> int:
    """Freight to collect and cash on delivery of these parcels together."""
    rows = StationParcel.objects.filter(pk__in=list(parcel_ids)).select_related("shipment__details")
    return sum(due_fen_of(row) for row in rows)


def due_fen_of(stay: StationParcel) -> int:
    """What is to be collected for one parcel; its shipment's details should be at hand."""
    details = getattr(stay.shipment, "details", None)
    if details is None:
        return 0
    freight = (details.freight_fen or 0) if details.freight_collect else 0
    return int(freight + (details.cash_on_delivery_fen or 0))


def extensions_for(card: StationCard, parcel_id: int, *, at: datetime) -> list[Extension]:
    """How much longer a parcel inside can be kept, and for how much; in mirror mode its brand says that."""
    if card.is_mirror:
        return []
    stay = StationParcel.objects.filter(pk=parcel_id, station_id=card.id, state=INSIDE).first()
    if stay is None:
        return []
    longer = extensions(local(stay.booked_in_at), stay.keep_until, card.rule, card.closes)
    return [one for one in longer if one.until > at]
