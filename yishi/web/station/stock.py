"""材料、机器、标签: packing with its stock and damage, scan-and-photo machines, what is printed."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from yishi.cases.queries.station_weeks import damaged_of
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.people.rules import Viewer
from yishi.shipments.rules.waybills import normalise_waybill_no
from yishi.stations.actions.devices import add_device, revoke_device
from yishi.stations.actions.materials import keep_material, move_material, set_low
from yishi.stations.queries.labels import parcels_for_labels
from yishi.stations.queries.materials import (
    Packing,
    list_devices,
    list_materials,
    packed_with,
    packing_for,
)
from yishi.stations.queries.stations import StationCard, list_places
from yishi.stations.rules.shares import Share
from yishi.web.desk.page import whole_number, words_of
from yishi.web.station.doors import keeping_page, show
from yishi.web.station.labels import Label, label_pdf, poster_pdf

DAMAGE_OVER = timedelta(days=90)
SIZES = {"58": 58, "60": 60, "76": 76, "a4": 0}


@keeping_page
@require_safe
def stock(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    return _stock(request, viewer, card)


def _stock(
    request: HttpRequest,
    viewer: Viewer,
    card: StationCard,
    *,
    status: int = 200,
    refused: str = "",
    key: str = "",
    packing: Packing | None = None,
) -> HttpResponse:
    at = now()
    packed = packed_with(card, since=at - DAMAGE_OVER)
    broken = damaged_of([shipment_id for _material, shipment_id in packed])
    lines = []
    for line in list_materials(card):
        mine = {shipment_id for material_id, shipment_id in packed if material_id == line.id}
        lines.append((line, Share(sum(one in broken for one in mine), len(mine))))
    values = {
        "tab": "stock",
        "at": at,
        "lines": lines,
        "devices": [(one, _clock_words(one.ahead_s)) for one in list_devices(card, at=at)],
        "places": list_places(card.id),
        "push_address": f"{settings.ENVIRONMENT.web_origin}{reverse('station_device')}",
        "refused": refused,
        "key": key,
        "packing": packing,
        "low": [line for line, _damage in lines if line.is_low],
        "packed": request.GET.get("packed", "")[:40],
    }
    return show(request, viewer, card, "stock", values, status=status)


def _do(request: HttpRequest, viewer: Viewer, card: StationCard, deed: Callable[[], object]) -> HttpResponse:
    try:
        with transaction.atomic():
            deed()
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _stock(request, viewer, card, status=refusal.status, refused=words_of(refusal))
    return HttpResponseRedirect(reverse("stock:stock", args=[card.code]))


@keeping_page
@require_POST
def material(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """A kind of packing, and from how few on the page warns."""

    def deed() -> None:
        said = {name: request.POST.get(name, "") for name in ("code", "label", "unit")}
        goods = request.POST.get("goods", "").replace("，", ",").replace("、", ",").split(",")
        keep_material(station=card.code, **said, goods=goods, by=viewer, at=now())
        low_at = whole_number(request.POST.get("low_at", "0") or "0")
        code = said["code"].strip().upper()
        set_low(card=card, code=code, low_at=-1 if low_at is None else low_at, by=viewer, at=now())

    return _do(request, viewer, card, deed)


@keeping_page
@require_POST
def move(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """Bought or used."""

    def deed() -> None:
        change = whole_number(request.POST.get("change", "")) or 0
        sign = 1 if request.POST.get("way") == "in" else -1
        move_material(
            card=card,
            code=request.POST.get("code", "")[:20],
            change=sign * change,
            waybill_no=request.POST.get("waybill_no", "").strip()[:40],
            note=request.POST.get("note", ""),
            by=viewer,
            at=now(),
        )

    return _do(request, viewer, card, deed)


@keeping_page
@require_POST
def pack(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """收寄打包: a parcel is scanned; its standard packing is offered, and what is tapped is taken off the
    stock."""
    number = normalise_waybill_no(request.POST.get("waybill_no", "")) or ""
    code = request.POST.get("code", "")[:20]
    try:
        if code:
            move_material(card=card, code=code, change=-1, waybill_no=number, by=viewer, at=now())
            here = reverse("stock:stock", args=[card.code])
            return HttpResponseRedirect(f"{here}?{urlencode({'packed': number})}#pack")
        packing = packing_for(card, number)
    except NotAllowed:
        raise
    except NotFound:
        return _stock(request, viewer, card, status=404, refused=_("没有这个运单，单号对一下"))
    except Refusal as refusal:
        return _stock(request, viewer, card, status=refusal.status, refused=words_of(refusal))
    return _stock(request, viewer, card, packing=packing)


@keeping_page
@require_POST
def device(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """A machine; its key is shown on this page once."""
    try:
        label = request.POST.get("label", "")
        _pk, key = add_device(station=card.code, label=label, by=viewer, at=now())
    except Invalid as refusal:
        return _stock(request, viewer, card, status=refusal.status, refused=words_of(refusal))
    return _stock(request, viewer, card, key=key)


@keeping_page
@require_POST
def revoke(request: HttpRequest, viewer: Viewer, card: StationCard, device_id: int) -> HttpResponse:
    return _do(
        request,
        viewer,
        card,
        lambda: revoke_device(station=card.code, device_id=device_id, by=viewer, at=now()),
    )


@keeping_page
@require_safe
def labels(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """Labels of parcels (newest booked in, or those named), of shelves, or the poster of the door."""
    what, size = request.GET.get("what", "parcels"), SIZES.get(request.GET.get("size", "a4"), 0)
    if what == "door":
        body = poster_pdf(
            name=card.name,
            address=card.address,
            hours=_hours_words(card),
            phone=card.phone,
            link=f"{settings.ENVIRONMENT.web_origin}/",
        )
    elif what == "shelves":
        rows = [Label(p.label, f"SHELF:{p.label}", card.name, "") for p in list_places(card.id)]
        body = label_pdf(rows, roll_mm=size)
    else:
        chosen = [int(one) for one in request.GET.getlist("parcel") if whole_number(one)]
        stays = parcels_for_labels(card, chosen)
        rows = [Label(s.code, s.waybill_no, s.waybill_no, f"{s.shelf} {s.carrier}".strip()) for s in stays]
        body = label_pdf(rows, roll_mm=size)
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="labels-{card.code}.pdf"'
    return response


def _hours_words(card: StationCard) -> str:
    """When it is open; nothing where nobody said it."""
    if card.opens is None or card.closes is None:
        return ""
    return _("营业 %(opens)s–%(closes)s") % {"opens": f"{card.opens:%H:%M}", "closes": f"{card.closes:%H:%M}"}


def _clock_words(ahead_s: int) -> str:
    """How wrong a machine's clock is; nothing where it is right."""
    if not ahead_s:
        return ""
    days, minutes = abs(ahead_s) // 86_400, max(1, round(abs(ahead_s) / 60))
    if days:
        said = ngettext("%(n)s 天", "%(n)s 天", days) % {"n": days}
    else:
        said = ngettext("%(n)s 分钟", "%(n)s 分钟", minutes) % {"n": minutes}
    return (_("钟快了 %(said)s") if ahead_s > 0 else _("钟慢了 %(said)s")) % {"said": said}
