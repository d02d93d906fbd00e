"""The private page behind a message ahead: when it comes, and how the person wants it; no account, no script.

Whoever holds the link may choose for these parcels; it opens nothing else and ends after three days.
"""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yishi.kit import clock
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.personal import mask_address
from yishi.kit.ratelimit import check_rate
from yishi.notifications.actions.choose_ahead import AskedFirst, Sure, choose_by_link, mute_ahead
from yishi.notifications.actions.queue import zone
from yishi.notifications.actions.tell_ahead import OFFERED_DAYS
from yishi.notifications.queries.ahead import NoteView, access_note
from yishi.shipments.actions.choices import Choice
from yishi.shipments.queries.choices import Choosable, Place, stations_near
from yishi.shipments.rules.choices import LINK, STATION, TIME
from yishi.shipments.rules.visits import Visit, chosen, visits_after
from yishi.shipments.rules.waybills import fit_text
from yishi.web.consumer import ahead_words as words
from yishi.web.consumer.doors import check_look_up
from yishi.web.shared import times

CHOICES_AN_HOUR = 40


@require_http_methods(["GET", "HEAD", "POST"])
def ahead(request: HttpRequest, token: str) -> HttpResponse:
    """The page; posted, one thing is done and the page says so. A link that is over says that it is."""
    at = clock.now()
    check_look_up(request, at)
    try:
        note = access_note(token=token, at=at)
    except NotFound:
        return render(request, "consumer/ahead_over.html", status=404)
    if request.method != "POST":
        return _page(request, note, token, at)
    check_rate(kind="ahead", key=str(note.id), limit=CHOICES_AN_HOUR, window_s=3600, at=at)
    deed = request.POST.get("do", "")
    if deed in ("mute", "unmute"):
        mute_ahead(token=token, is_muted=deed == "mute", at=at)
        return redirect("consumer:ahead", token=token)
    if deed != "choose":
        raise Http404
    places = _places(note)
    try:
        choice = _choice(request, places, at)
        sure = Sure(always="always" in request.POST, is_sure=request.POST.get("sure") == "1")
        choose_by_link(token=token, choice=choice, sure=sure, at=at)
    except AskedFirst as asked:
        return _page(request, note, token, at, asked=asked)
    except Refusal as refusal:
        return _page(request, access_note(token=token, at=at), token, at, refusal=refusal)
    return redirect("consumer:ahead", token=token)


def _choice(request: HttpRequest, places: list[Place], at: datetime) -> Choice:
    """What was posted. Raises Invalid for a time that is past or was never offered."""
    kind = request.POST.get("kind", "")
    named = fit_text(request.POST.get("named", "")).strip()[:61]
    place = next((one for one in places if str(one.id) == request.POST.get("station", "")), None)
    visit = chosen(_visits(at), request.POST.get("visit", "")) if kind == TIME else None
    if kind == TIME and visit is None:
        raise Invalid([("/visit", "bad_value", _("选一个还没过去的时间"))])
    if kind not in words.WAYS:
        raise Invalid([("/kind", "unknown_kind", _("选一种办法"))])
    return Choice(
        kind=kind,
        via=LINK,
        from_at=visit.from_at if visit else None,
        until_at=visit.until_at if visit else None,
        named="" if kind in (STATION, TIME) else named,
        station_id=place.id if place and kind == STATION else None,
        wording=words.wording(
            kind, named=named, station=place.name if place else "", always="always" in request.POST
        ),
    )


def _visits(at: datetime) -> list[Visit]:
    return visits_after(at, zone(), days=OFFERED_DAYS)


def _places(note: NoteView) -> list[Place]:
    first = next(iter(note.open), None)
    return stations_near(first.outlet_id, first.address) if first else []


def _page(
    request: HttpRequest,
    note: NoteView,
    token: str,
    at: datetime,
    *,
    asked: AskedFirst | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    open_ones = note.open
    lead = open_ones[0] if open_ones else note.parcels[0]
    choice = next(
        (note.choices[one.shipment_id] for one in open_ones if one.shipment_id in note.choices), None
    )
    kept = {name: request.POST.get(name, "") for name in ("kind", "visit", "named", "station", "always")}
    context: dict[str, Any] = {
        "at": at,
        "token": token,
        "note": note,
        "lead": lead,
        "is_open": bool(open_ones),
        "is_late": bool(open_ones) and note.until_at < at,
        "window": times.range_words(note.from_at, note.until_at, at),
        "parcels": [_parcel(one, note, at) for one in note.parcels],
        "address": mask_address(lead.address),
        "chosen": words.chosen_words(choice, _when(choice, at)) if choice else "",
        "chosen_at": choice.chosen_at if choice else None,
        "ways": words.WAYS if open_ones else {},
        "visits": [(one.key, times.range_words(one.from_at, one.until_at, at)) for one in _visits(at)],
        "places": _places(note),
        "too_late": words.TOO_LATE[lead.too_late] if lead.too_late else "",
        "kept": kept,
        "asked": words.AGAINST.get(asked.wish, "") if asked else "",
        "asked_way": words.WAYS[kept["kind"]].word if asked else "",
        "error": _words(refusal) if refusal else "",
    }
    status = asked.status if asked else refusal.status if refusal else 200
    return render(request, "consumer/ahead.html", context, status=status)


def _when(choice: Any, at: datetime) -> str:
    return times.range_words(choice.from_at, choice.until_at, at) if choice.from_at else ""


def _parcel(one: Choosable, note: NoteView, at: datetime) -> tuple[Choosable, str, str]:
    """A parcel with why nothing can be chosen any more, or what was."""
    choice = note.choices.get(one.shipment_id)
    said = words.chosen_words(choice, _when(choice, at)) if choice and not one.too_late else ""
    return one, str(words.TOO_LATE[one.too_late]) if one.too_late else "", said


def _words(refusal: Refusal) -> str:
    """What is wrong, and with a field what to change there."""
    told = refusal.errors[0][2] if isinstance(refusal, Invalid) and refusal.errors else ""
    return _(told) if told else refusal.title
