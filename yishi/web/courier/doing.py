"""What a courier does with a parcel, whether a form said it or a telephone sends it hours later: one
function a deed. Each returns what the page says afterwards."""

import contextlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from yishi.cases.actions.at_courier import note_visit, report_damage
from yishi.consignees.actions.consents import Allowed, give_consent
from yishi.consignees.actions.standing import Wish
from yishi.consignees.actions.wishes import note_agreed
from yishi.consignees.queries import consent_for, reach_contact
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.files import Upload, store_upload
from yishi.network.queries import Rounds
from yishi.notifications.actions.couriers import tell_from_courier
from yishi.people.rules import Viewer
from yishi.shipments.actions.choices import Choice, TooLateToChoose, choose_for_parcel
from yishi.shipments.actions.contacts import note_outcome, record_contact
from yishi.shipments.actions.placing import answer_placement
from yishi.shipments.queries.parcels import find_shipment_refs
from yishi.shipments.rules.choices import COURIER, TIME
from yishi.shipments.rules.placing import AGREED, LATER, PLACES, wish_against
from yishi.shipments.rules.waybills import LONGEST_WORD, fit_text
from yishi.web.courier.rounds import DoneAlready, Stop
from yishi.web.courier.visits import visit_of
from yishi.web.courier.words import PLACES as PLACE_WORDS

MOST_PHOTOS = 6
_POSITION = re.compile(r"-?\d{1,2}\.\d{1,7},-?\d{1,3}\.\d{1,7}")


class RingInstead(Refusal):
    """这位收件人要打电话说，别发短信"""

    code = "ring_instead"


class TooManyPhotos(Refusal):
    """一次最多 6 张照片"""

    code = "too_many_files"
    status = 413


def photos_of(request: HttpRequest, at: datetime, *, is_needed: bool, field: str = "photos") -> list[UUID]:
    """The photos that came with a form, read and kept. Raises Invalid where one is needed, TooManyPhotos."""
    sent = request.FILES.getlist(field)
    if is_needed and not sent:
        raise Invalid([("/photos", "missing_field", "拍一张照片")])
    if len(sent) > MOST_PHOTOS:
        raise TooManyPhotos()
    uploads = [Upload(name=f.name or "", content_type=f.content_type or "", stream=f) for f in sent]
    return [store_upload(upload=upload, retention_class="EVIDENCE", at=at).id for upload in uploads]


@dataclass(frozen=True, kw_only=True)
class Doing:
    """One deed with its parcel: `made_at` is when he did it, `at` when we heard of it."""

    request: HttpRequest
    viewer: Viewer
    rounds: Rounds
    stop: Stop
    made_at: datetime
    at: datetime
    # what the address says goes before what the form says
    given: Mapping[str, str] = field(default_factory=dict)

    def said(self, name: str) -> str:
        return self.given.get(name) or self.request.POST.get(name, "")

    def photos(self, *, is_needed: bool) -> list[UUID]:
        return photos_of(self.request, self.at, is_needed=is_needed)

    @property
    def position(self) -> str:
        """Where he stood; '' for none, and for the zero that a telephone without sight of the sky says."""
        said = self.said("position")
        is_real = _POSITION.fullmatch(said) and any(abs(float(part)) > 0.01 for part in said.split(","))
        return said if is_real else ""

    @property
    def accuracy_m(self) -> int | None:
        """How far off the position may be, in metres."""
        said = self.said("accuracy")
        return int(said) if said.isascii() and said.isdigit() and len(said) < 6 and self.position else None


Deed = Callable[[Doing], dict[str, str]]


def attempt(doing: Doing, kind: str, outcome: str, reference: str = "") -> None:
    """Writes down that he tried to reach the person."""
    parcel = doing.stop.parcel
    record_contact(
        waybill_no=parcel.waybill_no,
        carrier=parcel.carrier,
        kind=kind,
        made_at=doing.made_at,
        outcome=outcome,
        courier=parcel.courier,
        position=doing.position,
        reference=reference,
        by=doing.viewer,
        at=doing.at,
    )


def contact(doing: Doing) -> dict[str, str]:
    """He rang or wrote by the link on the page; or says that he knocked."""
    kind = doing.said("kind")
    if kind == "PHOTO":
        raise Invalid([("/kind", "bad_value", "没有这个选项")])
    lent = fit_text(doing.said("lent"))[: LONGEST_WORD - 5]
    attempt(
        doing, kind, "dialled" if kind in ("CALL", "SMS") else "", reference=f"call:{lent}" if lent else ""
    )
    return {"done": "contact"}


