"""What every request passes first: an id, a line in the access log, its time in the metrics; its bounds."""

import logging
import time
import uuid
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from prometheus_client import Histogram

from yishi.config.logging import request_id, route_of
from yishi.shipments.rules.waybills import fit_text

log = logging.getLogger("yishi.access")

DURATION = Histogram(
    "yishi_request_seconds",
    "Time to answer a request.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestLog:
    """One line a request with its route (never its path) and no address; the id goes back as X-Request-ID."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(uuid.uuid4().hex)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id.get()
            self._note(request, response.status_code, time.perf_counter() - started)
            return response
        finally:
            request_id.reset(token)

    def _note(self, request: HttpRequest, status: int, seconds: float) -> None:
        method = request.method if request.method in _METHODS else "OTHER"
        route = route_of(request)
        if request.path.startswith("/static/"):
            return
        DURATION.labels(method, route, f"{status // 100}xx").observe(seconds)
        log.info(
            "request",
            extra={"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)},
        )


MAX_REQUEST = 62 * 1024 * 1024
"""Six photos of 20 MB at most, 60 MB together, and the words around them."""

_PROGRAMS = ("/api/", "/feeds/")


class Bounds:
    """What cannot be held is refused before it is read: too long a request, an address with impossible signs.

    In forms and queries such signs (NUL, half surrogates, other controls) are left out; JSON is cleaned by
    its schemas, a carrier's body by its reader.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit() and len(length) < 20):
            raise SuspiciousOperation("Content-Length")
        if int(length) > MAX_REQUEST:
            raise RequestDataTooBig
        if fit_text(request.path_info) != request.path_info:
            raise Http404
        if _is_unfit(request.GET):
            request.GET = _fit(request.GET)  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        is_form = request.method == "POST" and not request.path_info.startswith(_PROGRAMS)
        if is_form and _is_unfit(request.POST):
            request.POST = _fit(request.POST)  # type: ignore[assignment]


def _is_unfit(said: QueryDict) -> bool:
    return any(fit_text(word) != word for name, words in said.lists() for word in (name, *words))


def _fit(said: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name, words in said.lists():
        kept.setlist(fit_text(name), [fit_text(word) for word in words])
    return kept
