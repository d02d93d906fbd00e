"""自助取件: a code by key, scanner or phone shows the places; then the person confirms what he took.

In mirror mode it tells the place only: the brand's own system hands out.
After 30 s of silence it begins anew.
"""

import uuid
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.feedback.actions import rate_pickup
from yishi.kit.clock import now
from yishi.kit.errors import NotFound, Refusal
from yishi.kit.files import Upload, store_upload
from yishi.kit.ratelimit import check_rate
from yishi.network.queries import carrier_names
from yishi.people.rules import Role, Viewer
from yishi.stations.actions.hand_out import Handing, NotGiven, hand_out
from yishi.stations.actions.identify import CodeLocked, Known, WrongCode, identify
from yishi.stations.actions.queue import Drawing, draw_ticket
from yishi.stations.queries.queue import FloorDoor, ticket_of_token
from yishi.stations.queries.stations import local
from yishi.stations.queries.stays import StayLine, get_stay, stays_of_person
from yishi.web.desk.page import words_of
from yishi.web.station.doors import machine_page, seen
from yishi.web.station.mistakes import mistake_by_number, mistake_by_stay
from yishi.web.station.words import REASONS, wait_words

_SALT = "yishi.kiosk.known"
_RATED = "kiosk rating"
_WITHIN_S = 300
TICKETS_AN_HOUR = 200


@machine_page("KIOSK")
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk(request: HttpRequest, machine: FloorDoor) -> HttpResponse:
    """The keys; after a right code all parcels of the person, after a wrong one why."""
    at = now()
    if request.method != "POST":
        seen(machine, at)
        return _start(request, machine)
    text = request.POST.get("code", "").strip()[:200]
    try:
        known = identify(
            card=machine.card,
            text=text,
            asked_by=f"kiosk:{machine.link_id}",
            is_attended=False,
            at=at,
        )
    except Refusal as refusal:
        return _start(request, machine, said=_why(refusal, at), status=refusal.status)
    return _found(request, machine, known, at=at)


def _why(refusal: Refusal, at: datetime) -> dict[str, Any]:
    """What a person at the machine can do about it; papers are the keeper's matter."""
    said: dict[str, Any] = {"refused": words_of(refusal)}
    if isinstance(refusal, CodeLocked):
        until = local(at.fromtimestamp(at.timestamp() + (refusal.retry_after_s or 0), at.tzinfo))
        words = _("输错太多次，%(until)s 前这台机器不再核对。取个号，店员帮你找。")
        said = {"refused": words % {"until": f"{until:%H:%M}"}, "is_locked": True}
    if isinstance(refusal, WrongCode) and 0 < refusal.left < 4 and refusal.reason == "unknown":
        said["left"] = refusal.left
    return said


