"""What belongs to a conversation's page: newer lines, the live line, typing, files, the record, the end."""

from contextlib import suppress
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from yishi.conversations.actions.hand import end_conversation
from yishi.conversations.actions.marks import tell_typing
from yishi.conversations.queries.threads import (
    conversation_of_token,
    file_for_person,
    list_messages,
)
from yishi.feedback.actions import TalkAlreadyRated, rate_talk
from yishi.kit import clock
from yishi.kit.errors import NotFound
from yishi.kit.files import open_file
from yishi.web.consumer import talks
from yishi.web.consumer.doors import check_chat_reading, check_look_up, check_typing, forget_way
from yishi.web.consumer.forms import RatingForm
from yishi.web.consumer.views.talk_page import address_of_talk, is_embedded, live_of, parts

_PICTURE = "image/jpeg"
_WIDGET_AGE_S = 3600


@require_safe
def lines(request: HttpRequest, token: str) -> HttpResponse:
    """What was said after what the page shows, and where the conversation stands now."""
    check_chat_reading(request, clock.now())
    card = conversation_of_token(token)
    mark, is_looking = request.GET.get("after", ""), request.GET.get("looking") == "1"
    context = parts(card, token, mark=mark, is_looking=is_looking)
    return render(
        request,
        "consumer/_talk_news.html",
        {
            **context,
            "is_news": True,
            "is_embedded": is_embedded(request),
            "tail": "?embed=1" if is_embedded(request) else "",
        },
    )


@require_safe
def live(request: HttpRequest, token: str) -> HttpResponse:
    """The live line with a new ticket."""
    check_chat_reading(request, clock.now())
    card = conversation_of_token(token)
    return render(request, "consumer/_talk_live.html", {"token": token, "live_url": live_of(card)})


@csrf_exempt
@require_POST
def typing(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever answers sees for some seconds that the person is writing."""
    card = conversation_of_token(token)
    check_typing(card.id, clock.now())
    tell_typing(conversation_id=card.id, is_staff=False)
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
def end(request: HttpRequest, token: str) -> HttpResponse:
    """The person is done; one word more goes on with the same conversation."""
    check_look_up(request, clock.now())
    end_conversation(conversation_id=conversation_of_token(token).id, by=None, at=clock.now())
    response = redirect(f"{address_of_talk(request, token)}#end")
    forget_way(response)
    return response


@csrf_exempt
@require_POST
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """One tap, and a word if one likes; the first counts."""
    check_look_up(request, clock.now())
    card, form = conversation_of_token(token), RatingForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        with suppress(TalkAlreadyRated):  # pressed twice: the page shows the first
            rate_talk(conversation_id=card.id, score=said["score"], comment=said["comment"], at=clock.now())
    return redirect(f"{address_of_talk(request, token)}#end")


@require_safe
def transcript(request: HttpRequest, token: str) -> HttpResponse:
    """The record as a text file."""
    check_look_up(request, clock.now())
    card = conversation_of_token(token)
    body = talks.transcript(card, list_messages(card.id, for_person=True))
    response = HttpResponse(body, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="yishi-chat-{card.opened_at:%Y%m%d}.txt"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def file(request: HttpRequest, token: str, file_id: UUID) -> HttpResponse:
    """A file of this conversation: pictures are shown, everything else is saved."""
    check_chat_reading(request, clock.now())
    held = file_for_person(conversation_of_token(token).id, file_id)
    is_small = request.GET.get("small") == "1" and held.has_thumbnail
    try:
        body = open_file(held, thumbnail=is_small)
    except FileNotFoundError:
        raise NotFound from None
    kind = _PICTURE if is_small else held.content_type
    how = "inline" if kind == _PICTURE else "attachment"
    return HttpResponse(
        body,
        content_type=kind,
        headers={
            "Content-Disposition": f"{how}; filename*=UTF-8''{quote(held.name or 'file', safe='')}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; img-src 'self'; sandbox",
            "Cache-Control": "private, max-age=3600" if is_small else "private, no-store",
        },
    )


@require_safe
def widget(request: HttpRequest) -> HttpResponse:
    """The script that other sites load (docs/widget.md); its words follow the reader's language."""
    response = render(request, "consumer/widget.js", content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={_WIDGET_AGE_S}"
    # loaded by pages of any site; what it opens says itself who may show it
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_vary_headers(response, ["Accept-Language"])
    return response
