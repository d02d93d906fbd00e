"""What people have said about their care."""

from dataclasses import dataclass

from yishi.kit.facts import Fact


@dataclass(frozen=True, kw_only=True)
class RatingGiven(Fact):
    """A settled case was rated, 1 to 5; the comment stays in its table."""

    case_id: int
    case_no: str
    rating_id: int
    score: int


@dataclass(frozen=True, kw_only=True)
class TalkRated(Fact):
    """A conversation that has ended was rated, 1 to 5; the comment stays in its table."""

    conversation_id: int
    score: int


@dataclass(frozen=True, kw_only=True)
class PickupRated(Fact):
    """A hand-out of a station was rated, 1 to 5, by whoever fetched there."""

    hand_out_id: int
    score: int
