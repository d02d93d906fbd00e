"""`Idempotency-Key` on every write of the API: the first answer is kept with its effect and said again."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from ninja import Schema

from yishi.api.auth import address_of
from yishi.api.problems import problem, refusal_problem, unavailable
from yishi.kit.clock import now
from yishi.kit.errors import DATABASE_AWAY, Invalid, Refusal
from yishi.kit.idempotency import claim, finish
from yishi.people.queries import viewer_of_key

MAX_KEY = 255
_WRITES = {"POST", "PUT", "PATCH", "DELETE"}
# events are their own key; a wrong code must count, so its row may not be rolled back with the answer
_EXEMPT = ("/api/v1/events", "/api/v1/public/codes")
# a message of a chat knows its own key: the code that it may hold is checked in a transaction of its own
_BY_ITSELF = ("/api/v1/public/chat/", "/messages")
# a scanner asks anew each time: an answer of before the stop must not be said again after it
_ASKED_ANEW = "/scans"
# a wrong pickup code must count: the view checks it first, then keeps its answer (`keep_answer`)
_COUNTED_FIRST = "/handouts"
_PUBLIC, _TALK_BEGINS = "/public/", "/api/v1/public/chat"

View = Callable[[HttpRequest], HttpResponse]


class IdempotencyMiddleware:
    """One transaction around claim, action and stored answer; anything but 2xx leaves no trace of the key."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get("Idempotency-Key")
        is_ours = request.path_info.startswith("/api/v1/") and request.method in _WRITES
        path = request.path_info
        if not key or not is_ours or path.startswith(_EXEMPT) or path.endswith((_ASKED_ANEW, _COUNTED_FIRST)):
            return self.get_response(request)
        if len(key) > MAX_KEY:
            return problem(code="bad_idempotency_key", status=400, title="Idempotency-Key")
        if path.startswith(_BY_ITSELF[0]) and path.endswith(_BY_ITSELF[1]):
            return self.get_response(request)
        try:
            return self._once(request, key)
        except Refusal as refusal:
            return refusal_problem(refusal)
        except DATABASE_AWAY:
            # perhaps it went at the commit: whether it counted, the same key sent again will tell
            return unavailable()

    def _once(self, request: HttpRequest, key: str) -> HttpResponse:
        scope, content = _scope(request), _content_hash(request)
        with transaction.atomic():
            replay = claim(scope=scope, key=key, content_hash=content, at=now())
            if replay is not None and _is_known(request):
                response = HttpResponse(
                    replay.body, status=replay.status, content_type="application/json; charset=utf-8"
                )
                response["Idempotency-Replayed"] = "true"
                return response
            response = self.get_response(request)
            if 200 <= response.status_code < 300:
                finish(scope=scope, key=key, status=response.status_code, body=response.content.decode())
            else:
                transaction.set_rollback(True)
        return response


def _is_known(request: HttpRequest) -> bool:
    """A key that was revoked is not told again what it was told before."""
    bearer = request.headers.get("Authorization", "")
    return _PUBLIC in request.path_info or viewer_of_key(bearer.partition(" ")[2]) is not None


def _scope(request: HttpRequest) -> str:
    """Caller, method and route; on public routes the path's own token is the caller, or his address where a
    talk is begun: nothing in that is known to its sender alone."""
    bearer = request.headers.get("Authorization", "")
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return f"{request.method} {request.path_info}"
    caller = bearer
    if _PUBLIC in request.path_info:
        is_talk = request.path_info == _TALK_BEGINS
        caller = address_of(request) if is_talk else str(match.kwargs.get("token", "public"))
    return f"{caller} {request.method} {match.route}"


def _content_hash(request: HttpRequest) -> bytes:
    """Equal means equal fields and equal files, whatever the multipart boundary or part order."""
    digest = hashlib.sha256(request.path_info.encode())
    if request.content_type == "multipart/form-data":
        for name in sorted(request.POST):
            digest.update(f"\0{name}={request.POST.getlist(name)}".encode())
        for name, files in sorted(request.FILES.lists()):
            for file in files:
                digest.update(f"\0{name}:{file.name}".encode())
                digest.update(hashlib.sha256(b"".join(file.chunks())).digest())
                file.seek(0)
    else:
        digest.update(request.body)
    return digest.digest()


def first_answer(request: HttpRequest, *, at: datetime) -> HttpResponse | None:
    """What the same key was answered before, for a view that must check something outside of its write; None
    for the first time or without a key. Raises KeyReused, StillRunning."""
    key = _own_key(request)
    if not key:
        return None
    with transaction.atomic():
        replay = claim(scope=_scope(request), key=key, content_hash=_content_hash(request), at=at)
        transaction.set_rollback(True)
    if replay is None:
        return None
    response = HttpResponse(replay.body, status=replay.status, content_type="application/json; charset=utf-8")
    response["Idempotency-Replayed"] = "true"
    return response


def keep_answer(
    request: HttpRequest, shape: type[Schema], write: Callable[[], dict[str, Any]], *, at: datetime
) -> Any:
    """Does the write and keeps its answer (200) under the request's key, in the caller's transaction."""
    key, scope = _own_key(request), _scope(request)
    claim(scope=scope, key=key, content_hash=_content_hash(request), at=at)
    said = shape(**write()).model_dump_json()
    finish(scope=scope, key=key, status=200, body=said)
    return HttpResponse(said, content_type="application/json; charset=utf-8")


def _own_key(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > MAX_KEY:
        raise Invalid([("/Idempotency-Key", "too_long", "最多 255 个字符")])
    return key
