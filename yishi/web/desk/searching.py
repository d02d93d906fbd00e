"""The search for a parcel on its case's page: begun, looked at place by place, noted, ended."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.http import require_POST

from yishi.cases.actions.searches import (
    PlaceWanted,
    add_places,
    end_search,
    look,
    note_recovered,
    note_search,
    open_search,
)
from yishi.cases.queries.cards import CaseCard, access_case
from yishi.cases.queries.searches import find_search, suggested_places
from yishi.cases.queries.words.searches import PLACES
from yishi.cases.rules.searches import SEARCHED
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.network.queries import find_outlet, list_outlets
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer
from yishi.web.desk.case import case_page
from yishi.web.desk.doors import staff_page
from yishi.web.desk.once import once
from yishi.web.desk.page import whole_number
from yishi.web.desk.step_forms import HOURS

_WITHIN = 2


def sheet(viewer: Viewer, case: CaseCard, at: datetime) -> Mapping[str, Any]:
    """Stands where a search was begun, and where one may begin: on an open case about a parcel."""
    found = find_search(case.id)
    may = viewer.may(Permission.CASE_WRITE)
    may_begin = may and case.is_open and bool(case.waybill_no) and (found is None or not found.is_running)
    is_expected = case.category in SEARCHED
    if found is None and not may_begin:
        return {}
    values = {
        "found": found,
        "may": may,
        "may_begin": may_begin,
        "is_expected": is_expected and found is None,
        "suggested": suggested_places(case) if may_begin and is_expected else [],
        "places": PLACES.items(),
        "all_outlets": once(list_outlets, SYSTEM_VIEWER) if may_begin or (found and found.is_running) else [],
        "hours": HOURS,
        "within": _WITHIN,
    }
    return {"lost_search": values}


@staff_page(Permission.CASE_WRITE)
@require_POST
def act(request: HttpRequest, viewer: Viewer, case_no: str, what: str) -> HttpResponse:
    """start, place, look, note, end or recovered; back to the sheet, or to the page that says why not."""
    deed = _DEEDS.get(what)
    if deed is None:
        raise NotFound()
    case = access_case(viewer=viewer, case_no=case_no)
    try:
        deed(request.POST, case, viewer, now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return case_page(request, viewer, case_no, step="looking", refusal=refusal)
    return HttpResponseRedirect(f"{reverse('desk:case', args=[case_no])}?done=search_{what}#looking")


def _wanted(said: QueryDict, case: CaseCard) -> list[PlaceWanted]:
    """The ticked suggestions, each with the outlet that the custody names, and one more place by hand."""
    ticked = set(said.getlist("place"))
    wanted = [
        PlaceWanted(
            place=one.place, outlet_id=one.outlet_id or (case.outlet_id if one.place != "HUB" else None)
        )
        for one, _words in (suggested_places(case) if ticked else [])
        if one.place in ticked
    ]
    if place := said.get("more_place", ""):
        code = said.get("more_outlet", "")
        outlet = find_outlet(code) if code and code != "HQ" else None
        if code and code != "HQ" and outlet is None:
            raise Invalid([("/outlet", "unknown_outlet", "没有这个网点")])
        outlet_id = outlet.id if outlet else None if code == "HQ" else case.outlet_id
        wanted.append(PlaceWanted(place=place, name=said.get("more_name", "").strip(), outlet_id=outlet_id))
    return wanted


def _within(said: QueryDict) -> timedelta:
    hours = whole_number(said.get("within", "")) or _WITHIN
    return timedelta(hours=hours if hours in HOURS else _WITHIN)


def _start(said: QueryDict, case: CaseCard, by: Viewer, at: datetime) -> None:
    open_search(case_id=case.id, places=_wanted(said, case), within=_within(said), by=by, at=at)


def _place(said: QueryDict, case: CaseCard, by: Viewer, at: datetime) -> None:
    add_places(case_id=case.id, places=_wanted(said, case), within=_within(said), by=by, at=at)


def _look(said: QueryDict, case: CaseCard, by: Viewer, at: datetime) -> None:
    place_id, is_there = whole_number(said.get("place_id", "")) or 0, said.get("is_there") == "1"
    look(case_id=case.id, place_id=place_id, is_there=is_there, said=said.get("said", ""), by=by, at=at)


def _note(said: QueryDict, case: CaseCard, by: Viewer, at: datetime) -> None:
    note_search(
        case_id=case.id,
        kind=said.get("kind", ""),
        what=said.get("what", ""),
        said=said.get("said", ""),
        from_at=_moment(said.get("from_at", "")),
        until_at=_moment(said.get("until_at", "")),
        kept_until=_day(said.get("kept_until", "")),
        by=by,
        at=at,
    )


def _end(said: QueryDict, case: CaseCard, by: Viewer, at: datetime) -> None:
    where, words = said.get("where", ""), said.get("said", "")
    end_search(case_id=case.id, is_found=said.get("is_found") == "1", where=where, said=words, by=by, at=at)


def _recovered(said: QueryDict, case: CaseCard, by: Viewer, at: datetime) -> None:
    note_recovered(case_id=case.id, where=said.get("where", ""), by=by, at=at)


_DEEDS = {
    "start": _start,
    "place": _place,
    "look": _look,
    "note": _note,
    "end": _end,
    "recovered": _recovered,
}


def _moment(said: str) -> datetime | None:
    try:
        stated = parse_datetime(said.strip())
    except ValueError:
        return None
    return timezone.make_aware(stated) if stated is not None and timezone.is_naive(stated) else stated


def _day(said: str) -> date | None:
    try:
        return parse_date(said.strip())
    except ValueError:
        return None
