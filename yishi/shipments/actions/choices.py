"""A consignee chooses, before his parcel comes, how he gets it: kept for that parcel, seen by its courier."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yishi.consignees.actions.consents import Allowed, give_consent, withdraw_for_parcel
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.facts import announce
from yishi.kit.live import nudge
from yishi.network.models import Station
from yishi.shipments.facts import DoorChosen
from yishi.shipments.models.ahead import DoorChoice
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.models.stops import ParcelStop
from yishi.shipments.rules.choices import KINDS, LEFT, NEIGHBOUR, STATION, TIME, TooLate, why_too_late

MAX_NAMED = 60


class TooLateToChoose(Refusal):
    """这一件已经不能再改了，看看它现在到哪了"""

    code = "too_late"
    status = 409

    def __init__(self, why: TooLate) -> None:
        super().__init__()
        self.why = why


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What is chosen; `wording` is what he was shown or heard, kept with the consent that it needs."""

    kind: str
    via: str
    from_at: datetime | None = None
    until_at: datetime | None = None
    named: str = ""
    station_id: int | None = None
    wording: str = ""


@transaction.atomic
def choose_for_parcel(*, shipment_id: int, choice: Choice, phone: str, at: datetime) -> bool:
    """Keeps the choice for this parcel and ends what was chosen before; False where it says what stands.

    Whatever is left with somebody else writes a consent for this parcel into the ledger. The caller has made
    sure that it is the consignee's word. Raises NotFound, TooLateToChoose, Invalid.
    """
    row = Shipment.objects.select_for_update().filter(pk=shipment_id, merged_into__isnull=True).first()
    if row is None:
        raise NotFound()
    is_stopped = ParcelStop.objects.filter(shipment=row, lifted_at__isnull=True).exists()
    why = why_too_late(milestone=row.milestone, is_stopped=is_stopped)
    if why is not None:
        raise TooLateToChoose(why)
    _check(choice, row, at)
    standing = DoorChoice.objects.filter(shipment=row, ended_at__isnull=True).first()
    if standing is not None and _is_same(standing, choice):
        return False
    if standing is not None:
        standing.ended_at = at
        standing.save(update_fields=["ended_at"])
    DoorChoice.objects.create(
        shipment=row, kind=choice.kind, via=choice.via, from_at=choice.from_at, until_at=choice.until_at,
        named=choice.named.strip(), station_id=choice.station_id, chosen_at=at,
    )  # fmt: skip
    if phone:
        withdraw_for_parcel(phone=phone, waybill_no=row.waybill_no, channel=choice.via, at=at)
    if choice.kind in LEFT and phone:
        allowed = Allowed(
            placement=choice.kind, channel=choice.via, wording=choice.wording, waybill_no=row.waybill_no
        )
        give_consent(phone=phone, allowed=allowed, by=None, at=at)
    announce(
        DoorChosen(shipment_id=row.pk, kind=choice.kind, via=choice.via, until_at=choice.until_at, at=at)
    )
    nudge(f"shipment:{row.pk}")
    return True


def _check(choice: Choice, row: Shipment, at: datetime) -> None:
    errors = []
    if choice.kind not in KINDS:
        errors.append(("/kind", "unknown_kind", "选一种办法"))
    if choice.kind == TIME and (choice.from_at is None or choice.until_at is None or choice.until_at <= at):
        errors.append(("/visit", "in_the_past", "选一个还没过去的时间"))
    if choice.kind == NEIGHBOUR and not choice.named.strip():
        errors.append(("/named", "missing_field", "写明交给哪位邻居，比如 502 王阿姨"))
    if len(choice.named) > MAX_NAMED:
        errors.append(("/named", "too_long", "太长了，60 字以内"))
    if choice.kind == STATION and not _is_ours(choice.station_id, row):
        errors.append(("/station", "unknown_place", "选一个驿站"))
    if choice.kind in LEFT and not choice.wording.strip():
        errors.append(("/wording", "missing_field", "写明当时怎么说的，500 字以内"))
    if errors:
        raise Invalid(errors)


def _is_ours(station_id: int | None, row: Shipment) -> bool:
    station = Station.objects.filter(pk=station_id).first() if station_id else None
    return station is not None and station.outlet_id == row.outlet_id


def _is_same(standing: DoorChoice, choice: Choice) -> bool:
    said = (choice.kind, choice.from_at, choice.until_at, choice.named.strip(), choice.station_id)
    kept = (standing.kind, standing.from_at, standing.until_at, standing.named, standing.station_id)
    return said == kept
