"""错拿: a parcel is in the wrong hands; who may have it is asked, and it comes back."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.facts import announce
from yishi.kit.ratelimit import check_rate
from yishi.people.rules import Viewer
from yishi.stations.facts import TakerWasAsked, WrongTakingEnded, WrongTakingMarked
from yishi.stations.models.parcels import StationParcel
from yishi.stations.models.takings import TakerAsked, WrongTaking
from yishi.stations.queries.stations import StationCard
from yishi.stations.queries.takings import taker_stays

WITHIN = timedelta(days=30)
MOST_ASKED = 8
PERSON = "person"
_NEAR = timedelta(days=1)
_TAKEN = (StationParcel.State.HANDED_OUT.value, StationParcel.State.INSIDE.value)


class NotTakenHere(Refusal):
    """这一件没有从这里取走，不能标成错拿"""

    code = "not_taken_here"


class NotNear(Refusal):
    """那个人不在可能拿错的名单里，不能发消息问他"""

    code = "not_near"


class NotOursToTell(Refusal):
    """这个单号和那次取件对不上，看清面单再填，或者给驿站打电话"""

    code = "not_ours_to_tell"


@transaction.atomic
def mark_wrong_taking(*, card: StationCard, parcel_id: int, note: str, by: Viewer, at: datetime) -> int:
    """Somebody else has it: its owner gets a case and hears of it. The same again is the one that runs.

    Raises NotFound, NotTakenHere for one that was returned, undone or gone for a month, Invalid.
    """
    if len(note) > 200:
        raise Invalid([("/note", "too_long", "说明最多 200 字")])
    return _mark(card, parcel_id, note=note.strip(), by=by.label, at=at).pk


def _mark(card: StationCard, parcel_id: int, *, note: str, by: str, at: datetime) -> WrongTaking:
    rows = StationParcel.objects.select_for_update(of=("self",)).select_related("shipment")
    stay = rows.filter(pk=parcel_id, station_id=card.id).first()
    if stay is None:
        raise NotFound()
    gone = stay.ended_at is not None and at - stay.ended_at > WITHIN
    if stay.state not in _TAKEN or gone:
        raise NotTakenHere()
    said = {"marked_at": at, "marked_by": by, "note": note}
    row, is_new = WrongTaking.objects.get_or_create(parcel=stay, back_at=None, defaults=said)
    if is_new:
        announce(
            WrongTakingMarked(
                taking_id=row.pk,
                shipment_id=stay.shipment_id,
                waybill_no=stay.shipment.waybill_no,
                contact_id=stay.contact_id,
                station=card.name,
                at=at,
            )
        )
    return row


@transaction.atomic
def say_wrong_taking(*, card: StationCard, parcel_id: int, said: str, at: datetime) -> int:
    """The person of a stay that was handed out says that he has not got it, or, with the number on the label
    (`said`), that he holds somebody else's. The same again is the one that runs.

    Raises NotFound, NotTakenHere, NotOursToTell for a number that was not here at that time, TooMany.
    """
    own = StationParcel.objects.filter(pk=parcel_id, station_id=card.id).select_related("shipment").first()
    if own is None:
        raise NotFound()
    if own.state != StationParcel.State.HANDED_OUT or own.ended_at is None or at - own.ended_at > WITHIN:
        raise NotTakenHere()
    check_rate(kind="wrong taking", key=str(parcel_id), limit=10, window_s=86_400, at=at)
    if not said:
        return _mark(card, parcel_id, note="", by=PERSON, at=at).pk
    near = StationParcel.objects.filter(station_id=card.id, shipment__waybill_no=said, state__in=_TAKEN)
    near = near.filter(Q(ended_at=None) | Q(ended_at__range=(own.ended_at - _NEAR, own.ended_at + _NEAR)))
    foreign = near.exclude(pk=own.pk).exclude(phone_hash=own.phone_hash).order_by("-pk").first()
    if foreign is None:
        raise NotOursToTell()
    row = _mark(card, foreign.pk, note="", by=PERSON, at=at)
    _asked, is_new = TakerAsked.objects.get_or_create(
        taking=row, parcel=own, defaults={"asked_at": at, "asked_by": PERSON}
    )
    if is_new:
        told = _("取走 …%(tail)s 的人说在他手里") % {"tail": own.shipment.waybill_no[-6:]}
        row.note = f"{row.note}；{told}"[:200] if row.note else told
        row.save(update_fields=["note"])
    return row.pk


@transaction.atomic
def ask_taker(*, card: StationCard, taking_id: int, parcel_id: int, by: Viewer, at: datetime) -> bool:
    """Asks the person who fetched that parcel, once; False where he was asked before or cannot be reached.

    Raises NotFound, NotNear: nobody is written to who was not there at the time.
    """
    row = _hold(card, taking_id)
    near = {stay.pk: stay for stay in taker_stays(row.parcel)}
    if parcel_id not in near:
        raise NotNear()
    stay = near[parcel_id]
    if stay.contact_id is None or row.asked.filter(parcel_id=parcel_id).exists():
        return False
    if row.asked.count() >= MOST_ASKED:
        raise Invalid([("/parcel", "too_many", "一件最多问 8 个人")])
    TakerAsked.objects.create(taking=row, parcel=stay, asked_at=at, asked_by=by.label)
    announce(
        TakerWasAsked(
            taking_id=row.pk,
            shipment_id=stay.shipment_id,
            contact_id=stay.contact_id,
            station=card.name,
            phone=card.phone,
            at=at,
        )
    )
    return True


@transaction.atomic
def end_taking(*, card: StationCard, taking_id: int, by: Viewer, at: datetime) -> None:
    """It was brought back; its owner hears so. The keeper books it in again. Raises NotFound."""
    row = _hold(card, taking_id)
    row.back_at, row.back_by = at, by.label
    row.save(update_fields=["back_at", "back_by"])
    announce(
        WrongTakingEnded(
            taking_id=row.pk,
            shipment_id=row.parcel.shipment_id,
            case_no=row.case_no,
            station=card.name,
            at=at,
        )
    )


@transaction.atomic
def note_taking_case(*, taking_id: int, case_no: str) -> None:
    """The owner's case."""
    WrongTaking.objects.filter(pk=taking_id).update(case_no=case_no)


def _hold(card: StationCard, taking_id: int) -> WrongTaking:
    rows = WrongTaking.objects.select_for_update(of=("self",)).select_related(
        "parcel__shelf", "parcel__shipment"
    )
    row = rows.filter(pk=taking_id, parcel__station_id=card.id, back_at__isnull=True).first()
    if row is None:
        raise NotFound()
    return row
