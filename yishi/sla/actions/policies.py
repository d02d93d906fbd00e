"""Policies kept by people: each edit a new version, each change written down, running promises on request."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.sla.actions.recompute import ask_recompute
from yishi.sla.models.policies import Change, Counting, ServiceCalendar, SlaPolicy
from yishi.sla.queries.policies import policy_of
from yishi.sla.rules.policies import Policy, faults_of, is_base


class NoCalendar(Refusal):
    """还没有工作时间表：先设好哪天几点上班，再按服务时间计；或改按自然时间计"""

    code = "no_calendar"
    status = 422


class StillNeeded(Refusal):
    """这一类诉求靠它兜底：可以改，不能停用"""

    code = "still_needed"


class AlreadyEnded(Refusal):
    """这条时限已经停用或被新的一版代替"""

    code = "already_ended"


@transaction.atomic
def add_policy(*, policy: Policy, is_for_running: bool = False, by: Viewer, at: datetime) -> int:
    """Keeps a new policy; `is_for_running` also moves promises that run already. Returns its id.

    Raises NotAllowed, Invalid, NoCalendar.
    """
    require(by, Permission.POLICY_MANAGE)
    _check(policy)
    row = _row(policy, by, at, replaces=None)
    row.valid_from = policy.valid_from or (None if is_for_running else at)
    row.save()
    _note(row, {}, by, at)
    if is_for_running:
        _ask(row, by, at)
    return row.pk


@transaction.atomic
def change_policy(
    *, policy_id: int, policy: Policy, is_for_running: bool = False, by: Viewer, at: datetime
) -> int:
    """A new version in the place of an old one, which stays as history. Returns the new id.

    For new cases only, from now on; or `is_for_running`: also what was promised already is reckoned by it.
    Raises NotAllowed, NotFound, AlreadyEnded, Invalid, NoCalendar.
    """
    require(by, Permission.POLICY_MANAGE)
    _check(policy)
    old = _held(policy_id)
    before = as_data(old)
    row = _row(policy, by, at, replaces=old)
    begins = old.valid_from if policy.valid_from is None else policy.valid_from
    row.valid_from = begins if is_for_running else max(filter(None, [policy.valid_from, at]))
    _end(old, at, until=row.valid_from or at, at_once=is_for_running)
    row.save()
    _note(row, before, by, at)
    if is_for_running:
        _ask(row, by, at)
    return row.pk


@transaction.atomic
def end_policy(*, policy_id: int, by: Viewer, at: datetime) -> None:
    """No new case is promised by it any more. Raises NotAllowed, NotFound, AlreadyEnded, StillNeeded."""
    require(by, Permission.POLICY_MANAGE)
    row = _held(policy_id)
    if is_base(policy_of(row)):
        raise StillNeeded()
    before = as_data(row)
    _end(row, at, until=at, at_once=False)
    _note(row, before, by, at)


def _held(policy_id: int) -> SlaPolicy:
    row = SlaPolicy.objects.select_for_update(of=("self",)).filter(pk=policy_id).first()
    if row is None:
        raise NotFound()
    if row.ended_at is not None or not row.is_active:
        raise AlreadyEnded()
    return row


def _check(policy: Policy) -> None:
    faults = faults_of(policy)
    if faults:
        raise Invalid(faults)
    if policy.is_in_service_hours and not _has_calendar(policy.outlet_id):
        raise NoCalendar()


def _has_calendar(outlet_id: int | None) -> bool:
    whose = Q(outlet_id__isnull=True) | Q(outlet_id=outlet_id)
    return ServiceCalendar.objects.filter(whose, removed_at__isnull=True).exists()


def _row(policy: Policy, by: Viewer, at: datetime, *, replaces: SlaPolicy | None) -> SlaPolicy:
    return SlaPolicy(
        kind=policy.kind,
        within=policy.within,
        counting=Counting.SERVICE_HOURS if policy.is_in_service_hours else Counting.NATURAL,
        escalate_within=policy.escalate_within,
        case_class=policy.case_class,
        category=policy.category,
        type_key=policy.type_key,
        customer_class=policy.customer_class,
        priority=policy.priority,
        outlet_id=policy.outlet_id,
        region_id=policy.region_id,
        profile=policy.profile,
        valid_until=policy.valid_until,
        replaces=replaces,
        made_by_id=by.user_id,
        made_at=at,
    )


def _end(row: SlaPolicy, at: datetime, *, until: datetime, at_once: bool) -> None:
    """What was promised by it stays, unless it is to count as if it had never been (`at_once`)."""
    row.ended_at = at
    if at_once or (row.valid_from is not None and row.valid_from > at):
        row.is_active = False
    else:
        row.valid_until = min(filter(None, [row.valid_until, until]))
    row.save(update_fields=["ended_at", "is_active", "valid_until"])


def _ask(row: SlaPolicy, by: Viewer, at: datetime) -> None:
    ask_recompute(
        why="POLICY", data={"policy": row.pk}, outlet_id=row.outlet_id, by_user_id=by.user_id, at=at
    )


def as_data(row: SlaPolicy) -> dict[str, Any]:
    """A policy as the record of changes keeps it."""
    names = (
        "kind", "case_class", "category", "type_key", "customer_class", "priority", "outlet_id", "region_id",
        "profile", "counting", "is_active",
    )  # fmt: skip
    data: dict[str, Any] = {name: getattr(row, name) for name in names}
    for name in ("within", "escalate_within"):
        data[name] = getattr(row, name).total_seconds()
    for name in ("valid_from", "valid_until", "ended_at"):
        moment = getattr(row, name)
        data[name] = moment.isoformat() if moment else None
    return data


def _note(row: SlaPolicy, before: dict[str, Any], by: Viewer, at: datetime) -> None:
    Change.objects.create(
        what="POLICY", what_id=row.pk, before=before, after=as_data(row), by_user_id=by.user_id, at=at
    )
