"""Look-up: a number, or a whole pasted message with several, leads to its parcels."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from yishi.kit import clock
from yishi.network.queries import carrier_names, find_outlet
from yishi.shipments.queries.lines import ParcelLine, list_public_lines
from yishi.shipments.rules.numbers import is_mobile, numbers_in
from yishi.web.consumer.doors import check_look_up, poster_of
from yishi.web.consumer.links import own_path


class Row(NamedTuple):
    """One number and its parcel, None where it is unknown."""

    number: str
    line: ParcelLine | None
    carrier_name: str


@csrf_exempt  # it changes nothing; a message is posted so that it stands in no address and no log
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """The front page; with `q` it goes on to the parcel, or shows the several that were asked for."""
    said = request.POST if request.method == "POST" else request.GET
    asked, at = said.get("q", "").replace("\x00", ""), clock.now()
    if own := own_path(asked, {request.get_host(), urlsplit(settings.ENVIRONMENT.web_origin).netloc}):
        check_look_up(request, at)
        return redirect(own)
    numbers = numbers_in(asked)
    # each number counts where it is looked up: here when several are shown, else where this leads
    check_look_up(request, at, numbers if len(numbers) > 1 and request.method != "POST" else ())
    if len(numbers) == 1:
        return to_parcel(request, numbers[0])
    if request.method == "POST" and numbers:
        query = {"q": " ".join(numbers)} | ({"o": poster_of(request)} if poster_of(request) else {})
        return redirect(f"{reverse('consumer:look_up')}?{urlencode(query)}")
    rows = rows_of(numbers)
    known = [row for row in rows if row.line]
    if len(known) == 1:
        return to_parcel(request, known[0].number)
    return look_up_page(request, asked=asked, rows=rows)


def rows_of(numbers: Sequence[str]) -> list[Row]:
    """Every number with what anybody may know of it; the known ones first, else in their order."""
    lines = {line.waybill_no: line for line in list_public_lines(numbers)} if numbers else {}
    names = carrier_names() if lines else {}
    rows = [
        Row(number, line, names.get(line.carrier, "") if line else "")
        for number, line in ((number, lines.get(number)) for number in numbers)
    ]
    return sorted(rows, key=lambda row: row.line is None)


def to_parcel(request: HttpRequest, number: str) -> HttpResponse:
    onward, poster = reverse("consumer:parcel", args=[number]), poster_of(request)
    return redirect(f"{onward}?{urlencode({'o': poster})}" if poster else onward)


def look_up_page(
    request: HttpRequest,
    *,
    asked: str = "",
    rows: Sequence[Row] = (),
    unknown: str = "",
    maybe: Sequence[str] = (),
) -> HttpResponse:
    """The page itself; 404 when it tells that a number is unknown, with the carriers that it may be of."""
    poster = poster_of(request)
    outlet = find_outlet(poster) if poster else None
    context = {
        "at": clock.now(),
        "asked": asked[:6000],
        "rows": rows,
        "has_asked": bool(asked.strip()) and not unknown,
        "unknown": unknown,
        "is_mobile": is_mobile(unknown),
        "maybe": _("或").join(maybe),
        "poster": poster,
        "outlet_name": outlet.name if outlet else "",
    }
    return render(request, "consumer/look_up.html", context, status=404 if unknown else 200)
