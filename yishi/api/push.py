"""`POST /feeds/{source}/{key}`: a carrier's or aggregator's push, answered in its own words."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseNotFound
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from yishi.api import problems
from yishi.feeds.actions.sources import note_bad_signature
from yishi.feeds.port import BAD_SIGNATURE, QUERY, TAKEN, UNREADABLE, Answer, Greeter, Pushed
from yishi.feeds.queries.sources import SourceCard, find_source_by_push
from yishi.kit.clock import now
from yishi.kit.errors import DATABASE_AWAY
from yishi.shipments.actions.take_in import take_in

MAX_BODY = 4 * 1024 * 1024


@csrf_exempt
@require_http_methods(["GET", "POST"])
def push(request: HttpRequest, source: str, key: str) -> HttpResponse:
    """404 for an unknown key, 413 over 4 MB, 400 for nothing, 401 for a bad signature; else the source's
    own success.

    What is signed but cannot be read is a success to the source as well: it is kept, and pushing it again
    would change nothing.
    """
    found = find_source_by_push(source, key)
    if request.method == "GET":
        return _greet(found, request)
    if found is None:
        return HttpResponseNotFound()
    body = body_of(request)
    if body is None:
        return problems.too_large()
    if not body.strip():
        return problems.unreadable()
    try:
        return wrapped(_take(found, body, request))
    except DATABASE_AWAY:
        return problems.unavailable()


def body_of(request: HttpRequest) -> bytes | None:
    """The body as sent, never unpacked; None over the limit: told by its length before it is read, or, where
    it comes in chunks without one, after no more than that was read."""
    if not request.META.get("CONTENT_LENGTH") and request.META.get("wsgi.input_terminated"):
        body: bytes = request.META["wsgi.input"].read(MAX_BODY + 1)
        return body if len(body) <= MAX_BODY else None
    is_long = int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY
    return None if is_long else request.body


def _greet(source: SourceCard | None, request: HttpRequest) -> HttpResponse:
    """A few sources make sure of the address before they push; to all others GET is no method."""
    if source is None or not isinstance(source.reader, Greeter):
        return HttpResponseNotAllowed(["POST"])
    return wrapped(source.reader.greet(request.META.get("QUERY_STRING", ""), source.settings))


def _take(source: SourceCard, body: bytes, request: HttpRequest) -> Answer:
    at = now()
    pushed = Pushed(body, source.settings, at, source.zone)
    headers = {name.lower(): value for name, value in request.headers.items()}
    headers[QUERY] = request.META.get("QUERY_STRING", "")
    if not source.reader.check_signature(body, headers, source.settings):
        note_bad_signature(source=source.code, at=at)
        return source.reader.answer(BAD_SIGNATURE, pushed)
    with transaction.atomic():
        counts = take_in(source=source, body=body, content_type=request.content_type or "", at=at)
    return source.reader.answer(UNREADABLE if counts.quarantined else TAKEN, pushed)


def wrapped(answer: Answer) -> HttpResponse:
    return HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)


urlpatterns = [path("<str:source>/<str:key>", push, name="push")]
