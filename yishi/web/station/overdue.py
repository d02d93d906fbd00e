"""超期: six kinds of parcels on the shelves, and the list with which some go back to their carrier."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.network.queries import carrier_names
from yishi.people.rules import Viewer
from yishi.stations.actions.custody import hand_back
from yishi.stations.queries.stations import StationCard
from yishi.stations.queries.stays import count_standing, get_stay, list_standing
from yishi.web.desk.page import words_of
from yishi.web.station.doors import show, station_page
from yishi.web.station.words import COLLECT, KINDS, WHAT_NOW

MOST = 200


@station_page
@require_safe
def overdue(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """One kind at a time, the longest here first."""
    return _page(request, viewer, card)


def _page(
    request: HttpRequest, viewer: Viewer, card: StationCard, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    at = now()
    counts = count_standing(card, at=at)
    asked = request.GET.get("kind", "")
    shown = asked if asked in KINDS else next((kind for kind in KINDS if counts[kind]), "OVERDUE")
    lines = list_standing(card, {shown}, at=at)
    names = carrier_names()
    by_carrier = {
        carrier: names.get(carrier, carrier) for carrier in sorted({line.carrier for line in lines})
    }
    values = {
        "at": at,
        "tab": "overdue",
        "kinds": [(kind, mark, counts[kind]) for kind, mark in KINDS.items()],
        "shown": shown,
        "what_now": WHAT_NOW[shown],
        "lines": [(line, COLLECT[line.collect]) for line in lines[:MOST]],
        "more": max(0, len(lines) - MOST),
        "carriers": by_carrier,
        "refused": refused,
    }
    return show(request, viewer, card, "overdue", values, status=status)


@station_page
@require_POST
def back(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """They go back; the list that the courier signs is the answer, ready to be printed."""
    at, form = now(), request.POST
    chosen = [int(one) for one in form.getlist("parcels") if one.isdigit() and len(one) < 19]
    carrier, receiver = form.get("carrier", "")[:40], form.get("receiver", "")[:100]
    try:
        hand_back(card=card, parcel_ids=chosen, carrier=carrier, receiver=receiver, by=viewer, at=at)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, card, status=refusal.status, refused=words_of(refusal))
    values = {
        "at": at,
        "tab": "overdue",
        "lines": [get_stay(card, parcel_id, at=at) for parcel_id in sorted(set(chosen))],
        "carrier": carrier_names().get(carrier, carrier),
        "receiver": receiver.strip(),
    }
    return show(request, viewer, card, "back", values)
