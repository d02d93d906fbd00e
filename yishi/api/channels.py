"""`/channels/{code}/{key}`: what official accounts, robots and call centres push, answered in their words."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from yishi.api import problems
from yishi.api.push import body_of, wrapped
from yishi.assistant.actions.prompt import answer_heard
from yishi.assistant.actions.telephone import lead_caller
from yishi.conversations.actions.accounts import note_bad_signature
from yishi.conversations.actions.take_in import TakenIn, incoming_of, keep_waiting, take_in
from yishi.conversations.port import QUERY, Answer, Incoming, VoicePlugin
from yishi.conversations.queries.accounts import AccountCard, find_account_by_push
from yishi.feeds.port import BAD_SIGNATURE, TAKEN, UNREADABLE
from yishi.kit.clock import now
from yishi.kit.errors import DATABASE_AWAY
from yishi.notifications.actions.prompt import say_in_answer

log = logging.getLogger(__name__)

PROMPT_WITHIN = timedelta(seconds=4)
"""A channel waits five seconds for the answer to a push; one that comes later is lost."""


@csrf_exempt
@require_http_methods(["GET", "POST"])
def hear(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """404 for an unknown key, 413 over 4 MB; a bad signature hears the channel's refusal and is counted.

    GET is how some channels make sure that the address is ours: nothing is kept of it.
    """
    card = find_account_by_push(code, key)
    if card is None:
        return HttpResponseNotFound()
    body = body_of(request)
    if body is None:
        return problems.too_large()
    incoming = _incoming(card, request, body)
    try:
        if not card.reader.check_signature(incoming):
            note_bad_signature(account_id=card.id)
            return wrapped(card.reader.answer(incoming, BAD_SIGNATURE))
        if request.method == "GET":
            return wrapped(card.reader.answer(incoming, TAKEN))
        taken = _take(card, incoming)
        if card.is_paused:
            return wrapped(card.reader.answer(incoming, TAKEN))
        if isinstance(card.reader, VoicePlugin) and (asked := card.reader.pressed(incoming)) is not None:
            return wrapped(card.reader.speak(incoming, lead_caller(card=card, asked=asked, at=incoming.at)))
        if taken and not taken.is_quarantined and (said := _said_at_once(card, incoming)) is not None:
            return wrapped(said)
        return wrapped(card.reader.answer(incoming, UNREADABLE if taken and taken.is_quarantined else TAKEN))
    except DATABASE_AWAY:
        return problems.unavailable()


def _said_at_once(card: AccountCard, incoming: Incoming) -> Answer | None:
    """The assistant's answer in the answer to the push, where the way in is set up so and it came in time;
    else it goes out by itself."""
    if card.prompt is None:
        return None
    try:
        said = answer_heard(card=card, incoming=incoming, at=incoming.at)
        if not said or now() - incoming.at > PROMPT_WITHIN:
            return None
        return say_in_answer(plugin=card.prompt, incoming=incoming, message_ids=list(said), at=now())
    except DATABASE_AWAY:
        raise
    except Exception:  # the edge of a request: what came is kept, and the worker answers it
        log.exception("no answer at once", extra={"account": card.code})
        return None


@transaction.atomic
def _take(card: AccountCard, incoming: Incoming) -> TakenIn | None:
    """None where it waits: the channel is paused, or what came in a pause is not all taken in yet."""
    if card.is_paused or card.has_waiting:
        keep_waiting(card=card, incoming=incoming, at=incoming.at)
        return None
    return take_in(card=card, incoming=incoming, at=incoming.at)


def _incoming(card: AccountCard, request: HttpRequest, body: bytes) -> Incoming:
    headers = {name.lower(): value for name, value in request.headers.items()}
    headers[QUERY] = request.META.get("QUERY_STRING", "")
    headers[":method"] = request.method or ""
    headers[":url"] = f"{settings.ENVIRONMENT.web_origin}{request.get_full_path()}"
    return incoming_of(card, body=body, content_type=request.content_type or "", headers=headers, at=now())


urlpatterns = [path("<str:code>/<str:key>", hear, name="channel")]
