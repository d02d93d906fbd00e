"""Workflows by tables: every fault is found and named, places are never nowhere, the drawing is stable."""

from dataclasses import replace

import pytest

from yishi.cases.rules.flow_chart import chart_of
from yishi.cases.rules.workflow_faults import faults_of
from yishi.cases.rules.workflows import Auto, Step, Workflow, carried, place_of, usual_way, walked


def step(key, status="IN_PROGRESS", *moves, **more):
    autos = tuple(Auto(on=on, to=to) for on, to in more.pop("autos", {}).items())
    return Step(key=key, name=key, status=status, moves=moves, autos=autos, **more)


SOUND = Workflow(
    key="SOUND",
    name="完整",
    start="IN",
    steps=(
        step("IN", "OPEN", "LOOK", autos={"RESOLVED": "DONE"}),
        step("LOOK", "IN_PROGRESS", "ACT", "WAIT", autos={"EVIDENCE_ADDED": "ACT"}),
        step("ACT", "IN_PROGRESS", "LOOK", autos={"RESOLVED": "DONE", "TIME": "LOOK"}, limit_hours=4),
        step("WAIT", "WAITING_CUSTOMER", "LOOK", autos={"CONSUMER_WROTE": "LOOK"}),
        step("DONE", "RESOLVED", autos={"CLOSED": "END"}),
        step("END", "CLOSED"),
        step("GONE", "WITHDRAWN"),
    ),
)


def changed(of, /, **parts):
    """SOUND with parts of one step changed; `autos` as a mapping."""
    if "autos" in parts:
        parts["autos"] = tuple(Auto(on=on, to=to) for on, to in parts["autos"].items())
    return replace(SOUND, steps=tuple(replace(s, **parts) if s.key == of else s for s in SOUND.steps))


def without(of):
    return replace(SOUND, steps=tuple(s for s in SOUND.steps if s.key != of))


def adding(*steps):
    return replace(SOUND, steps=(*SOUND.steps, *steps))


def circle():
    """Two steps that send a case round and round."""
    one, two = step("ONE", "IN_PROGRESS", "TWO"), step("TWO", "IN_PROGRESS", "ONE")
    entry = changed("IN", moves=("LOOK", "ONE"))
    return replace(entry, steps=(*entry.steps, one, two))


FAULTS = [
    (replace(SOUND, key="a b"), "bad_workflow_key", ""),
    (replace(SOUND, name=""), "no_name", ""),
    (replace(SOUND, steps=()), "no_steps", ""),
    (replace(SOUND, start="NOWHERE"), "no_start", ""),
    (replace(SOUND, start="LOOK"), "start_not_open", "LOOK"),
    (adding(step("LOOK")), "twice", "LOOK"),
    (changed("LOOK", key="look"), "bad_step_key", "look"),
    (changed("LOOK", name=""), "no_step_name", "LOOK"),
    (changed("LOOK", status="LATER"), "unknown_status", "LOOK"),
    (changed("LOOK", owner="KING"), "unknown_role", "LOOK"),
    (changed("LOOK", limit_hours=0), "bad_limit", "LOOK"),
    (changed("LOOK", limit_hours=float("inf")), "bad_limit", "LOOK"),
    (changed("LOOK", evidence=("DREAM",)), "unknown_evidence", "LOOK"),
    (changed("LOOK", form=("A b",)), "bad_form_key", "LOOK"),
    (changed("LOOK", autos={"RAIN": "ACT"}), "unknown_cause", "LOOK"),
    (changed("LOOK", autos={"TIME": "ACT"}), "time_without_limit", "LOOK"),
    (changed("LOOK", moves=("ACT", "WAIT", "MOON")), "move_to_nowhere", "LOOK"),
    (changed("LOOK", moves=("ACT", "WAIT", "DONE")), "not_by_hand", "LOOK"),
    (changed("ACT", moves=("IN",)), "not_by_hand", "ACT"),
    (changed("DONE", moves=("LOOK",)), "not_by_hand", "DONE"),
    (changed("LOOK", autos={"REPLIED": "DONE"}), "not_by_itself", "LOOK"),
    (changed("ACT", autos={"RESOLVED": "END"}), "wrong_status_for_verb", "ACT"),
    (without("GONE"), "no_step_for_status", ""),
    (adding(step("LOST", "IN_PROGRESS", "LOOK")), "unreachable", "LOST"),
    (changed("WAIT", moves=(), autos={}), "dead_end", "WAIT"),
    (changed("DONE", autos={}), "dead_end", "DONE"),
    (circle(), "no_way_out", "ONE"),
]


