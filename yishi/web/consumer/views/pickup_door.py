"""The person wants a parcel that waits at a station brought to his door, for the fee that the page shows."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from yishi.kit import clock
from yishi.kit.errors import NotFound, Refusal
from yishi.stations.actions.doors import ask_door
from yishi.stations.queries.stations import station_card
from yishi.stations.queries.waiting import find_waiting, parcel_of_token
from yishi.web.consumer.doors import check_look_up
from yishi.web.consumer.views.pickup import moment_of, pickup_page
from yishi.web.desk.page import words_of


@require_POST
def ask(request: HttpRequest, token: str) -> HttpResponse:
    """Where to and when; the page again, with when somebody comes or why nobody does."""
    at = clock.now()
    check_look_up(request, at, [])
    waiting = find_waiting(parcel_of_token(token))
    if not waiting:
        raise NotFound()
    card = station_card(waiting[0].station_id)
    try:
        ask_door(
            card=card,
            parcel_id=waiting[0].parcel_id,
            address=request.POST.get("address", "")[:200],
            starts=moment_of(request.POST.get("starts", "")),
            by=None,
            at=at,
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return pickup_page(request, token, status=refusal.status, refused=words_of(refusal))
    return HttpResponseRedirect(f"{reverse('consumer:pickup', args=[token])}?done=door")
