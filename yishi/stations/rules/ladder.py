"""When a person hears again that his parcel waits, when a keeper rings him, when it goes back. Pure.

Moments are those of the station's own zone; steps of a day come at ten in the morning, never at night.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

TEN = time(10)
_SOON = timedelta(hours=24)
_LATELY = timedelta(hours=12)


class Step(StrEnum):
    """In their order: still here, last day tomorrow, kept too long, a keeper rings, goes back tomorrow."""

    AGAIN = "AGAIN"
    LAST_DAY = "LAST_DAY"
    OVERDUE = "OVERDUE"
    CALL = "CALL"
    LAST_WORD = "LAST_WORD"


RUNG = frozenset({Step.CALL, Step.LAST_WORD})
"""From here on somebody must have rung: nothing goes back unsaid."""


@dataclass(frozen=True, kw_only=True)
class LadderRule:
    """A station's own rule: 48 hours and three days are as shipped; 0 hours = no early reminder."""

    remind_after_hours: int = 48
    call_after_days: int = 1
    return_after_days: int = 3


def steps_of(booked_in: datetime, keep_until: datetime, rule: LadderRule) -> list[tuple[datetime, Step]]:
    """All steps of a stay, in time; an early reminder so short before the last day falls away."""
    steps = [
        (first_ten(keep_until), Step.OVERDUE),
        (first_ten(keep_until + timedelta(days=rule.call_after_days)), Step.CALL),
        (first_ten(keep_until + timedelta(days=max(rule.return_after_days - 1, 0))), Step.LAST_WORD),
    ]
    again = booked_in + timedelta(hours=rule.remind_after_hours)
    last_day = _at_ten(keep_until - timedelta(days=1))
    if rule.remind_after_hours and again + _SOON <= keep_until:
        steps.append((again, Step.AGAIN))
    if last_day >= booked_in + _LATELY:
        steps.append((last_day, Step.LAST_DAY))
    return sorted(steps, key=lambda step: (step[0], list(Step).index(step[1])))


def next_step(
    booked_in: datetime, keep_until: datetime, rule: LadderRule, *, after: datetime
) -> tuple[datetime, Step] | None:
    """The first step after this moment; None where there is none left."""
    return next((step for step in steps_of(booked_in, keep_until, rule) if step[0] > after), None)


def step_due(booked_in: datetime, keep_until: datetime, rule: LadderRule, *, at: datetime) -> Step | None:
    """The newest step whose moment has come: whoever was silent for days says the last word only."""
    due = [step for moment, step in steps_of(booked_in, keep_until, rule) if moment <= at]
    return due[-1] if due else None


def first_ten(after: datetime) -> datetime:
    """The first ten o'clock at or after this moment."""
    same = _at_ten(after)
    return same if same >= after else same + timedelta(days=1)


def _at_ten(moment: datetime) -> datetime:
    return moment.replace(hour=TEN.hour, minute=0, second=0, microsecond=0)
