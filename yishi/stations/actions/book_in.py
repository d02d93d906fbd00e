"""A parcel is taken in: its place, its code, until when it is kept; once, and only if its person agreed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yishi.consignees.actions.contacts import keep_contact
from yishi.consignees.queries import reach_contact
from yishi.kit.errors import Invalid, Refusal
from yishi.kit.facts import announce
from yishi.kit.hot import KeptQuery, hot_insert
from yishi.kit.personal import normalise_phone
from yishi.people.rules import Viewer
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.rules.waybills import normalise_waybill_no
from yishi.stations.actions.consent import keep_answer, stand_of_door
from yishi.stations.actions.marking import choose_place, code_hash, free_code, hashes_of, place_of
from yishi.stations.actions.telling import booked_in_event, damaged_event, tell_of_one
from yishi.stations.actions.whose import Brought, whose_parcel
from yishi.stations.facts import DamageFound, ParcelBookedIn
from yishi.stations.models.parcels import StationMove, StationParcel
from yishi.stations.queries.stations import INSIDE, StationCard, access_station, local
from yishi.stations.rules.keeping import kept_until
from yishi.stations.rules.moments import offset_ms, scanned_at
from yishi.stations.rules.shelves import SIZES

OVER = {"DELIVERED": "signed", "RETURNED": "over", "CANCELLED": "over"}
_TRIES = 5


class Held(Refusal):
    """先别入库：%(why)s"""

    code = "not_booked_in"

    def __init__(
        self, *, reason: str, why: str, may_answer: bool = False, carriers: Sequence[str] = ()
    ) -> None:
        super().__init__(why=why)
        self.reason = reason
        self.may_answer = may_answer
        self.carriers = carriers

    @property
    def extra(self) -> Mapping[str, str]:
        """`already_inside`, `inside_elsewhere`, `signed`, `over`, `consent_needed`, `mirror`, or
        `carrier_unsure`: `carriers` are those among whom the keeper chooses."""
        return {"reason": self.reason}


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A parcel as the scanner took it. `answered` names the questions to which the keeper said yes
    (`signed`, `over`, `consent_needed`, `carrier_unsure`: then it stays unknown); `batch_carrier` is whom he
    chose for this batch where a number tells two; `client_id` is the same for the same scan sent again."""

    waybill_no: str
    carrier: str = ""
    batch_carrier: str = ""
    phone: str = ""
    person_name: str = ""
    condition: str = "INTACT"
    files: Sequence[UUID] = ()
    size: str = ""
    place: tuple[str, int] | None = None
    answered: frozenset[str] = frozenset()
    client_id: str = ""
    scanned_at: datetime | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class BookedIn:
    """Where it goes and by what it is fetched. `wish` is one that the keeper should know (VOICE_CALL …)."""

    parcel_id: int
    waybill_no: str
    carrier: str
    pickup_code: str
    shelf: str
    keep_until: datetime
    is_repeat: bool = False
    is_full: bool = False
    wish: str = ""


def book_in(*, station: str, arrival: Arrival, by: Viewer, at: datetime) -> BookedIn:
    """Takes a parcel in; the same scan sent again gives the same answer. Announces ParcelBookedIn.

    A parcel nobody knew is made. Raises NotAllowed, NotFound for a station out of sight, Invalid, or Held
    with the reason; nothing has changed then.
    """
    card = access_station(by, station)
    number = _checked(card, arrival)
    for attempt in range(_TRIES):
        try:
            with transaction.atomic():
                return _book_in(card, number, arrival, by, at)
        except Held as held:
            # the same scan sent again while the first was being taken: that one was quicker
            if held.reason == "already_inside" and (again := _sent_before(card, arrival)) is not None:
                return again
            raise
        except IntegrityError:
            # somebody took the code, or this parcel, at the same moment: what stands now decides
            if attempt == _TRIES - 1:
                raise
    raise AssertionError("not reached")


def _checked(card: StationCard, arrival: Arrival) -> str:
    if card.is_mirror:
        raise Held(reason="mirror", why=_("这个驿站在品牌自己的系统里入库，这里跟着它的轨迹走"))
    number = normalise_waybill_no(arrival.waybill_no)
    errors = []
    if number is None:
        errors.append(("/waybill_no", "bad_waybill_no", "单号看不清，重扫一次，或输入 6–32 位数字字母"))
    if arrival.condition not in StationParcel.Condition.values:
        errors.append(("/condition", "bad_value", "没有这个选项"))
    if arrival.size and arrival.size not in SIZES:
        errors.append(("/size", "bad_value", "没有这个选项"))
    phone = normalise_phone(arrival.phone)
    if phone and not 4 <= len(phone) <= 20:
        errors.append(("/phone", "bad_phone", "手机号是 11 位，或只填后四位"))
    if max(len(arrival.client_id), len(arrival.person_name)) > 100:
        errors.append(("/client_id", "too_long", "太长了"))
    if errors or number is None:
        raise Invalid(errors)
    return number


