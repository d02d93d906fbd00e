"""Names in head-office files that nobody could be matched to, each given its courier once; and what those
files say of people."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yishi.feeds.queries.files import list_records, list_waiting_people
from yishi.kit.clock import now
from yishi.kit.errors import NotFound
from yishi.kit.personal import without_phones
from yishi.network.queries import carrier_names, list_courier_keys, list_outlets
from yishi.people.rules import Permission, Viewer
from yishi.shipments.actions.files.people import assign_person
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number
from yishi.web.manage.import_words import RECORD_KINDS


@staff_page(Permission.FILES_IMPORT)
@require_safe
def people(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Who waits, with couriers to choose from; the task needs their names, so they are plain here."""
    outlets = {outlet.id: outlet for outlet in list_outlets(viewer)}
    couriers = [
        (courier.id, courier.name, outlets[courier.outlet_id].name)
        for courier in list_courier_keys()
        if courier.outlet_id in outlets
    ]
    codes = {outlet.code: outlet.name for outlet in outlets.values()}
    names = carrier_names()
    values = {
        "here": "manage",
        "tab": "imports",
        "people": [
            (
                one,
                without_phones(one.said),
                names.get(one.carrier, one.carrier),
                codes.get(one.outlet_code, ""),
            )
            for one in list_waiting_people(viewer=viewer)
        ],
        "couriers": couriers,
        "done": request.GET.get("done", ""),
    }
    return desk_page(request, viewer, "manage/import_people.html", values)


@staff_page(Permission.FILES_IMPORT)
@require_POST
def assign(request: HttpRequest, viewer: Viewer, person_id: int) -> HttpResponse:
    """This name is this courier from now on."""
    courier_id = whole_number(request.POST.get("courier", ""))
    waiting = next((p for p in list_waiting_people(viewer=viewer) if p.id == person_id), None)
    if waiting is None or courier_id is None:
        raise NotFound
    assign_person(person_id=person_id, courier_id=courier_id, carrier=waiting.carrier, by=viewer, at=now())
    return HttpResponseRedirect(f"{reverse('manage:import_people')}?done=assign")


@staff_page(Permission.FILES_IMPORT)
@require_safe
def records(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What quality, penalty and evidence files said, the newest first."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in RECORD_KINDS else ""
    couriers = {courier.id: courier.name for courier in list_courier_keys()}
    values = {
        "here": "manage",
        "tab": "imports",
        "kind": kind,
        "kinds": list(RECORD_KINDS.items()),
        "records": [
            (
                one,
                RECORD_KINDS[one.kind],
                couriers.get(one.courier_id or 0, ""),
                f"¥{one.amount_fen / 100:.2f}" if one.amount_fen is not None else "",
                f"{one.rate:.1%}" if one.rate is not None else "",
            )
            for one in list_records(viewer=viewer, kind=kind)
        ],
    }
    return desk_page(request, viewer, "manage/records.html", values)
