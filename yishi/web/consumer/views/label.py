"""Scan: the barcode before the camera, or a photo of the label that the server reads and forgets."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from yishi.kit import clock
from yishi.kit.errors import Refusal
from yishi.kit.files import MAX_BYTES, FileTooLarge, Upload, safe_photo
from yishi.web.consumer.doors import check_look_up, check_photo, poster_of
from yishi.web.consumer.labels import Label, read_label
from yishi.web.consumer.views.look_up import rows_of
from yishi.web.shared.policy import allow_scanner

_FORM_OVERHEAD = 64 * 1024


@require_safe
def scan(request: HttpRequest) -> HttpResponse:
    """The camera's page; where there is none, the same page takes a photo."""
    check_look_up(request, clock.now())
    return allow_scanner(render(request, "consumer/scan.html", {"poster": poster_of(request)}))


@csrf_exempt  # it changes nothing, and must work where cookies are refused
@require_POST
def label(request: HttpRequest) -> HttpResponse:
    """The numbers on a photo, to be touched or corrected; the photo is neither kept nor shown."""
    at = clock.now()
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES + _FORM_OVERHEAD:
        return _page(request, refusal=FileTooLarge())
    check_photo(request, at)
    photo = request.FILES.get("photo")
    if photo is None:
        return _page(request)
    try:
        upload = Upload(name="", content_type=photo.content_type or "", stream=photo)
        return _page(request, read_label(safe_photo(upload=upload)))
    except Refusal as refusal:
        return _page(request, refusal=refusal)


def _page(request: HttpRequest, read: Label | None = None, refusal: Refusal | None = None) -> HttpResponse:
    rows = rows_of(read.numbers) if read else []
    if rows:
        check_look_up(request, clock.now(), [row.number for row in rows])
    context = {
        "at": clock.now(),
        "rows": rows,
        "why_not": read.why_not if read else "",
        "is_unchosen": read is None and refusal is None,
        "refusal": refusal.title if refusal else "",
        "poster": poster_of(request),
    }
    status = refusal.status if refusal else 200 if read else 422
    return render(request, "consumer/label.html", context, status=status)
