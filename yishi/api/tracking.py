"""Tracking in: events, master data and contact attempts from integrators. The edge serves events by the
same code."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from yishi.api import problems
from yishi.api import schemas as s
from yishi.api.auth import viewer_of
from yishi.feeds.actions import ensure_source
from yishi.feeds.port import Parsed, Unreadable
from yishi.feeds.queries import SourceCard
from yishi.kit.clock import now
from yishi.people.queries import viewer_of_key
from yishi.people.rules import Permission, Viewer
from yishi.shipments.actions.contacts import record_contact
from yishi.shipments.actions.take_in import take_in
from yishi.shipments.rules.counts import Counts

router = Router(tags=["tracking"])

# the hot statements speak to psycopg directly, everything else through Django
DATABASE_AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
MAX_WIRE = 4 * 1024 * 1024
MAX_UNPACKED = 16 * 1024 * 1024
MAX_ITEMS = 5_000
_JSON = "application/json; charset=utf-8"
_SWITCHED_OFF = {"no_phone": ["notices", "my_parcels"]}


@dataclass(frozen=True)
class EventsAnswer:
    """An answer that neither Django nor the edge has wrapped yet."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Refused(Exception):
    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


def answer_events(*, headers: Mapping[str, str], body: bytes, at: datetime) -> EventsAnswer:
    """`POST /api/v1/events`: header names in lower case; the answer after the data is durable."""
    return _answer(headers, body, at, expects="events")


def _answer(headers: Mapping[str, str], body: bytes, at: datetime, *, expects: str) -> EventsAnswer:
    try:
        source = _source_of(headers, at)
        plain = _unpacked(headers, body)
        content_type = headers.get("content-type", "")
        parsed = _parsed(source, plain, expects)
        counts = take_in(source=source, body=plain, content_type=content_type, at=at, parsed=parsed)
    except _Refused as refused:
        return _of(refused.response)
    except DATABASE_AWAY:
        return _of(problems.unavailable())
    if counts.quarantined:
        return _of(problems.unreadable(counts.quarantined))
    return EventsAnswer(200, {"content-type": _JSON}, _said(counts))


def _of(response: HttpResponse) -> EventsAnswer:
    return EventsAnswer(response.status_code, dict(response.items()), response.content)


def _source_of(headers: Mapping[str, str], at: datetime) -> SourceCard:
    """The key's own source: what a key sent is known again by key."""
    scheme, _space, token = headers.get("authorization", "").partition(" ")
    viewer = viewer_of_key(token.strip()) if scheme.lower() == "bearer" and token else None
    if viewer is None:
        raise _Refused(problems.no_key())
    if not viewer.may(Permission.INGEST):
        raise _Refused(problems.problem(code="not_allowed", status=403, title=_("这把密钥不能写入轨迹")))
    return ensure_source(code=f"key-{viewer.key_id}", plugin="generic", label=viewer.name, at=at)


def _unpacked(headers: Mapping[str, str], body: bytes) -> bytes:
    if len(body) > MAX_WIRE:
        raise _Refused(problems.too_large())
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding != "gzip":
        raise _Refused(problems.wrong_type())
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, MAX_UNPACKED + 1)
    except zlib.error:
        raise _Refused(problems.unreadable("gzip")) from None
    if len(plain) > MAX_UNPACKED:
        raise _Refused(problems.too_large())
    if not unpacker.eof:
        raise _Refused(problems.unreadable("gzip"))
    return plain


def _parsed(source: SourceCard, body: bytes, expects: str) -> Parsed:
    """What was sent, read; a program hears at once what it did wrong, so nothing goes to quarantine."""
    try:
        parsed = source.reader.parse(body, "application/json", {"expects": expects}, source.zone)
    except Unreadable as error:
        raise _Refused(problems.unreadable(error.detail)) from None
    if len(parsed.events) + len(parsed.master_data) + len(parsed.rejected) > MAX_ITEMS:
        raise _Refused(problems.too_large())
    return parsed


def _said(counts: Counts) -> bytes:
    said: dict[str, Any] = {
        "accepted": counts.accepted,
        "duplicate": counts.duplicate,
        "rejected": [{"index": r.index, "reason": r.reason} for r in counts.rejected],
    }
    if counts.notes:
        said["switched_off"] = [
            {"index": index, "reason": reason, "what": _SWITCHED_OFF[reason]}
            for index, reason in counts.notes
        ]
    return msgspec.json.encode(said)


def _respond(request: HttpRequest, expects: str) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_WIRE:
        return problems.too_large()
    headers = {name.lower(): value for name, value in request.headers.items()}
    answer = _answer(headers, request.body, now(), expects=expects)
    return HttpResponse(answer.body, status=answer.status, headers=dict(answer.headers))


_COUNTS: dict[int, Any] = {
    200: s.CountsOut,
    **dict.fromkeys((400, 401, 403, 413, 415, 503), problems.Problem),
}


@router.post("/events", response=_COUNTS, auth=None)
def post_events(request: HttpRequest) -> HttpResponse:
    """Tracking events as a JSON array or NDJSON, gzip accepted; at most 5,000."""
    return _respond(request, "events")


@router.post("/shipments", response=_COUNTS, auth=None)
def post_shipments(request: HttpRequest) -> HttpResponse:
    """What is known about parcels besides their events, added to what was known."""
    return _respond(request, "shipments")


@router.post("/shipments/{waybill_no}/contacts", response={201: s.ContactAttemptOut, 404: problems.Problem})
def post_contact(
    request: HttpRequest, waybill_no: str, body: s.ContactAttemptIn, carrier: str | None = None
) -> Any:
    """One attempt to reach the consignee."""
    viewer: Viewer = viewer_of(request, Permission.CONTACT_WRITE)
    position = "" if body.position is None else msgspec.json.encode(body.position).decode()
    record_contact(
        waybill_no=waybill_no,
        carrier=carrier,
        kind=body.kind,
        made_at=body.at,
        outcome=body.outcome,
        courier=body.courier,
        position=position,
        by=viewer,
        at=now(),
    )
    said = {"kind": body.kind, "at": body.at, "outcome": body.outcome, "courier": body.courier}
    return Status(201, said)
