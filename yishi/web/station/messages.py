"""通知: who was told of his parcel and how, whether it arrived; those who heard nothing stand first."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yishi.kit.clock import now
from yishi.notifications.queries.pickups import PickupNotice, notices_of_stays
from yishi.people.rules import Viewer
from yishi.stations.queries.stations import StationCard
from yishi.stations.queries.stays import list_stays
from yishi.stations.queries.takings import count_said_wrong
from yishi.web.station.doors import show, station_page

SHOWN = 100


@station_page
@require_safe
def messages(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """The newest hundred parcels inside, with their notices."""
    at = now()
    lines = list_stays(card, state="INSIDE", limit=SHOWN, at=at).items
    notices = notices_of_stays([line.parcel_id for line in lines])
    rows = [(line, told, _newest(told)) for line in lines for told in [notices.get(line.parcel_id, [])]]
    rows.sort(key=lambda row: _is_told(row[1]))
    values = {
        "at": at,
        "tab": "messages",
        "rows": rows,
        "silent": sum(1 for _line, told, _known in rows if not _is_told(told)),
        "said_wrong": count_said_wrong(card),
    }
    return show(request, viewer, card, "messages", values)


def _newest(told: list[PickupNotice]) -> PickupNotice | None:
    """The newest of which anything is known; else what waits."""
    known = [one for one in told if one.outcome not in ("WAITING", "WITHDRAWN")]
    return next(iter(known or told), None)


def _is_told(told: list[PickupNotice]) -> bool:
    """By what the record says: it went, and nothing says that it did not arrive."""
    return any(one.outcome in ("ARRIVED", "SENT") and not one.is_backup for one in told)
