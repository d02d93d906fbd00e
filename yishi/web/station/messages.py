"""通知: who was told of his parcel and how, whether it arrived; those who heard nothing stand first."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yishi.kit.clock import now
from yishi.notifications.queries.pickups import notices_of_stays
from yishi.people.rules import Viewer
from yishi.stations.queries.stations import StationCard
from yishi.stations.queries.stays import list_stays
from yishi.web.station.doors import show, station_page

SHOWN = 100


@station_page
@require_safe
def messages(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """The newest hundred parcels inside, with their notices."""
    at = now()
    lines = list_stays(card, state="INSIDE", limit=SHOWN, at=at).items
    notices = notices_of_stays([line.parcel_id for line in lines])
    rows = [(line, notices.get(line.parcel_id, [])) for line in lines]
    rows.sort(key=lambda row: any(notice.state == "SENT" for notice in row[1]))
    silent = sum(1 for _line, told in rows if not any(notice.state == "SENT" for notice in told))
    return show(
        request, viewer, card, "messages", {"at": at, "tab": "messages", "rows": rows, "silent": silent}
    )
