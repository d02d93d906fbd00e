"""The content policy of every page: nothing inline, nothing from other hosts but the live address."""

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

NOBODY = "'none'"


@lru_cache
def content_policy(live_origin: str, *, has_scanner: bool = False, framed_by: tuple[str, ...] = ()) -> str:
    """The policy of a page; only a page with the scanner may compile WebAssembly (never `eval`), only the
    widget's pages may stand in frames of the sites that the operator named."""
    parts = urlsplit(live_origin)
    scanner = " 'wasm-unsafe-eval'" if has_scanner else ""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self'{scanner}",
            "style-src 'self'",
            "img-src 'self' blob:",
            "media-src 'self'",
            "font-src 'self'",
            "manifest-src 'self'",
            f"connect-src 'self' {parts.scheme}://{parts.netloc}",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {' '.join(framed_by) if framed_by else NOBODY}",
        ]
    )


def allow_scanner(response: HttpResponse) -> HttpResponse:
    """Gives this one answer the policy of a page with the scanner."""
    live = settings.ENVIRONMENT.live_origin
    response["Content-Security-Policy"] = content_policy(live, has_scanner=True)
    return response


def allow_frame(response: HttpResponse) -> HttpResponse:
    """Lets this one answer stand in a frame of the sites of YISHI_WIDGET_ORIGINS, and of no other."""
    settled = settings.ENVIRONMENT
    if settled.widget_origins:
        response["Content-Security-Policy"] = content_policy(
            settled.live_origin, framed_by=settled.widget_origins
        )
        # the older header knows no list of sites
        response.xframe_options_exempt = True
    return response


class ContentPolicy:
    """Middleware: a strict Content-Security-Policy on every answer; pages are not cached."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", content_policy(settings.ENVIRONMENT.live_origin))
        response.setdefault("Permissions-Policy", "camera=(self), microphone=(self), geolocation=()")
        if response.get("Content-Type", "").startswith("text/html"):
            response.setdefault("Cache-Control", "no-store")
        return response
