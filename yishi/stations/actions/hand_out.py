"""Parcels are given away: all of one person at once, never one that is stopped, unpaid or elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yishi.feeds.port import Parsed
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.facts import announce
from yishi.kit.hot import KeptQuery, hot_cursor, hot_insert
from yishi.people.rules import Viewer
from yishi.shipments.actions.stops import HeldStop, held_at_hand_out, instead_of
from yishi.stations.actions.marking import place_of
from yishi.stations.actions.telling import handed_out_event, tell_network
from yishi.stations.facts import ParcelsHandedOut
from yishi.stations.models.handouts import HandOut
from yishi.stations.models.parcels import PickupProxy, StationMove, StationParcel
from yishi.stations.queries.doors import door_fees, keeping_fee
from yishi.stations.queries.stations import INSIDE, StationCard
from yishi.stations.queries.stays import due_fen_of

MOST = 50


class NotGiven(Refusal):
    """先别给：%(why)s"""

    code = "parcel_stopped"

    def __init__(self, *, reason: str, why: str, case_no: str = "") -> None:
        super().__init__(why=why)
        self.reason = reason
        self.case_no = case_no

    @property
    def extra(self) -> Mapping[str, str]:
        """`intercepted`, `wanted_by_case`, `freight_unpaid`, `mirror`, `revoked`."""
        return {"reason": self.reason, "case_no": self.case_no}


@dataclass(frozen=True, kw_only=True)
class Given:
    """One parcel of the person: given away, or left where it stands with the `reason`. `due_fen` is freight
    and cash on delivery, `fee_fen` what the station asks for keeping it (or bringing it to the door)."""

    parcel_id: int
    waybill_no: str
    carrier: str
    shelf: str
    pickup_code: str
    reason: str = ""
    why: str = ""
    case_no: str = ""
    due_fen: int = 0
    fee_fen: int = 0


@dataclass(frozen=True, kw_only=True)
class Handing:
    """Who stands at the counter: `asked_for` is the parcel he named, `only` those he takes (all if empty).
    `is_fee_waived`: the station asks nothing for keeping it this time."""

    asked_for: int
    how: str
    only: Sequence[int] = ()
    is_paid: bool = False
    is_fee_waived: bool = False
    file_id: UUID | None = None
    proxy_id: int | None = None


@dataclass(frozen=True)
class HandedOut:
    """What was given away, and what stays with the reason."""

    hand_out_id: int
    given: list[Given]
    left: list[Given]


def hand_out(*, card: StationCard, handing: Handing, by: Viewer, at: datetime) -> HandedOut:
    """Gives away the parcels of whoever was known (`identify`). Announces ParcelsHandedOut.

    What is stopped stays on the shelf and is named; where the parcel asked for is, nothing is given, the
    scanner's question is kept and NotGiven raised: never call this inside another transaction unless its
    refusal may be forgotten. Raises NotFound for a parcel that is not inside (any more), Invalid; in mirror
    mode NotGiven, for the brand's own system hands out.
    """
    if card.is_mirror:
        why = _("这个驿站在品牌自己的系统里出库，拿到柜台扫码，这里跟着它的轨迹走")
        raise NotGiven(reason="mirror", why=why)
    with transaction.atomic():
        _check_proxy(handing, at)
        stays = _stays(card, handing)
        brought = door_fees([stay.pk for stay in stays]) if handing.how == HandOut.How.DOOR else {}
        looked = [_look(stay, keeping_fee(card, stay, at=at) + brought.get(stay.pk, 0)) for stay in stays]
        held = held_at_hand_out(
            shipment_ids=[stay.shipment_id for stay in stays], station=card.code, by=by, at=at
        )
        pairs = zip(looked, stays, strict=True)
        said = [_judged(one, held.get(stay.shipment_id), handing) for one, stay in pairs]
        asked = next(one for one in said if one.parcel_id == handing.asked_for)
        if not asked.reason and card.needs_photo and handing.file_id is None:
            raise Invalid([("/photo", "missing_field", "这个驿站出库要拍照，先拍一张")])
        if not asked.reason:
            kept = _give(card, [one for one in said if not one.reason], handing, by, at)
            return HandedOut(kept, [o for o in said if not o.reason], [o for o in said if o.reason])
    raise NotGiven(reason=asked.reason, why=asked.why, case_no=asked.case_no)


def _check_proxy(handing: Handing, at: datetime) -> None:
    """A proxy takes the one parcel he was let fetch, and only while its person lets him."""
    if handing.proxy_id is None:
        return
    rows = PickupProxy.objects.select_for_update().filter(pk=handing.proxy_id, parcel_id=handing.asked_for)
    if not rows.filter(revoked_at__isnull=True, ends_at__gt=at).exists():
        raise NotGiven(reason="revoked", why=_("收件人收回了这个代取链接，或已经过期"))
    if any(parcel_id != handing.asked_for for parcel_id in handing.only):
        raise Invalid([("/only", "bad_value", "代取只能取指定的那一件")])


def _held_in_order() -> QuerySet[StationParcel]:
    inside = StationParcel.objects.filter(state=INSIDE).select_related("shipment__details", "shelf")
    return inside.select_for_update(of=("self",)).order_by("pk")


_ASKED = KeptQuery(
    lambda: StationParcel.objects.filter(station_id=-7001, pk=-7002, state=INSIDE), -7001, -7002
)
_OF_PERSON = KeptQuery(
    lambda: _held_in_order().filter(station_id=-7001, phone_hash=b"a-phone")[:MOST], -7001, b"a-phone"
)


def _stays(card: StationCard, handing: Handing) -> list[StationParcel]:
    """The one asked for and the person's others here, locked in one order."""
    asked = _ASKED.first(card.id, handing.asked_for)
    if asked is None:
        raise NotFound()
    if not handing.only and asked.phone_hash is not None and handing.proxy_id is None:
        stays = _OF_PERSON.rows(card.id, bytes(asked.phone_hash))
    else:
        named = _held_in_order().filter(station_id=card.id, pk__in=[asked.pk, *handing.only])
        stays = list(named[:MOST])
    if all(stay.pk != asked.pk for stay in stays):
        raise NotFound()  # somebody else gave it away at this moment
    if any(stay.phone_hash != asked.phone_hash and stay.pk != asked.pk for stay in stays):
        raise Invalid([("/only", "bad_value", "有一件不是同一个人的")])
    return stays


