"""送上门: who asked for his door and when; brought there, with what was collected; and what it costs."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yishi.consignees.queries import see_contact
from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.people.rules import Viewer
from yishi.stations.actions.doors import bring, set_door
from yishi.stations.queries.doors import door_fee, list_to_bring
from yishi.stations.queries.stations import StationCard
from yishi.web.courier.doing import photos_of
from yishi.web.desk.page import words_of
from yishi.web.station.doors import keeping_page, show, station_page
from yishi.web.station.floor import fen_of


@station_page
@require_safe
def doors(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """The next one first; name and telephone in full for who goes; that they were seen is written down."""
    return _page(request, viewer, card)


def _page(
    request: HttpRequest, viewer: Viewer, card: StationCard, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    at = now()
    rows = [
        (
            one,
            see_contact(viewer=viewer, contact_id=one.contact_id, task=f"station:{one.waybill_no}", at=at)
            if one.contact_id is not None
            else None,
        )
        for one in list_to_bring(card, at=at)
    ]
    values = {
        "at": at,
        "tab": "doors",
        "rows": rows,
        "door_fee": door_fee(card.id),
        "done": request.GET.get("done") == "1",
        "refused": refused,
    }
    return show(request, viewer, card, "doors", values, status=status)


@station_page
@require_POST
def brought(request: HttpRequest, viewer: Viewer, card: StationCard, parcel_id: int) -> HttpResponse:
    """Given into his hands at the door."""
    at = now()
    try:
        files = photos_of(request, at, is_needed=card.needs_photo)
        is_paid = request.POST.get("paid") == "1"
        file_id = files[0] if files else None
        bring(card=card, parcel_id=parcel_id, is_paid=is_paid, file_id=file_id, by=viewer, at=at)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, card, status=refusal.status, refused=words_of(refusal))
    return HttpResponseRedirect(f"{reverse('station:doors', args=[card.code])}?done=1")


@keeping_page
@require_POST
def offer(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """Whether the station goes to doors, and for how much."""
    fee = fen_of(request.POST.get("fee", "")) if request.POST.get("goes") == "1" else None
    try:
        set_door(station=card.code, fee_fen=fee, by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        # whoever keeps stations sets this: nobody's address is on the answer
        values: dict[str, Any] = {"tab": "doors", "rows": [], "door_fee": door_fee(card.id)}
        values["refused"] = words_of(refusal)
        return show(request, viewer, card, "doors", values, status=refusal.status)
    return HttpResponseRedirect(f"{reverse('station:working', args=[card.code])}?saved=1")
