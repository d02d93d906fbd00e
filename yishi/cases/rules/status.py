"""The statuses of a case and the moves between them. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum

REOPEN_WITHIN = timedelta(days=15)


ESCALATE_AGAIN_WITHIN = timedelta(hours=2)


CLOSE_AFTER = timedelta(hours=72)


# stands in `next_due_at` where no clock runs: such cases come last in every list
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class Status(StrEnum):
    OPEN = "OPEN"
    IN_PROGRESS = "IN_PROGRESS"
    WAITING_CUSTOMER = "WAITING_CUSTOMER"
    WAITING_THIRD_PARTY = "WAITING_THIRD_PARTY"
    RESOLVED = "RESOLVED"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"


OPEN_STATUSES = (Status.OPEN, Status.IN_PROGRESS, Status.WAITING_CUSTOMER, Status.WAITING_THIRD_PARTY)


WAITING_STATUSES = (Status.WAITING_CUSTOMER, Status.WAITING_THIRD_PARTY)


# every status can be left, save that what is over can only be reopened
MOVES: Mapping[Status, frozenset[Status]] = {
    Status.OPEN: frozenset({Status.IN_PROGRESS, *WAITING_STATUSES, Status.RESOLVED, Status.WITHDRAWN}),
    Status.IN_PROGRESS: frozenset({*WAITING_STATUSES, Status.RESOLVED, Status.WITHDRAWN}),
    Status.WAITING_CUSTOMER: frozenset(
        {Status.IN_PROGRESS, Status.WAITING_THIRD_PARTY, Status.RESOLVED, Status.WITHDRAWN}
    ),
    Status.WAITING_THIRD_PARTY: frozenset(
        {Status.IN_PROGRESS, Status.WAITING_CUSTOMER, Status.RESOLVED, Status.WITHDRAWN}
    ),
    Status.RESOLVED: frozenset({Status.CLOSED, Status.IN_PROGRESS}),
    Status.CLOSED: frozenset({Status.IN_PROGRESS}),
    Status.WITHDRAWN: frozenset({Status.IN_PROGRESS}),
}


# what an agent may choose by hand; the other moves are verbs of their own (resolve, close, reopen, withdraw)
CHOSEN_BY_HAND = frozenset({Status.IN_PROGRESS, *WAITING_STATUSES})


def may_move(old: str, new: str) -> bool:
    """Whether a case may go from one status to another."""
    return Status(new) in MOVES[Status(old)]


def may_reopen(status: str, ended_at: datetime | None, at: datetime) -> bool:
    """What is over can be reopened for 15 days; the last moment still counts."""
    return (
        may_move(status, Status.IN_PROGRESS)
        and status not in OPEN_STATUSES
        and (ended_at is not None and at - ended_at <= REOPEN_WITHIN)
    )
