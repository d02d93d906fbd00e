"""Signing in and out. One answer for every wrong try, so that nobody learns which names exist."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from yishi.kit.clock import now
from yishi.kit.errors import Refusal
from yishi.kit.ratelimit import client_address
from yishi.people import actions as people
from yishi.people.queries import viewer_of_user
from yishi.web.desk.page import home_of, safe_next, speak

BACKEND = "django.contrib.auth.backends.ModelBackend"


@sensitive_post_parameters("password", "otp")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _try(request)
    if request.user.is_authenticated:
        home = home_of(viewer_of_user(request.user))
        return HttpResponseRedirect(safe_next(request, request.GET.get("next", ""), home))
    return render(request, "desk/sign_in.html", {"next": request.GET.get("next", "")})


def _try(request: HttpRequest) -> HttpResponse:
    username = request.POST.get("username", "").strip()[:150]
    try:
        user = people.sign_in(
            username=username,
            password=request.POST.get("password", "")[:200],
            otp=request.POST.get("otp", "").strip() or None,
            address=client_address(request.META, settings.ENVIRONMENT.trusted_proxies),
            at=now(),
        )
    except Refusal as refusal:
        return _refused(request, refusal, username)
    login(request, user, backend=BACKEND)
    home = home_of(viewer_of_user(user))
    response = HttpResponseRedirect(safe_next(request, request.POST.get("next", ""), home))
    return speak(response, user.language)


def _refused(request: HttpRequest, refusal: Refusal, username: str) -> HttpResponse:
    values = {
        "refused": refusal.title,
        "is_locked": refusal.status in {423, 429},
        "asks_code": isinstance(refusal, people.SecondFactorNeeded) or bool(request.POST.get("otp")),
        "username": username,
        "next": request.POST.get("next", ""),
    }
    response = render(request, "desk/sign_in.html", values, status=refusal.status)
    if refusal.retry_after_s:
        response["Retry-After"] = str(refusal.retry_after_s)
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect(reverse("desk:sign_in"))
