"""A workflow as a drawing: every step its column and row, every way its corners. Pure and deterministic."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise

from yishi.cases.rules.status import WAITING_STATUSES, Status
from yishi.cases.rules.workflows import Workflow

_SIDE = frozenset({*WAITING_STATUSES, Status.WITHDRAWN})


@dataclass(frozen=True)
class Box:
    """A step in the drawing. `state`: DONE, NOW, NEXT (may come directly) or LATER."""

    key: str
    column: int
    row: int
    state: str


@dataclass(frozen=True)
class Way:
    """A way between two boxes, `is_both`: there and back. `lane` > 0: it runs on a line under the rows."""

    from_key: str
    to_key: str
    is_automatic: bool
    is_walked: bool
    is_both: bool = False
    lane: int = 0


@dataclass(frozen=True)
class Chart:
    boxes: tuple[Box, ...]
    ways: tuple[Way, ...]
    columns: int
    rows: int
    lanes: int


def chart_of(workflow: Workflow, *, passed: Collection[str] = (), now: str = "") -> Chart:
    """The drawing of a workflow, with a case's way marked when one is given.

    Steps stand in columns by how far they are from the start; steps that nothing leads to (while it is being
    edited) stand at the bottom, so that none is hidden.
    """
    places = _places(workflow)
    here = workflow.find(now)
    ahead = here.ways if here else []
    boxes = tuple(
        Box(key, column, row, _state(key, now, passed, ahead)) for key, (column, row) in places.items()
    )
    ways, lanes = _ways(workflow, places, list(passed))
    return Chart(
        boxes,
        ways,
        columns=max((box.column for box in boxes), default=-1) + 1,
        rows=max((box.row for box in boxes), default=-1) + 1,
        lanes=lanes,
    )


def _state(key: str, now: str, passed: Collection[str], ahead: Collection[str]) -> str:
    if key == now:
        return "NOW"
    if key in passed:
        return "DONE"
    return "NEXT" if key in ahead else "LATER"


def _columns(workflow: Workflow) -> dict[str, int]:
    """Of the main line: the longest way from the start; ways that close a circle do not push to the right."""
    main = [step for step in workflow.steps if step.status not in _SIDE]
    keys = {step.key for step in main}
    ahead = {step.key: [to for to in step.ways if to in keys and to != step.key] for step in main}
    back = _back_ways([workflow.start, *(step.key for step in main)], ahead)
    onward = [(key, to) for key, ways in ahead.items() for to in ways if (key, to) not in back]
    columns = {workflow.start: 0} if workflow.start in keys else {}
    for _round in main:
        for from_key, to in onward:
            if from_key in columns:
                columns[to] = max(columns.get(to, 0), columns[from_key] + 1)
    return columns


def _back_ways(roots: Iterable[str], ahead: dict[str, list[str]]) -> set[tuple[str, str]]:
    """Ways that close a circle, found by walking on in the order of the steps."""
    back: set[tuple[str, str]] = set()
    done: set[str] = set()
    for root in roots:
        if root in done or root not in ahead:
            continue
        path, waiting = [root], [list(ahead[root])]
        while path:
            if not waiting[-1]:
                done.add(path.pop())
                waiting.pop()
                continue
            to = waiting[-1].pop(0)
            if to in path:
                back.add((path[-1], to))
            elif to not in done:
                path.append(to)
                waiting.append(list(ahead[to]))
    return back


def _places(workflow: Workflow) -> dict[str, tuple[int, int]]:
    """The main line on top, waiting and giving up under where they begin, lost steps at the bottom."""
    columns = _columns(workflow)
    last = max(columns.values(), default=0)
    places: dict[str, tuple[int, int]] = {}
    for key, column in columns.items():
        places[key] = _free(places, column, 0)
    for step in workflow.steps:
        if step.status in _SIDE:
            leading = [each.key for each in workflow.steps if step.key in each.ways]
            before = [columns[key] for key in leading if key in columns]
            under = min(before, default=last)
            free = [column for column in range(under, last + 1) if (column, 1) not in places.values()]
            places[step.key] = (free[0], 1) if free else _free(places, under, 1)
    bottom = max((row for _column, row in places.values()), default=-1) + 1
    lost = [step.key for step in workflow.steps if step.key not in places]
    per_row = max(last + 1, 4)
    return places | {
        key: (at % per_row, bottom + at // per_row) for at, key in enumerate(dict.fromkeys(lost))
    }


def _free(places: dict[str, tuple[int, int]], column: int, row: int) -> tuple[int, int]:
    while (column, row) in places.values():
        row += 1
    return column, row


def _ways(
    workflow: Workflow, places: dict[str, tuple[int, int]], passed: list[str]
) -> tuple[tuple[Way, ...], int]:
    """Each way once, there and back in one line; what passes over boxes runs under them, a lane a target."""
    gone = set(pairwise(passed))
    pairs = {(step.key, to) for step in workflow.steps for to in step.ways if to in places and to != step.key}
    lanes: dict[str, int] = {}
    ways: list[Way] = []
    for step in workflow.steps:
        for to in step.ways:
            if (step.key, to) not in pairs:
                continue
            is_near = _is_near(places[step.key], places[to])
            is_both = is_near and (to, step.key) in pairs
            if is_both:
                pairs.discard((to, step.key))
            ways.append(
                Way(
                    step.key,
                    to,
                    is_automatic=to not in step.moves,
                    is_walked=(step.key, to) in gone or (is_both and (to, step.key) in gone),
                    is_both=is_both,
                    lane=0 if is_near else lanes.setdefault(to, len(lanes) + 1),
                )
            )
    return tuple(ways), len(lanes)


def _is_near(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """In the next column, or in another row of the same or next column: nothing lies between."""
    across, down = other[0] - one[0], abs(other[1] - one[1])
    return (across == 1 and down <= 1) or (down == 1 and abs(across) <= 1)
