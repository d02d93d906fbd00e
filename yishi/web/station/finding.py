"""找件 and 错拿: where a parcel was last and behind which to look; who may have taken it."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.people.rules import Viewer
from yishi.stations.actions.takings import ask_taker, end_taking, mark_wrong_taking
from yishi.stations.queries.finding import find_parcels, look_for
from yishi.stations.queries.stations import StationCard
from yishi.stations.queries.takings import access_taking, list_takings
from yishi.web.desk.page import whole_number, words_of
from yishi.web.station.doors import names_of, show, station_page
from yishi.web.station.words import STATES, STEPS, WHYS


@station_page
@require_safe
def find(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """By number, tail, phone tail or code; with one chosen, its story and its likely confusions."""
    return _find(request, viewer, card)


def _find(
    request: HttpRequest, viewer: Viewer, card: StationCard, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    at, q = now(), request.GET.get("q", "")[:60]
    lines = find_parcels(card, q, at=at) if q else []
    chosen = whole_number(request.GET.get("parcel", "")) or (lines[0].parcel_id if len(lines) == 1 else None)
    found = look_for(card, chosen, at=at) if chosen else None
    names = names_of([step.who for step in found.story]) if found else {}
    values = {
        "tab": "find",
        "at": at,
        "q": q,
        "lines": [(line, STATES[line.state]) for line in lines],
        "found": found,
        "mark": STATES[found.parcel.state] if found else None,
        "story": [(step, STEPS.get(step.kind, step.kind), names.get(step.who, "")) for step in found.story]
        if found
        else [],
        "near": [(line, [WHYS[why] for why in whys]) for line, whys in found.neighbours] if found else [],
        "takings": list_takings(card),
        "refused": refused,
    }
    return show(request, viewer, card, "find", values, status=status)


@station_page
@require_POST
def mark(request: HttpRequest, viewer: Viewer, card: StationCard, parcel_id: int) -> HttpResponse:
    """Somebody else has it."""
    try:
        note = request.POST.get("note", "")
        taking_id = mark_wrong_taking(card=card, parcel_id=parcel_id, note=note, by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _find(request, viewer, card, status=refusal.status, refused=words_of(refusal))
    return HttpResponseRedirect(reverse("stock:taking", args=[card.code, taking_id]))


@station_page
@require_safe
def taking(request: HttpRequest, viewer: Viewer, card: StationCard, taking_id: int) -> HttpResponse:
    return _taking(request, viewer, card, taking_id)


def _taking(
    request: HttpRequest,
    viewer: Viewer,
    card: StationCard,
    taking_id: int,
    *,
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    at = now()
    found = access_taking(card, taking_id, at=at)
    who = names_of([found.marked_by]).get(found.marked_by, "")
    values = {"tab": "find", "at": at, "taking": found, "who": who, "refused": refused}
    return show(request, viewer, card, "taking", values, status=status)


def _deed(
    request: HttpRequest,
    viewer: Viewer,
    card: StationCard,
    taking_id: int,
    deed: Callable[[datetime], object],
) -> HttpResponse:
    try:
        with transaction.atomic():
            deed(now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _taking(request, viewer, card, taking_id, status=refusal.status, refused=words_of(refusal))
    return HttpResponseRedirect(reverse("stock:taking", args=[card.code, taking_id]))


@station_page
@require_POST
def ask(
    request: HttpRequest, viewer: Viewer, card: StationCard, taking_id: int, parcel_id: int
) -> HttpResponse:
    """A message to one who was there."""
    said = {"card": card, "taking_id": taking_id, "parcel_id": parcel_id, "by": viewer}
    return _deed(request, viewer, card, taking_id, lambda at: ask_taker(**said, at=at))  # type: ignore[arg-type]


@station_page
@require_POST
def back(request: HttpRequest, viewer: Viewer, card: StationCard, taking_id: int) -> HttpResponse:
    """It was brought back."""
    return _deed(
        request,
        viewer,
        card,
        taking_id,
        lambda at: end_taking(card=card, taking_id=taking_id, by=viewer, at=at),
    )
