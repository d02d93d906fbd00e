"""What has happened to raw input."""

from dataclasses import dataclass
from datetime import datetime

from yishi.kit.facts import Fact


@dataclass(frozen=True, kw_only=True)
class InputStored(Fact):
    """A body lies in the inbox and waits to be taken in: polled, or replayed from quarantine."""

    raw_id: int
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class InputQuarantined(Fact):
    """A body could not be read; an operator should look."""

    raw_id: int
    source_code: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class UnknownCodesSeen(Fact):
    """A source used codes for the first time that no mapping knows; their events are `unknown`."""

    source_code: str
    codes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FeedFellSilent(Fact):
    """A source has sent nothing for longer than the operator expects of it."""

    source_code: str
    silent_since: datetime


@dataclass(frozen=True, kw_only=True)
class FeedSpokeAgain(Fact):
    """A source that had fallen silent sends again."""

    source_code: str


@dataclass(frozen=True, kw_only=True)
class AskingStopped(Fact):
    """A source refuses our account; nothing is asked of it until somebody mends the settings."""

    source_code: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ComplaintsReceived(Fact):
    """A platform handed on complaints (at most 500) that wait for their cases."""

    complaint_ids: tuple[int, ...]
