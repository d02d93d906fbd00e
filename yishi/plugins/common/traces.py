"""Traces as most sources send them: parcels, each with a list of scans, under other names each time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from yishi.feeds.port import Parsed, ParsedEvent, Rejected, Unreadable
from yishi.plugins.common.reading import moment, word

Names = tuple[str, ...]
Meaning = Callable[[str, str], tuple[str, str]]
"""(code, text) → (kind, detail)."""

UNKNOWN = ("unknown", "")


@dataclass(frozen=True)
class TraceForm:
    """What one source calls things; of several names the first that says something counts.

    `wrapped_in` are fields that hold the parcels, `scans` those of a parcel that hold its scans (a list, or
    one object); without them the parcel is its own only scan. `place_in` is an object of a scan that says
    where it was.
    """

    number: Names
    at: Names
    meaning: Meaning
    carrier: str = ""
    code: Names = ()
    text: Names = ()
    city: Names = ()
    outlet: Names = ()
    courier: Names = ()
    signed_by: Names = ()
    wrapped_in: Names = ()
    scans: Names = ()
    place_in: str = ""


def by_code(kinds: Mapping[str, tuple[str, str]]) -> Meaning:
    """Codes by a table; `Pending_*` in it stands for every code that begins so. Others are `unknown`."""
    families = {code[:-1]: kind for code, kind in kinds.items() if code.endswith("_*")}

    def meaning(code: str, text: str) -> tuple[str, str]:
        if found := kinds.get(code):
            return found
        return families.get(code[: code.find("_") + 1], UNKNOWN) if families else UNKNOWN

    return meaning


def said(record: Mapping[str, Any], names: Names) -> str:
    """The first of these fields that says something."""
    for name in names:
        if text := word(record.get(name)):
            return text
    return ""


def read_traces(push: Any, form: TraceForm, zone: tzinfo) -> Parsed:
    """All scans of a push; refusals count its scans from 0. Raises Unreadable where there is no parcel."""
    parsed = Parsed()
    for parcel in _parcels(push, form):
        if isinstance(parcel, dict):
            held = next((parcel[name] for name in form.scans if parcel.get(name) is not None), parcel)
            add_scans(parsed, held, said(parcel, form.number), form, zone)
        else:
            add_scans(parsed, [parcel], "", form, zone)
    return parsed


def _parcels(push: Any, form: TraceForm) -> list[Any]:
    for name in form.wrapped_in:
        if isinstance(push, dict) and isinstance(push.get(name), list | dict):
            push = push[name]
    if isinstance(push, list):
        return push
    if not isinstance(push, dict):
        raise Unreadable("bad_json", "neither a parcel nor a list of them")
    if not any(name in push for name in (*form.number, *form.scans)):
        raise Unreadable("missing_field", form.number[0])
    return [push]


def add_scans(
    parsed: Parsed, scans: Any, number: str, form: TraceForm, zone: tzinfo, *, carrier: str = ""
) -> None:
    """Adds the scans (a list, or one alone) of the parcel of that number to what was read, or their
    refusals; `carrier` where the form names none."""
    for scan in scans if isinstance(scans, list) else [scans]:
        found = _event(scan, number, form, zone, form.carrier or carrier)
        if isinstance(found, str):
            parsed.rejected.append(Rejected(len(parsed.events) + len(parsed.rejected), found))
        else:
            parsed.events.append(found)


def _event(scan: Any, number: str, form: TraceForm, zone: tzinfo, carrier: str) -> ParsedEvent | str:
    if not isinstance(scan, dict):
        return "bad_json"
    number = number or said(scan, form.number)
    time = said(scan, form.at)
    if not number or not time:
        return "missing_field"
    happened_at = moment(time, zone)
    if happened_at is None:
        return "bad_time"
    place = scan.get(form.place_in) if form.place_in else scan
    if not isinstance(place, dict):
        place = scan
    code, text = said(scan, form.code), said(scan, form.text)
    kind, detail = form.meaning(code, text)
    return ParsedEvent(
        waybill_no=number,
        carrier=carrier,
        kind=kind,
        detail=detail,
        happened_at=happened_at,
        city=said(place, form.city),
        outlet=said(place, form.outlet),
        courier=said(scan, form.courier),
        text=text,
        source_code=code,
        signed_by=said(scan, form.signed_by),
    )


def add_verdict(parsed: Parsed, code: str, meaning: Meaning) -> None:
    """What the source says of the parcel as a whole, where its newest coded scan does not say it already.

    One more event without text, at the newest scan's time: it has none of its own, and what a single scan is
    must not change with the next push.
    """
    if not code or not parsed.events:
        return
    kind, detail = meaning(code, "")
    newest = max(parsed.events, key=lambda e: e.happened_at)
    coded = max((e for e in parsed.events if e.source_code), key=lambda e: e.happened_at, default=None)
    if coded is not None and coded.kind == kind:
        return
    verdict = ParsedEvent(
        waybill_no=newest.waybill_no,
        carrier=newest.carrier,
        kind=kind,
        detail=detail,
        happened_at=newest.happened_at,
        source_code=code,
    )
    parsed.events.append(verdict)
