"""Decisions about cases: categories and their class, moves, texts, repeats, next steps. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

MAX_TEXT = 20_000
SAME_WITHIN = timedelta(seconds=60)
REPEAT_WITHIN = timedelta(days=30)
SOON_REPEAT_WITHIN = timedelta(days=3)
REOPEN_WITHIN = timedelta(days=15)
ESCALATE_AGAIN_WITHIN = timedelta(hours=2)
CLOSE_AFTER = timedelta(hours=72)
HIGHEST_PRIORITY = 2
# stands in `next_due_at` where no clock runs: such cases come last in every list
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class CaseClass(StrEnum):
    """What kind of care a category asks for; the shipped clocks hang on it (`sla`)."""

    EXCEPTION = "E"
    COMPLAINT = "C"
    REQUEST = "R"
    ENQUIRY = "Q"
    PRAISE = "P"


@dataclass(frozen=True)
class CategoryRule:
    """`case_class` is None for a category that only a finding can have."""

    case_class: CaseClass | None
    is_claimable: bool = True


def _all(case_class: CaseClass, names: str) -> dict[str, CategoryRule]:
    return {name: CategoryRule(case_class) for name in names.split()}


# the shipped set (contracts.md, "Cases")
CATEGORIES: Mapping[str, CategoryRule] = {
    **_all(
        CaseClass.EXCEPTION,
        "SIGNED_NOT_RECEIVED NO_DOOR_DELIVERY LOST PARCEL_NOT_FOUND DAMAGED MISDELIVERED TAKEN_BY_OTHER"
        " PICKUP_CODE PRIVACY SAFETY",
    ),
    **_all(
        CaseClass.COMPLAINT,
        "UNCONSENTED_PLACEMENT SHORT CONTENT_MISMATCH DELAY ATTITUDE STATION_SERVICE DELIVERY_SERVICE"
        " ACCEPTANCE OVERCHARGE CASH_ON_DELIVERY OTHER",
    ),
    **_all(CaseClass.REQUEST, "URGE REDIRECT RESCHEDULE INTERCEPT RETURN"),
    **_all(CaseClass.ENQUIRY, "ENQUIRY SUGGESTION"),
    **_all(CaseClass.PRAISE, "PRAISE"),
    "FALSE_SIGN_OFF": CategoryRule(None, is_claimable=False),
}

# these are looked at by a person at once, whatever else waits
URGENT_CATEGORIES = frozenset({"PRIVACY", "SAFETY"})


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


_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def clean_text(text: str) -> tuple[str, int]:
    """The text as it is kept, and how many signs no table or page can hold were taken out.

    NUL and other control signs go, half surrogates become U+FFFD. Emoji, right-to-left marks and
    zero-width signs are part of what somebody said and stay; pages isolate them.
    """
    kept, removed = _UNSAFE.subn("", text.replace("\r\n", "\n"))
    kept, replaced = _SURROGATE.subn("\ufffd", kept)
    return kept.strip(), removed + replaced


def first_priority(category: str, wanted: int, earlier: Iterable[datetime], at: datetime) -> int:
    """0 to 2: one more for a repeat within 30 days, the highest within 3 days or for danger."""
    moments = list(earlier)
    if category in URGENT_CATEGORIES or any(at - moment <= SOON_REPEAT_WITHIN for moment in moments):
        return HIGHEST_PRIORITY
    raised = wanted + (1 if any(at - moment <= REPEAT_WITHIN for moment in moments) else 0)
    return max(0, min(raised, HIGHEST_PRIORITY))


@dataclass(frozen=True)
class Step:
    """One step of a consumer's way. `state` is DONE, NOW or NEXT; `due_at` is what was promised."""

    key: str
    state: str
    at: datetime | None = None
    due_at: datetime | None = None


def consumer_steps(
    *,
    status: str,
    opened_at: datetime,
    routed_at: datetime | None,
    replied_at: datetime | None,
    resolved_at: datetime | None,
    closed_at: datetime | None,
    promised: Mapping[str, datetime],
) -> list[Step]:
    """What is done and what comes next, with the promised time of each; the first step not done is NOW.

    A withdrawn case ends where it was withdrawn. `promised` holds due moments by kind of clock.
    """
    way = [
        ("RECEIVED", opened_at, None),
        ("AT_OUTLET", routed_at or opened_at, None),
        ("FIRST_REPLY", replied_at or resolved_at, promised.get("FIRST_RESPONSE")),
        ("SOLVED", resolved_at, promised.get("RESOLUTION")),
        ("CLOSED", closed_at, resolved_at + CLOSE_AFTER if resolved_at else None),
    ]
    if status == Status.WITHDRAWN:
        done = [Step(key, "DONE", at) for key, at, _ in way[:3] if at]
        return [*done, Step("WITHDRAWN", "DONE", closed_at)]
    steps: list[Step] = []
    for key, at, due_at in way:
        state = "DONE" if at else "NEXT" if any(step.state == "NOW" for step in steps) else "NOW"
        steps.append(Step(key, state, at, due_at))
    return steps