def _look(stay: StationParcel, fee_fen: int) -> Given:
    return Given(
        parcel_id=stay.pk,
        waybill_no=stay.shipment.waybill_no,
        carrier=stay.shipment.carrier,
        shelf=place_of(stay),
        pickup_code=stay.code,
        due_fen=due_fen_of(stay),
        fee_fen=fee_fen,
    )


def _judged(one: Given, stop: HeldStop | None, handing: Handing) -> Given:
    if stop is not None and (stop.reason != "FREIGHT_UNPAID" or not handing.is_paid):
        why = instead_of(stop.reason, stop.asked, "HAND_OUT")
        return replace(one, reason=stop.reason.lower(), why=why, case_no=stop.case_no)
    owed = _owed(one, handing)
    if owed and not handing.is_paid:
        why = _("还要收 %(yuan)s 元，收齐再给") % {"yuan": f"{owed / 100:.2f}"}
        return replace(one, reason="freight_unpaid", why=why)
    return one


def _owed(one: Given, handing: Handing) -> int:
    return one.due_fen + (0 if handing.is_fee_waived else one.fee_fen)


_END = "UPDATE stations_parcel SET state = 'HANDED_OUT', ended_at = %s, hand_out_id = %s WHERE id = ANY (%s)"


def _give(card: StationCard, given: Sequence[Given], handing: Handing, by: Viewer, at: datetime) -> int:
    row = hot_insert(
        HandOut(
            station_id=card.id,
            how=handing.how,
            at=at,
            given_by=by.label,
            file_id=handing.file_id,
            collected_fen=sum(_owed(one, handing) for one in given) if handing.is_paid else 0,
        )
    )
    ids = [one.parcel_id for one in given]
    hot_cursor().execute(_END, [at, row.pk, ids], prepare=True)
    for one in given:
        move = {"kind": "HANDED_OUT", "from_place": one.shelf, "note": handing.how}
        hot_insert(StationMove(parcel_id=one.parcel_id, at=at, moved_by=by.label, **move))
    if handing.proxy_id is not None:
        PickupProxy.objects.filter(pk=handing.proxy_id).update(used_at=at)
    events = [handed_out_event(card, one.waybill_no, one.carrier, at=at) for one in given]
    tell_network(Parsed(events=events), at=at)
    announce(ParcelsHandedOut(hand_out_id=row.pk, parcel_ids=tuple(ids), at=at))
    return row.pk
