"""超期: six kinds of parcels on the shelves, and the list with which some go back to their carrier."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.network.queries import carrier_names
from yishi.people.rules import Viewer
from yishi.stations.actions.custody import hand_back, sign_return
from yishi.stations.actions.ladder import note_call
from yishi.stations.queries.ladder import calls_due, get_return, list_returns, signature_of
from yishi.stations.queries.stations import StationCard, local
from yishi.stations.queries.stays import count_standing, list_standing
from yishi.web.courier.doing import photos_of
from yishi.web.desk.page import words_of
from yishi.web.station.doors import names_of, show, station_page
from yishi.web.station.return_paper import Paper, return_list_pdf
from yishi.web.station.words import CALLS, COLLECT, KINDS, WHAT_NOW

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
        "lines": [
            (line, COLLECT[line.collect], names.get(line.carrier, ""), (at - line.keep_until).days)
            for line in lines[:MOST]
        ],
        "more": max(0, len(lines) - MOST),
        "carriers": by_carrier,
        "calls": calls_due(card, at=at),
        "outcomes": CALLS.items(),
        "returns": [(one, names.get(one.carrier, one.carrier)) for one in list_returns(card)],
        "refused": refused,
    }
    return show(request, viewer, card, "overdue", values, status=status)


@station_page
@require_POST
def back(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """They go back, on a list that the courier signs."""
    at, form = now(), request.POST
    chosen = [int(one) for one in form.getlist("parcels") if one.isdigit() and len(one) < 19]
    carrier, receiver = form.get("carrier", "")[:40], form.get("receiver", "")[:100]
    try:
        done = hand_back(card=card, parcel_ids=chosen, carrier=carrier, receiver=receiver, by=viewer, at=at)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, card, status=refusal.status, refused=words_of(refusal))
    return HttpResponseRedirect(reverse("station:returned", args=[card.code, done.list_id]))


@station_page
@require_POST
def rung(request: HttpRequest, viewer: Viewer, card: StationCard, parcel_id: int) -> HttpResponse:
    """The keeper rang the person, and what came of it."""
    try:
        outcome = request.POST.get("outcome", "")
        note_call(card=card, parcel_id=parcel_id, outcome=outcome, by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, card, status=refusal.status, refused=words_of(refusal))
    return HttpResponseRedirect(reverse("station:overdue", args=[card.code]))


@station_page
@require_http_methods(["GET", "HEAD", "POST"])
def returned(request: HttpRequest, viewer: Viewer, card: StationCard, list_id: int) -> HttpResponse:
    """One list; POST keeps the picture of the courier's signature."""
    at = now()
    listed, lines = get_return(card, list_id, at=at)
    refused = ""
    if request.method == "POST":
        try:
            files = photos_of(request, at, is_needed=True)
            sign_return(card=card, list_id=list_id, file_id=files[0], at=at)
            return HttpResponseRedirect(reverse("station:returned", args=[card.code, list_id]))
        except (NotAllowed, NotFound):
            raise
        except Refusal as refusal:
            refused = words_of(refusal)
    values = {
        "at": at,
        "tab": "overdue",
        "listed": listed,
        "lines": lines,
        "carrier": carrier_names().get(listed.carrier, listed.carrier),
        "refused": refused,
    }
    return show(request, viewer, card, "back", values, status=422 if refused else 200)


@station_page
@require_safe
def returned_pdf(request: HttpRequest, viewer: Viewer, card: StationCard, list_id: int) -> HttpResponse:
    """The list on paper: numbers, who gave and who took them, the signature where there is one."""
    listed, lines = get_return(card, list_id, at=now())
    body = return_list_pdf(
        Paper(
            station=card.name,
            carrier=carrier_names().get(listed.carrier, listed.carrier),
            handed=f"{local(listed.handed_at):%Y-%m-%d %H:%M}",
            giver=names_of([listed.handed_by]).get(listed.handed_by, listed.handed_by),
            receiver=listed.receiver,
            rows=[(line.waybill_no, f"{local(line.booked_in_at):%m-%d}", line.shelf) for line in lines],
            signature=signature_of(listed),
        )
    )
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="return-{card.code}-{listed.id}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
