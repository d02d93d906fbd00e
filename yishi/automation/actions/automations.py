"""Rules kept by people: a new version for every change, tried on past cases before it goes live."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from yishi.automation.actions.bulk import why
from yishi.automation.actions.macros import try_steps
from yishi.automation.facts import RuleWentLive
from yishi.automation.models.automations import Rule, RuleState
from yishi.automation.queries.automations import recent_cases, values_of
from yishi.automation.rules.conditions import (
    TRIGGERS,
    condition_faults,
    fits,
    kept_conditions,
    read_conditions,
)
from yishi.automation.rules.steps import faults_of, kept_steps, read_steps
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.facts import announce
from yishi.people.queries import require
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer

_NAME = 40
TRIED_ON = 500
DONE_ON = 20
"""Of the cases that fit so many are really done to and taken back, to see what would be refused."""


class NotTriedYet(Refusal):
    """先在过去的工单上试一遍，再启用"""

    code = "not_tried_yet"


@dataclass(frozen=True)
class Trial:
    """What a rule would have done: `fitting` of `looked` cases, and of the first open ones what stops it.

    `asked_in_vain` are fields that only the moment itself knows (a clock, a score): taken as fitting.
    """

    looked: int
    fitting: int
    case_nos: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    asked_in_vain: tuple[str, ...]


@transaction.atomic
def save_rule(
    *,
    rule_id: int | None = None,
    name: str,
    trigger: str,
    conditions: Iterable[Mapping[str, Any]],
    steps: Iterable[Mapping[str, Any]],
    place: int = 100,
    is_last: bool = False,
    by: Viewer,
    at: datetime,
) -> int:
    """Keeps a new version as a draft and returns its id; what is live goes on until the draft goes live.

    Raises Invalid, NotFound for an unknown rule. Settling is no step of a rule: a finding is somebody's.
    """
    require(by, Permission.POLICY_MANAGE)
    said, asked, read = " ".join(name.split()), read_conditions(conditions), read_steps(steps)
    errors = [*condition_faults(trigger, asked), *faults_of(read)]
    if not said or len(said) > _NAME:
        errors.insert(0, ("/name", "missing_field", "起个名字，40 字以内"))
    if any(step.do == "settle" for step in read):
        errors.append(("/steps", "not_by_rule", "核实结果要由人来定，规则不能代办"))
    if errors:
        raise Invalid(errors)
    key, version = _next(rule_id)
    rule = Rule.objects.create(
        key=key,
        version=version,
        name=said,
        trigger=trigger,
        conditions=kept_conditions(asked),
        steps=kept_steps(read),
        place=max(0, min(place, 9_999)),
        is_last=is_last,
        made_by=by.label,
        made_at=at,
    )
    return rule.pk


def _next(rule_id: int | None) -> tuple[uuid.UUID, int]:
    """The key and number of the next version; an older draft of the same rule makes way."""
    if rule_id is None:
        return uuid.uuid4(), 1
    old = Rule.objects.filter(pk=rule_id).first()
    if old is None:
        raise NotFound()
    versions = Rule.objects.select_for_update().filter(key=old.key)
    versions.filter(state=RuleState.DRAFT).update(state=RuleState.ENDED)
    newest = Rule.objects.filter(key=old.key).aggregate(last=Max("version"))["last"]
    return old.key, newest + 1


def try_rule(*, rule_id: int, by: Viewer, at: datetime) -> Trial:
    """Asks the newest cases as they are now, and does the steps to the first that fit, taking all back.

    Raises NotFound. Changes nothing but that the rule counts as tried.
    """
    rule = _held(rule_id, by)
    conditions, steps = read_conditions(rule.conditions), read_steps(rule.steps)
    in_vain = tuple(TRIGGERS[rule.trigger])
    asked = [each for each in conditions if each.field not in in_vain]
    cases = recent_cases(TRIED_ON)
    fitting = [case for case in cases if fits(asked, values_of(case, {}, at=at))]
    refused = []
    for case in [case for case in fitting if case.is_open][:DONE_ON]:
        refusal = try_steps(case_no=case.case_no, steps=steps, by=SYSTEM_VIEWER, at=at)
        if refusal is not None:
            refused.append((case.case_no, why(refusal)))
    Rule.objects.filter(pk=rule.pk).update(tried_at=at)
    asked_in_vain = tuple(each.field for each in conditions if each.field in in_vain)
    shown = tuple(case.case_no for case in fitting[:DONE_ON])
    return Trial(len(cases), len(fitting), shown, tuple(refused), asked_in_vain)


def _held(rule_id: int, by: Viewer) -> Rule:
    require(by, Permission.POLICY_MANAGE)
    rule = Rule.objects.filter(pk=rule_id).first()
    if rule is None:
        raise NotFound()
    return rule


@transaction.atomic
def go_live(*, rule_id: int, by: Viewer, at: datetime) -> None:
    """The draft counts from now on, its older version no more. Raises NotFound, NotTriedYet."""
    rule = _held(rule_id, by)
    if rule.tried_at is None:
        raise NotTriedYet()
    versions = Rule.objects.select_for_update().filter(key=rule.key)
    versions.filter(state=RuleState.LIVE).exclude(pk=rule.pk).update(state=RuleState.ENDED, ended_at=at)
    drafts = versions.filter(pk=rule.pk, state=RuleState.DRAFT)
    if drafts.update(state=RuleState.LIVE, live_at=at, live_by=by.label):
        announce(RuleWentLive(rule_id=rule.pk, by=by.label, at=at))


@transaction.atomic
def end_rule(*, rule_id: int, by: Viewer, at: datetime) -> None:
    """It looks at nothing any more; its looks stay. Raises NotFound."""
    rule = _held(rule_id, by)
    Rule.objects.filter(pk=rule.pk).exclude(state=RuleState.ENDED).update(state=RuleState.ENDED, ended_at=at)
