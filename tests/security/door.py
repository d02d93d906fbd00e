"""One way in for staff: who may come, how it is knocked at, whose thing stands behind it."""

from dataclasses import dataclass, field
from typing import Any

CARE = frozenset({"agent", "manager", "quality", "owner"})
KEEP = frozenset({"quality", "operator", "owner"})
FEEDS = frozenset({"operator", "owner"})
POLICY = frozenset({"quality", "owner"})
FILES = KEEP | {"manager"}
EVERYBODY = CARE | KEEP | {"courier", "keeper"}


@dataclass(frozen=True)
class Door:
    """Who may come in, how it is knocked at, and whether it leads to one outlet's object."""

    roles: frozenset[str]
    method: str = "GET"
    said: dict[str, Any] = field(default_factory=dict)
    is_of_outlet: bool = False
    answers: frozenset[int] = frozenset({200, 302})


def case_page(**said: Any) -> Door:
    return Door(CARE, is_of_outlet=True, said=said)


def case_deed(*answers: int, **said: Any) -> Door:
    return Door(CARE, "POST", said, is_of_outlet=True, answers=frozenset(answers or {302}))


CASE = "desk/cases/<str:case_no>"
NOBODYS = frozenset({404})
