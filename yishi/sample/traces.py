"""The scans of a parcel, as its carrier would report them up to a moment. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from random import Random

from yishi.feeds.port import ParsedEvent, ParsedShipment, Person
from yishi.sample.cast import CARRIERS, HUBS, brand_code, courier_number
from yishi.sample.people import courier_person
from yishi.sample.routes import Parcel, parcel_random

BEIJING = timezone(timedelta(hours=8))
Step = tuple[str, float, str, str, str]
"""Kind, hours since the step before, place (ORIGIN, HUB, HERE or COURIER), detail, text."""

_START: tuple[Step, ...] = (
    ("created", 0.0, "ORIGIN", "", "商家已下单，等待揽收"),
    ("accepted", 4.0, "ORIGIN", "", "【{origin}】已揽收"),
    ("departed_hub", 6.0, "ORIGIN", "", "快件离开【{hub}】，发往【{own_hub}】"),
)
_ARRIVES: tuple[Step, ...] = (
    ("arrived_hub", 16.0, "HUB", "", "快件到达【{own_hub}】"),
    ("arrived_at_outlet", 6.0, "HERE", "", "快件到达【{outlet}】"),
)
_OUT: tuple[Step, ...] = (
    ("out_for_delivery", 2.5, "COURIER", "", "【{outlet}】的{courier}（{phone}）正在派件"),
)
_SIGNED: Step = ("delivered", 3.0, "COURIER", "self", "已签收，签收人：本人")
_SHELF: Step = (
    "stored_at_pickup_point",
    2.5,
    "COURIER",
    "locker_or_station",
    "快件已存放至{station}，请及时取件",
)

_ENDS: dict[str, tuple[Step, ...]] = {
    "DOOR": (*_ARRIVES, *_OUT, _SIGNED),
    "PROXY": (*_ARRIVES, *_OUT, ("delivered", 3.5, "COURIER", "proxy", "已签收，签收人：家人代收")),
    "STATION": (
        *_ARRIVES,
        *_OUT,
        _SHELF,
        ("delivered", 9.0, "HERE", "pickup_point", "已从{station}取走，感谢使用"),
    ),
    "SECOND_TRY": (
        *_ARRIVES,
        *_OUT,
        ("delivery_failed", 4.0, "COURIER", "unreachable", "电话联系不上收件人，改约再派"),
        ("redelivery_scheduled", 1.0, "HERE", "", "快件将于次日再次派送"),
        ("out_for_delivery", 18.0, "COURIER", "", "【{outlet}】的{courier}（{phone}）再次派件"),
        _SIGNED,
    ),
    "STALLED": _ARRIVES[:1],
    "FALSE_SIGN_OFF": (*_ARRIVES, *_OUT, ("delivered", 0.4, "COURIER", "self", "已签收，签收人：本人")),
    "LOCKER": (
        *_ARRIVES,
        *_OUT,
        ("stored_at_pickup_point", 1.0, "COURIER", "locker_or_station", "已放入小区快递柜"),
    ),
    "DAMAGED": (
        *_ARRIVES,
        ("damaged", 0.5, "HERE", "", "快件外包装破损，已拍照登记"),
        *_OUT,
        _SIGNED,
    ),
    "RETURNED": (
        *_ARRIVES,
        *_OUT,
        ("refused", 3.0, "COURIER", "", "收件人拒收"),
        ("returning", 5.0, "HERE", "", "快件退回中"),
        ("returned", 60.0, "ORIGIN", "", "退回件已签收"),
    ),
    "HELD": (*_ARRIVES, ("delayed", 26.0, "HERE", "retained_at_outlet", "快件滞留在【{outlet}】，等待处理")),
    "MISSORTED": (
        ("arrived_hub", 16.0, "HUB", "", "快件到达【{own_hub}】"),
        ("missorted", 3.0, "HUB", "", "快件错分，重新分拨"),
        *_ARRIVES[1:],
        *_OUT,
        _SIGNED,
    ),
    "OVERDUE": (*_ARRIVES, *_OUT, _SHELF, ("pickup_overdue", 48.0, "HERE", "", "快件在{station}超时未取")),
    "LOST": (("exception", 20.0, "HUB", "", "快件在转运途中，暂未到达【{own_hub}】"),),
}


def trace(parcel: Parcel, *, seed: int, until: datetime) -> list[ParsedEvent]:
    """What has been scanned up to `until`, oldest first."""
    dice = parcel_random(seed, -parcel.number - 1)
    return list(_scans(parcel, dice, until))


def _scans(parcel: Parcel, dice: Random, until: datetime) -> Iterator[ParsedEvent]:
    moment = parcel.created_at
    words = _words(parcel)
    code = brand_code(parcel.carrier, parcel.outlet)
    number = courier_number(parcel.carrier, parcel.courier)
    for kind, hours, place, detail, text in (*_START, *_ENDS[parcel.fate]):
        moment = _by_day(moment + timedelta(hours=hours * (0.6 + 0.8 * dice.random())), place)
        if moment > until:
            return
        is_here = place in {"HERE", "COURIER"}
        yield ParsedEvent(
            waybill_no=parcel.waybill_no,
            kind=kind,
            happened_at=moment,
            carrier=parcel.carrier,
            detail=detail,
            city=parcel.origin_city if place == "ORIGIN" else parcel.outlet.city,
            outlet=code if is_here else "",
            courier=number if place == "COURIER" else "",
            text=text.format_map(words),
        )


def _words(parcel: Parcel) -> dict[str, str]:
    who = courier_person(parcel.courier)
    return {
        "origin": parcel.origin_city,
        "hub": parcel.origin_hub,
        "own_hub": HUBS[parcel.outlet.city],
        "outlet": parcel.outlet.name,
        "courier": f"{who.name[0]}师傅",
        "phone": who.phone,
        "station": parcel.station,
    }


def _by_day(moment: datetime, place: str) -> datetime:
    """Couriers work from 8 to 20; hubs work at any hour."""
    moment = moment.replace(microsecond=0)
    if place != "COURIER":
        return moment
    local = moment.astimezone(BEIJING)
    if 8 <= local.hour < 20:
        return moment
    day = local + timedelta(days=1) if local.hour >= 20 else local
    return day.replace(hour=8, minute=20 + local.minute // 3)


def master_data(parcel: Parcel) -> ParsedShipment:
    """What the shipper's side knows of the parcel."""
    shop = parcel.merchant
    return ParsedShipment(
        waybill_no=parcel.waybill_no,
        carrier=parcel.carrier,
        product="标准快递",
        merchant=shop[0] if shop else "",
        shipper=Person(name=shop[1]) if shop else None,
        consignee=Person(
            name=parcel.consignee.name, phone=parcel.consignee.phone, address=parcel.consignee.address
        ),
        goods=parcel.goods,
        freight_fen=parcel.freight_fen,
        promised_at=parcel.created_at + timedelta(hours=72),
        destination_outlet=brand_code(parcel.carrier, parcel.outlet),
    )


def brand_name(parcel: Parcel) -> str:
    return CARRIERS[parcel.carrier]
