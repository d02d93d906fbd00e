"""叫号屏、自助机、取号码: the links that open them, made and taken back by the keeper."""

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_POST

from yishi.kit.clock import now
from yishi.kit.errors import Invalid
from yishi.people.rules import Viewer
from yishi.stations.actions.id_reader import remove_reader, set_reader
from yishi.stations.actions.queue_setup import make_link, take_link_back
from yishi.stations.queries.materials import find_reader
from yishi.stations.queries.queue import list_links
from yishi.stations.queries.stations import StationCard
from yishi.web.desk.page import words_of
from yishi.web.station.doors import keeping_page, show
from yishi.web.station.words import MACHINES


@keeping_page
@require_http_methods(["GET", "HEAD", "POST"])
def machines(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """The machines with their links; POST makes one more."""
    here = reverse("queue:machines", args=[card.code])
    if request.method == "POST":
        made = make_link(station=card.code, kind=request.POST.get("kind", ""), by=viewer, at=now())
        return HttpResponseRedirect(f"{here}#m{made.link_id}")
    return _page(request, viewer, card)


def _page(
    request: HttpRequest, viewer: Viewer, card: StationCard, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    origin = settings.ENVIRONMENT.web_origin
    rows = []
    for link in list_links(card):
        address = f"{origin}{reverse('queue:open', args=[link.token])}"
        rows.append((link, MACHINES[link.kind], address, qr_of(address)))
    values = {
        "at": now(),
        "tab": "machines",
        "rows": rows,
        "kinds": MACHINES.items(),
        "reader": find_reader(card),
        "reader_example": "http://127.0.0.1:7301/card",
        "refused": refused,
    }
    return show(request, viewer, card, "machines", values, status=status)


@keeping_page
@require_POST
def reader(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """The ID-card reader of the counter: where it answers, or that it is asked no more."""
    address, key = request.POST.get("address", "")[:400], request.POST.get("key", "")[:400]
    try:
        if request.POST.get("way") == "off":
            remove_reader(station=card.code, by=viewer, at=now())
        else:
            set_reader(station=card.code, address=address, key=key, by=viewer, at=now())
    except Invalid as refusal:
        return _page(request, viewer, card, status=refusal.status, refused=str(words_of(refusal)))
    return HttpResponseRedirect(f"{reverse('queue:machines', args=[card.code])}#reader")


@keeping_page
@require_POST
def take_back(request: HttpRequest, viewer: Viewer, card: StationCard, link_id: int) -> HttpResponse:
    """It opens nothing from now on."""
    take_link_back(station=card.code, link_id=link_id, by=viewer, at=now())
    return HttpResponseRedirect(reverse("queue:machines", args=[card.code]))


def qr_of(address: str) -> SafeString:
    """The code as a drawing for the page; its colours are fixed, scanners want dark on light."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        scale=4, border=3, dark="#15232a", light="#ffffff", omitsize=True, svgclass="f-qr"
    )
    return mark_safe(drawn)  # made of our own address
