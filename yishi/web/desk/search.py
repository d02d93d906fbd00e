"""One box for everything: cases by number, person or words, the parcel of a number, people masked."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yishi.cases.queries.search import MAX_Q, search
from yishi.kit.clock import now
from yishi.kit.errors import NotFound
from yishi.people.rules import Permission, Viewer
from yishi.shipments.queries.parcels import StaffShipment
from yishi.shipments.rules.waybills import normalise_waybill_no
from yishi.web.desk.doors import staff_page
from yishi.web.desk.look_up import find
from yishi.web.desk.page import desk_page
from yishi.web.desk.rows import row_of


@staff_page(Permission.CASE_READ)
@require_safe
def find_all(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The groups of what was found; without a question, what can be asked."""
    at, q = now(), request.GET.get("q", "").replace("\x00", "").strip()[:MAX_Q]
    values: dict[str, object] = {"here": "search", "q": q}
    if q:
        found = search(viewer=viewer, q=q, at=at)
        values |= {
            "hits": [(row_of(hit.line, at=at), hit.pieces) for hit in found.hits],
            "people": found.people,
            "parcel": _parcel(viewer, q),
            "has_more": found.has_more,
            "said": _said(len(found.hits), has_more=found.has_more),
        }
    return desk_page(request, viewer, "desk/search.html", values, at=at)


def _parcel(viewer: Viewer, q: str) -> StaffShipment | None:
    number = normalise_waybill_no(q)
    if number is None or not viewer.may(Permission.SHIPMENT_READ):
        return None
    try:
        return find(viewer, number)
    except NotFound:
        return None


def _said(count: int, *, has_more: bool) -> str:
    if has_more:
        return _("先列出最近、最像的 %d 件") % count
    return _("找到 %d 件工单") % count
