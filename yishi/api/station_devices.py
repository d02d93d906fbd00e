"""出库仪: a scan-and-photo machine pushes what lies on its plate. JSON; docs/station-devices.md."""

import base64
import binascii
import io
import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from yishi.api.problems import refusal_problem
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, Refusal
from yishi.kit.files import Upload
from yishi.kit.photos import kind_of
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.rules.waybills import fit_text
from yishi.stations.actions.devices import Push, device_of_key, take_push
from yishi.stations.rules.moments import OFF_BY_MS

LARGEST = 8 * 1024 * 1024
_TEXTS = ("push_id", "waybill_no", "code", "photo")


@csrf_exempt
@require_POST
def push(request: HttpRequest) -> HttpResponse:
    """200 what was handed out; 4xx with the reason in one word, nothing was given then."""
    at = now()
    try:
        device = device_of_key(request.headers.get("Authorization", "").partition(" ")[2])
        said, photo = _read(request)
        done = take_push(device=device, push=said, photo=photo, by=SYSTEM_VIEWER, at=at)
    except Refusal as refusal:
        return refusal_problem(refusal)
    offset = done.offset_ms or 0
    body: dict[str, Any] = {
        "state": done.state,
        "reason": done.reason,
        "waybill_nos": list(done.waybill_nos),
        "server_at": at.isoformat(),
        "clock_ahead_ms": offset,
        "is_clock_wrong": abs(offset) >= OFF_BY_MS,
    }
    return JsonResponse(body, status=200 if done.state == "DONE" else 409)


def _read(request: HttpRequest) -> tuple[Push, Upload | None]:
    """What was pushed. Read past Django's limit for words, up to our own for a photo."""
    raw = request.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise Invalid([("/photo", "too_long", "照片太大，最多 6 MB")])
    try:
        body = json.loads(raw)
        text: dict[str, Any] = {name: body.get(name) or "" for name in _TEXTS}
        if not all(isinstance(value, str) for value in text.values()):
            raise TypeError
        picture = base64.b64decode(text.pop("photo"), validate=True)
        moments: dict[str, Any] = {name: _moment(body.get(name)) for name in ("device_at", "sent_at")}
    except (ValueError, TypeError, AttributeError, RecursionError, binascii.Error) as error:
        raise Invalid([("/", "bad_json", "不是说好的格式")]) from error
    if any(len(value) > 200 or fit_text(value) != value for value in text.values()):
        raise Invalid([("/code", "bad_value", "太长了，或有不认识的字符")])
    if picture and not kind_of(picture[:16]).startswith("image/"):
        raise Invalid([("/photo", "not_a_photo", "这不是照片")])
    upload = Upload(name="photo.jpg", content_type="image/jpeg", stream=io.BytesIO(picture))
    return Push(**text, **moments), upload if picture else None


def _moment(said: object) -> datetime | None:
    """With its zone, or none: a moment without one, or of another age, says nothing. 1970 is what a machine
    says whose battery is empty, and tells how wrong it is."""
    moment = parse_datetime(said[:40]) if isinstance(said, str) else None
    return moment if moment is not None and moment.tzinfo is not None and 1970 <= moment.year < 2100 else None


urlpatterns = [path("handouts", push, name="station_device")]
