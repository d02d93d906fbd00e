"""The comparisons of telling ahead with keeping silent: the newest of each kind, and rules that went live."""

from dataclasses import dataclass
from datetime import datetime

from yishi.detection.models.settings import DetectionSetting, HoldOut
from yishi.detection.rules.avoided import HOLDABLE
from yishi.detection.rules.kinds import Kind
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer


@dataclass(frozen=True, slots=True)
class Comparison:
    """One share held out of a kind, for some time; `ended_at` None while it runs."""

    kind: str
    percent: int
    reason: str
    begun_at: datetime
    ended_at: datetime | None

    @property
    def is_running(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class WentLive:
    """A setting of a kind found in shadow before this moment, and told people from then on."""

    setting_id: int
    kind: str
    live_at: datetime


def newest_comparisons(*, viewer: Viewer) -> dict[str, Comparison]:
    """The running comparison of each kind, else the last one. Raises NotAllowed."""
    require(viewer, Permission.POLICY_MANAGE)
    rows = HoldOut.objects.filter(kind__in=[kind.value for kind in HOLDABLE]).order_by("kind", "-pk")
    return {
        row.kind: Comparison(row.kind, row.percent, row.reason, row.begun_at, row.ended_at)
        for row in rows.distinct("kind")
    }


def newest_live(*, viewer: Viewer) -> dict[str, WentLive]:
    """The setting of each kind that was brought to life last. Raises NotAllowed."""
    require(viewer, Permission.POLICY_MANAGE)
    rows = DetectionSetting.objects.filter(
        live_at__isnull=False, kind__in=[kind.value for kind in Kind]
    ).order_by("kind", "-live_at")
    return {
        row.kind: WentLive(row.pk, row.kind, row.live_at)
        for row in rows.distinct("kind")
        if row.live_at is not None
    }
