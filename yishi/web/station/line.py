"""取号 by QR code, and the person's own ticket: how many are before him, how long it takes. No account."""

import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.kit.clock import now
from yishi.stations.actions.queue import Drawing, draw_ticket, pass_over, topic_of
from yishi.stations.queries.queue import door_of, line_of, ticket_of_token
from yishi.web.shared.live import live_url
from yishi.web.station.doors import check_drawing, check_looking
from yishi.web.station.mistakes import mistake_by_number
from yishi.web.station.words import REASONS, wait_words


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, token: str) -> HttpResponse:
    """The line as it is now, and one button; the same press sent twice draws one ticket."""
    at = now()
    check_looking(request, at)
    card = door_of(token, "LINE").card
    if request.method == "POST":
        check_drawing(request, card.id, at)
        number = request.POST.get("waybill_no", "")[:40]
        drawing = Drawing(
            drawn_by="LINK",
            reason=mistake_by_number(card, number, at=at) if number else "",
            client_id=request.POST.get("client_id", "")[:64],
        )
        drawn = draw_ticket(card=card, drawing=drawing, at=at)
        return redirect(reverse("queue:ticket", args=[drawn.token]))
    here = line_of(card, at=at)
    values = {
        "station": card,
        "waiting": len(here.waiting),
        "wait": wait_words(here.expected),
        "is_closed": here.counters == 0,
        "client_id": uuid.uuid4().hex,
    }
    return render(request, "station/line.html", values)


@never_cache
@require_safe
def ticket(request: HttpRequest, token: str) -> HttpResponse:
    """One's own ticket, live; the fragment where htmx asks for it."""
    at = now()
    check_looking(request, at)
    own = ticket_of_token(token, at=at)
    values = {
        "at": at,
        "own": own,
        "ticket": own.line,
        "station": own.card,
        "wait": wait_words(own.expected),
        "reason": REASONS.get(own.line.reason, ""),
        "token": token,
        "live_url": live_url([topic_of(own.card.id)], viewer="public"),
    }
    name = "_ticket" if request.GET.get("part") == "1" else "ticket"
    return render(request, f"station/{name}.html", values)


@never_cache
@csrf_exempt
@require_POST
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """The person does not wait any longer."""
    at = now()
    check_looking(request, at)
    own = ticket_of_token(token, at=at)
    pass_over(card=own.card, ticket_id=own.line.id, at=at)
    return redirect(reverse("queue:ticket", args=[token]))


def address_of_line(token: str) -> str:
    """What the QR code says."""
    return f"{settings.ENVIRONMENT.web_origin}{reverse('queue:line', args=[token])}"
