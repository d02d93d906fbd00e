"""`POST /feeds/{source}/{key}`: a carrier's or aggregator's push, answered in its own words."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from yishi.api import problems
from yishi.feeds.port import BAD_SIGNATURE, TAKEN, UNREADABLE, Answer, Pushed
from yishi.feeds.queries.sources import SourceCard, find_source_by_push
from yishi.kit.clock import now
from yishi.kit.errors import DATABASE_AWAY
from yishi.shipments.actions.take_in import take_in

MAX_BODY = 4 * 1024 * 1024


@csrf_exempt
@require_POST
def push(request: HttpRequest, source: str, key: str) -> HttpResponse:
    """404 for an unknown key, 413 over 4 MB, 400 for nothing, 401 for a bad signature; else the source's
    own success.

    What is signed but cannot be read is a success to the source as well: it is kept, and pushing it again
    would change nothing.
    """
    found = find_source_by_push(source, key)
    if found is None:
        return HttpResponseNotFound()
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY or len(body := request.body) > MAX_BODY:
        return problems.too_large()
    if not body.strip():
        return problems.unreadable()
    try:
        return _wrapped(_take(found, body, request))
    except DATABASE_AWAY:
        return problems.unavailable()


def _take(source: SourceCard, body: bytes, request: HttpRequest) -> Answer:
    at = now()
    pushed = Pushed(body, source.settings, at, source.zone)
    headers = {name.lower(): value for name, value in request.headers.items()}
    if not source.reader.check_signature(body, headers, source.settings):
        return source.reader.answer(BAD_SIGNATURE, pushed)
    with transaction.atomic():
        counts = take_in(source=source, body=body, content_type=request.content_type or "", at=at)
    return source.reader.answer(UNREADABLE if counts.quarantined else TAKEN, pushed)


def _wrapped(answer: Answer) -> HttpResponse:
    return HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)


urlpatterns = [path("<str:source>/<str:key>", push, name="push")]
