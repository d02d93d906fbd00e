"""Gentle motion for a demo: scans of parcels under way every few seconds, a complaint now and then."""

import logging
import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from django.db import close_old_connections, transaction

from yishi.feeds.actions.sources import ensure_source
from yishi.feeds.port import Parsed, ParsedEvent
from yishi.kit.clock import now
from yishi.sample.history import file_story
from yishi.sample.load import SEED, SOURCE, began_at
from yishi.sample.rounds import build_round
from yishi.sample.routes import DAYS, PARCELS, TROUBLES, Parcel, make_parcel, new_parcel
from yishi.sample.stories import Story
from yishi.sample.traces import BEIJING, master_data, trace
from yishi.sample.words import BY_FATE, ORDINARY
from yishi.shipments.actions.take_in import take_parsed
from yishi.shipments.queries.public import get_public_shipment

log = logging.getLogger(__name__)

REST_S = 4.0
_NEW_SHARE = 0.25
_COMPLAINT_SHARE = 0.02
_MOVES = 2
_LOOKS = 12
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_NEW_FROM = 1_000_000
_FAR = timedelta(days=60)


def keep_moving(home: Path, *, stopping: threading.Event | None = None) -> None:
    """Moves the sample every few seconds until the process is stopped (or `stopping` is set)."""
    stopping = stopping or threading.Event()
    ended_at = began_at(home, now())
    while not stopping.wait(REST_S):
        try:
            move_once(at=now(), seed=SEED, ended_at=ended_at)
        except Exception:  # the edge of a loop: the demo goes on when one move fails
            log.exception("the sample did not move")
        close_old_connections()


@transaction.atomic
def move_once(*, at: datetime, seed: int = SEED, ended_at: datetime, total: int = PARCELS) -> int:
    """One small motion; `ended_at` is when the sample's month ended. Returns how many scans were new."""
    dice = Random(f"{seed}:{at.timestamp():.0f}")
    source = ensure_source(code=SOURCE, plugin="generic", label="示例数据", at=at)
    parsed = Parsed()
    if dice.random() < _NEW_SHARE:
        fresh = _handed_in(seed, at)
        parsed.events += trace(fresh, seed=seed, until=at)
        parsed.master_data.append(master_data(fresh))
    candidates = [_under_way(dice, seed, total, ended_at) for _ in range(_LOOKS)]
    parsed.events += _next_scans(candidates, seed=seed, at=at)
    counts = take_parsed(source=source, parsed=parsed, at=at)
    # a new day has a new round
    build_round(source=source, at=at)
    if dice.random() < _COMPLAINT_SHARE:
        _complain(dice, seed, total, at, ended_at)
    return counts.accepted


def _handed_in(seed: int, at: datetime) -> Parcel:
    return new_parcel(seed=seed, number=_NEW_FROM + int((at - _EPOCH).total_seconds()) % 90_000_000, at=at)


def _under_way(dice: Random, seed: int, total: int, ended_at: datetime) -> Parcel:
    """A parcel of the sample's last four days."""
    return make_parcel(seed=seed, number=dice.randrange(max(1, total * 4 // DAYS)), total=total, at=ended_at)


def _next_scans(parcels: Iterable[Parcel], *, seed: int, at: datetime) -> list[ParsedEvent]:
    """The next scan, as of now, of the first few that have one to come; couriers rest at night."""
    is_day = 8 <= at.astimezone(BEIJING).hour < 21
    moves: dict[str, ParsedEvent] = {}
    for parcel in parcels:
        if len(moves) == _MOVES:
            break
        known = get_public_shipment(parcel.waybill_no, carrier=parcel.carrier)
        scans = trace(parcel, seed=seed, until=at + _FAR)
        done = len(known.events) if known else 0
        if done < len(scans) and (is_day or not scans[done].courier):
            moves[parcel.waybill_no] = _as_of(scans[done], at)
    return list(moves.values())


def _as_of(scan: ParsedEvent, at: datetime) -> ParsedEvent:
    return ParsedEvent(
        waybill_no=scan.waybill_no,
        kind=scan.kind,
        happened_at=at.replace(microsecond=0),
        carrier=scan.carrier,
        detail=scan.detail,
        city=scan.city,
        outlet=scan.outlet,
        courier=scan.courier,
        text=scan.text,
    )


def _complain(dice: Random, seed: int, total: int, at: datetime, ended_at: datetime) -> None:
    """Somebody says what is wrong with his parcel; those in trouble first."""
    parcels = [_under_way(dice, seed, total, ended_at) for _ in range(_LOOKS)]
    parcel = next((p for p in parcels if p.fate in TROUBLES), parcels[0])
    matter = BY_FATE.get(parcel.fate) or dice.choice(ORDINARY)
    file_story(
        Story(
            parcel=parcel,
            matter=matter,
            opened_at=at,
            text=dice.choice(matter.said),
            is_verified=dice.random() < 0.6,
            source="SELF",
            steps=(),
        )
    )
