"""Many cases at once: chosen on the worklist, tried first, done one by one, told row by row."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yishi.automation.actions.bulk import MOST, NothingChosen, TooManyCases, ask_bulk, run_bulk, undo_bulk
from yishi.automation.actions.opening import OPENED, Opening
from yishi.automation.queries.macros import BulkCard, access_bulk, list_macros
from yishi.automation.rules.steps import MOST_TEXT, ORDER, tells_consumer
from yishi.cases.queries.views import case_ids_in_sight, numbers_matching
from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.network.queries import list_outlets
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer
from yishi.shipments.rules.waybills import normalise_waybill_no
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number, words_of
from yishi.web.desk.step_forms import form_values, said_steps, told
from yishi.web.desk.wanted import wanted_of
from yishi.web.shared import words


@staff_page(Permission.CASE_WRITE)
@require_POST
def choose(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """From ticked rows, or all that the filters leave, to the form that asks what to do with them."""
    said = request.POST
    first = said.get("first", "")
    steps = [{"do": first}] if first in ORDER else []
    try:
        return choose_form(request, viewer, _chosen(request, viewer), steps)
    except Refusal as refusal:
        return choose_form(request, viewer, [], steps, refusal)


def _chosen(request: HttpRequest, viewer: Viewer) -> list[str]:
    said = request.POST
    if said.get("all") == "1":
        asked = wanted_of(said).filters()
        found = numbers_matching(viewer, asked, at=now(), most=MOST + 1)
    else:
        found = [no for no in dict.fromkeys(said.getlist("case")) if no.isalnum()]
    if len(found) > MOST:
        raise TooManyCases()
    seen = case_ids_in_sight(viewer=viewer, case_nos=found)
    if not seen and _opening(said) is None:
        raise NothingChosen()
    return [no for no in found if no in seen]


def _parcels(said: QueryDict) -> list[str]:
    """Parcels that nobody has a case about, as the outlet's day names them."""
    return [no for no in dict.fromkeys(said.getlist("parcel")) if normalise_waybill_no(no) == no]


def _opening(said: QueryDict) -> Opening | None:
    parcels, category = _parcels(said), said.get("opens", "")
    if not parcels or not category:
        return None
    return Opening(
        category=category, text=said.get("opens_text", "").strip()[:MOST_TEXT], waybill_nos=parcels
    )


def choose_form(
    request: HttpRequest,
    viewer: Viewer,
    chosen: Sequence[str],
    steps: Sequence[dict[str, Any]],
    refusal: Refusal | None = None,
    *,
    parcels: Sequence[str] = (),
    opens: str = "",
    key: uuid.UUID | None = None,
) -> HttpResponse:
    """What to do with the chosen cases, and with parcels that nobody has a case about yet."""
    values = {
        "here": "work",
        "chosen": chosen,
        "parcels": parcels or _parcels(request.POST),
        "opens": opens or request.POST.get("opens", ""),
        "opened": [(value, words.CATEGORIES[value]) for value in OPENED],
        "opens_text": request.POST.get("opens_text", ""),
        "key": key or request.POST.get("key") or uuid.uuid4(),
        "macros": list_macros(viewer),
        "chosen_macro": whole_number(request.POST.get("macro", "")),
        "refused": words_of(refusal) if refusal else "",
        **form_values(viewer, [dict(step) for step in steps]),
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "desk/bulk_choose.html", values, status=status)


@staff_page(Permission.CASE_WRITE)
@require_POST
def ask(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Tries it on every case and shows what each would say; nothing changes yet."""
    said, steps = request.POST, said_steps(request.POST)
    try:
        key = _key(said.get("key", ""))
        ask_bulk(
            key=key,
            case_nos=_chosen(request, viewer),
            steps=steps,
            macro_id=whole_number(said.get("macro", "")),
            opening=_opening(said),
            by=viewer,
            at=now(),
        )
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        chosen = [no for no in said.getlist("case") if no.isalnum()][:MOST]
        return choose_form(request, viewer, chosen, steps, refusal)
    return HttpResponseRedirect(reverse("desk:bulk", args=[key]))


def _key(said: str) -> uuid.UUID:
    try:
        return uuid.UUID(said)
    except ValueError:
        return uuid.uuid4()


@staff_page(Permission.CASE_WRITE)
@require_safe
def bulk(request: HttpRequest, viewer: Viewer, key: uuid.UUID) -> HttpResponse:
    return desk_page(request, viewer, "desk/bulk.html", _values(access_bulk(viewer=viewer, key=key)))


@staff_page(Permission.CASE_WRITE)
@require_safe
def state(request: HttpRequest, viewer: Viewer, key: uuid.UUID) -> HttpResponse:
    """The part that changes while a long one runs."""
    return render(request, "desk/bulk_state.html", _values(access_bulk(viewer=viewer, key=key)))


def _values(found: BulkCard) -> dict[str, Any]:
    counts = found.counts
    left = counts.get("WAITING", 0) if found.state == "CHECKING" else 0
    left += counts.get("FITS", 0) if found.state == "RUNNING" else 0
    left += counts.get("DONE", 0) if found.state == "UNDOING" else 0
    return {
        "here": "work",
        "bulk": found,
        "steps": told(found.steps, list_outlets(SYSTEM_VIEWER)),
        "tells_consumer": tells_consumer(found.steps),
        "fits": counts.get("FITS", 0),
        "refusals": counts.get("REFUSED", 0),
        "done_count": counts.get("DONE", 0),
        "undone": counts.get("UNDONE", 0),
        "passed": found.total - left,
    }


@staff_page(Permission.CASE_WRITE)
@require_POST
def run(request: HttpRequest, viewer: Viewer, key: uuid.UUID) -> HttpResponse:
    """Does it; a second press does nothing more."""
    run_bulk(key=key, by=viewer, at=now())
    return HttpResponseRedirect(reverse("desk:bulk", args=[key]))


@staff_page(Permission.CASE_WRITE)
@require_POST
def undo(request: HttpRequest, viewer: Viewer, key: uuid.UUID) -> HttpResponse:
    undo_bulk(key=key, by=viewer, at=now())
    return HttpResponseRedirect(reverse("desk:bulk", args=[key]))
