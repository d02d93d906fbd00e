"""Learning from the network's own history, and measuring it on what was held back. Loads numpy: only the
process that trains imports this."""

from datetime import datetime

from django.db import transaction

from yishi.detection.actions.risks import keep_complaints
from yishi.detection.queries.risks import live_scorer
from yishi.insight.models import Training
from yishi.insight.queries.history import past_complaints, read_rows
from yishi.insight.rules.fitting import Folds, fit, split
from yishi.insight.rules.measuring import measure
from yishi.insight.rules.verdict import refused_for, too_little
from yishi.kit.errors import NotFound

Outcome = Training.Outcome


def train(*, training_id: int, at: datetime) -> None:
    """Trains what was asked for: READY, or REFUSED with the reasons. Nothing that scores changes.

    Raises NotFound for what does not wait.
    """
    row = Training.objects.filter(pk=training_id, outcome=Outcome.WAITING).first()
    if row is None:
        raise NotFound()
    with transaction.atomic():
        keep_complaints(rows=past_complaints(until=row.until))
        rows = read_rows(since=row.since, until=row.until)
    folds = split(rows)
    row.rows, row.parcels = len(rows), len({one.parcel for one in rows})
    row.complaints = sum(one.is_complained for one in rows)
    row.refused_for = _too_little(folds, row.rows)
    if not row.refused_for:
        scorer = fit(folds)
        row.weights = scorer.values()
        row.figures = measure(folds, scorer, live_scorer()[1])
        row.refused_for = refused_for(row.figures)
    row.outcome = Outcome.REFUSED if row.refused_for else Outcome.READY
    row.trained_at, row.due_at = at, None
    row.save()


def _too_little(folds: Folds, rows: int) -> list[str]:
    learnt, calibrated, measured = (
        sum(one.is_complained for one in fold) for fold in (folds.learn, folds.calibrate, folds.measure)
    )
    return too_little(rows=rows, learnt=learnt, calibrated=calibrated, measured=measured)
