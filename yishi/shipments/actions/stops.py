"""A parcel is stopped and let go on; every scanner asks before it goes out, is signed or handed out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor
from yishi.kit.live import nudge
from yishi.network.queries import find_outlet_card
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.shipments.facts import ScanHeldBack
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.models.stops import ParcelStop, ScanCheck
from yishi.shipments.queries.parcels import access_shipment
from yishi.shipments.rules.stops import ASKS, REASONS, SCAN_KINDS, Asked, Reason, ScanKind, first_of
from yishi.shipments.rules.waybills import LONGEST_WORD, fit_text, normalise_waybill_no


class Stopped(Refusal):
    """这一件已被拦下，不能再往下走：%(instead)s"""

    code = "parcel_stopped"

    def __init__(self, *, reason: str, asked: str, case_no: str, kind: str) -> None:
        super().__init__(instead=instead_of(reason, asked, kind))
        self.reason = reason.lower()
        self.case_no = case_no

    @property
    def extra(self) -> Mapping[str, str]:
        """What programs read beside the words: `intercepted`, `wanted_by_case` or `freight_unpaid`."""
        return {"reason": self.reason, "case_no": self.case_no}


def instead_of(reason: str, asked: str, kind: str) -> str:
    """What whoever holds the scanner does instead, in words."""
    if reason == Reason.FREIGHT_UNPAID:
        return _("运费还没收到，收齐运费再交件")
    if reason == Reason.WANTED_BY_CASE:
        return _("有工单在找这一件，放到问题件区，告诉网点客服")
    then = {
        Asked.RETURN: _("寄件方要退回，交回网点做退件"),
        Asked.NEW_ADDRESS: _("要改地址，交回网点换面单再派"),
    }.get(Asked(asked), _("先留在网点，等通知"))
    where = {
        ScanKind.OUT_FOR_DELIVERY: _("别装车，放到拦截区"),
        ScanKind.SIGN: _("别交给收件人，带回网点"),
    }.get(ScanKind(kind), _("别出库，放回拦截区"))
    return _("%(where)s；%(then)s") % {"where": where, "then": then}


@transaction.atomic
def stop_parcel(
    *, shipment_id: int, reason: str, asked: str = "", case_no: str = "", by: Viewer, at: datetime
) -> int:
    """Holds a parcel back from this moment on; the same again is the one that runs. Returns its id.

    Whoever asks a scanner after this has been committed is refused. Raises NotFound, Invalid.
    """
    if reason not in REASONS or (asked not in ASKS if reason == Reason.INTERCEPTED else bool(asked)):
        raise Invalid([("/reason", "bad_value", "没有这个选项")])
    shipment = _hold(shipment_id)
    stop, is_new = ParcelStop.objects.get_or_create(
        shipment=shipment,
        reason=reason,
        lifted_at=None,
        defaults={"asked": asked, "case_no": case_no, "since": at, "stopped_by": by.label},
    )
    if is_new:
        _tell(shipment)
    return stop.pk


@transaction.atomic
def lift_stop(*, stop_id: int, by: Viewer, at: datetime) -> None:
    """The parcel may go on; nothing changes where it already may. Raises NotFound."""
    found = ParcelStop.objects.filter(pk=stop_id).values_list("shipment_id", flat=True).first()
    if found is None:
        raise NotFound()
    shipment = _hold(found)
    running = ParcelStop.objects.filter(pk=stop_id, lifted_at__isnull=True)
    if running.update(lifted_at=at, lifted_by=by.label):
        _tell(shipment)


def check_scan(
    *,
    waybill_no: str,
    kind: str,
    by: Viewer,
    at: datetime,
    courier: str = "",
    station: str = "",
    carrier: str | None = None,
) -> None:
    """A scanner asks whether a parcel may go out, be signed or be handed out; returns where it may.

    The question is kept in either case, so this must not stand in the caller's transaction when it refuses.
    Raises Stopped, Invalid, NotAllowed, NotFound for a parcel unknown or out of sight; a stop is said to
    whoever has the parcel in his hand, wherever its record thinks it is.
    """
    require(by, Permission.SCAN)
    if kind not in SCAN_KINDS:
        raise Invalid([("/kind", "bad_value", "没有这个选项")])
    if max(len(courier), len(station)) > LONGEST_WORD:
        raise Invalid([("/courier", "too_long", "太长了")])
    said = {"kind": kind, "courier": fit_text(courier), "station": fit_text(station)}
    with transaction.atomic():
        stop = _checked(waybill_no, carrier, said, by=by, at=at)
    if stop is not None:
        raise Stopped(reason=stop.reason, asked=stop.asked, case_no=stop.case_no, kind=kind)


def _checked(
    waybill_no: str, carrier: str | None, said: dict[str, str], *, by: Viewer, at: datetime
) -> ParcelStop | None:
    """The stop that holds the parcel back, if any; its row is held, so no stop slips in between."""
    number = normalise_waybill_no(waybill_no)
    if number is None:
        raise NotFound()
    meant = Shipment.objects.filter(waybill_no=number, merged_into__isnull=True)
    if carrier:
        meant = meant.filter(carrier=carrier)
    held: Sequence[Shipment] = list(meant.select_for_update(of=("self",)).order_by("pk"))
    running = ParcelStop.objects.filter(shipment__in=held, lifted_at__isnull=True).order_by("since")
    by_reason = {stop.reason: stop for stop in reversed(running)}
    reason = first_of(by_reason, said["kind"])
    stop = by_reason[reason] if reason else None
    shipment_id = stop.shipment_id if stop else access_shipment(by, number, carrier).shipment_id
    ScanCheck.objects.create(shipment_id=shipment_id, stop=stop, asked_by=by.label, at=at, **said)
    if stop is not None:
        announce(ScanHeldBack(shipment_id=shipment_id, stop_id=stop.pk, at=at, **said))
        nudge(f"shipment:{shipment_id}")
    return stop


def _hold(shipment_id: int) -> Shipment:
    """The parcel, locked: scanners wait, so that none passes once the stop has been confirmed."""
    found = Shipment.objects.select_for_update(of=("self",)).filter(pk=shipment_id).first()
    if found is None:
        raise NotFound()
    return Shipment.objects.select_for_update(of=("self",)).get(pk=found.merged_into_id or found.pk)


def _tell(shipment: Shipment) -> None:
    outlet = find_outlet_card(shipment.outlet_id) if shipment.outlet_id else None
    topics: list[Any] = [f"shipment:{shipment.pk}", *([f"outlet:{outlet.code}"] if outlet else [])]
    nudge(*topics)


@dataclass(frozen=True)
class HeldStop:
    """Why a parcel is not given away at a counter."""

    reason: str
    asked: str
    case_no: str


_HOLD = "SELECT FROM shipments_shipment WHERE id = ANY (%s) ORDER BY id FOR UPDATE"
_RUNNING = "SELECT id FROM shipments_stop WHERE shipment_id = ANY (%s) AND lifted_at IS NULL"


def held_at_hand_out(
    *, shipment_ids: Sequence[int], station: str, by: Viewer, at: datetime
) -> dict[int, HeldStop]:
    """Which of these parcels a stop holds back from being handed out, by parcel; each refusal is kept like
    that of a scanner. Must stand in a transaction, which is committed although the caller refuses. Two
    statements where nothing is stopped."""
    hot_cursor().execute(_HOLD, [list(shipment_ids)])
    stops_of = [pk for (pk,) in hot_cursor().execute(_RUNNING, [list(shipment_ids)], prepare=True)]
    if not stops_of:
        return {}
    running: dict[int, list[ParcelStop]] = {}
    for stop in ParcelStop.objects.filter(pk__in=stops_of).order_by("since"):
        running.setdefault(stop.shipment_id, []).append(stop)
    found: dict[int, HeldStop] = {}
    for shipment_id, stops in running.items():
        reason = first_of([stop.reason for stop in stops], ScanKind.HAND_OUT)
        stop = next(each for each in stops if each.reason == reason)
        found[shipment_id] = HeldStop(stop.reason, stop.asked, stop.case_no)
        said = {"kind": ScanKind.HAND_OUT.value, "courier": "", "station": station}
        ScanCheck.objects.create(shipment_id=shipment_id, stop=stop, asked_by=by.label, at=at, **said)
        announce(ScanHeldBack(shipment_id=shipment_id, stop_id=stop.pk, at=at, **said))
        nudge(f"shipment:{shipment_id}")
    return found
