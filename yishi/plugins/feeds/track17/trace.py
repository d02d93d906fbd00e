"""One push of 17TRACK: a parcel's whole trace from each carrier that has it, and a verdict over all."""

from datetime import tzinfo
from typing import Any

from yishi.feeds.port import Parsed, Unreadable
from yishi.plugins.common.reading import word
from yishi.plugins.common.traces import TraceForm, add_scans, add_verdict, by_code, said
from yishi.plugins.feeds.track17.mapping import KIND_OF

FORM = TraceForm(
    number=("number",),
    # the moment is the same in both; only the first always has its zone
    at=("time_utc", "time_iso"),
    code=("sub_status", "stage"),
    meaning=by_code(KIND_OF),
    text=("description",),
    city=("city", "location"),
    place_in="address",
)


def read_push(push: Any, zone: tzinfo) -> Parsed:
    """The events of a push; none where tracking stopped. Raises Unreadable."""
    event = push.get("event") if isinstance(push, dict) else None
    if event not in ("TRACKING_UPDATED", "TRACKING_STOPPED"):
        raise Unreadable("unknown_push_state", f"event is {event!r}"[:200])
    data = push.get("data")
    number = said(data, FORM.number) if isinstance(data, dict) else ""
    if not number:
        raise Unreadable("missing_field", "data.number")
    parsed = Parsed()
    if event == "TRACKING_UPDATED":
        _read(data.get("track_info"), number, parsed, zone)
    return parsed


def _read(info: Any, number: str, parsed: Parsed, zone: tzinfo) -> None:
    tracking = info.get("tracking") if isinstance(info, dict) else None
    providers = tracking.get("providers") if isinstance(tracking, dict) else None
    if not isinstance(providers, list):
        raise Unreadable("missing_field", "data.track_info.tracking.providers")
    for leg in providers:
        # a leg that is no object is refused as one scan
        scans = leg.get("events") or [] if isinstance(leg, dict) else [leg]
        add_scans(parsed, scans, number, FORM, zone, carrier=_carrier(leg))
    if isinstance(latest := info.get("latest_status"), dict):
        add_verdict(parsed, said(latest, ("sub_status", "status")), FORM.meaning)


def _carrier(leg: Any) -> str:
    """The carrier by its name without spaces, the one thing that is the same in every account."""
    provider = leg.get("provider") if isinstance(leg, dict) else None
    return word(provider.get("name")).replace(" ", "").lower() if isinstance(provider, dict) else ""
