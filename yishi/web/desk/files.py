"""Evidence as bytes: only for whom the case is in sight, never run by the browser."""

from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yishi.cases.queries.history import access_file
from yishi.kit.clock import now
from yishi.kit.errors import NotFound
from yishi.kit.files import StoredFile, open_file
from yishi.kit.personal import log_look
from yishi.people.rules import Permission, Viewer
from yishi.shipments.queries.photos import access_door_photo
from yishi.web.desk.doors import staff_page
from yishi.web.desk.look_up import find

# a photo that we have re-encoded is shown; everything else is saved, never opened by the browser
SHOWN = "image/jpeg"


@staff_page(Permission.CASE_READ)
@require_safe
def file(request: HttpRequest, viewer: Viewer, file_id: UUID) -> HttpResponse:
    return _serve(viewer, file_id, thumbnail=False)


@staff_page(Permission.CASE_READ)
@require_safe
def thumbnail(request: HttpRequest, viewer: Viewer, file_id: UUID) -> HttpResponse:
    return _serve(viewer, file_id, thumbnail=True)


@staff_page(Permission.CASE_READ)
@require_safe
def original(request: HttpRequest, viewer: Viewer, file_id: UUID) -> HttpResponse:
    """A photo as it was handed in, with its position, to be saved as proof; the look is written down."""
    held = access_file(viewer=viewer, file_id=file_id)
    if not held.has_original:
        raise NotFound()
    try:
        body = open_file(held, original=True)
    except FileNotFoundError:
        raise NotFound from None
    log_look(
        viewer=viewer.label,
        subject=f"file:{file_id}",
        field="original",
        reason="",
        is_silent=True,
        at=now(),
    )
    return HttpResponse(
        body,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(held.name or 'file', safe='')}",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


@staff_page(Permission.CASE_READ)
@require_safe
def door_photo(request: HttpRequest, viewer: Viewer, waybill_no: str, file_id: UUID) -> HttpResponse:
    """What a courier photographed at the door: for whom the parcel, or a case about it, is in sight."""
    parcel = find(viewer, waybill_no, request.GET.get("carrier", ""))
    held = access_door_photo(shipment_id=parcel.shipment_id, file_id=file_id)
    log_look(
        viewer=viewer.label, subject=f"file:{file_id}", field="photo", reason="", is_silent=True, at=now()
    )
    return _bytes(held, thumbnail=False)


def _serve(viewer: Viewer, file_id: UUID, *, thumbnail: bool) -> HttpResponse:
    """The file's bytes. Raises NotFound when no case in sight holds it, or its bytes are gone."""
    return _bytes(access_file(viewer=viewer, file_id=file_id), thumbnail=thumbnail)


def _bytes(held: StoredFile, *, thumbnail: bool) -> HttpResponse:
    kind = "image/jpeg" if thumbnail else held.content_type
    try:
        body = open_file(held, thumbnail=thumbnail)
    except FileNotFoundError:
        raise NotFound from None
    how = "inline" if kind == SHOWN else "attachment"
    return HttpResponse(
        body,
        content_type=kind,
        headers={
            "Content-Disposition": f"{how}; filename*=UTF-8''{quote(held.name or 'file', safe='')}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; img-src 'self'; sandbox",
            "Cache-Control": "private, no-store",
        },
    )


def quoted_name(name: str) -> str:
    """A file's name as a header carries it."""
    return quote(name or "file", safe="")
