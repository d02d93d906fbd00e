"""What a courier does with a parcel at the door: each is one action, then the page again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yishi.cases.actions.at_courier import note_visit, report_damage
from yishi.consignees.actions.consents import Allowed, give_consent
from yishi.consignees.actions.standing import Wish
from yishi.consignees.actions.wishes import note_agreed
from yishi.consignees.queries import consent_for, reach_contact
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.kit.files import Upload, store_upload
from yishi.network.queries import Rounds
from yishi.people.rules import Viewer
from yishi.shipments.actions.contacts import record_contact
from yishi.shipments.actions.placing import answer_placement
from yishi.shipments.actions.stops import check_scan
from yishi.shipments.queries.parcels import find_shipment_refs
from yishi.shipments.rules.placing import AGREED, LATER, PLACES, wish_against
from yishi.web.courier.doors import courier_page
from yishi.web.courier.rounds import Stop, access_stop
from yishi.web.courier.today import stop_page
from yishi.web.courier.visits import visit_of
from yishi.web.courier.words import PLACES as PLACE_WORDS
from yishi.web.courier.words import WISHES
from yishi.web.desk.page import words_of

MOST_PHOTOS = 6


class TooManyPhotos(Refusal):
    """一次最多 6 张照片"""

    code = "too_many_files"
    status = 413


def photos_of(request: HttpRequest, at: datetime, *, is_needed: bool) -> list[UUID]:
    """The photos that came with a form, read and kept. Raises Invalid where one is needed, TooManyPhotos."""
    sent = request.FILES.getlist("photos")
    if is_needed and not sent:
        raise Invalid([("/photos", "missing_field", "拍一张照片")])
    if len(sent) > MOST_PHOTOS:
        raise TooManyPhotos()
    uploads = [Upload(name=f.name or "", content_type=f.content_type or "", stream=f) for f in sent]
    return [store_upload(upload=upload, retention_class="EVIDENCE", at=at).id for upload in uploads]


def _do(
    request: HttpRequest,
    viewer: Viewer,
    rounds: Rounds,
    waybill_no: str,
    deed: Callable[[Stop, datetime], dict[str, str]],
) -> HttpResponse:
    """One deed; the page again with what it says, or with the refusal. Nothing is half done."""
    at = now()
    one = access_stop(rounds, waybill_no, at=at)
    try:
        with transaction.atomic():
            said = deed(one, at)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return stop_page(
            request, viewer, rounds, waybill_no, status=refusal.status, refused=words_of(refusal)
        )
    return HttpResponseRedirect(f"{reverse('courier:stop', args=[waybill_no])}?{urlencode(said)}")


@courier_page
@require_POST
def contact(request: HttpRequest, viewer: Viewer, rounds: Rounds, waybill_no: str) -> HttpResponse:
    """He rang or wrote by the link on the page; or says that he knocked."""

    def deed(one: Stop, at: datetime) -> dict[str, str]:
        kind = request.POST.get("kind", "")
        if kind == "PHOTO":
            raise Invalid([("/kind", "bad_value", "没有这个选项")])
        _attempt(one, kind, "dialled" if kind in ("CALL", "SMS") else "", viewer, at)
        return {"done": "contact"}

    return _do(request, viewer, rounds, waybill_no, deed)


def _attempt(one: Stop, kind: str, outcome: str, viewer: Viewer, at: datetime, reference: str = "") -> None:
    record_contact(
        waybill_no=one.parcel.waybill_no,
        carrier=one.parcel.carrier,
        kind=kind,
        made_at=at,
        outcome=outcome,
        courier=one.parcel.courier,
        reference=reference,
        by=viewer,
        at=at,
    )


@courier_page
@require_POST
def not_home(request: HttpRequest, viewer: Viewer, rounds: Rounds, waybill_no: str) -> HttpResponse:
    """Nobody in: a photo of the door with its time, and when he comes again, told to the person."""

    def deed(one: Stop, at: datetime) -> dict[str, str]:
        visit = visit_of(request.POST.get("visit", ""), at=at)
        files = photos_of(request, at, is_needed=True)
        _attempt(one, "PHOTO", "not_home", viewer, at, reference=f"file:{files[0]}")
        if one.parcel.consignee_id is not None:
            first, last = timezone.localtime(visit.from_at), timezone.localtime(visit.until_at)
            wish = Wish(
                kind="TIME_WINDOW",
                source="COURIER",
                value=f"{first:%m-%d %H:%M}–{last:%H:%M}",
                valid_until=visit.until_at,
            )
            note_agreed(contact_id=one.parcel.consignee_id, wish=wish, by=viewer, at=at)
        for case in one.cases[:1]:
            when = {"from_at": visit.from_at, "until_at": visit.until_at}
            note_visit(case_id=case.id, **when, files=files, by=viewer, at=at)
        return {"done": "visit"}

    return _do(request, viewer, rounds, waybill_no, deed)


@courier_page
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, viewer: Viewer, rounds: Rounds, waybill_no: str, place: str) -> HttpResponse:
    """About to leave it somewhere: asks first, says which wish speaks against it, and keeps his answer."""
    at = now()
    one = access_stop(rounds, waybill_no, at=at)
    if place not in PLACES:
        raise NotFound()
    against = wish_against(place, [wish.kind for wish in one.said])
    asked: dict[str, Any] = {
        "asked": place,
        "where": PLACE_WORDS[place].word,
        "against": WISHES[against] if against else None,
        "since": next((wish for wish in one.said if wish.kind == against), None),
    }
    if request.method != "POST":
        consent = _consent(one, place, at)
        if consent is not None:
            asked = {"allowed": PLACE_WORDS[place].word, "allowed_at": consent.given_at}
        return stop_page(request, viewer, rounds, waybill_no, **asked)
    answer = request.POST.get("answer", "")
    try:
        # a parcel that was stopped goes nowhere, whatever its person says; outside of the transaction
        check_scan(
            waybill_no=waybill_no, carrier=one.parcel.carrier, kind="SIGN", courier=one.parcel.courier,
            by=viewer, at=at,
        )  # fmt: skip
        with transaction.atomic():
            files = photos_of(request, at, is_needed=False)
            answer_placement(
                shipment_id=one.parcel.shipment_id,
                place=place,
                courier=one.parcel.courier,
                wish=against,
                answer=answer,
                file_id=files[0] if files else None,
                by=viewer,
                at=at,
            )
            if answer == AGREED:
                _keep_consent(one, place, viewer, at)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        words = words_of(refusal)
        return stop_page(request, viewer, rounds, waybill_no, status=refusal.status, refused=words, **asked)
    address = reverse("courier:stop", args=[waybill_no])
    return HttpResponseRedirect(f"{address}#not-home" if answer == LATER else f"{address}?done={answer}")


def _consent(one: Stop, place: str, at: datetime) -> Any:
    """What the person has allowed already, if he has."""
    if one.parcel.consignee_id is None:
        return None
    where = {"waybill_no": one.parcel.waybill_no, "placement": place}
    return consent_for(contact_id=one.parcel.consignee_id, **where, at=at)


def _keep_consent(one: Stop, place: str, viewer: Viewer, at: datetime) -> None:
    """The person's yes goes into the ledger, for this parcel alone; without his phone the answer must do."""
    phone = reach_contact(one.parcel.consignee_id).phone if one.parcel.consignee_id is not None else ""
    if not phone:
        return
    allowed = Allowed(
        placement=place,
        channel="courier",
        wording=_("送件时问过，同意放%s") % PLACE_WORDS[place].word,
        waybill_no=one.parcel.waybill_no,
    )
    give_consent(phone=phone, allowed=allowed, by=viewer, at=at)


@courier_page
@require_POST
def damaged(request: HttpRequest, viewer: Viewer, rounds: Rounds, waybill_no: str) -> HttpResponse:
    """Broken when it was opened together: photos and one press, and the case is there."""

    def deed(one: Stop, at: datetime) -> dict[str, str]:
        files = photos_of(request, at, is_needed=True)
        refs = find_shipment_refs(one.parcel.waybill_no)
        case_no = report_damage(
            shipment=next(ref for ref in refs if ref.id == one.parcel.shipment_id),
            contact_id=one.parcel.consignee_id,
            text=request.POST.get("text", ""),
            files=files,
            by=viewer,
            at=at,
        )
        return {"case": case_no}

    return _do(request, viewer, rounds, waybill_no, deed)
