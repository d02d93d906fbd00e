"""What has happened to raw input."""

from dataclasses import dataclass

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
