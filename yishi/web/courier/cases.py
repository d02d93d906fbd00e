"""Complaints about parcels that he carried: what the record shows first, then his answer in two taps."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yishi.cases.actions.at_courier import answer_at_courier, ask_settled
from yishi.cases.queries.at_courier import ASKED, NOT_SETTLED, SETTLED, access_at_courier, list_at_courier
from yishi.cases.queries.at_courier import settling as settling_of
from yishi.cases.queries.cards import CaseCard
from yishi.cases.queries.history import list_timeline
from yishi.cases.queries.words.couriers import ANSWER_WORDS
from yishi.consignees.queries import wishes_of_contacts
from yishi.consignees.rules import is_for
from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.network.queries import Rounds
from yishi.people.rules import SYSTEM_VIEWER, Viewer
from yishi.shipments.queries.parcels import access_shipment
from yishi.web.courier.doing import photos_of
from yishi.web.courier.doors import courier_page
from yishi.web.courier.facts import place_words, promise_words
from yishi.web.courier.today import attempts_of, dial_of, placed_of
from yishi.web.courier.words import DONE, WISHES
from yishi.web.desk.page import words_of

_LAST_SCANS = 5


@courier_page
@require_safe
def cases(request: HttpRequest, viewer: Viewer, rounds: Rounds) -> HttpResponse:
    """The open ones, the most pressing first."""
    rows = list_at_courier(outlet_id=rounds.outlet_id, numbers=rounds.numbers)
    return render(request, "courier/cases.html", {"at": now(), "rows": rows})


@courier_page
@require_safe
def case(request: HttpRequest, viewer: Viewer, rounds: Rounds, case_no: str) -> HttpResponse:
    """One of them."""
    return _page(request, viewer, _access(rounds, case_no))


def _access(rounds: Rounds, case_no: str) -> CaseCard:
    return access_at_courier(outlet_id=rounds.outlet_id, numbers=rounds.numbers, case_no=case_no)


def _page(
    request: HttpRequest, viewer: Viewer, card: CaseCard, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    at = now()
    state, state_at = settling_of(card.id)
    parcel = access_shipment(SYSTEM_VIEWER, card.waybill_no, card.carrier or None)
    details = parcel.details
    person: dict[str, Any] = {"name": "", "phone": "", "dial": ""}
    if card.contact_id is not None:
        person = dial_of(viewer, card.contact_id, f"case:{card.case_no}", at)
    whom = (details.consignee_id if details else None) or card.contact_id
    said = wishes_of_contacts([whom], at=at).get(whom, []) if whom is not None else []
    address = details.address if details else ""
    lines = list_timeline(card.id)
    values: dict[str, Any] = {
        "at": at,
        "case": card,
        **person,
        "address": address,
        "scans": [e for e in parcel.events if e.kind != "created"][-_LAST_SCANS:],
        "attempts": attempts_of(parcel.shipment_id),
        "placed": placed_of(parcel.shipment_id),
        "wishes": [WISHES[one.kind] for one in said if one.kind in WISHES and is_for(one.address, address)],
        "told": [said for said in (promise_words(parcel, at), place_words(parcel.shipment_id)) if said],
        "answers": list(ANSWER_WORDS.items()),
        "answered": [line for line in lines if line.kind == "COURIER_ANSWER"],
        "state_at": state_at,
        "is_asked": state == ASKED,
        "is_settled": state == SETTLED,
        "is_not_settled": state == NOT_SETTLED,
        "done": DONE.get(request.GET.get("done", ""), ""),
        "refused": refused,
        "typed": request.POST,
    }
    return render(request, "courier/case.html", values, status=status)


def _do(
    request: HttpRequest,
    viewer: Viewer,
    rounds: Rounds,
    case_no: str,
    deed: Callable[[CaseCard, datetime], object],
    done: str,
) -> HttpResponse:
    card = _access(rounds, case_no)
    try:
        with transaction.atomic():
            deed(card, now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, card, status=refusal.status, refused=words_of(refusal))
    return HttpResponseRedirect(f"{reverse('courier:case', args=[case_no])}?done={done}")


@courier_page
@require_POST
def answer(request: HttpRequest, viewer: Viewer, rounds: Rounds, case_no: str) -> HttpResponse:
    """One tap chooses, one sends; a photo proves it."""

    def deed(card: CaseCard, at: datetime) -> None:
        files = photos_of(request, at, is_needed=False)
        said = {"answer": request.POST.get("answer", ""), "text": request.POST.get("text", "")}
        answer_at_courier(case_id=card.id, **said, files=files, by=viewer, at=at)

    return _do(request, viewer, rounds, case_no, deed, "answer")


@courier_page
@require_POST
def settled(request: HttpRequest, viewer: Viewer, rounds: Rounds, case_no: str) -> HttpResponse:
    """He says that it is settled: the person is asked, and only his yes reconciles it."""

    def deed(card: CaseCard, at: datetime) -> None:
        ask_settled(case_id=card.id, text=request.POST.get("text", ""), by=viewer, at=at)

    return _do(request, viewer, rounds, case_no, deed, "settled")
