"""What a feed reported, made ready to be written: each event checked and identified, or refused with a
reason."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from yishi.feeds.port import ParsedEvent, Rejected
from yishi.feeds.rules import KINDS
from yishi.network.rules import carrier_of
from yishi.shipments.rules.milestones import kind_with_text, milestone_of_event
from yishi.shipments.rules.states import Scan, identity_of
from yishi.shipments.rules.waybills import (
    AHEAD_WITHIN,
    EARLIEST,
    LONGEST_CODE,
    LONGEST_TEXT,
    LONGEST_WORD,
    fit_text,
    normalise_waybill_no,
)

# code → (kind, detail), where the operator says otherwise than the plug-in
Overrides = Mapping[str, tuple[str, str]]
_NOTHING_ELSE: Overrides = {}

_EARLIEST_MS = int(EARLIEST.timestamp() * 1000)
_WORDS = (
    "detail", "city", "outlet", "courier", "text", "source_code", "signed_by", "position", "outlet_hint",
)  # fmt: skip


def milliseconds(moment: datetime) -> int:
    """UTC milliseconds, cut off. Half a microsecond is added against the rounding of floating point."""
    return int(moment.timestamp() * 1000 + 0.0005)


def moment_of(ms: int) -> datetime:
    """The moment of `milliseconds`."""
    return datetime.fromtimestamp(ms / 1000, tz=UTC)


def ready_scans(
    events: Iterable[ParsedEvent],
    *,
    source_id: int,
    plugin: str,
    carrier: str,
    at: datetime,
    overrides: Overrides = _NOTHING_ELSE,
) -> tuple[list[Scan], list[Rejected]]:
    """The events as scans in their order, and what is refused (index counts these events from 0).

    `carrier` is the source's own, for events that name none. `overrides` change what an event shows, never
    what it is known by: the same push again is a duplicate before and after.
    """
    scans: list[Scan] = []
    rejected: list[Rejected] = []
    latest_ms = milliseconds(at + AHEAD_WITHIN)
    for index, event in enumerate(events):
        found = _scan(event, source_id, plugin, carrier, latest_ms, overrides)
        if isinstance(found, str):
            rejected.append(Rejected(index, found))
        else:
            scans.append(found)
    return scans, rejected


def _scan(
    event: ParsedEvent, source_id: int, plugin: str, carrier: str, latest_ms: int, overrides: Overrides
) -> Scan | str:
    e = event
    waybill_no = normalise_waybill_no(e.waybill_no)
    if waybill_no is None:
        return "bad_waybill_no"
    if e.kind not in KINDS:
        return "unknown_kind"
    if e.happened_at.tzinfo is None:
        return "time_without_offset"
    # years near the ends of the calendar have no timestamp in some zones
    ms = milliseconds(e.happened_at) if 1971 <= e.happened_at.year <= 9000 else 0
    if not _EARLIEST_MS <= ms <= latest_ms:
        return "time_out_of_range"
    said = (
        f"{e.text}{e.city}{e.outlet}{e.courier}{e.detail}{e.source_code}{e.signed_by}{e.position}{e.carrier}"
        f"{e.outlet_hint}"
    )
    if not said.isprintable():
        e = _fit(e)
    if len(said) > LONGEST_CODE and _is_too_long(e):
        return "too_long"
    kind, text, code = e.kind, e.text, e.source_code
    identity = identity_of(source_id, waybill_no, ms, kind, code, e.detail, e.city, e.outlet, text)
    shown, detail, milestone = meaning_of(kind, e.detail, code, text, plugin, overrides)
    return Scan(
        waybill_no,
        ms,
        shown,
        identity,
        milestone,
        carrier_of(e.carrier or carrier),
        code,
        detail,
        e.city,
        e.outlet,
        e.courier,
        text,
        e.signed_by,
        e.consent,
        e.position,
        outlet_hint=e.outlet_hint,
    )


def meaning_of(
    kind: str, detail: str, code: str, text: str, plugin: str, overrides: Overrides
) -> tuple[str, str, str]:
    """(kind, detail, milestone) that an event shows whose plug-in said `kind` and `detail`.

    The operator's word for a code stands in the place of the plug-in's, and is not read down again
    (`PUT_NOT_TAKEN`); a text that plainly says "on its way back" is heard over both.
    """
    if code in overrides:
        kind, detail = overrides[code]
        plugin = ""
    shown = kind_with_text(kind, text)
    return shown, detail, milestone_of_event(plugin=plugin, source_code=code, kind=shown)


def _fit(event: ParsedEvent) -> ParsedEvent:
    words = {name: fit_text(getattr(event, name)) for name in (*_WORDS, "carrier")}
    return ParsedEvent(
        waybill_no=event.waybill_no,
        kind=event.kind,
        happened_at=event.happened_at,
        consent=event.consent,
        **words,
    )


def _is_too_long(event: ParsedEvent) -> bool:
    return (
        len(event.text) > LONGEST_TEXT
        or len(event.source_code) > LONGEST_CODE
        or len(event.carrier) > LONGEST_CODE
        or any(
            len(word) > LONGEST_WORD
            for word in (
                event.detail,
                event.city,
                event.outlet,
                event.courier,
                event.signed_by,
                event.position,
                event.outlet_hint,
            )
        )
    )


def as_sent(inner: Sequence[Rejected], outer: Sequence[Rejected]) -> list[Rejected]:
    """All refusals counted as sent: `outer` are items that could not be read at all, `inner` counts the
    others."""
    if not outer or not inner:
        return sorted([*outer, *inner], key=lambda r: r.index)
    gone = sorted(r.index for r in outer)
    moved: list[Rejected] = []
    skipped = 0
    for refusal in sorted(inner, key=lambda r: r.index):
        while skipped < len(gone) and gone[skipped] <= refusal.index + skipped:
            skipped += 1
        moved.append(Rejected(refusal.index + skipped, refusal.reason))
    return sorted([*outer, *moved], key=lambda r: r.index)
