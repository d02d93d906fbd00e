"""早会单: what the couriers of an outlet must know before they go out, on the page, on paper, as a card."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from yishi.cases.queries.day import due_cases_of
from yishi.detection.queries.outlet import trouble_of_outlet
from yishi.detection.queries.risks import risks_of_outlet
from yishi.kit.clock import now
from yishi.kit.errors import NotFound
from yishi.network.queries import OutletCard, courier_names, list_outlets
from yishi.people.queries import staff_names
from yishi.people.rules import Permission, Viewer
from yishi.shipments.queries.morning import wishes_in_hand
from yishi.web.desk.day import outlet_asked
from yishi.web.desk.doors import staff_page
from yishi.web.desk.morning_words import ROLLS, Sheet, paper_of, sheet_of
from yishi.web.desk.page import desk_page

SIZES = ("A4", *ROLLS)
MOST_RISKS = 30


@staff_page(Permission.CASE_READ)
@require_safe
def morning(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The sheet of one outlet, courier by courier; it changes nothing."""
    at, places = now(), list_outlets(viewer)
    outlet = outlet_asked(places, request.GET.get("outlet", ""))
    sheet = _sheet(viewer, outlet, at) if outlet else None
    values = {
        "here": "day",
        "outlets": places,
        "outlet": outlet,
        "sheet": sheet,
        "card": sheet.card() if sheet else "",
        "rolls": list(ROLLS),
    }
    return desk_page(request, viewer, "desk/morning.html", values, at=at)


@staff_page(Permission.CASE_READ)
@require_safe
def printed(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The same on paper. Raises NotFound for a size that no printer of ours has."""
    at, size = now(), request.GET.get("size", SIZES[0])
    outlet = outlet_asked(list_outlets(viewer), request.GET.get("outlet", ""))
    if size not in SIZES or outlet is None:
        raise NotFound()
    who = staff_names([viewer.user_id] if viewer.user_id else []).get(viewer.user_id or 0, viewer.label)
    body = paper_of(_sheet(viewer, outlet, at), size=size, by=who)
    name = f"morning-{outlet.code}-{timezone.localtime(at):%Y%m%d}-{size}.pdf"
    return HttpResponse(
        body,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def _sheet(viewer: Viewer, outlet: OutletCard, at: datetime) -> Sheet:
    day_ends = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return sheet_of(
        outlet=outlet.name,
        wishes=wishes_in_hand(viewer=viewer, outlet_code=outlet.code, at=at),
        trouble=trouble_of_outlet(viewer=viewer, outlet_code=outlet.code),
        risks=risks_of_outlet(
            viewer=viewer, outlet_code=outlet.code, only_raised=True, most=MOST_RISKS, at=at
        ),
        due=due_cases_of(viewer=viewer, outlet_code=outlet.code, until=day_ends),
        names=courier_names(outlet.id),
        at=at,
    )
