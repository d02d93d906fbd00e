"""Reads of scores: the worst of an outlet that are out now, those of a courier's list, one parcel's; and the
model that makes them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, F, QuerySet, Value, When

from yishi.detection.models.risk import Risk, RiskModel
from yishi.detection.queries.risk_words import risk_reason_words
from yishi.detection.rules.risk import ABOUT_COURIER, Level, Reason
from yishi.detection.rules.scorer import Scorer, scorer_of
from yishi.kit.errors import NotFound
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.shipments.rules.clearing import GIVEN_UP
from yishi.shipments.rules.milestones import Milestone

MOST = 300
_OUT = (Milestone.OUT_FOR_DELIVERY.value, Milestone.DELIVERY_FAILED.value)
_URGENT = Case(*(When(level=one.value, then=Value(n)) for n, one in enumerate(Level)), default=Value(9))


@dataclass(frozen=True, kw_only=True)
class RiskLine:
    """A parcel's score; `score` is None where it is by rule. `reasons` are the strongest first."""

    shipment_id: int
    waybill_no: str
    carrier: str
    courier: str
    level: str
    score: float | None
    reasons: tuple[Reason, ...]
    version_no: int | None
    reckoned_at: datetime

    @property
    def reason_words(self) -> list[str]:
        return [risk_reason_words(*reason) for reason in self.reasons]

    @property
    def own_words(self) -> list[str]:
        """The same for the courier himself: about the parcel, nothing about him."""
        return [risk_reason_words(*one) for one in self.reasons if one[0] not in ABOUT_COURIER]

    @property
    def is_high(self) -> bool:
        return self.level == Level.HIGH

    @property
    def is_raised(self) -> bool:
        return self.level != Level.LOW

    @property
    def percent(self) -> str:
        """12.3 of a hundred; '' where it is by rule."""
        return "" if self.score is None else f"{self.score * 100:.1f}"


def live_scorer() -> tuple[int | None, Scorer | None]:
    """The model that counts, with its id; nothing where none is published. One statement."""
    row = RiskModel.objects.filter(is_live=True).values_list("pk", "weights").first()
    return (None, None) if row is None else (row[0], scorer_of(row[1]))


@dataclass(frozen=True)
class LiveModel:
    """What pages say of the model that counts."""

    version_no: int
    published_at: datetime
    card: dict[str, Any]


def live_model() -> LiveModel | None:
    row = RiskModel.objects.filter(is_live=True).first()
    return LiveModel(row.version_no, row.published_at, row.card) if row else None


def risks_of_outlet(
    *,
    viewer: Viewer,
    outlet_code: str,
    courier: str = "",
    only_raised: bool = False,
    most: int = MOST,
    at: datetime,
) -> list[RiskLine]:
    """What is out of this outlet now, the worst first; of one courier's number where it is said. What has not
    moved for weeks is nobody's work of today. One statement. Raises NotAllowed, NotFound for an outlet out of
    sight."""
    require(viewer, Permission.CASE_READ)
    if not viewer.sees_outlet(outlet_code):
        raise NotFound()
    rows = Risk.objects.filter(shipment__outlet__code=outlet_code, shipment__milestone__in=_OUT)
    rows = rows.filter(shipment__merged_into__isnull=True, shipment__last_event_at__gt=at - GIVEN_UP)
    if courier:
        rows = rows.filter(shipment__courier_number=courier)
    if only_raised:
        rows = rows.exclude(level=Level.LOW.value)
    worst = rows.order_by(_URGENT, F("score").desc(nulls_last=True), "-points", "pk")
    return _lines(worst[:most])


def risks_of(shipment_ids: Collection[int]) -> dict[int, RiskLine]:
    """The scores of these parcels; one statement for a courier's whole list."""
    return {line.shipment_id: line for line in _lines(Risk.objects.filter(pk__in=set(shipment_ids)))}


def risk_of(shipment_id: int, milestone: str) -> RiskLine | None:
    """The score of one parcel while it is out; the caller came through the parcel's door."""
    return risks_of([shipment_id]).get(shipment_id) if milestone in _OUT else None


_FIELDS = {
    "shipment_id": "shipment_id",
    "waybill_no": "shipment__waybill_no",
    "carrier": "shipment__carrier",
    "courier": "shipment__courier_number",
    "level": "level",
    "score": "score",
    "reasons": "reasons",
    "version_no": "model__version_no",
    "reckoned_at": "reckoned_at",
}


def _lines(rows: QuerySet[Risk]) -> list[RiskLine]:
    found = []
    for row in rows.values_list(*_FIELDS.values()):
        said: dict[str, Any] = dict(zip(_FIELDS, row, strict=True))
        found.append(RiskLine(**{**said, "reasons": tuple((key, value) for key, value in said["reasons"])}))
    return found
