"""Whom nobody tells ahead, so that it can be known what telling does: the share, and each parcel's group."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from yishi.detection.models.settings import HoldOut
from yishi.detection.rules.avoided import HOLDABLE, MOST_PERCENT, Arm, arm_of
from yishi.detection.rules.kinds import Kind
from yishi.kit.errors import Invalid
from yishi.kit.personal import keyed_hash
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

MAX_REASON = 200


@transaction.atomic
def set_hold_out(*, kind: str, percent: int, reason: str, by: Viewer, at: datetime) -> None:
    """From now on nobody is told ahead of that share of the parcels; 0 = everybody is told again.

    Raises NotAllowed, and Invalid for a kind where silence harms, a share above 20, or no reason.
    """
    require(by, Permission.POLICY_MANAGE)
    errors = []
    if kind not in HOLDABLE:
        errors.append(("/kind", "not_holdable", "这种异常必须告诉每个人，不能留对照组"))
    if not 0 <= percent <= MOST_PERCENT:
        errors.append(("/percent", "out_of_range", "对照组 0 到 20，单位是百分之几"))
    if not reason.strip() or len(reason) > MAX_REASON or "\x00" in reason:
        errors.append(("/reason", "missing_field", "写明为什么这样设，200 字以内"))
    if errors:
        raise Invalid(errors)
    running = HoldOut.objects.select_for_update().filter(kind=kind, ended_at__isnull=True).first()
    if (running.percent if running else 0) == percent:
        return
    if running is not None:
        running.ended_at, running.ended_by = at, by.label
        running.save(update_fields=["ended_at", "ended_by"])
    if percent:
        HoldOut.objects.create(
            kind=kind, percent=percent, reason=reason.strip(), begun_at=at, begun_by=by.label
        )


def running_shares(kinds: Iterable[Kind]) -> Mapping[str, int]:
    """The share held out by kind, of these kinds. No statement where none of them can be held out."""
    asked = sorted({kind.value for kind in kinds if kind in HOLDABLE})
    if not asked:
        return {}
    rows = HoldOut.objects.filter(kind__in=asked, ended_at__isnull=True)
    return dict(rows.values_list("kind", "percent"))


def group_of(waybill_no: str, percent: int) -> Arm:
    """The group of a parcel: drawn by a keyed hash of its number, so it stays, and nobody can work it out."""
    return arm_of(int.from_bytes(keyed_hash("held-out", waybill_no)[:8], "big"), percent)
