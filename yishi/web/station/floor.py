"""货架: what stands where, how full it is, find one; and how the station works."""

from datetime import time
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_time
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.people.rules import Permission, Role, Viewer
from yishi.stations.actions.floor import Working, close_shelf, keep_shelf, set_working
from yishi.stations.queries.counts import discipline_of
from yishi.stations.queries.doors import door_fee
from yishi.stations.queries.keeping import rule_of
from yishi.stations.queries.stations import StationCard, list_places, list_stations
from yishi.stations.queries.stays import list_stays
from yishi.stations.rules.codes import Parts, chance_of_a_guess, codes_from
from yishi.stations.rules.lockout import MOST_WRONG_UNATTENDED
from yishi.stations.rules.shelves import NEARLY_FULL
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import words_of
from yishi.web.station.doors import keeping_page, show
from yishi.web.station.words import KINDS, STATES

WEAK = 0.05
"""From such a chance on the page warns of a code that is guessed too easily."""
_SAMPLE = Parts(shelf="12", layer=3, number=42, tail="6312", phone="0021", random=470812)


@staff_page(Permission.SCAN)
@require_safe
def home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Into the only station, or a list of one's own."""
    if viewer.role is not Role.STATION_KEEPER:
        raise NotAllowed()
    found = list_stations(viewer)
    if len(found) == 1:
        return HttpResponseRedirect(reverse("station:in", args=[found[0].code]))
    return render(request, "station/home.html", {"stations": found})


@keeping_page
@require_safe
def shelves(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """The map with its load, and what was looked for."""
    return _shelves(request, viewer, card)


def _shelves(
    request: HttpRequest, viewer: Viewer, card: StationCard, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    at, q = now(), request.GET.get("q", "")[:60]
    found = list_stays(card, q=q, limit=40, at=at).items if q.strip() else []
    places = list_places(card.id)
    counted = {one.shelf: one for one in discipline_of(card, at=at)}
    rows = [
        (shelf, counted.get(shelf), [(place, _fullness(place.load / place.capacity)) for place in group])
        for shelf, group in groupby(places, key=lambda place: place.shelf)
    ]
    values = {
        "at": at,
        "tab": "shelves",
        "q": q,
        "found": [(line, STATES[line.state], KINDS.get(line.standing)) for line in found],
        "rows": rows,
        "load": sum(place.load for place in places),
        "capacity": sum(place.capacity for place in places),
        "refused": refused,
    }
    return show(request, viewer, card, "shelves", values, status=status)


def _fullness(share: float) -> str:
    return "is-bad" if share >= 1 else "is-warn" if share >= NEARLY_FULL else "is-good"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


@keeping_page
@require_POST
def put_shelf(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """A shelf more, or the same with other layers."""
    form = request.POST
    try:
        keep_shelf(
            station=card.code,
            code=form.get("code", "")[:20],
            layers=_number(form.get("layers", "")),
            capacity=_number(form.get("capacity", "")),
            size=form.get("size", "")[:1],
            is_temporary=form.get("temporary") == "1",
            by=viewer,
            at=now(),
        )
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _shelves(request, viewer, card, status=refusal.status, refused=words_of(refusal))
    return HttpResponseRedirect(reverse("station:shelves", args=[card.code]))


@keeping_page
@require_POST
def take_away(request: HttpRequest, viewer: Viewer, card: StationCard, shelf: str) -> HttpResponse:
    """An empty shelf goes."""
    try:
        close_shelf(station=card.code, code=shelf, by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _shelves(request, viewer, card, status=refusal.status, refused=words_of(refusal))
    return HttpResponseRedirect(reverse("station:shelves", args=[card.code]))


@keeping_page
@require_http_methods(["GET", "HEAD", "POST"])
def working(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """How codes are made, how long parcels are kept and for how much, when nobody is written to."""
    values = {
        "tab": "working",
        "ladder": rule_of(card.id),
        "guess": _guessing(card),
        "rule": card.rule,
        "fee": f"{card.rule.fee_fen / 100:.2f}",
    }
    values |= {"cap": f"{card.rule.fee_cap_fen / 100:.2f}", "saved": request.GET.get("saved") == "1"}
    values |= {
        "door_fee": door_fee(card.id),
        "sample_code": next(iter(codes_from(card.template, _SAMPLE)), ""),
    }
    if request.method != "POST":
        return show(request, viewer, card, "working", values)
    try:
        set_working(station=card.code, working=_said(request, card), by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        values["refused"] = words_of(refusal)
        return show(request, viewer, card, "working", values, status=refusal.status)
    return HttpResponseRedirect(f"{reverse('station:working', args=[card.code])}?saved=1")


def _guessing(card: StationCard) -> dict[str, Any]:
    """What the code's template is worth at a machine without a keeper, as full as the station is now."""
    places = list_places(card.id)
    inside, tries = sum(place.load for place in places), MOST_WRONG_UNATTENDED
    chance = chance_of_a_guess(card.template, places=len(places), inside=inside, tries=tries)
    return {"inside": inside, "tries": tries, "percent": f"{100 * chance:.1f}%", "is_weak": chance > WEAK}


def _said(request: HttpRequest, card: StationCard) -> Working:
    form = request.POST
    return Working(
        mode=form.get("mode", card.mode)[:10],
        template=form.get("template", "")[:100],
        keep_days=_number(form.get("keep_days", "")),
        extend_days=_number(form.get("extend_days", "")),
        free_days=_number(form.get("free_days", "")),
        fee_fen=fen_of(form.get("fee", "")),
        fee_cap_fen=fen_of(form.get("cap", "")),
        quiet_from=_time(form.get("quiet_from", ""), card.quiet_from),
        quiet_until=_time(form.get("quiet_until", ""), card.quiet_until),
        needs_photo=form.get("needs_photo") == "1",
        remind_after_hours=_number(form.get("remind_after_hours", "48")),
        call_after_days=_number(form.get("call_after_days", "1")),
        return_after_days=_number(form.get("return_after_days", "3")),
    )


def fen_of(yuan: str) -> int:
    """元 as it is typed; what cannot be read is out of every range."""
    whole, _, part = yuan.strip().partition(".")
    digits = f"{whole or '0'}{(part + '00')[:2]}"
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else -1


def _time(text: str, otherwise: time) -> time:
    try:
        return parse_time(text[:8]) or otherwise
    except ValueError:
        return otherwise
