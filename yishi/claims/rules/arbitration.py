"""The ways of an arbitration and its two deadlines. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Terms:
    """Hours that a brand leaves (its practice, entered by the operator; no law)."""

    respond_within_hours: int
    second_within_hours: int


MOVES: Mapping[str, frozenset[str]] = {
    "FILED": frozenset({"ANSWERED", "DECIDED"}),
    "ANSWERED": frozenset({"DECIDED"}),
    "DECIDED": frozenset({"SECOND", "FINAL"}),
    "SECOND": frozenset({"FINAL"}),
    "FINAL": frozenset(),
}


def may_move(old: str, new: str) -> bool:
    return new in MOVES[old]


def terms_for(carrier: str, rows: Mapping[str, Terms]) -> Terms | None:
    """The brand's own hours before those of every other brand (''); None where nobody entered any."""
    return rows.get(carrier) or rows.get("")


def within(at: datetime, hours: int) -> datetime:
    return at + timedelta(hours=hours)


def is_in_time(at: datetime, until: datetime | None) -> bool:
    """The last moment still counts; without a moment there is no limit."""
    return until is None or at <= until


def is_sensible_award(outcome: str, awarded_fen: int, asked_fen: int) -> bool:
    """Won gives all or what was asked, partly something less, lost nothing."""
    if outcome == "LOST":
        return awarded_fen == 0
    if outcome == "WON":
        return awarded_fen == asked_fen
    return 0 < awarded_fen < asked_fen
