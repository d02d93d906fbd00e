"""Look-up: one number, however it was pasted, leads to its parcel."""

import re
import unicodedata

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

_NUMBER = re.compile(r"[A-Z]{0,4}[0-9]{6,32}[A-Z0-9]*")


def numbers_in(text: str) -> list[str]:
    """The waybill numbers in pasted text, longest first; full-width signs, spaces and hyphens do not matter."""
    folded = unicodedata.normalize("NFKC", text[:2000]).upper()
    joined = re.sub(r"(?<=[A-Z0-9])[ \t\u2010-\u2015-]+(?=[0-9])", "", folded)
    found = {match.group() for match in _NUMBER.finditer(joined) if len(match.group()) <= 32}
    return sorted(found, key=lambda number: (-len(number), number))


@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    """The front page; with `?q=` it goes on to the parcel when there is one number in it."""
    asked = request.GET.get("q", "")
    numbers = numbers_in(asked)
    if len(numbers) == 1:
        return redirect("consumer:parcel", waybill_no=numbers[0])
    context = {"asked": asked[:200], "numbers": numbers[:10], "has_asked": bool(asked.strip())}
    return render(request, "consumer/look_up.html", context)
