"""What became of notices, where somebody must know."""

from dataclasses import dataclass

from yishi.kit.facts import Fact


@dataclass(frozen=True, kw_only=True)
class DeliveryFailed(Fact):
    """A notice was given up. `case_id` is empty where it was not about a case."""

    delivery_id: int
    kind: str
    channel: str
    error: str
    case_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class CallTaken(Fact):
    """Somebody took a call; `pressed` is the key he pressed, '' for none."""

    delivery_id: int
    kind: str
    subject_kind: str
    subject_id: str
    pressed: str
