"""Full mode: where there is no device of a brand the courier takes parcels out, hands them over with proof or
brings them back with a reason, here. In mirror mode every one of these is refused."""

from datetime import datetime
from typing import Any

from yishi.consignees.queries import consent_for
from yishi.kit.errors import Invalid, Refusal
from yishi.network.queries import Rounds
from yishi.people.rules import Viewer
from yishi.shipments.actions.deeds import keep_order
from yishi.shipments.actions.handing import Scanned, hand_back, hand_over, scan_parcel
from yishi.shipments.actions.stops import check_scan
from yishi.shipments.queries.parcels import find_shipment_refs, list_contacts
from yishi.shipments.queries.stops import placement_answers
from yishi.shipments.rules.deeds import IN_HAND, NEIGHBOUR
from yishi.shipments.rules.placing import AGREED
from yishi.shipments.rules.waybills import normalise_waybill_no
from yishi.web.courier.doing import Doing, photos_of
from yishi.web.courier.rounds import DoneAlready, day_began
from yishi.web.courier.words import RECEIVED


class ScansElsewhere(Refusal):
    """扫描在公司的巴枪上做，这里不记扫描"""

    code = "scans_elsewhere"


class AskThePerson(Refusal):
    """收件人还没同意%(where)s：先问一声，记下答复再交"""

    code = "ask_the_person"


class NoNumberHere(Refusal):
    """你在这家快递公司没有工号，请网点先登记"""

    code = "no_courier_number"


def proof(doing: Doing) -> dict[str, str]:
    """Handed over: who took it, a photo or a signature, where. From a second telephone it is done already."""
    _need_full_mode(doing.rounds)
    if doing.stop.is_done:
        return {"done": "proof"}
    receiver = doing.said("receiver")
    _check_allowed(doing, receiver)
    photos = doing.photos(is_needed=False)
    signed = photos_of(doing.request, doing.at, is_needed=False, field="signature")
    hand_over(
        shipment_id=doing.stop.parcel.shipment_id,
        parcel=_scanned(doing),
        receiver=receiver,
        photo_id=photos[0] if photos else None,
        signature_id=signed[0] if signed else None,
        accuracy_m=doing.accuracy_m,
        by=doing.viewer,
        at=doing.made_at,
        now=doing.at,
    )
    return {"done": "proof"}


def failed(doing: Doing) -> dict[str, str]:
    """Not handed over, and why; after it was handed over that cannot be said any more."""
    _need_full_mode(doing.rounds)
    if doing.stop.is_done and doing.made_at >= doing.stop.parcel.out_at:
        raise DoneAlready()
    reason = doing.said("reason")
    hand_back(parcel=_scanned(doing), reason=reason, by=doing.viewer, at=doing.made_at, now=doing.at)
    return {"done": "failed"}


def order(doing: Doing) -> dict[str, str]:
    """The order in which he wants them; numbers that are none of his do no harm."""
    numbers = [number for said in doing.said("numbers").split(",") if (number := normalise_waybill_no(said))]
    day = day_began(doing.made_at).date()
    keep_order(waybill_nos=numbers, day=day, said_at=doing.made_at, by=doing.viewer)
    return {"done": "order"}


def take_out(*, rounds: Rounds, number: str, viewer: Viewer, made_at: datetime, at: datetime) -> None:
    """The courier takes a parcel out: it is his from now on. Raises ScansElsewhere, NoNumberHere, Stopped,
    Invalid for a number that is none or that nobody knows here."""
    _need_full_mode(rounds)
    refs = find_shipment_refs(number)
    if not refs:
        raise Invalid([("/waybill_no", "unknown_parcel", "没有这个单号，照面单再输一次")])
    ref = refs[0]
    named = dict(rounds.numbers).get(ref.carrier)
    if named is None:
        raise NoNumberHere()
    check_scan(
        waybill_no=number, carrier=ref.carrier, kind="OUT_FOR_DELIVERY", courier=named, by=viewer, at=at
    )
    parcel = Scanned(waybill_no=number, carrier=ref.carrier, courier=named, outlet_code=rounds.outlet_code)
    scan_parcel(parcel=parcel, kind="out_for_delivery", by=viewer, at=made_at, now=at)


def _need_full_mode(rounds: Rounds) -> None:
    if not rounds.is_full_mode:
        raise ScansElsewhere()


def _scanned(doing: Doing) -> Scanned:
    parcel = doing.stop.parcel
    return Scanned(
        waybill_no=parcel.waybill_no,
        carrier=parcel.carrier,
        courier=parcel.courier,
        outlet_code=doing.rounds.outlet_code,
        position=doing.position,
    )


def _check_allowed(doing: Doing, receiver: str) -> None:
    """Nothing is left with somebody else, or somewhere, without the person's yes. Raises AskThePerson."""
    if receiver in IN_HAND or receiver not in RECEIVED:
        return
    one, parcel = doing.stop, doing.stop.parcel
    if any(wish.kind == receiver for wish in one.said):
        return
    answers = placement_answers(parcel.shipment_id)
    if any(place == receiver and answer == AGREED for place, answer, _at in answers):
        return
    if receiver == NEIGHBOUR and any(
        made.outcome == "answered" for made in list_contacts(parcel.shipment_id)
    ):
        return
    person: Any = parcel.consignee_id
    where = {"waybill_no": parcel.waybill_no, "placement": receiver}
    if person is None or consent_for(contact_id=person, **where, at=doing.made_at) is None:
        raise AskThePerson(where=RECEIVED[receiver])
