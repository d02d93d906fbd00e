"""Look-up: one number, however it was pasted, leads to its parcel."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yishi.kit import clock
from yishi.network.queries import find_outlet
from yishi.web.consumer.doors import check_look_up, poster_of
from yishi.web.consumer.numbers import is_mobile, numbers_in


@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    """The front page; with `?q=` it goes on to the parcel when there is one number in it."""
    check_look_up(request, clock.now())
    asked, poster = request.GET.get("q", ""), poster_of(request)
    numbers = numbers_in(asked) if asked.strip() else []
    if len(numbers) == 1:
        onward = reverse("consumer:parcel", args=[numbers[0]])
        return redirect(f"{onward}?{urlencode({'o': poster})}" if poster else onward)
    return look_up_page(request, asked=asked, numbers=numbers)


def look_up_page(
    request: HttpRequest, *, asked: str = "", numbers: list[str] | None = None, unknown: str = ""
) -> HttpResponse:
    """The page itself; 404 when it tells that a number is unknown."""
    poster = poster_of(request)
    outlet = find_outlet(poster) if poster else None
    context = {
        "asked": asked[:200],
        "numbers": (numbers or [])[:10],
        "has_asked": bool(asked.strip()) and not unknown,
        "unknown": unknown,
        "is_mobile": is_mobile(unknown),
        "poster": poster,
        "outlet_name": outlet.name if outlet else "",
    }
    return render(request, "consumer/look_up.html", context, status=404 if unknown else 200)
