"""The same matter again: what counts as the same, and how pressing it becomes. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from yishi.cases.rules.categories import URGENT_CATEGORIES
from yishi.kit.fulltext import fold, plain, tokens_of

SAME_WITHIN = timedelta(seconds=60)


REPEAT_WITHIN = timedelta(days=30)


SOON_REPEAT_WITHIN = timedelta(days=3)


HIGHEST_PRIORITY = 2


def first_priority(category: str, wanted: int, earlier: Iterable[datetime], at: datetime) -> int:
    """0 to 2: one more for a repeat within 30 days, the highest within 3 days or for danger."""
    moments = list(earlier)
    if category in URGENT_CATEGORIES or any(at - moment <= SOON_REPEAT_WITHIN for moment in moments):
        return HIGHEST_PRIORITY
    raised = wanted + (1 if any(at - moment <= REPEAT_WITHIN for moment in moments) else 0)
    return max(0, min(raised, HIGHEST_PRIORITY))


def repeats(earlier: Iterable[datetime], at: datetime) -> tuple[int, int]:
    """How many came before within 3 and within 30 days; the last moment still counts."""
    ages = [at - moment for moment in earlier]
    return sum(age <= SOON_REPEAT_WITHIN for age in ages), sum(age <= REPEAT_WITHIN for age in ages)


# as near as two tellings of one trouble usually are: a third of their pairs of signs
NEAR = 1 / 3


def nearness(one: str, other: str) -> float:
    """How much two texts say the same, 0 to 1: the share of their pairs of signs and words that both have."""
    mine, theirs = _pairs(one), _pairs(other)
    both = len(mine | theirs)
    return len(mine & theirs) / both if both else 0.0


def _pairs(text: str) -> set[str]:
    return {token.word for token in tokens_of(fold(plain(text)[:2_000])) if len(token.word) > 1}


@dataclass(frozen=True)
class Likeness:
    """What two cases have in common."""

    is_same_parcel: bool
    is_same_person: bool
    is_same_cause: bool
    nearness: float

    @property
    def is_same_matter(self) -> bool:
        """Near enough to offer merging: one parcel, or one person with the same cause or nearly the words."""
        return self.is_same_parcel or (self.is_same_person and (self.is_same_cause or self.nearness >= NEAR))

    @property
    def weight(self) -> float:
        """For the order in which they are offered."""
        return 4 * self.is_same_parcel + 2 * self.is_same_person + self.is_same_cause + self.nearness
