"""Reads of trainings for the operator's pages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yishi.insight.models import Training
from yishi.kit.errors import NotFound
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer


@dataclass(frozen=True, kw_only=True)
class TrainingLine:
    """One training; `figures` are empty while it waits, and where there was too little to learn from."""

    id: int
    asked_at: datetime
    trained_at: datetime | None
    since: datetime
    until: datetime
    parcels: int
    rows: int
    complaints: int
    figures: dict[str, Any]
    weights: dict[str, Any]
    outcome: str
    refused_for: list[str]
    version_no: int | None
    published_at: datetime | None

    @property
    def may_publish(self) -> bool:
        return self.outcome in (Training.Outcome.READY, Training.Outcome.PUBLISHED)

    @property
    def is_waiting(self) -> bool:
        return self.outcome == Training.Outcome.WAITING

    @property
    def weighed(self) -> list[tuple[str, float]]:
        """Features by how much they move the log odds, the strongest first."""
        terms = self.weights.get("terms", {})
        return sorted(((n, float(w)) for n, (w, _) in terms.items()), key=lambda one: -abs(one[1]))


_FIELDS = tuple(TrainingLine.__dataclass_fields__)


def list_trainings(*, viewer: Viewer, most: int = 30) -> list[TrainingLine]:
    """The newest first. Raises NotAllowed."""
    require(viewer, Permission.POLICY_MANAGE)
    rows = Training.objects.order_by("-pk").values(*_FIELDS)[:most]
    return [TrainingLine(**row) for row in rows]


def get_training(*, viewer: Viewer, training_id: int) -> TrainingLine:
    """One of them. Raises NotAllowed, NotFound."""
    require(viewer, Permission.POLICY_MANAGE)
    row = Training.objects.filter(pk=training_id).values(*_FIELDS).first()
    if row is None:
        raise NotFound()
    return TrainingLine(**row)
