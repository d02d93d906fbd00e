"""A model begins to score, and stops; `insight` trains them and decides which may."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from yishi.detection.models.risk import RiskModel
from yishi.detection.rules.scorer import Scorer
from yishi.kit.errors import Refusal
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer


class NoLiveModel(Refusal):
    """现在没有在用的模型"""

    code = "no_live_model"
    status = 409


@transaction.atomic
def publish_model(*, scorer: Scorer, card: Mapping[str, Any], by: Viewer, at: datetime) -> int:
    """From now on parcels that go out are scored by it; its version. What was scored before stays as it was.

    Raises NotAllowed.
    """
    require(by, Permission.POLICY_MANAGE)
    _end_live(by, at)
    last = RiskModel.objects.aggregate(last=Max("version_no"))["last"] or 0
    row = RiskModel.objects.create(
        version_no=last + 1,
        weights=scorer.values(),
        card=dict(card),
        is_live=True,
        published_at=at,
        published_by=by.label,
    )
    return row.version_no


@transaction.atomic
def withdraw_model(*, by: Viewer, at: datetime) -> None:
    """Nothing learnt counts from now on: the rule does. Raises NotAllowed, NoLiveModel."""
    require(by, Permission.POLICY_MANAGE)
    if not _end_live(by, at):
        raise NoLiveModel


def _end_live(by: Viewer, at: datetime) -> int:
    live = RiskModel.objects.select_for_update().filter(is_live=True)
    return live.update(is_live=False, withdrawn_at=at, withdrawn_by=by.label)
