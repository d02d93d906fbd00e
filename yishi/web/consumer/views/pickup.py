"""取件码: the page to which the station's message leads. Code large, a QR that lasts a minute, how long it is
kept; keep it longer, let somebody else fetch it, or not want it. Whoever holds the address is the person."""

from datetime import datetime
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yishi.feedback.actions import NoFetchToRate, rate_pickup
from yishi.feedback.queries import pickup_to_rate
from yishi.kit import clock
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.notifications.actions.pickups import send_pickup_again
from yishi.notifications.queries.pickups import notices_of_stays
from yishi.shipments.rules.waybills import normalise_waybill_no
from yishi.stations.actions.custody import choose_collection, extend_keeping
from yishi.stations.actions.identify import one_time_secret
from yishi.stations.actions.proxies import authorise, revoke
from yishi.stations.actions.takings import say_wrong_taking
from yishi.stations.queries.doors import door_offer
from yishi.stations.queries.stations import StationCard, local, station_card
from yishi.stations.queries.stays import extensions_for
from yishi.stations.queries.takings import takings_said
from yishi.stations.queries.waiting import Waiting, find_waiting, list_proxies, parcel_of_token, proxy_of
from yishi.stations.rules.keeping import fee_fen
from yishi.stations.rules.moments import shown
from yishi.web.consumer.doors import check_look_up
from yishi.web.desk.page import words_of

VERBS = ("keep", "proxy", "revoke", "unwanted", "wanted", "send", "wrong", "rate")


@never_cache
@require_safe
def pickup(request: HttpRequest, token: str) -> HttpResponse:
    """The parcel of the address and the person's others that wait there. 404 for an address we never made."""
    return pickup_page(request, token)


def pickup_page(
    request: HttpRequest, token: str, *, status: int = 200, refused: str = "", link: str = ""
) -> HttpResponse:
    at = clock.now()
    check_look_up(request, at, [])
    waiting = find_waiting(parcel_of_token(token))
    if not waiting:
        raise NotFound()
    first = waiting[0]
    card = station_card(first.station_id)
    values = {
        "at": at,
        "token": token,
        "waiting": waiting,
        "first": first,
        "station": card,
        "is_inside": first.state == "INSIDE",
        "qr": qr_path(shown(one_time_secret(), first.parcel_id, at)) if first.state == "INSIDE" else None,
        "rule": card.rule,
        "fee_fen": fee_fen(local(first.booked_in_at), local(at), card.rule),
        "longer": extensions_for(card, first.parcel_id, at=at),
        "told": notices_of_stays([first.parcel_id]).get(first.parcel_id, []),
        "wrong": takings_said(first.parcel_id),
        "rating": pickup_to_rate(first.parcel_id, at=at),
        "door": door_offer(card, first.parcel_id, at=at),
        "proxies": list_proxies(first.parcel_id, at=at),
        "done": request.GET.get("done", "")[:10],
        "refused": refused,
        "link": link,
    }
    return render(request, "consumer/pickup.html", values, status=status)


def qr_path(text: str) -> tuple[int, str]:
    """The side of a QR in cells, and its dark cells as one path: no picture has to be loaded."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
    cells = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return len(rows), "".join(cells)


@require_POST
def pickup_act(request: HttpRequest, token: str, verb: str) -> HttpResponse:
    """What the person decides about it; the page again with what came of it."""
    at = clock.now()
    check_look_up(request, at, [])
    waiting = find_waiting(parcel_of_token(token))
    if not waiting or verb not in VERBS:
        raise NotFound()
    card = station_card(waiting[0].station_id)
    try:
        link = _do(request, verb, card, waiting[0], at)
    except NotFound:
        raise
    except Refusal as refusal:
        return pickup_page(request, token, status=refusal.status, refused=words_of(refusal))
    if link:
        # shown once: only its hash is kept
        return pickup_page(request, token, link=request.build_absolute_uri(link))
    return HttpResponseRedirect(f"{reverse('consumer:pickup', args=[token])}?done={verb}")


def _do(request: HttpRequest, verb: str, card: StationCard, one: Waiting, at: datetime) -> str:
    """The address to pass on, where one was made."""
    about: dict[str, Any] = {"card": card, "parcel_id": one.parcel_id, "at": at}
    if verb == "keep":
        extend_keeping(until=moment_of(request.POST.get("until", "")), by=None, **about)
    elif verb == "proxy":
        name = request.POST.get("person", "").strip()
        return reverse("consumer:pickup_by", args=[authorise(proxy_name=name, **about)])
    elif verb == "revoke":
        number = request.POST.get("proxy", "")
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            raise Invalid([("/proxy", "missing_field", "选一个要收回的")])
        revoke(proxy_id=int(number), **about)
    elif verb == "wrong":
        say_wrong_taking(said=_wrong(request), **about)
    elif verb == "rate":
        _rate(request, one.parcel_id, at)
    elif verb == "send":
        send_pickup_again(parcel_id=one.parcel_id, is_person=True, at=at)
    else:
        choose_collection(collect="NOT_WANTED" if verb == "unwanted" else "SELF", by=None, **about)
    return ""


def _rate(request: HttpRequest, parcel_id: int, at: datetime) -> None:
    said, given = request.POST.get("score", ""), pickup_to_rate(parcel_id, at=at)
    if given is None:
        raise NoFetchToRate()
    score = int(said) if said in ("1", "3", "5") else 0
    rate_pickup(hand_out_id=given.hand_out_id, score=score, way="PAGE", at=at)


def _wrong(request: HttpRequest) -> str:
    """The number on the label of what he holds; '' where he holds nothing."""
    if request.POST.get("what") != "foreign":
        return ""
    number = normalise_waybill_no(request.POST.get("waybill_no", "")[:40])
    if not number:
        raise Invalid([("/waybill_no", "bad_waybill_no", "写上你手里那件面单上的单号")])
    return number


def moment_of(text: str) -> datetime:
    try:
        found = parse_datetime(text[:40])
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Invalid([("/until", "missing_field", "选一天")])
    return found


@never_cache
@require_safe
def pickup_by(request: HttpRequest, token: str) -> HttpResponse:
    """The page of whoever fetches it for the person: the QR of the address itself, and where to go. Neither
    code nor name of the person stands there."""
    at = clock.now()
    check_look_up(request, at, [])
    one = proxy_of(token, at=at)
    address = request.build_absolute_uri(reverse("consumer:pickup_by", args=[token]))
    values = {
        "at": at,
        "first": one,
        "station": station_card(one.station_id),
        "qr": qr_path(address),
        "title": _("代取快递"),
    }
    return render(request, "consumer/pickup_by.html", values)
