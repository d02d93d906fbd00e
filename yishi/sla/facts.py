"""What happens to promises: nearly due, broken, taken up the chain."""

from dataclasses import dataclass, field
from typing import Any

from yishi.kit.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ClockFact(Fact):
    """About which promise: of the case itself (`CASE`), or of something beside it, and who answers."""

    clock_id: int
    case_id: int
    kind: str
    subject_kind: str = "CASE"
    subject_id: int = 0
    who_id: int | None = None
    title: str = ""
    said: dict[str, Any] = field(default_factory=dict)
    # whether its notices wait for people's hours
    respects_hours: bool = True


@dataclass(frozen=True, kw_only=True)
class ClockWarned(ClockFact):
    """`share` percent (50 or 80) of the time has passed."""

    share: int


@dataclass(frozen=True, kw_only=True)
class ClockBreached(ClockFact):
    """The promise was broken; once for each clock."""


@dataclass(frozen=True, kw_only=True)
class ClockEscalated(ClockFact):
    """It went up to a level of the chain (`who`); those of that level hear of it."""

    level: int
    who: str = ""
    user_id: int | None = None
    user_ids: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TalkClockFact(Fact):
    """About a promise of a conversation (`CONVERSATION`) or of a call-back (`CALL_BACK`)."""

    clock_id: int
    subject_kind: str
    subject_id: int


@dataclass(frozen=True, kw_only=True)
class TalkWarned(TalkClockFact):
    """`share` percent of the time in which a person should answer has passed."""

    share: int


@dataclass(frozen=True, kw_only=True)
class TalkPromiseBroken(TalkClockFact):
    """Nobody answered in time; `level` is who has been called: 1 the manager, 2 head office."""

    level: int
