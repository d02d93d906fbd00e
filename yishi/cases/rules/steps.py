"""A consumer's way through a case: what is done and what comes next. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from yishi.cases.rules.status import CLOSE_AFTER, Status


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
