"""A courier's deeds by form: each is one action, then the page again. With a script they go by `sync`."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.network.queries import Rounds
from yishi.people.rules import Viewer
from yishi.shipments.rules.placing import PLACES
from yishi.shipments.rules.waybills import normalise_waybill_no
from yishi.web.courier.doing import Doing, consent_of
from yishi.web.courier.doors import courier_page
from yishi.web.courier.full import take_out
from yishi.web.courier.registry import DEEDS, ask_first
from yishi.web.courier.rounds import Stop, access_stop
from yishi.web.courier.today import question_of, stop_page
from yishi.web.courier.words import PLACES as PLACE_WORDS
from yishi.web.desk.page import words_of

MOST_AT_ONCE = 100


def do(kind: str, doing: Doing) -> dict[str, str]:
    """One deed with all that it moves; nothing is half done. Raises what it refuses with."""
    ask_first(kind, doing)
    with transaction.atomic():
        return DEEDS[kind](doing)


def address_after(waybill_no: str, said: dict[str, str]) -> str:
    """Where the page goes on after a deed."""
    address = reverse("courier:stop", args=[waybill_no])
    if said.get("done") in ("proof", "failed", "order"):
        return f"{reverse('courier:today')}?{urlencode(said)}"
    part = said.get("go")
    return f"{address}#{part}" if part else f"{address}?{urlencode(said)}"


def _by_form(
    request: HttpRequest, viewer: Viewer, rounds: Rounds, waybill_no: str, kind: str, **asked: Any
) -> HttpResponse:
    """The page again with what the deed says, or with the refusal; before leaving it, with the question."""
    at = now()
    one = access_stop(rounds, waybill_no, at=at)
    try:
        said = do(kind, _doing(request, viewer, rounds, one, at, asked))
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        words = words_of(refusal)
        return stop_page(request, viewer, rounds, waybill_no, status=refusal.status, refused=words, **asked)
    return HttpResponseRedirect(address_after(waybill_no, said))


def _doing(
    request: HttpRequest, viewer: Viewer, rounds: Rounds, one: Stop, at: datetime, asked: dict[str, Any]
) -> Doing:
    return Doing(
        request=request,
        viewer=viewer,
        rounds=rounds,
        stop=one,
        made_at=at,
        at=at,
        given={"place": asked["asked"].key} if asked else {},
    )


@courier_page
@require_POST
def deed(request: HttpRequest, viewer: Viewer, rounds: Rounds, waybill_no: str, kind: str) -> HttpResponse:
    """Any deed but leaving it somewhere."""
    known = kind.replace("-", "_")
    if known not in DEEDS or known == "place":
        raise NotFound()
    return _by_form(request, viewer, rounds, waybill_no, known)


@courier_page
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, viewer: Viewer, rounds: Rounds, waybill_no: str, place: str) -> HttpResponse:
    """About to leave it somewhere: asks first, says which wish speaks against it, and keeps his answer."""
    at = now()
    if place not in PLACES:
        raise NotFound()
    one = access_stop(rounds, waybill_no, at=at)
    asked: dict[str, Any] = {"asked": question_of(one, place)}
    if request.method == "POST":
        return _by_form(request, viewer, rounds, waybill_no, "place", **asked)
    consent = consent_of(one, place, at)
    if consent is not None:
        allowed = {"allowed": PLACE_WORDS[place].word, "allowed_at": consent.given_at}
        return stop_page(request, viewer, rounds, waybill_no, **allowed)
    return stop_page(request, viewer, rounds, waybill_no, **asked)


@courier_page
@require_http_methods(["GET", "HEAD", "POST"])
def out(request: HttpRequest, viewer: Viewer, rounds: Rounds) -> HttpResponse:
    """Full mode: he takes parcels out by their numbers, typed or scanned; each that is refused says why."""
    at = now()
    if not rounds.is_full_mode:
        raise NotFound()
    taken, refused = [], []
    for number in _numbers(request.POST.get("numbers", "") + " " + request.POST.get("waybill_no", "")):
        try:
            take_out(rounds=rounds, number=number, viewer=viewer, made_at=at, at=at)
            taken.append(number)
        except Refusal as refusal:
            refused.append((number, words_of(refusal)))
    values = {"at": at, "taken": taken, "refused": refused}
    return render(request, "courier/out.html", values, status=422 if refused else 200)


def _numbers(said: str) -> list[str]:
    """The numbers of a box, each once; what is none stays as it was typed, to be refused by name."""
    typed = re.split(r"[\s,，;；]+", said.strip())[:MOST_AT_ONCE]
    return list(dict.fromkeys(normalise_waybill_no(word) or word[:40] for word in typed if word))
