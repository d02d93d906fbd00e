"""What parcel number n is: whose, from where, by whom, and what becomes of it. Pure values from a seed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from yishi.sample.cast import COURIERS, GOODS, MERCHANTS, ORIGINS, OUTLETS, STATIONS, SampleOutlet
from yishi.sample.people import CONSIGNEES, SamplePerson, consignee, outlet_of_consignee

DAYS = 30
PARCELS = 20_000

# what becomes of parcels, in thousandths; the rest is delivered as it should be
FATES = {
    "DOOR": 640,
    "PROXY": 130,
    "STATION": 140,
    "SECOND_TRY": 20,
    "STALLED": 14,
    "FALSE_SIGN_OFF": 8,
    "LOCKER": 12,
    "DAMAGED": 8,
    "RETURNED": 8,
    "HELD": 8,
    "MISSORTED": 6,
    "OVERDUE": 4,
    "LOST": 2,
}
TROUBLES = (
    "STALLED",
    "FALSE_SIGN_OFF",
    "LOCKER",
    "DAMAGED",
    "RETURNED",
    "HELD",
    "MISSORTED",
    "OVERDUE",
    "LOST",
)
_NAMES, _WEIGHTS = list(FATES), list(FATES.values())


@dataclass(frozen=True)
class Parcel:
    """One parcel of the sample, before its scans are written out."""

    number: int
    waybill_no: str
    carrier: str
    fate: str
    created_at: datetime
    origin_city: str
    origin_hub: str
    outlet: SampleOutlet
    courier: int
    station: str
    consignee: SamplePerson
    merchant: tuple[str, str, str, str] | None
    goods: str
    freight_fen: int


def parcel_random(seed: int, number: int) -> Random:
    """The dice of one parcel: what it becomes does not depend on how many there are."""
    return Random(seed * 1_000_003 + number)


def waybill_no(carrier: str, number: int) -> str:
    """A number in the brand's form, from a range that is not in use."""
    check = (number * 7919) % 97
    return f"YT00{number:09}{check:02}" if carrier == "yuantong" else f"7000{number:08}{check:02}"


def make_parcel(*, seed: int, number: int, total: int, at: datetime) -> Parcel:
    """Parcel `number` of `total`; 0 is the youngest, the last one is 30 days old."""
    dice = parcel_random(seed, number)
    return _parcel(number, at - timedelta(days=DAYS * (number + dice.random()) / total), dice)


def new_parcel(*, seed: int, number: int, at: datetime) -> Parcel:
    """A parcel that is handed in at this moment; `number` beyond those of the sample."""
    return _parcel(number, at, parcel_random(seed, number))


def _parcel(number: int, created_at: datetime, dice: Random) -> Parcel:
    person = dice.randrange(CONSIGNEES)
    outlet = outlet_of_consignee(person)
    carrier = "yuantong" if dice.random() < 0.6 else "zhongtong"
    city, hub = ORIGINS[dice.randrange(len(ORIGINS))]
    merchant = MERCHANTS[dice.randrange(len(MERCHANTS))] if dice.random() < 0.15 else None
    fate = dice.choices(_NAMES, _WEIGHTS)[0]
    turns = OUTLETS.index(outlet)
    couriers = range(turns, COURIERS, len(OUTLETS))
    return Parcel(
        number=number,
        waybill_no=waybill_no(carrier, number),
        carrier=carrier,
        fate=fate,
        created_at=created_at,
        origin_city=city,
        origin_hub=hub,
        outlet=outlet,
        courier=couriers[dice.randrange(len(couriers))],
        station=next((s.name for s in STATIONS if s.outlet == outlet.code), "便民示例代收点"),
        consignee=consignee(person),
        merchant=merchant,
        goods=merchant[3] if merchant else GOODS[dice.randrange(len(GOODS))],
        freight_fen=dice.randrange(300, 1800, 50),
    )