def _start(
    request: HttpRequest, machine: FloorDoor, *, said: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    values = {"station": machine.card, "is_start": not said, **(said or {})}
    return render(request, "station/kiosk.html", values, status=status)


def _found(
    request: HttpRequest, machine: FloorDoor, known: Known, *, at: datetime, status: int = 200, **more: Any
) -> HttpResponse:
    names = carrier_names()
    values = {
        "station": machine.card,
        "lines": [(line, names.get(line.carrier, "")) for line in _lines(machine, known, at)],
        "known": _sealed(machine, known),
        "is_mirror": machine.card.is_mirror,
        "needs_photo": machine.card.needs_photo,
        **more,
    }
    return render(request, "station/kiosk_found.html", values, status=status)


def _lines(machine: FloorDoor, known: Known, at: datetime) -> list[StayLine]:
    """All parcels of the person; a proxy sees the one that he was let fetch."""
    if known.proxy_id is not None:
        return [get_stay(machine.card, known.parcel_id, at=at)]
    return stays_of_person(machine.card, known.parcel_id, at=at)


def _sealed(machine: FloorDoor, known: Known) -> str:
    return signing.dumps({**asdict(known), "link": machine.link_id}, salt=_SALT)


def _known(request: HttpRequest, machine: FloorDoor) -> Known | None:
    """Who was known a moment ago at this very machine."""
    try:
        said = signing.loads(request.POST.get("known", ""), salt=_SALT, max_age=_WITHIN_S)
    except signing.BadSignature:
        return None
    return Known(**said) if said.pop("link") == machine.link_id else None


@machine_page("KIOSK")
@require_POST
def take(request: HttpRequest, machine: FloorDoor) -> HttpResponse:
    """He has them in hand: given away, all at once; what must stay says why and gets a ticket."""
    at, known = now(), _known(request, machine)
    if known is None or machine.card.is_mirror:
        return HttpResponseRedirect(reverse("queue:kiosk"))
    only = [int(one) for one in request.POST.getlist("parcels") if one.isdigit() and len(one) < 19]
    asked = known.parcel_id if not only or known.parcel_id in only else only[0]
    try:
        handing = Handing(
            asked_for=asked,
            how=known.how,
            only=only if known.proxy_id is None else [known.parcel_id],
            file_id=_photo(request, at),
            proxy_id=known.proxy_id,
        )
        done = hand_out(card=machine.card, handing=handing, by=_by(machine), at=at)
    except NotFound:
        said = {"refused": _("这几件刚刚已经取走了。"), "is_start": False}
        return _start(request, machine, said=said, status=404)
    except NotGiven as refusal:
        more: dict[str, Any] = {"stopped": words_of(refusal), "status": refusal.status}
        return _found(request, machine, known, at=at, **more)
    except Refusal as refusal:
        return _found(request, machine, known, at=at, status=refusal.status, stopped=words_of(refusal))
    names = carrier_names()
    given = [(names.get(one.carrier, ""), one.waybill_no) for one in done.given]
    values: dict[str, Any] = {"station": machine.card, "given": given, "left": done.left}
    values["rating"] = signing.dumps({"hand_out": done.hand_out_id, "link": machine.link_id}, salt=_RATED)
    if done.left:
        values["known"] = _sealed(machine, Known(done.left[0].parcel_id, known.how))
    return render(request, "station/kiosk_done.html", values)


@machine_page("KIOSK")
@require_POST
def rate(request: HttpRequest, machine: FloorDoor) -> HttpResponse:
    """One touch right after the hand-out, at this very machine; then the keys again."""
    try:
        said = signing.loads(request.POST.get("rating", ""), salt=_RATED, max_age=_WITHIN_S)
        score = request.POST.get("score", "")
        if said["link"] == machine.link_id and score in ("1", "3", "5"):
            rate_pickup(hand_out_id=said["hand_out"], score=int(score), way="KIOSK", at=now())
    except (signing.BadSignature, Refusal):
        pass  # nobody waits for an answer here
    return HttpResponseRedirect(reverse("queue:kiosk_start"))


def _photo(request: HttpRequest, at: datetime) -> uuid.UUID | None:
    sent = request.FILES.get("photo")
    if sent is None:
        return None
    upload = Upload(name=sent.name or "", content_type=sent.content_type or "", stream=sent)
    return store_upload(upload=upload, retention_class="EVIDENCE", at=at).id


def _by(machine: FloorDoor) -> Viewer:
    """The records name the machine: `system:7` is the seventh link."""
    return Viewer(kind="SYSTEM", role=Role.SYSTEM, key_id=machine.link_id, name="kiosk", outlet_codes=None)


@machine_page("KIOSK")
@require_http_methods(["GET", "HEAD", "POST"])
def help_page(request: HttpRequest, machine: FloorDoor) -> HttpResponse:
    """A ticket, and the keeper sees that somebody at the machine wants help; first in line where we had
    failed him lately, which his parcel or his waybill number tells."""
    if request.method != "POST":
        values = {"station": machine.card, "client_id": uuid.uuid4().hex}
        return render(request, "station/kiosk_help.html", values)
    at, known = now(), _known(request, machine)
    check_rate(kind="kiosk ticket", key=str(machine.link_id), limit=TICKETS_AN_HOUR, window_s=3600, at=at)
    number = request.POST.get("waybill_no", "")[:40]
    if known is not None:
        reason = mistake_by_stay(machine.card, known.parcel_id, at=at)
    else:
        reason = mistake_by_number(machine.card, number, at=at)
    drawing = Drawing(
        drawn_by="KIOSK",
        parcel_id=known.parcel_id if known else None,
        tail=_tail(machine, known, at) if known else "",
        reason=reason,
        wants_help=request.POST.get("line") != "1",
        client_id=request.POST.get("client_id", "")[:64],
    )
    drawn = draw_ticket(card=machine.card, drawing=drawing, at=at)
    own = ticket_of_token(drawn.token, at=at)
    values = {
        "station": machine.card,
        "own": own,
        "ticket": own.line,
        "wait": wait_words(own.expected),
        "reason": REASONS.get(own.line.reason, ""),
    }
    return render(request, "station/kiosk_ticket.html", values)


def _tail(machine: FloorDoor, known: Known, at: datetime) -> str:
    """Two digits of the phone, by which a person knows his own number on the wall."""
    try:
        return get_stay(machine.card, known.parcel_id, at=at).person.phone[-2:]
    except NotFound:
        return ""


@machine_page("KIOSK")
@require_safe
def start_over(request: HttpRequest, machine: FloorDoor) -> HttpResponse:
    """Nobody is there any more: the keys again, in the station's own language."""
    response = HttpResponseRedirect(reverse("queue:kiosk"))
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response
