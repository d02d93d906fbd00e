"""入库: the scanner types, Enter books in; the answer can be read from two metres and heard."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST

from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.people.rules import Viewer
from yishi.stations.actions.book_in import Arrival, BookedIn, Held, book_in
from yishi.stations.actions.custody import undo_booking
from yishi.stations.queries.stations import StationCard, today_at
from yishi.stations.queries.stays import get_stay, latest_bookings
from yishi.web.courier.doing import photos_of
from yishi.web.desk.page import words_of
from yishi.web.shared.words import WISHES
from yishi.web.station.doors import begin_of_day, show, station_page
from yishi.web.station.words import ASKS, STATES


@station_page
@require_http_methods(["GET", "HEAD", "POST"])
def book_in_page(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """The page; a scan answers with the page, or with its living part where the script asks."""
    at = now()
    if request.method != "POST":
        return _page(request, viewer, card, {}, at=at)
    arrival = None
    try:
        arrival = _arrival(request, at)
        booked = book_in(station=card.code, arrival=arrival, by=viewer, at=at)
        said = {"booked": booked, **_about(card, booked, at)}
        return _page(request, viewer, card, said, at=at)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        said = {"refused": words_of(refusal), "number": request.POST.get("scan", "")[:40]}
        if isinstance(refusal, Held) and refusal.may_answer:
            said |= {"asks": ASKS[refusal.reason], "reason": refusal.reason, "sent": _sent_again(request)}
        return _page(request, viewer, card, said, status=refusal.status, at=at)


def _arrival(request: HttpRequest, at: datetime) -> Arrival:
    form = request.POST
    is_damaged = form.get("condition") == "DAMAGED"
    shelf, _, layer = form.get("place", "").strip().upper().rpartition("-")
    files = photos_of(request, at, is_needed=is_damaged)
    return Arrival(
        waybill_no=form.get("scan", ""),
        phone=form.get("phone", ""),
        person_name=form.get("person", "")[:100],
        condition="DAMAGED" if is_damaged else "INTACT",
        files=files,
        size=form.get("size", "")[:1],
        place=(shelf, int(layer)) if layer.isdigit() and len(layer) < 3 else ("?", 0) if layer else None,
        answered=frozenset(form.getlist("answered")),
        client_id=form.get("client_id", "")[:100],
        scanned_at=_moment(form.get("scanned_at", "")),
        sent_at=_moment(form.get("sent_at", "")),
    )


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text[:40])
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _sent_again(request: HttpRequest) -> list[tuple[str, str]]:
    """What the question's button sends again; photos are taken anew."""
    names = ("scan", "phone", "person", "size", "place")
    return [(name, request.POST.get(name, "")[:100]) for name in names if request.POST.get(name)]


def _about(card: StationCard, booked: BookedIn, at: datetime) -> dict[str, Any]:
    wish = WISHES.get(booked.wish)
    return {"line": get_stay(card, booked.parcel_id, at=at), "wish": wish}


def _page(
    request: HttpRequest,
    viewer: Viewer,
    card: StationCard,
    said: dict[str, Any],
    *,
    at: datetime,
    status: int = 200,
) -> HttpResponse:
    values = {
        "at": at,
        "tab": "in",
        "today": today_at(card.id, since=begin_of_day(at)),
        "log": [(stay, STATES[stay.state]) for stay in latest_bookings(card)],
        **said,
    }
    if request.headers.get("HX-Request") == "true":
        return render(request, "station/_coming.html", {"station": card, **values}, status=status)
    return show(request, viewer, card, "in", values, status=status)


@station_page
@require_POST
def undo(request: HttpRequest, viewer: Viewer, card: StationCard, parcel_id: int) -> HttpResponse:
    """A parcel that should not have been booked in."""
    at = now()
    try:
        undo_booking(card=card, parcel_id=parcel_id, by=viewer, at=at)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, card, {"refused": words_of(refusal)}, status=refusal.status, at=at)
    if request.headers.get("HX-Request") == "true":
        return _page(request, viewer, card, {"undone": True}, at=at)
    return HttpResponseRedirect(reverse("station:in", args=[card.code]))
