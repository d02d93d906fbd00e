"""驿站: all stations in sight with what their counts miss; one of them with its place, its keepers and its
open differences; and a new one put up from nothing."""

import secrets
from datetime import datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.dateparse import parse_time
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.network.actions import add_station
from yishi.network.queries import list_outlets
from yishi.people.actions import add_user, deactivate_user
from yishi.people.queries import list_users, staff_names
from yishi.people.rules import Permission, Role, Viewer
from yishi.stations.queries.overview import open_differences, overview
from yishi.stations.queries.stations import StationCard, access_station, list_stations
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, words_of
from yishi.web.station.words import DIFFERENCES, STEPS

_HERE = {"here": "manage", "tab": "stations"}


def _door(viewer: Viewer) -> None:
    """A keeper has his own pages for his own station."""
    if viewer.role is Role.STATION_KEEPER:
        raise NotAllowed()


@staff_page(Permission.STATIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def stations(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The list; a POST puts up a new one and leads to it."""
    _door(viewer)
    if request.method != "POST":
        return _list(request, viewer)
    try:
        code = _new_code(request, viewer)
        _keep(request, viewer, code)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _list(request, viewer, refusal)
    return HttpResponseRedirect(f"{reverse('manage:station', args=[code])}?done=made")


def _list(request: HttpRequest, viewer: Viewer, refusal: Refusal | None = None) -> HttpResponse:
    at = now()
    values = {
        **_HERE,
        "rows": overview(viewer, at=at),
        "outlets": list_outlets(viewer),
        "may_add": viewer.may(Permission.NETWORK_MANAGE),
        "refused": words_of(refusal) if refusal else "",
        "said": request.POST,
    }
    return desk_page(
        request, viewer, "manage/stations.html", values, status=refusal.status if refusal else 200, at=at
    )


def _new_code(request: HttpRequest, viewer: Viewer) -> str:
    """The code as it will stand in addresses. Raises Invalid for an odd one, or one that is a station's."""
    code = request.POST.get("code", "").strip().upper()
    if not (code.isascii() and code.replace("-", "").isalnum() and len(code) <= 20):
        raise Invalid([("/code", "bad_value", "编号用 1–20 位字母、数字和短横线")])
    if any(one.code == code for one in list_stations(viewer)):
        raise Invalid([("/code", "taken", "已经有这个编号的驿站了")])
    return code


def _keep(request: HttpRequest, viewer: Viewer, code: str) -> None:
    form = request.POST
    name = form.get("name", "").strip()[:60]
    if not name:
        raise Invalid([("/name", "missing_field", "写上驿站叫什么")])
    add_station(
        code=code,
        outlet_code=form.get("outlet", "")[:40],
        name=name,
        kind=form.get("kind", "STATION")[:10],
        address=form.get("address", "").strip()[:200],
        phone=form.get("phone", "").strip()[:20],
        opens=_hour(form.get("opens", "")),
        closes=_hour(form.get("closes", "")),
        by=viewer,
    )


def _hour(text: str) -> time | None:
    try:
        return parse_time(text[:8])
    except ValueError:
        return None


@staff_page(Permission.STATIONS)
@require_safe
def one(request: HttpRequest, viewer: Viewer, station: str) -> HttpResponse:
    """One station, found by whom it concerns; elsewhere it is not there."""
    _door(viewer)
    return _one(request, viewer, _card(viewer, station))


def _card(viewer: Viewer, station: str) -> StationCard:
    return access_station(viewer, station, Permission.STATIONS)


def _one(
    request: HttpRequest,
    viewer: Viewer,
    card: StationCard,
    refusal: Refusal | None = None,
    **more: Any,
) -> HttpResponse:
    at = now()
    found = open_differences(card, at=at)
    names = staff_names({int(row.last_by[5:]) for row in found if row.last_by.startswith("user:")})
    values = {
        **_HERE,
        "station": card,
        "now": next(figures for each, figures in overview(viewer, at=at) if each.id == card.id),
        "rows": [
            {
                "it": row,
                "mark": DIFFERENCES[row.kind],
                "did": STEPS.get(row.last_kind, ""),
                "who": names.get(int(row.last_by[5:]), "") if row.last_by.startswith("user:") else "",
            }
            for row in found
        ],
        "outlets": list_outlets(viewer),
        "keepers": _keepers(viewer, card),
        "may_change": viewer.may(Permission.NETWORK_MANAGE),
        "may_people": viewer.may(Permission.USERS_MANAGE),
        "may_open": viewer.may(Permission.CASE_READ),
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
        **more,
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "manage/station.html", values, status=status, at=at)


def _keepers(viewer: Viewer, card: StationCard) -> list[Any]:
    """Who signs in as its keeper: named for it, or for its whole outlet."""
    if not viewer.may(Permission.USERS_MANAGE):
        return []
    places = {card.code, card.outlet_code}
    users = list_users(viewer)
    return [one for one in users if one.role == Role.STATION_KEEPER and places & set(one.places)]


@staff_page(Permission.NETWORK_MANAGE)
@require_POST
def change_station(request: HttpRequest, viewer: Viewer, station: str) -> HttpResponse:
    """Its name, outlet, address, telephone and hours."""
    card = access_station(viewer, station, Permission.NETWORK_MANAGE)
    try:
        _keep(request, viewer, card.code)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _one(request, viewer, card, refusal)
    return HttpResponseRedirect(f"{reverse('manage:station', args=[card.code])}?done=kept")


@staff_page(Permission.USERS_MANAGE)
@require_POST
def add_keeper(request: HttpRequest, viewer: Viewer, station: str) -> HttpResponse:
    """An account for one who works there; its first password is shown on this page once."""
    card, at = _card(viewer, station), now()
    form, password = request.POST, secrets.token_urlsafe(9)
    username = form.get("username", "").strip()[:60]
    try:
        if not form.get("person", "").strip():
            raise Invalid([("/person", "missing_field", _("写上姓名"))])
        _make_keeper(card, username, form, password, viewer, at)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _one(request, viewer, card, refusal)
    return _one(request, viewer, card, made=username, password=password)


def _make_keeper(
    card: StationCard, username: str, form: Any, password: str, viewer: Viewer, at: datetime
) -> None:
    add_user(
        username=username,
        name=form["person"].strip()[:60],
        password=password,
        role=Role.STATION_KEEPER,
        station_codes=[card.code],
        phone=form.get("phone", "").strip()[:20],
        by=viewer,
        at=at,
    )


@staff_page(Permission.USERS_MANAGE)
@require_POST
def stop_keeper(request: HttpRequest, viewer: Viewer, station: str, keeper_id: int) -> HttpResponse:
    """He can no longer sign in."""
    card = _card(viewer, station)
    if all(one.user_id != keeper_id for one in _keepers(viewer, card)):
        raise NotFound()
    deactivate_user(user_id=keeper_id, by=viewer, at=now())
    return HttpResponseRedirect(f"{reverse('manage:station', args=[card.code])}?done=stopped")
