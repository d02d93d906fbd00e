"""盘点: begin, scan shelf by shelf, end, and put right what does not agree."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.people.rules import Viewer
from yishi.stations.actions.counting import (
    Scanned,
    begin_count,
    drop_count,
    end_count,
    take_scans,
    undo_scan,
)
from yishi.stations.actions.settling import settle_difference, ways_for
from yishi.stations.queries.counts import (
    access_count,
    discipline_of,
    last_scans,
    list_counts,
    list_differences,
)
from yishi.stations.queries.stations import StationCard, list_places
from yishi.web.desk.page import words_of
from yishi.web.station.doors import names_of, show, station_page
from yishi.web.station.words import DIFFERENCES, HEARD, SETTLED, STEPS, WAYS

_TAB = {"tab": "counts"}


@station_page
@require_safe
def counts(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """Which shelves wait to be counted, and the counts so far."""
    return _counts(request, viewer, card)


def _counts(
    request: HttpRequest, viewer: Viewer, card: StationCard, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    at = now()
    values = {
        **_TAB,
        "at": at,
        "shelves": discipline_of(card, at=at),
        "rows": list_counts(card),
        "refused": refused,
    }
    return show(request, viewer, card, "counts", values, status=status)


@station_page
@require_POST
def begin(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """One shelf, or the whole station; the one that runs already goes on."""
    try:
        count_id = begin_count(card=card, shelf=request.POST.get("shelf", "")[:10], by=viewer, at=now())
    except Invalid as refusal:
        return _counts(request, viewer, card, status=refusal.status, refused=words_of(refusal))
    return HttpResponseRedirect(reverse("stock:count", args=[card.code, count_id]))


@station_page
@require_safe
def count(request: HttpRequest, viewer: Viewer, card: StationCard, count_id: int) -> HttpResponse:
    """The scanner while it runs, what was found when it is over."""
    return _count(request, viewer, card, count_id)


def _count(
    request: HttpRequest,
    viewer: Viewer,
    card: StationCard,
    count_id: int,
    *,
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    row = access_count(card, count_id)
    values: dict[str, Any] = {**_TAB, "at": now(), "count": row, "refused": refused}
    if row.state == "OPEN":
        values["heard"] = HEARD
        values["places"] = [p.label for p in list_places(card.id) if not row.shelf or p.shelf == row.shelf]
        values["scans"] = last_scans(count_id)
        return show(request, viewer, card, "count", values, status=status)
    found = list_differences(count_id)
    names = names_of([one.last_by for one in found] + [row.began_by])
    values["began_by"] = names.get(row.began_by, "")
    values["rows"] = [
        {
            "it": one,
            "mark": DIFFERENCES[one.kind],
            "ways": [(way, WAYS[way]) for way in ways_for(one.kind)],
            "who": names.get(one.last_by, ""),
            "did": STEPS.get(one.last_kind, ""),
            "settled": SETTLED.get(one.settled, ""),
        }
        for one in found
    ]
    return show(request, viewer, card, "counted", values, status=status)


@station_page
@require_POST
def scans(request: HttpRequest, viewer: Viewer, card: StationCard, count_id: int) -> HttpResponse:
    """A batch as JSON from the page's queue, or the one scan of a form without a script."""
    is_form = request.content_type != "application/json"
    try:
        if is_form:
            one = Scanned(
                client_id=request.POST.get("client_id", "")[:100] or f"form:{now().isoformat()}",
                text=request.POST.get("text", ""),
                place=request.POST.get("place", ""),
            )
            take_scans(card=card, count_id=count_id, scans=[one], sent_at=None, by=viewer, at=now())
            return HttpResponseRedirect(reverse("stock:count", args=[card.code, count_id]))
        batch, sent_at = _batch(request)
        heard = take_scans(card=card, count_id=count_id, scans=batch, sent_at=sent_at, by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        if is_form:
            return _count(request, viewer, card, count_id, status=refusal.status, refused=words_of(refusal))
        return JsonResponse({"said": str(words_of(refusal))}, status=refusal.status)
    return JsonResponse({"heard": [[one.client_id, one.verdict, one.place] for one in heard]})


def _batch(request: HttpRequest) -> tuple[list[Scanned], datetime | None]:
    """What the page's queue sends. Raises Invalid for anything else."""
    try:
        body = json.loads(request.body)
        rows = [
            Scanned(
                client_id=str(row["id"]),
                text=str(row["text"]),
                place=str(row.get("place", "")),
                scanned_at=_moment(row.get("at")),
            )
            for row in body["scans"]
        ]
        return rows, _moment(body.get("sent_at"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Invalid([("/scans", "bad_value", "有一条读不懂")]) from error


def _moment(said: object) -> datetime | None:
    moment = parse_datetime(said[:40]) if isinstance(said, str) else None
    return moment if moment is not None and moment.tzinfo is not None else None


@station_page
@require_POST
def undo(request: HttpRequest, viewer: Viewer, card: StationCard, count_id: int) -> HttpResponse:
    """The last scan does not count."""
    try:
        client_id = request.POST.get("client_id", "")[:200]
        undo_scan(card=card, count_id=count_id, client_id=client_id, by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _count(request, viewer, card, count_id, status=refusal.status, refused=words_of(refusal))
    return HttpResponseRedirect(reverse("stock:count", args=[card.code, count_id]))


@station_page
@require_POST
def end(request: HttpRequest, viewer: Viewer, card: StationCard, count_id: int) -> HttpResponse:
    """Against the book; or nothing comes of it."""
    try:
        if request.POST.get("drop"):
            drop_count(card=card, count_id=count_id, by=viewer, at=now())
            return HttpResponseRedirect(reverse("stock:counts", args=[card.code]))
        end_count(card=card, count_id=count_id, by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _count(request, viewer, card, count_id, status=refusal.status, refused=words_of(refusal))
    return HttpResponseRedirect(reverse("stock:count", args=[card.code, count_id]))


@station_page
@require_POST
def settle(
    request: HttpRequest, viewer: Viewer, card: StationCard, count_id: int, difference_id: int
) -> HttpResponse:
    """One touch a difference."""
    how = request.POST.get("how", "")[:20]
    try:
        settle_difference(card=card, difference_id=difference_id, how=how, by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _count(request, viewer, card, count_id, status=refusal.status, refused=words_of(refusal))
    if how == "BOOKED_IN":
        one = next(row for row in list_differences(count_id) if row.pk == difference_id)
        said = urlencode({"scan": one.waybill_no, "place": one.seen})
        return HttpResponseRedirect(f"{reverse('station:in', args=[card.code])}?{said}")
    return HttpResponseRedirect(reverse("stock:count", args=[card.code, count_id]))