def message(doing: Doing) -> dict[str, str]:
    """He lets the person know, by one of the approved texts; never to somebody who wants to be rung."""
    if doing.stop.is_elder:
        raise RingInstead()
    if doing.stop.is_done:
        raise DoneAlready()
    notice = tell_from_courier(
        shipment_id=doing.stop.parcel.shipment_id,
        text=doing.said("text"),
        made_at=doing.made_at,
        by=doing.viewer,
        at=doing.at,
    )
    attempt(doing, "SMS", "sent", reference=f"notice:{notice}")
    return {"done": "message"}


def arrived(doing: Doing) -> dict[str, str]:
    """He stands at the door."""
    attempt(doing, "KNOCK", "arrived")
    return {"done": "contact"}


def outcome(doing: Doing) -> dict[str, str]:
    """What came of his last call."""
    parcel = doing.stop.parcel
    note_outcome(
        shipment_id=parcel.shipment_id,
        courier=parcel.courier,
        outcome=doing.said("outcome"),
        made_at=doing.made_at,
        by=doing.viewer,
    )
    return {"done": "contact"}


def not_home(doing: Doing) -> dict[str, str]:
    """Nobody in: a photo of the door with its time, and when he comes again, told to the person. Of a parcel
    that was handed over since, the try alone is kept."""
    one = doing.stop
    visit = visit_of(doing.said("visit"), at=doing.made_at)
    files = doing.photos(is_needed=True)
    attempt(doing, "PHOTO", "not_home", reference=f"file:{files[0]}")
    if one.is_done:
        return {"done": "contact"}
    if one.parcel.consignee_id is not None:
        first, last = timezone.localtime(visit.from_at), timezone.localtime(visit.until_at)
        wish = Wish(
            kind="TIME_WINDOW",
            source="COURIER",
            value=f"{first:%m-%d %H:%M}–{last:%H:%M}",
            valid_until=visit.until_at,
        )
        note_agreed(contact_id=one.parcel.consignee_id, wish=wish, by=doing.viewer, at=doing.at)
    agreed = Choice(kind=TIME, via=COURIER, from_at=visit.from_at, until_at=visit.until_at)
    with contextlib.suppress(TooLateToChoose, Invalid):  # stopped, or told so late that the time is over
        choose_for_parcel(shipment_id=one.parcel.shipment_id, choice=agreed, phone="", at=doing.at)
    for case in one.cases[:1]:
        when = {"from_at": visit.from_at, "until_at": visit.until_at}
        note_visit(case_id=case.id, **when, files=files, by=doing.viewer, at=doing.at)
    return {"done": "visit"}


def place(doing: Doing) -> dict[str, str]:
    """What he answered before leaving it in a locker, a station or with the guard."""
    where, answer, one = doing.said("place"), doing.said("answer"), doing.stop
    if where not in PLACES:
        raise Invalid([("/place", "bad_value", "没有这个选项")])
    if one.is_done:
        raise DoneAlready()
    files = doing.photos(is_needed=False)
    answer_placement(
        shipment_id=one.parcel.shipment_id,
        place=where,
        courier=one.parcel.courier,
        wish=wish_against(where, [wish.kind for wish in one.said]),
        answer=answer,
        file_id=files[0] if files else None,
        by=doing.viewer,
        at=doing.made_at,
    )
    if answer == AGREED:
        _keep_consent(doing, where)
    return {"go": "not-home"} if answer == LATER else {"done": answer}


def _keep_consent(doing: Doing, where: str) -> None:
    """The person's yes goes into the ledger, for this parcel alone; without his phone the answer must do."""
    parcel = doing.stop.parcel
    phone = reach_contact(parcel.consignee_id).phone if parcel.consignee_id is not None else ""
    if not phone:
        return
    allowed = Allowed(
        placement=where,
        channel="courier",
        wording=_("送件时问过，同意放%s") % PLACE_WORDS[where].word,
        waybill_no=parcel.waybill_no,
    )
    give_consent(phone=phone, allowed=allowed, by=doing.viewer, at=doing.made_at)


def damaged(doing: Doing) -> dict[str, str]:
    """Broken when it was opened together: photos and one press, and the case is there."""
    parcel = doing.stop.parcel
    files = doing.photos(is_needed=True)
    refs = find_shipment_refs(parcel.waybill_no)
    case_no = report_damage(
        shipment=next(ref for ref in refs if ref.id == parcel.shipment_id),
        contact_id=parcel.consignee_id,
        text=doing.said("text"),
        files=files,
        by=doing.viewer,
        at=doing.at,
    )
    return {"case": case_no}


def consent_of(one: Stop, where: str, at: datetime) -> Any:
    """What the person has allowed already, if he has."""
    if where not in PLACES:
        raise NotFound()
    if one.parcel.consignee_id is None:
        return None
    place_of = {"waybill_no": one.parcel.waybill_no, "placement": where}
    return consent_for(contact_id=one.parcel.consignee_id, **place_of, at=at)
