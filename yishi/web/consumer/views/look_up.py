"""Look-up: one number, however it was pasted, leads to its parcel."""

import re
import unicodedata
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yishi.kit import clock
from yishi.network.queries import find_outlet
from yishi.shipments.rules.waybills import normalise_waybill_no
from yishi.web.consumer.doors import check_look_up, poster_of

_WHOLE = re.compile(r"(?<![A-Z0-9-])[A-Z]{0,4}[0-9][A-Z0-9]{9,27}(?![A-Z0-9-])")
_SHORT = re.compile(r"(?<![A-Z0-9])[A-Z]{0,4}[0-9][A-Z0-9]{5,27}(?![A-Z0-9])")
_MOBILE = re.compile(r"1[3-9]\d{9}")


def numbers_in(text: str) -> list[str]:
    """The waybill numbers in pasted text; full-width signs, spaces and hyphens in them do not matter.

    Whole numbers are found first; only where there is none, groups of digits are joined. Mobile numbers
    are left out where anything else is found.
    """
    folded = unicodedata.normalize("NFKC", text[:2000]).upper()
    found = _WHOLE.findall(folded) or [number for part in folded.splitlines() for number in _joined(part)]
    numbers = list(dict.fromkeys(found))
    return [number for number in numbers if not _MOBILE.fullmatch(number)] or numbers


def _joined(line: str) -> list[str]:
    """Numbers written in groups: 7712 0000 0018 826, SF-1234-5678."""
    whole = normalise_waybill_no(line)
    if whole and any(sign.isdigit() for sign in whole):
        return [whole]
    return _SHORT.findall(re.sub(r"(?<=[A-Z0-9])[\s\u2010-\u2015-]+(?=\d)", "", line))


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
        "poster": poster,
        "outlet_name": outlet.name if outlet else "",
    }
    return render(request, "consumer/look_up.html", context, status=404 if unknown else 200)
