"""今天: the few parcels of today that want care, and the page of one of them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yishi.cases.queries.at_courier import list_at_courier
from yishi.consignees.queries import SaidWish, consent_for
from yishi.kit.clock import now
from yishi.kit.personal import log_look, mask_phone
from yishi.network.queries import Rounds
from yishi.notifications.actions.lending import VIRTUAL, is_lending, number_at_hand
from yishi.people.rules import Viewer
from yishi.shipments.queries.parcels import list_contacts
from yishi.shipments.queries.rounds import order_of, proofs_of
from yishi.shipments.queries.stops import placement_answers
from yishi.shipments.rules.placing import wish_against
from yishi.shipments.rules.visits import Visit
from yishi.web.courier.doors import courier_page
from yishi.web.courier.rounds import Stop, access_stop, day_began, done_of, stops_of
from yishi.web.courier.visits import visits_from
from yishi.web.courier.words import (
    ATTEMPTS,
    CALLED,
    DONE,
    FAILED,
    MESSAGES,
    OUTCOMES,
    PLACED,
    PLACES,
    RECEIVED,
    WISHES,
    Mark,
)

FILTERS = ("wish", "care", "fresh")


@courier_page
@require_safe
def today(request: HttpRequest, viewer: Viewer, rounds: Rounds) -> HttpResponse:
    """The list, the most urgent first; parcels about which there is nothing to know are only counted."""
    at = now()
    stops = stops_of(rounds, user_id=viewer.user_id, at=at)
    # where there is no other device all of them stand here
    few = [stop for stop in stops if stop.matters or rounds.is_full_mode]
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
        "shown": [(stop, _stamp(stop)) for stop in groups.get(chosen, few)],
        "is_full_mode": rounds.is_full_mode,
        "has_order": bool(order_of(user_id=viewer.user_id or 0, day=day_began(at).date())),
        "few": len(few),
        "counts": {name: len(found) for name, found in groups.items()},
        "show": chosen if chosen in FILTERS else "",
        "first": few[0] if few else None,
        "said": DONE.get(request.GET.get("done", ""), ""),
        "left": len(stops),
        "others": len(stops) - len(few),
        "done": done_of(rounds, at=at),
        "cases": len(list_at_courier(outlet_id=rounds.outlet_id, numbers=rounds.numbers)),
    }
    values["whole"] = values["left"] + values["done"]
    return render(request, "courier/today.html", values)


def _stamp(stop: Stop) -> str:
    """Changes when the page of a parcel would: then the telephone fetches its copy anew."""
    known = (stop.parcel, stop.said, stop.incidents, stop.cases, stop.is_late)
    return hashlib.sha256(repr(known).encode()).hexdigest()[:12]


@courier_page
@require_safe
def stop(request: HttpRequest, viewer: Viewer, rounds: Rounds, waybill_no: str) -> HttpResponse:
    """One parcel in full, as long as it is out with him."""
    return stop_page(request, viewer, rounds, waybill_no)


@dataclass(frozen=True)
class Question:
    """Before it is left somewhere: which wish speaks against it, and what the person has allowed already."""

    key: str
    mark: Mark
    against: Mark | None
    since: SaidWish | None
    allowed_at: datetime | None = None


def question_of(one: Stop, place: str, *, allowed_at: datetime | None = None) -> Question:
    """The question of one place."""
    against = wish_against(place, [wish.kind for wish in one.said])
    since = next((wish for wish in one.said if wish.kind == against), None)
    return Question(place, PLACES[place], WISHES[against] if against else None, since, allowed_at)


def _questions(one: Stop, at: datetime) -> list[Question]:
    """All of them: a page that is read without network must be able to ask."""
    person, number = one.parcel.consignee_id, one.parcel.waybill_no
    found = []
    for place in PLACES:
        given = person and consent_for(contact_id=person, waybill_no=number, placement=place, at=at)
        found.append(question_of(one, place, allowed_at=given.given_at if given else None))
    return found


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
        "asks_outcome": _asks_outcome(one.parcel.shipment_id),
        "called": list(CALLED.items()),
        "placed": placed_of(one.parcel.shipment_id),
        "visits": [(visit, visit_words(visit, at)) for visit in visits_from(at)],
        "messages": list(MESSAGES.items()),
        "receivers": list(RECEIVED.items()),
        "failures": list(FAILED.items()),
        "questions": _questions(one, at),
        "is_full_mode": rounds.is_full_mode,
        "proofs": [{"word": RECEIVED[p.receiver], "at": p.at} for p in proofs_of(one.parcel.shipment_id)],
        "done": DONE.get(request.GET.get("done", ""), ""),
        "case_no": request.GET.get("case", "")[:20],
    }
    return render(request, "courier/stop.html", {**values, **more}, status=status)


def _person(viewer: Viewer, one: Stop, at: datetime) -> dict[str, Any]:
    """Whom to ring: in full, logged silently; the number itself stands only in the link."""
    if one.parcel.consignee_id is None:
        return {"name": "", "phone": "", "dial": ""}
    task = f"delivery:{one.parcel.waybill_no}"
    return dial_of(viewer, one.parcel.consignee_id, task, at)


def dial_of(viewer: Viewer, contact_id: int, task: str, at: datetime) -> dict[str, Any]:
    """A person's name, number as shown, and what to dial; where a lender is set he is asked at the touch."""
    name, shown, ready = number_at_hand(viewer=viewer, contact_id=contact_id, task=task, at=at)
    return {
        "name": name,
        "phone": mask_phone(shown),
        "dial": ready.number,
        "is_lending": is_lending(),
        "lent": _("隐私号") if ready.kind == VIRTUAL else "",
    }


def attempts_of(shipment_id: int) -> list[tuple[str, str, datetime]]:
    """What was tried to reach the person: word, outcome, when; the newest last."""
    return [
        (str(ATTEMPTS.get(one.kind, one.kind)), str(OUTCOMES.get(one.outcome, one.outcome)), one.at)
        for one in list_contacts(shipment_id)
    ]


def _asks_outcome(shipment_id: int) -> bool:
    """Whether he has rung and not yet said what came of it."""
    calls = [made for made in list_contacts(shipment_id) if made.kind == "CALL"]
    return bool(calls) and calls[-1].outcome == "dialled"


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
