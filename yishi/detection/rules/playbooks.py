"""What is done about each kind: the shipped playbook, as values that stand in the incident. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from yishi.detection.rules.kinds import Kind


class Step(StrEnum):
    """TELL the consignee; TASK: a case to the outlet, internal until a person complains."""

    TELL = "TELL"
    TASK = "TASK"


PLAYBOOKS: Mapping[Kind, tuple[Step, ...]] = {
    Kind.STALLED: (Step.TELL, Step.TASK),
    Kind.SENT_NOT_ARRIVED: (Step.TELL, Step.TASK),
    Kind.OUT_NOT_SIGNED: (Step.TELL,),
    Kind.HELD_AT_OUTLET: (Step.TELL, Step.TASK),
    Kind.FAILED_TWICE: (Step.TELL, Step.TASK),
    Kind.DAMAGED: (Step.TELL, Step.TASK),
    Kind.MISROUTED: (Step.TELL,),
    Kind.INTERCEPT_MISSED: (Step.TASK,),
    Kind.UNCONSENTED_PLACEMENT: (Step.TASK,),
    Kind.SUSPECTED_FALSE_SIGN_OFF: (Step.TELL, Step.TASK),
    Kind.MOVED_AFTER_DELIVERY: (Step.TASK,),
}
"""Kinds that are missing stand on the list of the outlet and nothing else; of lateness the consignee hears by
his promise (`shipments`)."""

TASK_CATEGORY: Mapping[Kind, str] = {
    Kind.HELD_AT_OUTLET: "NO_DOOR_DELIVERY",
    Kind.FAILED_TWICE: "NO_DOOR_DELIVERY",
    Kind.UNCONSENTED_PLACEMENT: "NO_DOOR_DELIVERY",
    Kind.DAMAGED: "DAMAGED",
    Kind.MISROUTED: "MISDELIVERED",
    Kind.INTERCEPT_MISSED: "MISDELIVERED",
    Kind.SUSPECTED_FALSE_SIGN_OFF: "SIGNED_NOT_RECEIVED",
    Kind.MOVED_AFTER_DELIVERY: "SIGNED_NOT_RECEIVED",
}
_SEARCH = "LOST"

SEVERITY: Mapping[Kind, int] = {
    Kind.INTERCEPT_MISSED: 5,
    Kind.DAMAGED: 5,
    Kind.SUSPECTED_FALSE_SIGN_OFF: 5,
    Kind.UNCONSENTED_PLACEMENT: 4,
    Kind.FAILED_TWICE: 4,
    Kind.HELD_AT_OUTLET: 4,
    Kind.MOVED_AFTER_DELIVERY: 4,
    Kind.STALLED: 3,
    Kind.SENT_NOT_ARRIVED: 3,
    Kind.REFUSED_OUT: 3,
    Kind.RETURN_LOOP: 3,
    Kind.BOUNCING: 3,
    Kind.MISROUTED: 3,
    Kind.LATE: 2,
    Kind.OUT_NOT_SIGNED: 2,
    Kind.ARRIVED_NOT_OUT: 2,
    Kind.NO_FIRST_EVENT: 1,
    Kind.PICKUP_OVERDUE: 1,
}
"""The worst first: what cannot be mended by waiting, then what a person feels, then what the list shows."""

STORM_PARCELS = 30
STORM_WITHIN = timedelta(hours=1)
"""So many alike at one place in so short a time are one matter of that place."""


STALE = timedelta(days=7)
"""What began so long ago is no news: it stands on the list, and nobody is told or sent."""
GIVEN_UP = timedelta(days=60)
"""What began so long ago, in a file of old scans, is not opened at all."""


def steps_of(kind: Kind, chosen: tuple[str, ...] | None) -> tuple[Step, ...]:
    """What is done: as the operator chose, else as shipped."""
    return PLAYBOOKS.get(kind, ()) if chosen is None else tuple(Step(step) for step in chosen)


def category_of(kind: Kind) -> str:
    """As what the task is a case: of the exception class, whose promises are 2 h and 6 h as shipped."""
    return TASK_CATEGORY.get(kind, _SEARCH)


def is_storm(alike: int) -> bool:
    """Whether one more of so many alike is no longer a matter of its own."""
    return alike >= STORM_PARCELS
