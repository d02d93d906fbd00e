"""Tracking in: events, master data and contact attempts from integrators. The edge takes events too."""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from yishi.api import problems
from yishi.api import schemas as s
from yishi.api.auth import viewer_of
from yishi.kit.clock import now
from yishi.people.rules import Permission, Viewer
from yishi.shipments.actions.contacts import record_contact
from yishi.shipments.actions.post import MAX_WIRE, Post, TooLarge, take_post

router = Router(tags=["tracking"])


def _respond(request: HttpRequest, expects: str) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_WIRE:
        raise TooLarge
    post = Post(
        authorization=request.headers.get("Authorization", ""),
        body=request.body,
        encoding=request.headers.get("Content-Encoding", ""),
        content_type=request.content_type or "",
    )
    counts = take_post(post=post, expects=expects, at=now())
    return HttpResponse(msgspec.json.encode(counts.said()), content_type="application/json; charset=utf-8")


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
