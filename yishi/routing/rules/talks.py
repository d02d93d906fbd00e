"""Who answers a conversation: on shift, there, with room for one more; best whom the person knows. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from yishi.cases.rules.categories import CATEGORIES
from yishi.network.rules import Shift, tiers_on_duty

# why somebody has it; `web.desk.inbox_words` says them in words
SAME_PERSON, SKILLED, LEAST_LOAD, ONLY_ONE, FALLBACK = (
    "SAME_PERSON",
    "SKILLED",
    "LEAST_LOAD",
    "ONLY_ONE",
    "FALLBACK",
)
# why nobody has it
SHARED_LIST, NOBODY_ON_SHIFT, ALL_AWAY, ALL_FULL = "SHARED_LIST", "NOBODY_ON_SHIFT", "ALL_AWAY", "ALL_FULL"
SKILLED_FULL = "SKILLED_FULL"
# why it stands where it stands
WANTED, PARCEL, RISK, ONLY_OUTLET, NO_PARCEL, WENT_UP = (
    "WANTED",
    "PARCEL",
    "RISK",
    "ONLY_OUTLET",
    "NO_PARCEL",
    "WENT_UP",
)

STICKS = timedelta(hours=72)
"""Whoever had this person or this parcel so short a time ago gets it again."""

SILENT_AFTER = timedelta(minutes=30)
"""A conversation in which nobody has said anything for so long takes no room."""

TRY_AGAIN_AFTER = timedelta(minutes=1)

SKILL_IS_WORTH = timedelta(minutes=3)
"""So long one who can just this is waited for while he has no room: a fifth of the promise of an answer."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Answerer:
    """Somebody on the roster. `talks`: conversations that take his room now; `given_at`: when he got one
    last; `had_before`: he had this person or matter within 72 h."""

    user_id: int
    talks: int = 0
    most: int = 5
    given_at: datetime | None = None
    had_before: bool = False
    is_away: bool = False
    skills: frozenset[tuple[str, str]] = frozenset()

    @property
    def is_full(self) -> bool:
        return self.talks >= self.most


@dataclass(frozen=True)
class Wanted:
    """What a conversation asks of whoever answers: a category or class ('' = none), a language; `waits_for`
    is how long it has waited."""

    skill: str = ""
    language: str = "zh-hans"
    waits_for: timedelta = timedelta(0)


@dataclass(frozen=True)
class Choice:
    """Who gets it (None: it waits), and why."""

    user_id: int | None
    reason: str


def choose_answerer(
    shifts: Iterable[Shift], people: Iterable[Answerer], wanted: Wanted, *, local: datetime
) -> Choice:
    """The person on shift at this local moment who is there and has room.

    First whom the person had within 72 h, then who can what is asked, then the fewest conversations, then
    who has waited longest for one. Who can it but has no room is waited for a little; where nobody there
    can, anybody answers. Fallback duty is asked when nobody of the regular one can.
    """
    rows = list(shifts)
    if not rows:
        return Choice(None, SHARED_LIST)
    by_id = {one.user_id: one for one in people}
    tiers = [[by_id[u] for u in tier if u in by_id] for tier in tiers_on_duty(rows, local=local)]
    everybody = [one for tier in tiers for one in tier]
    if not everybody:
        return Choice(None, NOBODY_ON_SHIFT)
    for number, tier in enumerate(tiers):
        free = [one for one in tier if not one.is_away and not one.is_full]
        if free and _is_worth_waiting(tier, free, wanted):
            return Choice(None, SKILLED_FULL)
        if free:
            return _best(free, wanted, is_fallback=number > 0)
    return Choice(None, ALL_AWAY if all(one.is_away for one in everybody) else ALL_FULL)


def _best(people: list[Answerer], wanted: Wanted, *, is_fallback: bool) -> Choice:
    best = min(
        people,
        key=lambda one: (
            not one.had_before,
            -fit(one, wanted),
            one.talks,
            one.given_at or _NEVER,
            one.user_id,
        ),
    )
    if best.had_before:
        return Choice(best.user_id, SAME_PERSON)
    if is_fallback:
        return Choice(best.user_id, FALLBACK)
    if fit(best, wanted):
        return Choice(best.user_id, SKILLED)
    return Choice(best.user_id, LEAST_LOAD if len(people) > 1 else ONLY_ONE)


def _is_worth_waiting(tier: list[Answerer], free: list[Answerer], wanted: Wanted) -> bool:
    """Whether the one who can it is there, only without room, and none of those who have room knows it."""
    if wanted.waits_for >= SKILL_IS_WORTH or any(one.had_before or can(one, wanted.skill) for one in free):
        return False
    return any(can(one, wanted.skill) and not one.is_away for one in tier)


def fit(one: Answerer, wanted: Wanted) -> int:
    """How much of what is asked this person can; another language than Chinese counts most."""
    speaks = wanted.language != "zh-hans" and ("LANGUAGE", wanted.language) in one.skills
    return 2 * speaks + can(one, wanted.skill)


def can(one: Answerer, skill: str) -> bool:
    """Whether this category, or the class that it belongs to, is among what this person can."""
    rule = CATEGORIES.get(skill)
    asked = {("CATEGORY", skill), ("CLASS", rule.case_class if rule else skill)}
    return bool(skill) and bool(asked & one.skills)


def shift_end(shifts: Iterable[Shift], user_id: int, *, local: datetime) -> datetime | None:
    """Until when this person's present shift lasts, in the same zone; None where he is on none."""
    ends = []
    for shift in shifts:
        if shift.user_id != user_id or not tiers_on_duty([shift], local=local):
            continue
        day = local.date()
        if shift.ends <= shift.starts and local.time() >= shift.starts:
            day += timedelta(days=1)
        ends.append(datetime.combine(day, shift.ends, local.tzinfo))
    return max(ends, default=None)
