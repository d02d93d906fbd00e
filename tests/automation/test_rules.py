"""Rules of the operator: when – if – then. Tried first, each look kept, no loops, a broken one is told."""

from datetime import timedelta

import pytest
from django.db import transaction

from tests.cases.making import at_dongshan, opened
from tests.world import START, World
from yishi.automation.actions.automations import NotTriedYet, end_rule, go_live, save_rule, try_rule
from yishi.automation.models.automations import Rule, RuleRun
from yishi.automation.queries.automations import list_rules, list_runs
from yishi.automation.rules.conditions import Broken, Condition, condition_faults, fits
from yishi.cases.actions.reply import add_reply, consumer_reply
from yishi.cases.models.case import Case
from yishi.cases.models.history import TimelineEntry
from yishi.kit.errors import Invalid, NotAllowed
from yishi.kit.outbox import run_due
from yishi.notifications.models import Delivery
from yishi.people.rules import SYSTEM_VIEWER

SAID = {
    "category": "DAMAGED",
    "priority": 1,
    "is_repeat": False,
    "text": "箱子破了，里面的杯子碎了",
    "outlet": "DS01",
}


# ---- conditions


@pytest.mark.parametrize(
    ("field", "op", "values", "holds"),
    [
        ("category", "is", ["LOST", "DAMAGED"], True),
        ("category", "is_not", ["LOST", "DAMAGED"], False),
        ("priority", "at_least", ["1"], True),
        ("priority", "at_least", ["2"], False),
        ("priority", "at_most", ["1"], True),
        ("is_repeat", "is", ["no"], True),
        ("is_repeat", "is", ["yes"], False),
        ("text", "contains", ["杯子", "玻璃"], True),
        ("text", "contains", ["玻璃"], False),
        ("text", "contains_not", ["玻璃"], True),
    ],
)
def test_a_condition(field, op, values, holds):
    assert fits([Condition(field, op, tuple(values))], SAID) is holds


def test_no_condition_fits_always_and_all_must_hold():
    assert fits([], SAID)
    yes, no = Condition("priority", "at_least", ("1",)), Condition("priority", "at_least", ("2",))
    assert fits([yes], SAID) and not fits([yes, no], SAID)


@pytest.mark.parametrize("field", ["clock", "gone", "is_repeat"])
def test_what_is_not_there_is_broken_and_never_a_no(field):
    holds_not = Condition("category", "is", ("LOST",))
    with pytest.raises(Broken):
        fits([holds_not, Condition(field, "is", ("x",))], {**SAID, "is_repeat": None})


@pytest.mark.parametrize(
    ("trigger", "condition", "code"),
    [
        ("full_moon", None, "unknown_trigger"),
        ("case_opened", Condition("clock", "is", ("RESOLUTION",)), "unknown_field"),
        ("case_opened", Condition("priority", "is", ("1",)), "unknown_op"),
        ("case_opened", Condition("priority", "at_least", ("many",)), "bad_number"),
        ("case_opened", Condition("priority", "at_least", ("1", "2")), "too_many"),
        ("case_opened", Condition("is_repeat", "is", ("maybe",)), "bad_yes_no"),
        ("case_opened", Condition("category", "is", ()), "missing_field"),
    ],
)
def test_a_faulty_rule_is_named(trigger, condition, code):
    faults = condition_faults(trigger, [condition] if condition else [])
    assert [fault[1] for fault in faults] == [code]


# ---- rules at work

NOTE = [{"do": "note", "text": "先拍照再联系"}, {"do": "priority", "priority": 2, "reason": "破损先办"}]
DAMAGED = [{"field": "category", "op": "is", "values": ["DAMAGED"]}]


def live(trigger="case_opened", conditions=(), steps=NOTE, **more) -> int:
    rule_id = save_rule(
        name="破损先办",
        trigger=trigger,
        conditions=conditions,
        steps=steps,
        by=SYSTEM_VIEWER,
        at=START,
        **more,
    )
    try_rule(rule_id=rule_id, by=SYSTEM_VIEWER, at=START)
    go_live(rule_id=rule_id, by=SYSTEM_VIEWER, at=START)
    return rule_id


def work(at=START) -> None:
    while run_due(at=at + timedelta(seconds=1)):
        pass


def outcomes() -> list[str]:
    return list(RuleRun.objects.order_by("pk").values_list("outcome", flat=True))


def test_a_fitting_case_is_dealt_with_once_and_the_look_is_kept(world: World) -> None:
    rule_id = live(conditions=DAMAGED)
    case = at_dongshan(world, category="DAMAGED")
    work()
    work()
    assert Case.objects.get(pk=case.case_id).priority == 2
    assert TimelineEntry.objects.filter(case_id=case.case_id, text="先拍照再联系").count() == 1
    (run,) = list_runs(viewer=SYSTEM_VIEWER, rule_id=rule_id)
    assert (run.case_no, run.outcome) == (case.case_no, "DONE")


def test_one_that_does_not_fit_is_kept_as_such(world: World) -> None:
    live(conditions=DAMAGED)
    case = at_dongshan(world)
    work()
    assert outcomes() == ["NO_MATCH"]
    assert not TimelineEntry.objects.filter(case_id=case.case_id, text="先拍照再联系").exists()


def test_rules_cannot_chase_each_other(world: World) -> None:
    """Each would write an answer to every answer; what a rule wrote is met by no rule."""
    for text in ("收到，马上看", "我们在办"):
        live(trigger="case_replied", steps=[{"do": "reply", "text": text}])
    case = at_dongshan(world)
    work()
    with transaction.atomic():
        add_reply(case_id=case.case_id, text="在查", by=SYSTEM_VIEWER, at=START)
    for _ in range(5):
        work()
    assert outcomes() == ["DONE", "DONE"]
    assert TimelineEntry.objects.filter(case_id=case.case_id, kind="REPLY").count() == 3


