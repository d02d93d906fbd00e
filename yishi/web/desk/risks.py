"""今日派件风险: what is out of an outlet now, the worst first with its reasons; and the weather."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from yishi.detection.actions.weather import Noted, note_weather
from yishi.detection.queries.risk_words import SEVERITIES, WEATHERS
from yishi.detection.queries.risks import RiskLine, live_model, risks_of_outlet
from yishi.detection.queries.weather import list_weather
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.network.queries import courier_names, list_outlets
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.day import outlet_asked
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number, words_of
from yishi.web.shared.words import RISKS, Sign


@staff_page(Permission.CASE_READ)
@require_safe
def risks(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The list of one outlet, of one courier where he is chosen; it changes nothing."""
    places = list_outlets(viewer)
    outlet = outlet_asked(places, request.GET.get("outlet", ""))
    courier = request.GET.get("courier", "").replace("\x00", "")[:40]
    lines = risks_of_outlet(viewer=viewer, outlet_code=outlet.code, at=now()) if outlet else []
    names = courier_names(outlet.id) if outlet else {}
    values: dict[str, Any] = {
        "here": "incidents",
        "outlets": places,
        "outlet": outlet,
        "courier": courier,
        "couriers": _couriers(lines, names),
        "rows": [(line, sign_of(line), _who(line, names)) for line in lines if courier in ("", line.courier)],
        "live": live_model(),
        "may_weather": viewer.may(Permission.EVENTS_DECLARE),
    }
    return desk_page(request, viewer, "desk/risks.html", values)


def sign_of(line: RiskLine) -> Sign:
    return RISKS[line.level]


def _who(line: RiskLine, names: Mapping[tuple[str, str], str]) -> str:
    return f"{names.get((line.carrier, line.courier), '')} {line.courier}".strip()


def _couriers(lines: list[RiskLine], names: Mapping[tuple[str, str], str]) -> list[tuple[str, str, int]]:
    """Number, name with number, and how many of his want care; the one with most first."""
    found: dict[str, tuple[str, int]] = {}
    for line in lines:
        if line.courier:
            raised = found.get(line.courier, ("", 0))[1] + line.is_raised
            found[line.courier] = (_who(line, names), raised)
    return sorted(((n, who, raised) for n, (who, raised) in found.items()), key=lambda one: (-one[2], one[0]))


@staff_page(Permission.EVENTS_DECLARE)
@require_http_methods(["GET", "HEAD", "POST"])
def weather(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What was noted for these days, and the form; a POST notes one kind at a place on a day."""
    if request.method != "POST":
        return _weather(request, viewer)
    try:
        note_weather(notes=_noted(request), by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _weather(request, viewer, refusal)
    return HttpResponseRedirect(f"{reverse('desk:weather')}?done=noted")


def _noted(request: HttpRequest) -> list[Noted]:
    said = request.POST
    try:
        day = date.fromisoformat(said.get("day", ""))
    except ValueError:
        raise Invalid([("/items/0/day", "bad_time", "写明哪一天")]) from None
    severity = whole_number(said.get("severity", ""))
    city = said.get("city", "").strip()
    places = [{"city": city}] if city else [{"outlet": code} for code in said.getlist("outlet")]
    return [
        Noted(day=day, kind=said.get("kind", ""), severity=-1 if severity is None else severity, **place)
        for place in places
    ] or [Noted(day=day, kind=said.get("kind", ""), severity=0)]


def _weather(request: HttpRequest, viewer: Viewer, refusal: Refusal | None = None) -> HttpResponse:
    at = now()
    values: dict[str, Any] = {
        "here": "incidents",
        "lines": list_weather(viewer=viewer, since=timezone.localdate(at)),
        "kinds": list(WEATHERS.items()),
        "severities": sorted(SEVERITIES.items(), reverse=True),
        "outlets": list_outlets(viewer),
        "is_wide": viewer.outlet_codes is None,
        "today": timezone.localdate(at).isoformat(),
        "typed": request.POST,
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "desk/weather.html", values, status=status, at=at)
