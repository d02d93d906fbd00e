"""What was understood of a line, and what is known before it is read."""

from dataclasses import dataclass
from enum import StrEnum

from yishi.assistant.rules.intents import OTHER


class Stage(StrEnum):
    """Which stage settled it, cheapest first."""

    DICTIONARY = "DICTIONARY"
    SHARP = "SHARP"
    CONTEXT = "CONTEXT"
    LEXICAL = "LEXICAL"
    VECTORS = "VECTORS"
    # the vectors were wanted and could not be had
    FALLBACK = "FALLBACK"


@dataclass(frozen=True, kw_only=True)
class Context:
    """What was said before: the last intent of this person, and the choices we last offered."""

    previous_intent: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Guess:
    """An intent, and how likely it is right (calibrated)."""

    intent: str
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Understanding:
    """`intents`: what the line asks for, the surest first, at least one; `alternatives`: what else it may be.

    When it is not `is_sure`, ask back with `choices` (two or three intents, never `other`) instead of acting.
    """

    text: str
    intents: tuple[Guess, ...]
    alternatives: tuple[Guess, ...] = ()
    is_sure: bool = True
    choices: tuple[str, ...] = ()
    stage: Stage = Stage.LEXICAL

    @property
    def intent(self) -> str:
        return self.intents[0].intent if self.intents else OTHER

    @property
    def confidence(self) -> float:
        return self.intents[0].confidence if self.intents else 0.0