def test_a_rules_word_is_no_answer(world: World) -> None:
    from yishi.sla.queries.clocks import clocks_of_case

    live(steps=[{"do": "reply", "text": "收到了，我们会尽快联系你"}])
    case = at_dongshan(world)
    work()
    first = next(c for c in clocks_of_case(case.case_id) if c.kind == "FIRST_RESPONSE")
    assert outcomes() == ["DONE"] and first.met_at is None


def test_a_last_rule_ends_the_looking(world: World) -> None:
    live(steps=[{"do": "note", "text": "一"}], place=1, is_last=True)
    live(steps=[{"do": "note", "text": "二"}], place=2)
    at_dongshan(world)
    work()
    assert outcomes() == ["DONE"]


def test_a_broken_rule_is_reported_and_holds_up_nobody(world: World) -> None:
    broken = live(conditions=DAMAGED)
    live()
    Rule.objects.filter(pk=broken).update(conditions=[{"field": "gone", "op": "is", "values": ["x"]}])
    at_dongshan(world)
    work()
    assert outcomes() == ["BROKEN", "DONE"]
    card = next(card for card in list_rules(viewer=SYSTEM_VIEWER, at=START) if card.id == broken)
    assert (card.broken_at, card.broken_says) == (START, "gone")
    assert Delivery.objects.filter(kind="RULE_ALARM").exists()
    Rule.objects.filter(pk=broken).update(conditions=[])
    opened(world, waybill_no="YT8800000000002")
    work()
    assert Rule.objects.get(pk=broken).broken_at is None


def test_what_a_step_refuses_is_said_and_nothing_of_it_stays(world: World) -> None:
    steps = [{"do": "note", "text": "转走"}, {"do": "assign", "outlet": "NOWHERE", "reason": "看看"}]
    live(trigger="consumer_wrote", steps=steps)
    case = at_dongshan(world)
    work()
    with transaction.atomic():
        consumer_reply(case_id=case.case_id, text="怎么样了", at=START)
    work()
    assert outcomes() == ["REFUSED"] and RuleRun.objects.get().says
    assert not TimelineEntry.objects.filter(case_id=case.case_id, text="转走").exists()


# ---- kept by people


def test_nothing_goes_live_untried(world: World) -> None:
    rule_id = save_rule(
        name="未试", trigger="case_opened", conditions=[], steps=NOTE, by=SYSTEM_VIEWER, at=START
    )
    with pytest.raises(NotTriedYet):
        go_live(rule_id=rule_id, by=SYSTEM_VIEWER, at=START)
    assert Rule.objects.get().state == "DRAFT"


def test_a_trial_says_what_would_be_and_changes_nothing(world: World) -> None:
    case = at_dongshan(world, category="DAMAGED")
    opened(world, waybill_no="YT8800000000003")
    lines = TimelineEntry.objects.count()
    steps = [*NOTE, {"do": "assign", "outlet": "NOWHERE", "reason": "看看"}]
    rule_id = save_rule(
        name="试", trigger="case_opened", conditions=DAMAGED, steps=steps, by=SYSTEM_VIEWER, at=START
    )
    trial = try_rule(rule_id=rule_id, by=SYSTEM_VIEWER, at=START)
    assert (trial.looked, trial.fitting, trial.case_nos) == (2, 1, (case.case_no,))
    assert [no for no, _ in trial.refused] == [case.case_no]
    assert TimelineEntry.objects.count() == lines and Case.objects.get(pk=case.case_id).priority == 0


def test_a_change_is_a_new_version_and_the_old_one_counts_until_it_is_live(world: World) -> None:
    first = live(conditions=DAMAGED)
    second = save_rule(
        rule_id=first,
        name="改过",
        trigger="case_opened",
        conditions=[],
        steps=NOTE,
        by=SYSTEM_VIEWER,
        at=START,
    )
    states = dict(Rule.objects.values_list("pk", "state"))
    assert states == {first: "LIVE", second: "DRAFT"}
    try_rule(rule_id=second, by=SYSTEM_VIEWER, at=START)
    go_live(rule_id=second, by=SYSTEM_VIEWER, at=START)
    assert dict(Rule.objects.values_list("pk", "state")) == {first: "ENDED", second: "LIVE"}
    end_rule(rule_id=second, by=SYSTEM_VIEWER, at=START)
    at_dongshan(world)
    work()
    assert outcomes() == []


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"trigger": "x"}, "/trigger"),
        ({"steps": []}, "/steps"),
        (
            {
                "steps": [
                    {
                        "do": "settle",
                        "remedy": "REDELIVER",
                        "text": "好",
                        "validity": "VALID",
                        "reason": "看过",
                    }
                ]
            },
            "/steps",
        ),
    ],
)
def test_a_refused_rule_is_not_kept(world: World, changed, pointer) -> None:
    said = {"name": "规则", "trigger": "case_opened", "conditions": [], "steps": NOTE, **changed}
    with pytest.raises(Invalid) as refused:
        save_rule(**said, by=SYSTEM_VIEWER, at=START)
    assert pointer in [error[0] for error in refused.value.errors] and Rule.objects.count() == 0


def test_agents_keep_no_rules(world: World) -> None:
    with pytest.raises(NotAllowed):
        save_rule(
            name="规则",
            trigger="case_opened",
            conditions=[],
            steps=NOTE,
            by=world.viewer(world.lin),
            at=START,
        )
    assert Rule.objects.count() == 0
