"""A training is asked for, and what it made is published or not; training itself stands in `train`."""

from datetime import datetime

from django.db import transaction

from yishi.detection.actions.publish_model import publish_model, withdraw_model
from yishi.detection.rules.scorer import scorer_of
from yishi.insight.models import Training
from yishi.insight.queries.history import LEARNT_FROM, WITHIN
from yishi.kit.errors import NotFound, Refusal
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

Outcome = Training.Outcome


class RiskTrainingWaits(Refusal):
    """已经有一次在训练了，等它好了再来"""

    code = "already_training"
    status = 409


class RiskNotReady(Refusal):
    """还没有训练好"""

    code = "not_trained"
    status = 409


class NotBetter(Refusal):
    """这个模型没有比现成的规则好，不能发布"""

    code = "not_better"
    status = 409


@transaction.atomic
def ask_training(*, by: Viewer, at: datetime) -> int:
    """Has the worker learn from the last weeks; its number. Raises NotAllowed, RiskTrainingWaits."""
    require(by, Permission.POLICY_MANAGE)
    if Training.objects.select_for_update().filter(outcome=Outcome.WAITING).exists():
        raise RiskTrainingWaits
    until = at - WITHIN
    row = Training.objects.create(
        asked_at=at, asked_by=by.label, due_at=at, since=until - LEARNT_FROM, until=until
    )
    return row.pk


@transaction.atomic
def publish_training(*, training_id: int, by: Viewer, at: datetime) -> int:
    """Lets it score from now on; its version. An earlier one may be published again.

    Raises NotAllowed, NotFound, RiskNotReady, NotBetter.
    """
    require(by, Permission.POLICY_MANAGE)
    row = Training.objects.select_for_update().filter(pk=training_id).first()
    if row is None:
        raise NotFound()
    if row.outcome == Outcome.WAITING:
        raise RiskNotReady
    if row.outcome == Outcome.REFUSED:
        raise NotBetter
    card = {
        "training": row.pk,
        "since": row.since.isoformat(),
        "until": row.until.isoformat(),
        "parcels": row.parcels,
        "rows": row.rows,
        "complaints": row.complaints,
        "figures": row.figures,
    }
    version_no = publish_model(scorer=scorer_of(row.weights), card=card, by=by, at=at)
    Training.objects.filter(pk=row.pk).update(
        version_no=version_no, outcome=Outcome.PUBLISHED, published_at=at, published_by=by.label
    )
    return version_no


def withdraw_published(*, by: Viewer, at: datetime) -> None:
    """The rule scores again. Raises NotAllowed, NoLiveModel."""
    withdraw_model(by=by, at=at)
