"""Kept events told anew: the identity still knows what the plug-in said; from that, what it means today."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from yishi.feeds.rules import DETAILS, KINDS
from yishi.shipments.rules.scans import Overrides, meaning_of
from yishi.shipments.rules.states import Scan, State, identity_of, state_of


class Kept(msgspec.Struct, frozen=True):
    """A stored event, as far as its meaning and its place in the parcel's state go."""

    identity: bytes
    happened_ms: int
    source_id: int
    kind: str
    source_code: str
    detail: str
    city: str
    outlet: str
    text: str


class Reading(msgspec.Struct, frozen=True):
    """How a source's codes are read: its plug-in, what the operator says, and unusual details by code."""

    plugin: str
    overrides: Overrides
    said_details: Mapping[str, tuple[str, ...]] = {}


def said_of(event: Kept, waybill_no: str, details: Iterable[str] = ()) -> tuple[str, str] | None:
    """The (kind, detail) that the plug-in gave, whatever the event shows now.

    The identity was taken over both, so a guess is either surely right or surely wrong. `details` are those
    to try beside the usual ones; None when no guess fits.
    """
    for kind, detail in _guesses(event, tuple(details)):
        guess = identity_of(
            event.source_id, waybill_no, event.happened_ms, kind, event.source_code, detail, event.city,
            event.outlet, event.text,
        )  # fmt: skip
        if guess == event.identity:
            return kind, detail
    return None


def _guesses(event: Kept, details: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The likeliest first: what it shows, `unknown`, each kind with its own details, then all with all."""
    yield event.kind, event.detail
    yield "unknown", ""
    for kind in KINDS:
        for detail in ("", *DETAILS.get(kind, ()), *details):
            yield kind, detail
    for kind in KINDS:
        for others in DETAILS.values():
            for detail in (*others, event.detail):
                yield kind, detail


def told_anew(event: Kept, waybill_no: str, reading: Reading) -> tuple[str, str, str]:
    """(kind, detail, milestone) of a kept event under this reading."""
    if event.source_code in reading.overrides:
        said = ("unknown", "")
    else:
        said = said_of(event, waybill_no, reading.said_details.get(event.source_code, ())) or (
            event.kind,
            event.detail,
        )
    return meaning_of(*said, event.source_code, event.text, reading.plugin, reading.overrides)


class Retold(msgspec.Struct, frozen=True):
    """A parcel's state after its events were told anew, and the events that show something else now."""

    state: State
    changed: tuple[tuple[Kept, str, str], ...]


def retold(
    events: Iterable[Kept],
    waybill_no: str,
    readings: Mapping[int, Reading],
    *,
    source_id: int,
    source_code: str,
) -> Retold:
    """The parcel as it stands when the events of that source and code mean what `readings` says today.

    All other events keep what they show; a source that is no more is read as its events stand.
    """
    changed: list[tuple[Kept, str, str]] = []
    scans: list[Scan] = []
    for event in events:
        reading = readings.get(event.source_id, Reading("", {}))
        kind, detail = event.kind, event.detail
        if (event.source_id, event.source_code) == (source_id, source_code):
            kind, detail, milestone = told_anew(event, waybill_no, reading)
            if (kind, detail) != (event.kind, event.detail):
                changed.append((event, kind, detail))
        else:
            milestone = shown_milestone(event, reading)
        scans.append(Scan(waybill_no, event.happened_ms, kind, event.identity, milestone))
    return Retold(state_of(scans), tuple(changed))


def shown_milestone(event: Kept, reading: Reading) -> str:
    """The milestone of a kept event as it shows: what it moved its parcel to when it was written."""
    plugin = "" if event.source_code in reading.overrides else reading.plugin
    return meaning_of(event.kind, event.detail, event.source_code, "", plugin, {})[2]
