"""The operator's parameters: added in shadow, tried on history, brought to life, ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from yishi.detection.models.settings import DetectionSetting
from yishi.detection.rules.playbooks import Step
from yishi.detection.rules.settings import SHADOW_DAYS, Terms, fault_of
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

State = DetectionSetting.State
MAX_WORD = 100
_SCOPE = ("carrier", "product", "origin", "destination", "outlet")


class StillInShadow(Refusal):
    """试运行还没到期，先看它找出来的对不对；要提前生效，写明原因"""

    code = "still_in_shadow"
    status = 409


class SettingEnded(Refusal):
    """这条参数已经停用"""

    code = "setting_ended"
    status = 409


@transaction.atomic
def add_setting(
    *, terms: Terms, reason: str, shadow_days: int = SHADOW_DAYS, by: Viewer, at: datetime
) -> int:
    """Adds parameters, which find in shadow until they are brought to life; the number of the setting.

    Raises NotAllowed, Invalid with a pointer a field.
    """
    require(by, Permission.POLICY_MANAGE)
    _check(terms, reason, shadow_days)
    return DetectionSetting.objects.create(
        kind=terms.kind.value,
        carrier=terms.carrier,
        product=terms.product,
        origin=terms.origin,
        destination=terms.destination,
        outlet_code=terms.outlet,
        numbers=dict(terms.numbers),
        steps=None if terms.steps is None else list(terms.steps),
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        shadow_until=at + timedelta(days=shadow_days),
        reason=reason.strip(),
        added_at=at,
        added_by=by.label,
    ).pk


def _check(terms: Terms, reason: str, shadow_days: int) -> None:
    errors = []
    if wrong := fault_of(terms.kind, terms.numbers):
        errors.append((f"/numbers/{wrong}", "out_of_range", "这个数不对"))
    if terms.steps is not None and not {*terms.steps} <= {step.value for step in Step}:
        errors.append(("/steps", "unknown_step", "没有这一步"))
    if terms.valid_until is not None and terms.valid_until < terms.valid_from:
        errors.append(("/valid_until", "before_start", "结束不能早于开始"))
    for name in _SCOPE:
        if len(getattr(terms, name)) > MAX_WORD or not getattr(terms, name).isprintable():
            errors.append((f"/{name}", "too_long", "最多 100 字"))
    if not reason.strip() or len(reason) > 2 * MAX_WORD or "\x00" in reason:
        errors.append(("/reason", "missing_field", "写明为什么这样设，200 字以内"))
    if not 0 <= shadow_days <= 90:
        errors.append(("/shadow_days", "out_of_range", "试运行 0 到 90 天"))
    if errors:
        raise Invalid(errors)


@transaction.atomic
def go_live(*, setting_id: int, reason: str = "", by: Viewer, at: datetime) -> None:
    """From now on people are told of what it finds. Raises StillInShadow before its time without a reason,
    SettingEnded, NotFound, NotAllowed."""
    row = _hold(setting_id, by)
    if row.state == State.ENDED:
        raise SettingEnded
    if row.state == State.LIVE:
        return
    if at < row.shadow_until and not reason.strip():
        raise StillInShadow
    row.state, row.live_at, row.live_by = State.LIVE, at, by.label
    if reason.strip():
        row.reason = f"{row.reason}；{reason.strip()[: 2 * MAX_WORD]}"
    row.save(update_fields=["state", "live_at", "live_by", "reason"])


@transaction.atomic
def end_setting(*, setting_id: int, by: Viewer, at: datetime) -> None:
    """What counted before it counts again; what it found stays. Raises SettingEnded, NotFound."""
    row = _hold(setting_id, by)
    if row.state == State.ENDED:
        raise SettingEnded
    row.state, row.ended_at, row.ended_by = State.ENDED, at, by.label
    row.save(update_fields=["state", "ended_at", "ended_by"])


@dataclass(frozen=True)
class Tried:
    """What parameters would have found: of so many parcels, and how many of those were complained of.

    `missed` were complained of and not found.
    """

    parcels: int
    found: int
    complained: int
    missed: int
    since: date
    until: date

    def values(self) -> Mapping[str, object]:
        numbers = {name: getattr(self, name) for name in ("parcels", "found", "complained", "missed")}
        return {**numbers, "since": self.since.isoformat(), "until": self.until.isoformat()}


@transaction.atomic
def note_tried(*, setting_id: int, tried: Tried, by: Viewer, at: datetime) -> None:
    """Keeps with the setting what it would have found. Raises NotFound, NotAllowed."""
    row = _hold(setting_id, by)
    row.tried = {**tried.values(), "at": at.isoformat()}
    row.save(update_fields=["tried"])


def _hold(setting_id: int, by: Viewer) -> DetectionSetting:
    require(by, Permission.POLICY_MANAGE)
    row = DetectionSetting.objects.select_for_update().filter(pk=setting_id).first()
    if row is None:
        raise NotFound()
    return row