def _book_in(card: StationCard, number: str, arrival: Arrival, by: Viewer, at: datetime) -> BookedIn:
    if (again := _sent_before(card, arrival)) is not None:
        return again
    moment = scanned_at(scanned=arrival.scanned_at, sent=arrival.sent_at, at=at)
    brought = _recognised(card, number, arrival, at)
    shipment = brought.shipment
    if shipment is not None:
        _refuse_where_it_is(card, shipment, arrival)
    contact_id = _person(shipment, arrival, at)
    wish = _ask_of_door(contact_id, shipment, number, arrival, by=by, at=at)
    phone = reach_contact(contact_id).phone if contact_id is not None else ""
    hashes = hashes_of(phone or arrival.phone)
    place, is_full = choose_place(card, arrival.place, arrival.size, hashes[0])
    code = free_code(card, place, number, arrival.phone)
    if not code:
        raise Held(reason="no_code_left", why=_("这个编码规则的取件码用完了，请站长换一个规则"))
    booked_in = local(moment)
    until = kept_until(booked_in, card.rule, card.closes)
    event = booked_in_event(card, number, brought.carrier, at=moment, code=code, phone=phone)
    if arrival.condition == StationParcel.Condition.DAMAGED.value:
        event.events.insert(0, damaged_event(card, number, brought.carrier, at=moment))
    stay = StationParcel(
        station_id=card.id,
        shipment_id=tell_of_one(event, shipment, at=at),
        condition=arrival.condition,
        shelf_id=place.shelf_id if place else None,
        layer=place.layer if place else 0,
        size=arrival.size,
        code=code,
        code_hash=code_hash(code),
        contact_id=contact_id,
        phone_hash=hashes[0],
        tail_hash=hashes[1],
        keep_until=until,
        booked_in_at=moment,
        booked_in_by=by.label,
        device_at=arrival.scanned_at,
        device_offset_ms=offset_ms(sent=arrival.sent_at, at=at),
        client_id=arrival.client_id,
    )
    label = place.label if place else ""
    hot_insert(stay)
    hot_insert(StationMove(parcel=stay, kind="BOOKED_IN", at=moment, moved_by=by.label, to_place=label))
    _announce(card, stay, arrival, at)
    return BookedIn(
        parcel_id=stay.pk,
        waybill_no=number,
        carrier=brought.carrier,
        pickup_code=code,
        shelf=label,
        keep_until=until,
        is_full=is_full,
        wish=wish,
    )


def _recognised(card: StationCard, number: str, arrival: Arrival, at: datetime) -> Brought:
    """Whose parcel it is, or the question to the keeper."""
    brought = whose_parcel(card, number, said=arrival.carrier, batch=arrival.batch_carrier, at=at)
    if brought.maybe and "carrier_unsure" not in arrival.answered:
        why = _("单号看不出是哪家快递，看一眼面单再选")
        raise Held(reason="carrier_unsure", why=why, may_answer=True, carriers=brought.maybe)
    return brought


def _ask_of_door(
    contact_id: int | None,
    shipment: Shipment | None,
    number: str,
    arrival: Arrival,
    *,
    by: Viewer,
    at: datetime,
) -> str:
    """A parcel promised to the door stays out until its person has agreed; a yes is kept. Returns a wish
    worth knowing."""
    has_said_yes = "consent_needed" in arrival.answered
    door = stand_of_door(contact_id, shipment, number, is_answered=has_said_yes, at=at)
    if door.why and not door.is_answered:
        raise Held(reason="consent_needed", why=door.why, may_answer=True)
    if door.is_answered:
        keep_answer(contact_id, number, by=by, at=at)
    return door.wish


def _announce(card: StationCard, stay: StationParcel, arrival: Arrival, at: datetime) -> None:
    announce(ParcelBookedIn(parcel_id=stay.pk, shipment_id=stay.shipment_id, at=at))
    if arrival.condition == StationParcel.Condition.DAMAGED.value:
        announce(
            DamageFound(
                parcel_id=stay.pk,
                shipment_id=stay.shipment_id,
                contact_id=stay.contact_id,
                station=card.name,
                file_ids=tuple(str(file_id) for file_id in arrival.files),
                at=at,
            )
        )


_SENT_BEFORE = KeptQuery(
    lambda: (
        StationParcel.objects.filter(station_id=-7001, client_id="an-id")
        .exclude(client_id="")
        .select_related("shelf", "shipment")
    ),
    -7001,
    "an-id",
)


def _sent_before(card: StationCard, arrival: Arrival) -> BookedIn | None:
    if not arrival.client_id:
        return None
    stay = _SENT_BEFORE.first(card.id, arrival.client_id)
    if stay is None:
        return None
    return BookedIn(
        parcel_id=stay.pk,
        waybill_no=stay.shipment.waybill_no,
        carrier=stay.shipment.carrier,
        pickup_code=stay.code,
        shelf=place_of(stay),
        keep_until=stay.keep_until,
        is_repeat=True,
    )


_STANDING = KeptQuery(
    lambda: StationParcel.objects.filter(shipment_id=-7001, state=INSIDE).select_related("shelf", "station"),
    -7001,
)


def _refuse_where_it_is(card: StationCard, shipment: Shipment, arrival: Arrival) -> None:
    """Twice, in two stations, after it was signed for or sent back."""
    if (stay := _STANDING.first(shipment.pk)) is not None:
        if stay.station_id == card.id:
            why = _("已经在架上：%(place)s") % {"place": place_of(stay) or _("没有货架号")}
            raise Held(reason="already_inside", why=why)
        why = _("记录里它还在%(station)s，先在那边办转出") % {"station": stay.station.name}
        raise Held(reason="inside_elsewhere", why=why)
    reason = OVER.get(shipment.milestone, "")
    if reason and reason not in arrival.answered:
        said = _("轨迹上已经签收") if reason == "signed" else _("轨迹上已经退回或取消")
        why = _("%(said)s，确认是这一件再入库") % {"said": said}
        raise Held(reason=reason, why=why, may_answer=True)


def _person(shipment: Shipment | None, arrival: Arrival, at: datetime) -> int | None:
    """Whose it is: the phone that the keeper read off the label, else the consignee on record."""
    phone = normalise_phone(arrival.phone)
    if len(phone) >= 7:
        return keep_contact(phone=phone, name=arrival.person_name, at=at)
    details = getattr(shipment, "details", None) if shipment is not None else None
    return details.consignee_id if details is not None else None
