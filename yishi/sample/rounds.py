"""What the sample's courier has with him today: wishes, goods that want care, a case, a second try that
failed; so that his page shows what it is for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from yishi.cases.actions.open import open_case
from yishi.cases.queries.cards import list_cases_of_waybill
from yishi.consignees.actions.standing import Wish
from yishi.consignees.actions.wishes import replace_preferences
from yishi.feeds.port import Parsed, ParsedEvent, ParsedShipment, Person
from yishi.feeds.queries.sources import SourceCard
from yishi.people.rules import SYSTEM_VIEWER
from yishi.sample.cast import CARRIERS, OUTLETS, brand_code, courier_number
from yishi.sample.people import SamplePerson, consignee
from yishi.sample.traces import BEIJING
from yishi.shipments.actions.take_in import take_parsed
from yishi.shipments.queries.parcels import find_shipment_refs

_COURIER = 0
_HOME = OUTLETS[0]
_PEOPLE_FROM = 5_000
_COMPLAINED = "上次没问我就放柜了，这次请送上门，先打电话"


@dataclass(frozen=True)
class _Stop:
    """One parcel of the round: what is in it, what its person wishes, what went wrong with it."""

    goods: str
    wishes: tuple[str, ...] = ()
    value_fen: int | None = None
    tries: int = 0
    is_late: bool = False
    has_case: bool = False


_ROUND = (
    _Stop("水果礼盒", ("NO_LOCKER", "VOICE_CALL")),
    _Stop("鲜花", ("CALL_FIRST",)),
    _Stop("手机", ("DOOR",), value_fen=529_900),
    _Stop("茶叶", ("NO_LOCKER",), has_case=True),
    _Stop("小家电", tries=2),
    _Stop("书", is_late=True),
    _Stop("衣服", ("GUARD",)),
    _Stop("日用品", ("NO_STATION",)),
    *(_Stop(goods) for goods in ("鞋子", "玩具", "食品", "手机壳")),
)


def build_round(*, source: SourceCard, at: datetime) -> None:
    """Today's parcels of the sample's courier, out since this morning; again the same day changes nothing."""
    numbers = [f"YT{at.astimezone(BEIJING):%y%m%d}{place:06}" for place in range(len(_ROUND))]
    if find_shipment_refs(numbers[-1]):
        return
    with transaction.atomic():
        parsed = Parsed()
        for place, (number, stop) in enumerate(zip(numbers, _ROUND, strict=True)):
            parsed.events += _scans(number, stop, place, at)
            parsed.master_data.append(_known(number, stop, place, at))
        take_parsed(source=source, parsed=parsed, at=at)
        for place, (number, stop) in enumerate(zip(numbers, _ROUND, strict=True)):
            _wish_and_complain(number, stop, _who(place), at)


def _who(place: int) -> SamplePerson:
    """Somebody who lives where the courier's outlet delivers."""
    first = _PEOPLE_FROM - _PEOPLE_FROM % len(OUTLETS)
    return consignee(first + place * len(OUTLETS))


def _carrier(place: int) -> str:
    return list(CARRIERS)[place % len(CARRIERS)]


def _went_out_at(at: datetime, place: int) -> datetime:
    """Half an hour ago and more, but always today."""
    began = at.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(began, at.replace(microsecond=0) - timedelta(minutes=45 - place))


def _scans(number: str, stop: _Stop, place: int, at: datetime) -> list[ParsedEvent]:
    out_at, carrier = _went_out_at(at, place), _carrier(place)
    steps = [("accepted", out_at - timedelta(hours=40)), ("arrived_at_outlet", out_at - timedelta(hours=3))]
    for tried in range(stop.tries):
        went = out_at - timedelta(hours=24 * (stop.tries - tried))
        steps += [("out_for_delivery", went), ("delivery_failed", went + timedelta(hours=4))]
    steps.append(("out_for_delivery", out_at))
    own = {"out_for_delivery", "delivery_failed"}
    return [
        ParsedEvent(
            waybill_no=number,
            kind=kind,
            happened_at=moment,
            carrier=carrier,
            detail="unreachable" if kind == "delivery_failed" else "",
            city=_HOME.city,
            outlet=brand_code(carrier, _HOME) if kind != "accepted" else "",
            courier=courier_number(carrier, _COURIER) if kind in own else "",
        )
        for kind, moment in steps
    ]


def _known(number: str, stop: _Stop, place: int, at: datetime) -> ParsedShipment:
    who, out_at = _who(place), _went_out_at(at, place)
    return ParsedShipment(
        waybill_no=number,
        carrier=_carrier(place),
        product="标准快递",
        consignee=Person(
            name=who.name,
            phone=who.phone,
            virtual=f"95199{place:06}",
            extension=f"{place + 10}",
            valid_until=at + timedelta(days=3),
            address=who.address,
        ),
        goods=stop.goods,
        declared_value_fen=stop.value_fen,
        insured=stop.value_fen is not None,
        promised_at=out_at - timedelta(hours=2) if stop.is_late else out_at + timedelta(hours=8),
        destination_outlet=brand_code(_carrier(place), _HOME),
    )


def _wish_and_complain(number: str, stop: _Stop, who: SamplePerson, at: datetime) -> None:
    if stop.wishes:
        said = [Wish(kind=kind, source="self") for kind in stop.wishes]
        replace_preferences(phone=who.phone, wishes=said, by=SYSTEM_VIEWER, at=at - timedelta(days=9))
    if stop.has_case and not list_cases_of_waybill(viewer=SYSTEM_VIEWER, waybill_no=number):
        (ref,) = find_shipment_refs(number)
        open_case(
            waybill_no=number,
            category="UNCONSENTED_PLACEMENT",
            text=_COMPLAINED,
            contact_id=None,
            shipment=ref,
            by=None,
            at=at - timedelta(minutes=20),
        )
