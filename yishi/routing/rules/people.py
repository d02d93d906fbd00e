"""Who of an outlet takes a case: on duty, able, not overloaded, and best somebody who knows it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from yishi.network.rules import Shift, tiers_on_duty

# why a person has a case; `cases.queries.words.routing` says them in words
NAMED = "NAMED"
KNOWS, SKILLED, LEAST_LOAD, ONLY_ONE, FALLBACK = "KNOWS", "SKILLED", "LEAST_LOAD", "ONLY_ONE", "FALLBACK"
ALL_FULL, MANAGER, HEAD_OFFICE, OWNER, SHARED_LIST = "ALL_FULL", "MANAGER", "HEAD_OFFICE", "OWNER", "LIST"


@dataclass(frozen=True)
class Weights:
    """How much each reason counts, in points: data of the operator (`routing.models.Weights`).

    Every open case costs `load` points; a person with `most_open` gets no more while somebody has fewer.
    `knows_days`: how long ago an earlier case of the same parcel or person may be.
    """

    category: int = 30
    case_class: int = 15
    language: int = 60
    knows: int = 40
    load: int = 2
    most_open: int = 40
    knows_days: int = 30


@dataclass(frozen=True)
class Candidate:
    """A person on the roster, with what counts for or against him now.

    `skills` are (kind, value) pairs; `open_cases` is counted no further than his limit; `most_open` his own
    limit, if he has one.
    """

    user_id: int
    open_cases: int = 0
    most_open: int | None = None
    knows: bool = False
    skills: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Wanted:
    """What the case asks of a person; `named` is whom its corporate shipper asks first."""

    category: str
    case_class: str
    language: str = "zh-hans"
    named: int | None = None


@dataclass(frozen=True)
class Chosen:
    user_id: int
    reason: str


def choose_person(
    shifts: Iterable[Shift],
    candidates: Iterable[Candidate],
    wanted: Wanted,
    *,
    weights: Weights,
    local: datetime,
) -> Chosen | None:
    """The person on duty at this local moment with the most points; None when nobody is on duty.

    The shipper's named contact goes first while on duty.

    Regular duty goes before fallback, also when it is full as long as the fallback is full too. Equal points:
    fewer open cases, then the earlier account.
    """
    tiers = tiers_on_duty(shifts, local=local)
    by_id = {one.user_id: one for one in candidates}
    if wanted.named in by_id and any(wanted.named in tier for tier in tiers):
        return Chosen(by_id[wanted.named].user_id, NAMED)
    for number, tier in enumerate(tiers):
        free = [by_id[u] for u in tier if u in by_id and not _is_full(by_id[u], weights)]
        if free:
            return _best(free, wanted, weights, is_fallback=number > 0)
    everybody = [by_id[user_id] for user_id in (tiers[0] if tiers else ()) if user_id in by_id]
    if not everybody:
        return None
    return Chosen(min(everybody, key=lambda one: (one.open_cases, one.user_id)).user_id, ALL_FULL)


def _is_full(one: Candidate, weights: Weights) -> bool:
    return one.open_cases >= (weights.most_open if one.most_open is None else one.most_open)


def _best(people: Sequence[Candidate], wanted: Wanted, weights: Weights, *, is_fallback: bool) -> Chosen:
    best = min(people, key=lambda one: (-points(one, wanted, weights), one.open_cases, one.user_id))
    if best.knows:
        return Chosen(best.user_id, KNOWS)
    if is_fallback:
        return Chosen(best.user_id, FALLBACK)
    if skill_points(best, wanted, weights):
        return Chosen(best.user_id, SKILLED)
    return Chosen(best.user_id, LEAST_LOAD if len(people) > 1 else ONLY_ONE)


def points(one: Candidate, wanted: Wanted, weights: Weights) -> int:
    """What speaks for this person, less his load."""
    known = weights.knows if one.knows else 0
    return skill_points(one, wanted, weights) + known - weights.load * one.open_cases


def skill_points(one: Candidate, wanted: Wanted, weights: Weights) -> int:
    asked = (
        (("CATEGORY", wanted.category), weights.category),
        (("CLASS", wanted.case_class), weights.case_class),
        (("LANGUAGE", wanted.language), weights.language),
    )
    return sum(worth for skill, worth in asked if skill in one.skills)
