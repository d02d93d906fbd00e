"""收件: a courier photographs a slip or types it, sees what is missing, and takes the parcel."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from yishi.kit.clock import now
from yishi.network.queries import Rounds
from yishi.people.rules import Viewer
from yishi.shipments.queries.bookings import bookings_of_courier
from yishi.web.courier.doors import courier_page
from yishi.web.desk.page import whole_number
from yishi.web.shared import accepting
from yishi.web.shared.accepting import Counter


def _counter(request: HttpRequest, viewer: Viewer, rounds: Rounds) -> Counter:
    begin = timezone.localtime(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    more = {
        "mine": bookings_of_courier(viewer=viewer, since=begin),
        "booked": whole_number(request.GET.get("booked", "")),
        "may_photo": True,
    }
    return Counter(space="courier", template="courier/accept.html", outlet_id=rounds.outlet_id, more=more)


@courier_page
def accept(request: HttpRequest, viewer: Viewer, rounds: Rounds) -> HttpResponse:
    """The page, or the booking."""
    counter = _counter(request, viewer, rounds)
    if request.method == "POST":
        return accepting.take_down(request, viewer, counter)
    return accepting.page(request, viewer, counter)


@courier_page
@require_POST
def photo(request: HttpRequest, viewer: Viewer, rounds: Rounds) -> HttpResponse:
    return accepting.take_photo(request, viewer, _counter(request, viewer, rounds))


@courier_page
@require_POST
def check(request: HttpRequest, viewer: Viewer, rounds: Rounds) -> HttpResponse:
    return accepting.check_again(request, viewer, _counter(request, viewer, rounds))


@courier_page
@require_safe
def slip(request: HttpRequest, viewer: Viewer, rounds: Rounds, slip_id: int) -> HttpResponse:
    return accepting.slip_page(request, viewer, _counter(request, viewer, rounds), slip_id)


@courier_page
@require_safe
def picture(request: HttpRequest, viewer: Viewer, rounds: Rounds, slip_id: int) -> HttpResponse:
    return accepting.picture(request, viewer, slip_id)