def test_a_sound_workflow_has_no_fault():
    assert faults_of(SOUND) == []


@pytest.mark.parametrize(("workflow", "code", "at"), FAULTS, ids=[f"{c}-{a}" for _, c, a in FAULTS])
def test_a_fault_is_named_with_its_step(workflow, code, at):
    assert (code, at) in {(fault.code, fault.step) for fault in faults_of(workflow)}


def test_two_targets_for_one_cause_are_a_fault():
    twice = (Auto(on="RESOLVED", to="DONE"), Auto(on="RESOLVED", to="DONE"))
    broken = replace(
        SOUND, steps=tuple(replace(s, autos=twice) if s.key == "ACT" else s for s in SOUND.steps)
    )
    assert [fault.code for fault in faults_of(broken)] == ["cause_twice"]


@pytest.mark.parametrize(
    ("kept", "status", "place"),
    [
        ("", "OPEN", "IN"),
        ("", "IN_PROGRESS", "LOOK"),
        ("ACT", "IN_PROGRESS", "ACT"),
        ("ACT", "WAITING_CUSTOMER", "WAIT"),
        # no step of its own: it waits where it was
        ("ACT", "WAITING_THIRD_PARTY", "ACT"),
        ("", "WAITING_THIRD_PARTY", "IN"),
        # a step that a newer version no longer has
        ("OLD", "IN_PROGRESS", "LOOK"),
        ("ACT", "CLOSED", "END"),
    ],
)
def test_a_case_always_stands_somewhere(kept, status, place):
    assert place_of(SOUND, step=kept, status=status).key == place


@pytest.mark.parametrize(
    ("from_key", "on", "status", "to"),
    [
        ("IN", "REPLIED", "IN_PROGRESS", "LOOK"),
        ("LOOK", "EVIDENCE_ADDED", "IN_PROGRESS", "ACT"),
        ("ACT", "EVIDENCE_ADDED", "IN_PROGRESS", "ACT"),
        ("ACT", "WAITING_THIRD_PARTY", "WAITING_THIRD_PARTY", "ACT"),
        ("WAIT", "CONSUMER_WROTE", "IN_PROGRESS", "LOOK"),
        ("LOOK", "RESOLVED", "RESOLVED", "DONE"),
        ("ACT", "WITHDRAWN", "WITHDRAWN", "GONE"),
        ("END", "REOPENED", "IN_PROGRESS", "LOOK"),
    ],
)
def test_what_happens_carries_it_on(from_key, on, status, to):
    assert carried(SOUND, place=SOUND.get(from_key), on=on, status=status).key == to


def test_the_way_walked_is_told_by_the_history():
    lines = [
        ("REPLY", {}),
        ("STEP", {"to": "ACT"}),
        ("STATUS", {"status": "WAITING_CUSTOMER"}),
        ("STATUS", {"status": "WAITING_CUSTOMER"}),
        ("STEP", {"to": "NO_MORE"}),
        ("RESOLVED", {}),
        ("CLOSED", {}),
    ]
    assert walked(SOUND, lines) == ["IN", "LOOK", "ACT", "WAIT", "DONE", "END"]


def test_the_usual_way_ends_and_does_not_wait():
    assert usual_way(SOUND, "IN") == ["LOOK", "ACT", "DONE", "END"]
    assert usual_way(SOUND, "WAIT") == ["LOOK", "ACT", "DONE", "END"]


def test_the_drawing_has_every_step_once_and_is_the_same_each_time():
    chart = chart_of(SOUND, passed=["IN", "LOOK"], now="LOOK")
    places = [(box.column, box.row) for box in chart.boxes]
    assert sorted(box.key for box in chart.boxes) == sorted(s.key for s in SOUND.steps)
    assert len(set(places)) == len(places) and chart == chart_of(SOUND, passed=["IN", "LOOK"], now="LOOK")
    states = {box.key: box.state for box in chart.boxes}
    assert (states["IN"], states["LOOK"], states["ACT"], states["END"]) == ("DONE", "NOW", "NEXT", "LATER")


@pytest.mark.parametrize("broken", [workflow for workflow, _, _ in FAULTS], ids=[f[1] for f in FAULTS])
def test_a_broken_workflow_can_be_drawn(broken):
    """It is drawn while it is edited, whatever is wrong with it."""
    assert {box.key for box in chart_of(broken).boxes} == {s.key for s in broken.steps}
