"""Workflows: the steps of a case, who owns each, how it goes on, and by what itself. Pure.

A step stands in one status of contracts.md. What a verb does (answer, settle, reopen …) it does from every
step; the workflow only says which step the case then stands in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from yishi.cases.rules.status import WAITING_STATUSES, Status


class On(StrEnum):
    """What moves a case by itself; TIME is the end of the step's own limit."""

    REPLIED = "REPLIED"
    EVIDENCE_ADDED = "EVIDENCE_ADDED"
    CONSUMER_WROTE = "CONSUMER_WROTE"
    ASSIGNED = "ASSIGNED"
    ESCALATED = "ESCALATED"
    IN_PROGRESS = "IN_PROGRESS"
    WAITING_CUSTOMER = "WAITING_CUSTOMER"
    WAITING_THIRD_PARTY = "WAITING_THIRD_PARTY"
    RESOLVED = "RESOLVED"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"
    REOPENED = "REOPENED"
    TIME = "TIME"


@dataclass(frozen=True, kw_only=True)
class Auto:
    """A move that happens by itself."""

    on: str
    to: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """One place of a workflow. `told` is what the consumer reads; empty: he is not shown this step.

    `limit_hours` is its own time, beside the clocks of the case. Before leaving it by hand, or settling
    from it, `evidence` kinds and `form` fields must be there.
    """

    key: str
    name: str
    status: str
    name_en: str = ""
    told: str = ""
    told_en: str = ""
    owner: str = ""
    limit_hours: float | None = None
    is_in_service_hours: bool = False
    evidence: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    autos: tuple[Auto, ...] = ()

    @property
    def ways(self) -> list[str]:
        """Every step that can come next, each once."""
        return list(dict.fromkeys([*self.moves, *(auto.to for auto in self.autos)]))

    @property
    def is_end(self) -> bool:
        return self.status in (Status.CLOSED, Status.WITHDRAWN)


@dataclass(frozen=True, kw_only=True)
class Workflow:
    key: str
    name: str
    name_en: str = ""
    start: str = ""
    steps: tuple[Step, ...] = ()

    def find(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.key == key), None)

    def get(self, key: str) -> Step:
        """The step. KeyError when there is none: a saved workflow has every step that it names."""
        found = self.find(key)
        if found is None:
            raise KeyError(key)
        return found

    def first_with(self, status: str) -> Step | None:
        """Where a case of this status stands when nothing more is known."""
        start = self.find(self.start)
        if start and start.status == status:
            return start
        return next((step for step in self.steps if step.status == status), None)


def place_of(workflow: Workflow, *, step: str, status: str) -> Step:
    """Where a case stands, never nowhere: its own step while that fits its status, else by status alone.

    A status without a step of its own (waiting, in a short workflow) leaves it where it was.
    """
    named, implied = workflow.find(step), workflow.first_with(status)
    if named and (named.status == status or implied is None):
        return named
    return implied or workflow.get(workflow.start)


def carried(workflow: Workflow, *, place: Step, on: str, status: str) -> Step:
    """Where a case stands after `on` has happened and its status is `status`."""
    auto = next((auto.to for auto in place.autos if auto.on == on), None)
    if auto is not None:
        return workflow.get(auto)
    if place.status == status:
        return place
    return workflow.first_with(status) or place


def next_steps(workflow: Workflow, place: Step) -> list[Step]:
    """Where a person may move the case from here."""
    return [workflow.get(key) for key in place.moves]


# lines of history that change a status: what has happened, and the status then
_KIND_MEANS: Mapping[str, tuple[str, str]] = {
    "RESOLVED": (On.RESOLVED, Status.RESOLVED),
    "REOPENED": (On.REOPENED, Status.IN_PROGRESS),
    "CLOSED": (On.CLOSED, Status.CLOSED),
    "WITHDRAWN": (On.WITHDRAWN, Status.WITHDRAWN),
}
# words change it only from one status
_WORDS_MEAN: Mapping[tuple[str, str], str] = {
    ("REPLY", Status.OPEN): On.REPLIED,
    ("CONSUMER", Status.WAITING_CUSTOMER): On.CONSUMER_WROTE,
}
MOVING_KINDS = ("STEP", "STATUS", "REPLY", "CONSUMER", *_KIND_MEANS)
"""The lines of history that `walked` reads."""


def walked(workflow: Workflow, lines: Iterable[tuple[str, Mapping[str, Any]]]) -> list[str]:
    """The steps that a case has passed, as its history (kind, values of each line) tells; the last is now."""
    place = workflow.get(workflow.start)
    status: str = place.status
    way = [place.key]
    for kind, data in lines:
        if kind == "STEP" and workflow.find(str(data.get("to"))):
            place = workflow.get(data["to"])
            status = place.status
        elif kind == "STATUS" and data.get("status"):
            status = data["status"]
            place = carried(workflow, place=place, on=status, status=status)
        elif kind in _KIND_MEANS:
            on, status = _KIND_MEANS[kind]
            place = carried(workflow, place=place, on=on, status=status)
        elif (kind, status) in _WORDS_MEAN:
            on, status = _WORDS_MEAN[(kind, status)], Status.IN_PROGRESS
            place = carried(workflow, place=place, on=on, status=status)
        if place.key != way[-1]:
            way.append(place.key)
    return way


def usual_way(workflow: Workflow, from_key: str, passed: Iterable[str] = ()) -> list[str]:
    """The steps that usually come after this one, up to the end: what the consumer is told to expect.

    The first way named at each step is the usual one; waiting and what was passed already come last.
    """
    seen = {*passed, from_key}
    return _search(workflow, from_key, seen) or _search(workflow, from_key, {from_key}) or []


def _search(workflow: Workflow, from_key: str, seen: set[str]) -> list[str] | None:
    step = workflow.get(from_key)
    if step.status == Status.CLOSED:
        return []
    by_itself = [auto.to for auto in step.autos if auto.on not in (On.WITHDRAWN, On.REOPENED, On.TIME)]
    ways = [*by_itself, *step.moves] if step.status == Status.RESOLVED else [*step.moves, *by_itself]
    steps = [found for key in ways if (found := workflow.find(key))]
    for found in sorted(steps, key=lambda each: each.status in WAITING_STATUSES):
        if found.key in seen:
            continue
        seen.add(found.key)
        rest = _search(workflow, found.key, seen)
        if rest is not None:
            return [found.key, *rest]
    return None
