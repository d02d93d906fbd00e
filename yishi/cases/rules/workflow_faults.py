"""What is wrong with a workflow before it is saved: dead ends, lost steps, circles, ways to nowhere."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yishi.cases.rules.status import CHOSEN_BY_HAND, MOVES, Status
from yishi.cases.rules.types import EVIDENCE_KINDS, FIELD_KEY, MAX_WORD, ROLES, TYPE_KEY
from yishi.cases.rules.workflows import On, Step, Workflow

MAX_STEPS = 40
MAX_HOURS = 24 * 90

# a step of these must exist, or the verbs would find no place to carry a case to
NEEDED = (Status.OPEN, Status.IN_PROGRESS, Status.RESOLVED, Status.CLOSED, Status.WITHDRAWN)

# a status that only its own verb brings about, and what that verb is called in a workflow
_BY_VERB: Mapping[str, On] = {
    Status.RESOLVED: On.RESOLVED,
    Status.CLOSED: On.CLOSED,
    Status.WITHDRAWN: On.WITHDRAWN,
}
# what can have happened while a case stands in a status
_LATER_STATUS: Mapping[str, tuple[str, ...]] = {
    On.RESOLVED: (Status.RESOLVED,),
    On.CLOSED: (Status.CLOSED,),
    On.WITHDRAWN: (Status.WITHDRAWN,),
    On.REOPENED: (Status.IN_PROGRESS,),
    On.IN_PROGRESS: (Status.IN_PROGRESS,),
    On.WAITING_CUSTOMER: (Status.WAITING_CUSTOMER,),
    On.WAITING_THIRD_PARTY: (Status.WAITING_THIRD_PARTY,),
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: `queries.words.workflows` says it. `step` is '' for the workflow itself."""

    code: str
    step: str = ""
    other: str = ""
    part: str = ""


def faults_of(workflow: Workflow) -> list[Fault]:
    """Everything that keeps a workflow from being saved, in the order of its steps; none when it is sound."""
    faults = _shape_faults(workflow)
    keys = {step.key for step in workflow.steps}
    faults += [
        Fault("move_to_nowhere", step.key, to)
        for step in workflow.steps
        for to in step.ways
        if to not in keys
    ]
    if any(fault.code in ("no_start", "twice", "no_steps", "unknown_status") for fault in faults):
        return faults
    faults += [fault for step in workflow.steps for fault in _status_faults(workflow, step)]
    statuses = {step.status for step in workflow.steps}
    faults += [Fault("no_step_for_status", other=status) for status in NEEDED if status not in statuses]
    return faults + _way_faults(workflow)


def _shape_faults(workflow: Workflow) -> list[Fault]:
    faults = [] if TYPE_KEY.fullmatch(workflow.key) else [Fault("bad_workflow_key")]
    if not workflow.name or len(workflow.name) > MAX_WORD:
        faults.append(Fault("no_name"))
    if not workflow.steps:
        return [*faults, Fault("no_steps")]
    if len(workflow.steps) > MAX_STEPS:
        faults.append(Fault("too_many_steps"))
    start = workflow.find(workflow.start)
    if start is None:
        faults.append(Fault("no_start", other=workflow.start))
    elif start.status != Status.OPEN:
        faults.append(Fault("start_not_open", start.key))
    counted = Counter(step.key for step in workflow.steps)
    faults += [Fault("twice", key) for key, count in counted.items() if count > 1]
    return faults + [fault for step in workflow.steps for fault in _step_faults(step)]


def _step_faults(step: Step) -> Iterable[Fault]:
    if not TYPE_KEY.fullmatch(step.key):
        yield Fault("bad_step_key", step.key)
    if not step.name or len(step.name) > MAX_WORD or len(step.told) > MAX_WORD:
        yield Fault("no_step_name", step.key)
    if step.status not in Status.__members__:
        yield Fault("unknown_status", step.key, step.status)
    if step.owner and step.owner not in ROLES:
        yield Fault("unknown_role", step.key, step.owner)
    if step.limit_hours is not None and not 0 < step.limit_hours <= MAX_HOURS:
        yield Fault("bad_limit", step.key)
    for kind in set(step.evidence) - set(EVIDENCE_KINDS):
        yield Fault("unknown_evidence", step.key, kind)
    for key in step.form:
        if not FIELD_KEY.fullmatch(key):
            yield Fault("bad_form_key", step.key, key)
    for auto in step.autos:
        if auto.on not in On.__members__:
            yield Fault("unknown_cause", step.key, auto.on)
    for cause, count in Counter(auto.on for auto in step.autos).items():
        if count > 1:
            yield Fault("cause_twice", step.key, part=cause)
        if cause == On.TIME and step.limit_hours is None:
            yield Fault("time_without_limit", step.key)


def _status_faults(workflow: Workflow, step: Step) -> Iterable[Fault]:
    """Ways that the statuses of a case do not allow."""
    for to in step.moves:
        target = workflow.find(to)
        if target and target.status != step.status and not _by_hand(step.status, target.status):
            yield Fault("not_by_hand", step.key, to)
    for auto in step.autos:
        target = workflow.find(auto.to)
        if target is None or auto.on not in On.__members__:
            continue
        now = _LATER_STATUS.get(auto.on) or _after_words(step.status, auto.on)
        verb = _BY_VERB.get(auto.on)
        if verb and target.status != auto.on:
            yield Fault("wrong_status_for_verb", step.key, auto.to, auto.on)
        elif target.status not in now and not any(_by_hand(status, target.status) for status in now):
            yield Fault("not_by_itself", step.key, auto.to, auto.on)


def _after_words(status: str, on: str) -> tuple[str, ...]:
    """The status in which a case stands after something was said, given or the time was up."""
    if (status == Status.OPEN and on == On.REPLIED) or (
        status == Status.WAITING_CUSTOMER and on == On.CONSUMER_WROTE
    ):
        return (Status.IN_PROGRESS,)
    return (status,)


def _by_hand(old: str, new: str) -> bool:
    return new in CHOSEN_BY_HAND and Status(new) in MOVES[Status(old)] and old not in _BY_VERB


def _way_faults(workflow: Workflow) -> list[Fault]:
    """Steps that nothing leads to, that lead nowhere, and circles that no way leaves."""
    steps = {step.key: step for step in workflow.steps}
    ahead = {key: [to for to in step.ways if to in steps] for key, step in steps.items()}
    behind: dict[str, list[str]] = {key: [] for key in steps}
    for key, ways in ahead.items():
        for to in ways:
            behind[to].append(key)
    reached = _spread([workflow.start], ahead)
    ends = [key for key, step in steps.items() if step.status == Status.CLOSED]
    saved = _spread(ends, behind)
    faults = []
    for key, step in steps.items():
        # withdrawing is possible from everywhere, so nothing need lead there
        if key not in reached and step.status != Status.WITHDRAWN:
            faults.append(Fault("unreachable", key))
        if step.is_end or key in saved:
            continue
        faults.append(Fault("no_way_out" if [to for to in ahead[key] if to != key] else "dead_end", key))
    return faults


def _spread(keys: Iterable[str], ways: Mapping[str, list[str]]) -> set[str]:
    found: set[str] = set()
    todo = list(keys)
    while todo:
        key = todo.pop()
        if key not in found:
            found.add(key)
            todo += ways.get(key, [])
    return found
