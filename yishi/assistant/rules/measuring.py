"""How good understanding is, in figures: in scope and out of scope always stand together. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from yishi.assistant.rules.intents import OTHER, is_right
from yishi.assistant.rules.understood import Understanding

_BINS = 10


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was said of a line whose meaning is known."""

    expected: str
    second: str
    found: Understanding

    @property
    def is_right(self) -> bool:
        return is_right(self.found.intent, expected=self.expected, second=self.second)

    @property
    def is_helped(self) -> bool:
        """Right at once, or among the choices that it asks back with."""
        return self.is_right if self.found.is_sure else self.expected in self.found.choices or self.is_right


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Answers of like confidence: how sure they claimed to be, how often they were right."""

    count: int
    claimed: float
    right: float


@dataclass(frozen=True, kw_only=True)
class StageShare:
    stage: str
    share: float
    right: float


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Shares of one. `asked`: lines answered by a question back; `sure_right`: of the others, right."""

    count: int
    accuracy: float
    in_scope: float
    out_of_scope: float
    asked: float
    sure_right: float
    helped: float
    calibration_error: float
    bins: tuple[Bin, ...]
    stages: tuple[StageShare, ...]
    confusion: tuple[tuple[str, str, int], ...]
    by_intent: tuple[tuple[str, int, float, float], ...]


def figures(answers: Sequence[Answer], *, most_confused: int = 25) -> Figures:
    """All figures of these answers."""
    inside = [answer for answer in answers if answer.expected != OTHER]
    outside = [answer for answer in answers if answer.expected == OTHER]
    sure = [answer for answer in answers if answer.found.is_sure]
    bins = _bins(answers)
    wrong = Counter((answer.expected, answer.found.intent) for answer in answers if not answer.is_right)
    return Figures(
        count=len(answers),
        accuracy=_right(answers),
        in_scope=_right(inside),
        out_of_scope=_right(outside),
        asked=1 - len(sure) / max(1, len(answers)),
        sure_right=_right(sure),
        helped=sum(answer.is_helped for answer in answers) / max(1, len(answers)),
        calibration_error=sum(b.count * abs(b.claimed - b.right) for b in bins) / max(1, len(answers)),
        bins=bins,
        stages=_stages(answers),
        confusion=tuple((one, two, count) for (one, two), count in wrong.most_common(most_confused)),
        by_intent=_by_intent(answers),
    )


def _right(answers: Sequence[Answer]) -> float:
    return sum(answer.is_right for answer in answers) / max(1, len(answers))


def _bins(answers: Sequence[Answer]) -> tuple[Bin, ...]:
    groups: dict[int, list[Answer]] = {}
    for answer in answers:
        groups.setdefault(min(int(answer.found.confidence * _BINS), _BINS - 1), []).append(answer)
    return tuple(
        Bin(
            count=len(group),
            claimed=sum(answer.found.confidence for answer in group) / len(group),
            right=_right(group),
        )
        for _, group in sorted(groups.items())
    )


def _stages(answers: Sequence[Answer]) -> tuple[StageShare, ...]:
    groups: dict[str, list[Answer]] = {}
    for answer in answers:
        groups.setdefault(answer.found.stage, []).append(answer)
    return tuple(
        StageShare(stage=str(stage), share=len(group) / len(answers), right=_right(group))
        for stage, group in sorted(groups.items())
    )


def _by_intent(answers: Sequence[Answer]) -> tuple[tuple[str, int, float, float], ...]:
    """Intent, how many lines, share found (recall), share right where it was said (precision)."""
    expected, said = Counter(a.expected for a in answers), Counter(a.found.intent for a in answers)
    found = Counter(a.expected for a in answers if a.is_right)
    meant = Counter(a.found.intent for a in answers if a.is_right)
    return tuple(
        (intent, count, found[intent] / count, meant[intent] / max(1, said[intent]))
        for intent, count in sorted(expected.items())
    )
