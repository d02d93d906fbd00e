"""出库: whose parcels, all of them at once, and what must stay with the reason."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.people.rules import Viewer
from yishi.shipments.queries.stops import stops_of
from yishi.shipments.rules.waybills import normalise_waybill_no
from yishi.stations.actions.hand_out import Handing, hand_out
from yishi.stations.actions.id_reader import NoCard, ReaderAway, know_by_card
from yishi.stations.actions.identify import CodeLocked, Known, identify, unlock
from yishi.stations.queries.materials import find_reader
from yishi.stations.queries.stations import StationCard
from yishi.stations.queries.stays import find_inside, persons_with_tail, stays_of_person, to_collect_fen
from yishi.stations.queries.waiting import proxy_name
from yishi.web.courier.doing import photos_of
from yishi.web.desk.page import words_of
from yishi.web.station.doors import show, station_page
from yishi.web.station.words import HOW

_SALT = "yishi.station.known"
_WITHIN_S = 900


@station_page
@require_http_methods(["GET", "HEAD", "POST"])
def hand_out_page(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """A code, a one-time code, four digits with the name, or the label itself with a look at the papers."""
    at = now()
    text, person = request.POST.get("scan", "").strip()[:300], request.POST.get("person", "")[:100]
    if request.method != "POST" or not text:
        done = request.GET.get("given", "")
        return _page(request, viewer, card, {"given": int(done) if done.isdigit() else 0}, at=at)
    if len(text) == 4 and text.isdigit() and not person and (found := persons_with_tail(card, text, at=at)):
        return _page(request, viewer, card, {"tail": text, "persons": found}, at=at)
    number = normalise_waybill_no(text)
    inside = find_inside(card, number) if number else None
    try:
        if inside is not None:
            known = Known(inside, "ID")
        else:
            known = identify(
                card=card, text=text, person_name=person, asked_by=viewer.label, is_attended=True, at=at
            )
    except Refusal as refusal:
        said = {
            "refused": words_of(refusal),
            "is_locked": isinstance(refusal, CodeLocked),
            "tail": text if person else "",
        }
        return _page(request, viewer, card, said, status=refusal.status, at=at)
    return _known(request, viewer, card, known, at=at)


def _known(
    request: HttpRequest,
    viewer: Viewer,
    card: StationCard,
    known: Known,
    *,
    at: datetime,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """All parcels of the person; a stopped one says why before anybody reaches for it."""
    lines = stays_of_person(card, known.parcel_id, at=at)
    if known.proxy_id is not None:
        lines = [line for line in lines if line.parcel_id == known.parcel_id]
    said = {
        "known": signing.dumps({**asdict(known), "station": card.id, "by": viewer.label}, salt=_SALT),
        "how": HOW[known.how],
        "is_by_paper": known.how == "ID",
        "lines": [(line, stops_of(line.shipment_id)) for line in lines],
        "person": lines[0].person,
        "due_fen": to_collect_fen([line.parcel_id for line in lines]),
        "fee_fen": sum(line.fee_fen for line in lines),
        "proxy": proxy_name(known.proxy_id) if known.proxy_id is not None else "",
        "needs_photo": card.needs_photo,
    }
    return _page(request, viewer, card, {**said, **more}, at=at, status=status)


@station_page
@require_POST
def give(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """Gives them away; what was known stays known for a quarter of an hour, on this account only."""
    at = now()
    try:
        said = signing.loads(request.POST.get("known", ""), salt=_SALT, max_age=_WITHIN_S)
    except signing.BadSignature:
        return HttpResponseRedirect(reverse("station:out", args=[card.code]))
    if said.pop("station") != card.id or said.pop("by") != viewer.label:
        raise NotFound()
    known = Known(**said)
    chosen = [int(one) for one in request.POST.getlist("parcels") if one.isdigit()]
    asked = known.parcel_id if not chosen or known.parcel_id in chosen else chosen[0]
    try:
        files = photos_of(request, at, is_needed=False)
        handing = Handing(
            asked_for=asked,
            how=known.how,
            only=chosen,
            is_paid=request.POST.get("paid") == "1",
            is_fee_waived=request.POST.get("waived") == "1",
            file_id=files[0] if files else None,
            proxy_id=known.proxy_id,
        )
        done = hand_out(card=card, handing=handing, by=viewer, at=at)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        stopped = words_of(refusal)
        return _known(request, viewer, card, known, at=at, stopped=stopped, status=refusal.status)
    return HttpResponseRedirect(f"{reverse('station:out', args=[card.code])}?given={len(done.given)}")


@station_page
@require_POST
def id_card(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """证件: the reader is asked whose card lies there; with the tail told aloud that opens what is his."""
    at, tail = now(), request.POST.get("tail", "").strip()[:8]
    try:
        known = know_by_card(card=card, tail=tail, asked_by=viewer.label, at=at)
    except NotFound:
        raise
    except Refusal as refusal:
        said: dict[str, Any] = {"refused": words_of(refusal), "is_locked": isinstance(refusal, CodeLocked)}
        if isinstance(refusal, NoCard | ReaderAway):
            said |= {"tail": tail, "persons": persons_with_tail(card, tail, at=at)}
        return _page(request, viewer, card, said, status=refusal.status, at=at)
    return _known(request, viewer, card, known, at=at, is_by_paper=False, how=_("看过证件"))


@station_page
@require_POST
def let_try(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """The keeper has seen the papers: codes may be tried again."""
    unlock(card=card, by=viewer, at=now())
    return HttpResponseRedirect(reverse("station:out", args=[card.code]))


def _page(
    request: HttpRequest,
    viewer: Viewer,
    card: StationCard,
    said: dict[str, Any],
    *,
    at: datetime,
    status: int = 200,
) -> HttpResponse:
    values = {"at": at, "tab": "out", **said}
    if said.get("persons"):
        values["has_reader"] = find_reader(card) is not None
    if request.headers.get("HX-Request") == "true":
        return render(request, "station/_giving.html", {"station": card, **values}, status=status)
    return show(request, viewer, card, "out", values, status=status)
