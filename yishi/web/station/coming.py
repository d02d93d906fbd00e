"""入库: the scanner types, Enter books in; the answer can be read from two metres and heard."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST

from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.network.rules import short_name
from yishi.people.rules import Viewer
from yishi.shipments.rules.waybills import fit_text
from yishi.stations.actions.book_in import Arrival, BookedIn, Held, book_in
from yishi.stations.actions.custody import undo_booking
from yishi.stations.queries.stations import StationCard, today_at
from yishi.stations.queries.stays import get_stay, latest_bookings
from yishi.web.courier.doing import photos_of
from yishi.web.desk.page import words_of
from yishi.web.shared.words import WISHES
from yishi.web.station.doors import begin_of_day, show, station_page
from yishi.web.station.words import ASKS, STATES

MOST_AT_ONCE = 20
"""Scans that waited for the line come so many at once, each with its own answer."""
_KEPT = "yishi.station.photos"
_KEPT_WITHIN_S = 3600
_AGAIN = ("scan", "phone", "person", "size", "place", "carrier", "batch_carrier", "client_id")


@station_page
@require_http_methods(["GET", "HEAD", "POST"])
def book_in_page(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """The page; a scan answers with the page, or with its living part where the script asks."""
    at = now()
    if request.method != "POST":
        # a count found it beside the book: its number and place stand in the fields already
        first = {name: request.GET.get(name, "")[:40] for name in ("scan", "place")}
        return _page(request, viewer, card, {"first": first}, at=at)
    if "scans" in request.POST:
        return _several(request, viewer, card, at)
    said, status = _take(request, viewer, card, request.POST, at)
    if "booked" in said:
        said |= _about(card, said["booked"], at)
    return _page(request, viewer, card, said, status=status, at=at)


def _several(request: HttpRequest, viewer: Viewer, card: StationCard, at: datetime) -> HttpResponse:
    """Scans that waited, in their order. Only the last that was taken is shown large; each that was not is
    shown with its reason."""
    answers: list[tuple[str, dict[str, Any]]] = []
    for form in _scans_of(request):
        answers.append((form.get("client_id", ""), _take(request, viewer, card, form, at)[0]))
    if (last := next((said for _id, said in reversed(answers) if "booked" in said), None)) is not None:
        last |= _about(card, last["booked"], at)
    values = {"station": card, "answers": answers, **_around(card, at)}
    return render(request, "station/_coming_many.html", values)


def _scans_of(request: HttpRequest) -> list[dict[str, str]]:
    try:
        rows = json.loads(request.POST["scans"])
    except ValueError as error:
        raise Invalid([("/scans", "bad_value", "有一条读不懂")]) from error
    is_list = isinstance(rows, list) and 0 < len(rows) <= MOST_AT_ONCE
    if not is_list or not all(isinstance(row, dict) for row in rows):
        raise Invalid([("/scans", "bad_value", "有一条读不懂")])
    sent_at = request.POST.get("sent_at", "")
    return [
        {**{k: fit_text(v) for k, v in row.items() if isinstance(v, str)}, "sent_at": sent_at} for row in rows
    ]


def _take(
    request: HttpRequest, viewer: Viewer, card: StationCard, form: Mapping[str, str], at: datetime
) -> tuple[dict[str, Any], int]:
    """One scan: what its answer says, and its status."""
    arrival = None
    try:
        arrival = _arrival(request, form, at)
        booked = book_in(station=card.code, arrival=arrival, by=viewer, at=at)
        carrier = short_name(booked.carrier) if booked.carrier not in ("", "unknown") else ""
        return {"booked": booked, "carrier": carrier, "batch": _batch(form)}, 200
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        said: dict[str, Any] = {"refused": words_of(refusal), "number": form.get("scan", "")[:40]}
        if isinstance(refusal, Held) and refusal.may_answer and arrival is not None:
            said |= {"asks": ASKS[refusal.reason], "reason": refusal.reason}
            said |= {"sent": _sent_again(form, arrival), "batch": _batch(form)}
            said |= {"carriers": [(code, short_name(code)) for code in refusal.carriers]}
        return said, refusal.status


def _arrival(request: HttpRequest, form: Mapping[str, str], at: datetime) -> Arrival:
    kept = _kept_photos(form)
    is_damaged = form.get("condition") == "DAMAGED"
    shelf, _, layer = form.get("place", "").strip().upper().rpartition("-")
    files = kept or photos_of(request, at, is_needed=is_damaged)
    answered = form.getlist("answered") if isinstance(form, QueryDict) else []
    return Arrival(
        waybill_no=form.get("scan", ""),
        carrier=form.get("carrier", "")[:40],
        batch_carrier=form.get("batch_carrier", "")[:40],
        phone=form.get("phone", ""),
        person_name=form.get("person", "")[:100],
        condition="DAMAGED" if is_damaged or kept else "INTACT",
        files=files,
        size=form.get("size", "")[:1],
        place=(shelf, int(layer)) if layer.isdigit() and len(layer) < 3 else ("?", 0) if layer else None,
        answered=frozenset(answered),
        client_id=form.get("client_id", "")[:100],
        scanned_at=_moment(form.get("scanned_at", "")),
        sent_at=_moment(form.get("sent_at", "")),
    )


def _kept_photos(form: Mapping[str, str]) -> list[UUID]:
    """Pictures of the damage that came with the scan about which the keeper is being asked."""
    if not form.get("kept"):
        return []
    try:
        return [UUID(text) for text in signing.loads(form["kept"], salt=_KEPT, max_age=_KEPT_WITHIN_S)]
    except signing.BadSignature as error:
        raise Invalid([("/photos", "missing_field", "拍一张照片")]) from error


def _batch(form: Mapping[str, str]) -> tuple[str, str] | None:
    """The carrier that was chosen for this batch, with its name: just now, or before."""
    code = (form.get("carrier") or form.get("batch_carrier", ""))[:40]
    return (code, short_name(code)) if code else None


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text[:40])
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _sent_again(form: Mapping[str, str], arrival: Arrival) -> list[tuple[str, str]]:
    """What the question's button sends again: what was answered before, and pictures, go with it."""
    sent = [(name, form.get(name, "")[:100]) for name in _AGAIN if form.get(name)]
    sent += [("answered", reason) for reason in sorted(arrival.answered)]
    if arrival.files:
        sent.append(("kept", signing.dumps([str(file_id) for file_id in arrival.files], salt=_KEPT)))
    return sent


def _about(card: StationCard, booked: BookedIn, at: datetime) -> dict[str, Any]:
    wish = WISHES.get(booked.wish)
    return {"line": get_stay(card, booked.parcel_id, at=at), "wish": wish}


def _around(card: StationCard, at: datetime) -> dict[str, Any]:
    """The day's figures and the last few scans: of constant size, whatever came today."""
    return {
        "today": today_at(card.id, since=begin_of_day(at)),
        "log": [(stay, STATES[stay.state]) for stay in latest_bookings(card)],
    }


def _page(
    request: HttpRequest,
    viewer: Viewer,
    card: StationCard,
    said: dict[str, Any],
    *,
    at: datetime,
    status: int = 200,
) -> HttpResponse:
    values = {"at": at, "tab": "in", **_around(card, at), **said}
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
