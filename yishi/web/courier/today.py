"""今天: the few parcels of today that want care, and the page of one of them."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yishi.cases.queries.at_courier import list_at_courier
from yishi.consignees.queries import see_contact
from yishi.kit.clock import now
from yishi.kit.personal import log_look, mask_phone
from yishi.network.queries import Rounds
from yishi.people.rules import Viewer
from yishi.shipments.queries.parcels import list_contacts
from yishi.shipments.queries.stops import placement_answers
from yishi.web.courier.doors import courier_page
from yishi.web.courier.rounds import Stop, access_stop, done_of, stops_of
from yishi.web.courier.visits import Visit, visits_from
from yishi.web.courier.words import ATTEMPTS, DONE, OUTCOMES, PLACED, PLACES

FILTERS = ("wish", "care", "fresh")


@courier_page
@require_safe
def today(request: HttpRequest, viewer: Viewer, rounds: Rounds) -> HttpResponse:
    """The list, the most urgent first; parcels about which there is nothing to know are only counted."""
    at = now()
    stops = stops_of(rounds, at=at)
    few = [stop for stop in stops if stop.matters]
    groups = {
        "wish": [s for s in few if s.said],
        "care": [s for s in few if s.incidents or s.cases or s.is_late],
        "fresh": [s for s in few if s.special],
    }
    chosen = request.GET.get("show", "")
    if few:
        # need implies sight: addresses in full, written down once for the whole list
        about = {"viewer": viewer.label, "subject": f"courier:{rounds.courier_id}", "field": "address"}
        log_look(**about, reason="out today", is_silent=True, at=at)
    values: dict[str, Any] = {
        "at": at,
        "shown": groups.get(chosen, few),
        "few": len(few),
        "counts": {name: len(found) for name, found in groups.items()},
        "show": chosen if chosen in FILTERS else "",
        "first": few[0] if few else None,
        "left": len(stops),
        "others": len(stops) - len(few),
        "done": done_of(rounds, at=at),
        "cases": len(list_at_courier(outlet_id=rounds.outlet_id, numbers=rounds.numbers)),
    }
    values["whole"] = values["left"] + values["done"]
    return render(request, "courier/today.html", values)


@courier_page
@require_safe
def stop(request: HttpRequest, viewer: Viewer, rounds: Rounds, waybill_no: str) -> HttpResponse:
    """One parcel in full, as long as it is out with him."""
    return stop_page(request, viewer, rounds, waybill_no)


def stop_page(
    request: HttpRequest,
    viewer: Viewer,
    rounds: Rounds,
    waybill_no: str,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page; after a refusal with its reason, before leaving the parcel somewhere with the question."""
    at = now()
    one = access_stop(rounds, waybill_no, at=at)
    values = {
        "at": at,
        "stop": one,
        "parcel": one.parcel,
        **_person(viewer, one, at),
        "attempts": attempts_of(one.parcel.shipment_id),
        "placed": placed_of(one.parcel.shipment_id),
        "visits": [(visit, visit_words(visit, at)) for visit in visits_from(at)],
        "places": [(key, mark) for key, mark in PLACES.items()],
        "done": DONE.get(request.GET.get("done", ""), ""),
        "case_no": request.GET.get("case", "")[:20],
    }
    return render(request, "courier/stop.html", {**values, **more}, status=status)


def _person(viewer: Viewer, one: Stop, at: datetime) -> dict[str, str]:
    """Whom to ring: in full, logged silently; the number itself stands only in the link."""
    if one.parcel.consignee_id is None:
        return {"name": "", "phone": "", "dial": ""}
    task = f"delivery:{one.parcel.waybill_no}"
    return dial_of(viewer, one.parcel.consignee_id, task, at)


def dial_of(viewer: Viewer, contact_id: int, task: str, at: datetime) -> dict[str, str]:
    """A person's name, number as shown, and number to dial: the lent one while it lives, else the own."""
    full = see_contact(viewer=viewer, contact_id=contact_id, task=task, at=at)
    is_lent = bool(full.virtual_number) and (full.virtual_until is None or full.virtual_until > at)
    number = full.virtual_number if is_lent else full.phone
    extension = f",{full.virtual_extension}" if is_lent and full.virtual_extension else ""
    return {
        "name": full.name,
        "phone": mask_phone(number),
        "dial": f"{number}{extension}" if number else "",
        "lent": _("隐私号") if is_lent else "",
    }


def attempts_of(shipment_id: int) -> list[tuple[str, str, datetime]]:
    """What was tried to reach the person: word, outcome, when; the newest last."""
    return [
        (str(ATTEMPTS.get(one.kind, one.kind)), str(OUTCOMES.get(one.outcome, one.outcome)), one.at)
        for one in list_contacts(shipment_id)
    ]


def placed_of(shipment_id: int) -> list[tuple[str, datetime]]:
    """What he was asked before leaving it somewhere, with his answer."""
    return [
        (str(PLACED[answer]) % {"where": PLACES[place].word}, answered_at)
        for place, answer, answered_at in placement_answers(shipment_id)
    ]


def visit_words(visit: Visit, at: datetime) -> str:
    """明天 18:00–20:00."""
    first, last = timezone.localtime(visit.from_at), timezone.localtime(visit.until_at)
    days = (first.date() - timezone.localtime(at).date()).days
    day = {0: _("今天"), 1: _("明天")}.get(days) or _("后天")
    return f"{day} {first:%H:%M}–{last:%H:%M}"
