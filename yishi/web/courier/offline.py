"""What makes the courier's pages stay on his telephone: the manifest, the service worker, the page for when
nothing else is there. None of the three says anything about anybody."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

# the colour of the design, light
_BRAND = "#12586b"


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """How it is called and looks on the home screen."""
    sizes = ((192, "courier/icon-192.png"), (512, "courier/icon-512.png"))
    icons = [{"src": static(name), "sizes": f"{n}x{n}", "type": "image/png"} for n, name in sizes]
    said = {
        "name": _("驿使 · 派件"),
        "short_name": _("驿使"),
        "start_url": reverse("courier:today"),
        "scope": reverse("courier:today"),
        "display": "standalone",
        "theme_color": _BRAND,
        "background_color": "#ffffff",
        "icons": [*icons, {"src": static("yishi/mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(said, content_type="application/manifest+json")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, from the one address under which it may keep these pages."""
    answer = render(request, "courier/sw.js", content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Nothing kept of the page that was asked for."""
    return render(request, "courier/offline.html")
