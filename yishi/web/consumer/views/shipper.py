"""A corporate shipper's own page: whom to ask, until when today counts, and where its parcels are. The link
is the whole permission; the people it sends to are masked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yishi.kit.clock import now
from yishi.network.queries import shipper_by_link
from yishi.shipments.queries.bookings import bookings_of_merchant
from yishi.web.consumer.doors import check_look_up


@never_cache
@require_safe
def shipper(request: HttpRequest, token: str) -> HttpResponse:
    """The page. Raises NotFound for a link that is none."""
    at = now()
    check_look_up(request, at)
    one = shipper_by_link(token)
    values = {"at": at, "one": one, "lines": bookings_of_merchant(one.id)}
    return render(request, "consumer/shipper.html", values)
