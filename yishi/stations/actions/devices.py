"""Scan-and-photo machines (出库仪): the photo is kept first, then the parcel is given away with it."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.files import Upload, store_upload
from yishi.kit.ids import token_hash
from yishi.people.rules import Permission, Viewer
from yishi.shipments.rules.waybills import normalise_waybill_no
from yishi.stations.actions.hand_out import Handing, hand_out
from yishi.stations.actions.identify import Known, identify
from yishi.stations.models.devices import DevicePush, StationDevice
from yishi.stations.models.handouts import HandOut
from yishi.stations.models.parcels import StationParcel
from yishi.stations.queries.stations import INSIDE, StationCard, access_station, station_card
from yishi.stations.rules.moments import offset_ms, scanned_at

PREFIX = "yd_"


class NoSuchDevice(Refusal):
    """这个密钥不对，或已经停用"""

    code = "bad_key"
    status = 401


class NotHere(Refusal):
    """这一件不在这个驿站的架上"""

    code = "not_here"
    status = 404


class NotTheirs(Refusal):
    """取件码和这一件不是同一个人的"""

    code = "wrong_person"
    status = 409


class PushDiffers(Refusal):
    """这个编号发过另一件"""

    code = "push_differs"
    status = 409


@dataclass(frozen=True, kw_only=True)
class Push:
    """What a machine says: its own number of the push, the parcel or the code, when by its own clock."""

    push_id: str
    waybill_no: str = ""
    code: str = ""
    device_at: datetime | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True)
class Pushed:
    """What came of it: `state` DONE, or REFUSED with the reason; `is_wrong_clock` from two minutes on."""

    state: str
    reason: str
    waybill_nos: tuple[str, ...]
    offset_ms: int | None


@transaction.atomic
def add_device(*, station: str, label: str, by: Viewer, at: datetime) -> tuple[int, str]:
    """A machine of the station; its key is told once. Raises NotAllowed, NotFound, Invalid."""
    card = access_station(by, station, Permission.STATIONS)
    if not label.strip() or len(label) > 40:
        raise Invalid([("/label", "missing_field", "给机器起个名字")])
    key = f"{PREFIX}{secrets.token_urlsafe(32)}"
    row = StationDevice.objects.create(
        station_id=card.id, label=label.strip(), key_hash=token_hash(key), made_at=at, made_by=by.label
    )
    return row.pk, key


@transaction.atomic
def revoke_device(*, station: str, device_id: int, by: Viewer, at: datetime) -> None:
    """Its key opens nothing any more. Raises NotAllowed, NotFound."""
    card = access_station(by, station, Permission.STATIONS)
    rows = StationDevice.objects.filter(pk=device_id, station_id=card.id, revoked_at__isnull=True)
    if not rows.update(revoked_at=at):
        raise NotFound()


def device_of_key(key: str) -> StationDevice:
    """The machine that holds this key. Raises NoSuchDevice."""
    rows = StationDevice.objects.filter(key_hash=token_hash(key), revoked_at__isnull=True)
    row = rows.first() if key.startswith(PREFIX) else None
    if row is None:
        raise NoSuchDevice()
    return row


def take_push(*, device: StationDevice, push: Push, photo: Upload | None, by: Viewer, at: datetime) -> Pushed:
    """Keeps the photo, then gives the parcel away with it; the same push again goes on where it was cut off.

    Stopped parcels, another person's and what is not here are refused, and the machine shows why. A push that
    was refused is tried anew with a new number. Nothing is given without its photo. Raises Invalid,
    PushDiffers, NotHere, NotTheirs, what a file, a code or a hand-out refuses.
    """
    card = station_card(device.station_id)
    row = _kept(device, push, photo, at)
    if row.state == DevicePush.State.WAITING:
        _give(card, device, row, push, by, at)
    given = row.hand_out.parcels.values_list("shipment__waybill_no", flat=True) if row.hand_out else ()
    return Pushed(row.state, row.reason, tuple(given), device.offset_ms)


def _kept(device: StationDevice, push: Push, photo: Upload | None, at: datetime) -> DevicePush:
    """The push with its photo, durable before anything is given away; found again by its own number."""
    number = normalise_waybill_no(push.waybill_no) or ""
    errors = []
    if not push.push_id or len(push.push_id) > 100:
        errors.append(("/push_id", "missing_field", "每次推送要有自己的编号"))
    if not number and (push.waybill_no or not push.code):
        errors.append(("/waybill_no", "bad_waybill_no", "单号看不清，重扫一次，或输入 6–32 位数字字母"))
    if errors:
        raise Invalid(errors)
    before = DevicePush.objects.filter(device=device, push_id=push.push_id).select_related("hand_out").first()
    if before is not None:
        if before.waybill_no != number:
            raise PushDiffers()
        return before
    if photo is None:
        raise Invalid([("/photo", "missing_field", "出库要带照片")])
    with transaction.atomic():
        device.last_seen_at, device.offset_ms = at, offset_ms(sent=push.sent_at or push.device_at, at=at)
        device.save(update_fields=["last_seen_at", "offset_ms"])
        file_id = store_upload(upload=photo, retention_class="EVIDENCE", at=at).id
        return DevicePush.objects.get_or_create(
            device=device,
            push_id=push.push_id,
            defaults={
                "waybill_no": number,
                "file_id": file_id,
                "device_at": push.device_at,
                # by our clock, less how long the machine held it by its own
                "at": scanned_at(scanned=push.device_at, sent=push.sent_at, at=at),
            },
        )[0]


def _give(
    card: StationCard, device: StationDevice, row: DevicePush, push: Push, by: Viewer, at: datetime
) -> None:
    """Outside of any transaction: a wrong code and a stopped parcel are counted although it is refused."""
    refused: Refusal | None = None
    row.hand_out = HandOut.objects.filter(file_id=row.file_id).first()
    if row.hand_out is None:
        try:
            known, only = _known(card, device, row, push, at)
            row.hand_out_id = _hand_out(card, known, only, row.file_id, by, row.at)
        except Refusal as refusal:
            # the same push at the same moment may have been first
            row.hand_out = HandOut.objects.filter(file_id=row.file_id).first()
            refused = None if row.hand_out else refusal
    row.state = DevicePush.State.REFUSED if refused else DevicePush.State.DONE
    row.reason = str(getattr(refused, "reason", refused.code)) if refused else ""
    row.save(update_fields=["state", "reason", "hand_out"])
    if refused is not None:
        raise refused


def _hand_out(
    card: StationCard, known: Known, only: tuple[int, ...], file_id: UUID, by: Viewer, at: datetime
) -> int:
    handing = Handing(asked_for=known.parcel_id, how=known.how, only=only, file_id=file_id)
    return hand_out(card=card, handing=handing, by=by, at=at).hand_out_id


def _known(
    card: StationCard, device: StationDevice, row: DevicePush, push: Push, at: datetime
) -> tuple[Known, tuple[int, ...]]:
    """The parcel on the plate; where a code is shown too, it must be the same person's."""
    stay = None
    if row.waybill_no:
        inside = StationParcel.objects.filter(station_id=card.id, state=INSIDE)
        stay = inside.filter(shipment__waybill_no=row.waybill_no).first()
        if stay is None:
            raise NotHere()
    if not push.code:
        assert stay is not None
        return Known(stay.pk, "DEVICE"), (stay.pk,)
    known = identify(card=card, text=push.code, asked_by=f"kiosk:{device.pk}", is_attended=False, at=at)
    if stay is None:
        return known, ()
    asked = StationParcel.objects.get(pk=known.parcel_id)
    if stay.pk != asked.pk and (asked.phone_hash is None or asked.phone_hash != stay.phone_hash):
        raise NotTheirs()
    return Known(stay.pk, known.how, known.proxy_id), (stay.pk,)
