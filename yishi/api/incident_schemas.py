"""How trouble that was found looks on the wire."""

from datetime import datetime
from typing import Any

from ninja import Schema


class IncidentOut(Schema):
    """Trouble of a parcel; without a `waybill_no` it is one matter of `held` parcels at one place."""

    id: int
    kind: str
    fault: str
    certainty: str
    reason: str
    values: dict[str, Any]
    text: str
    waybill_no: str | None
    carrier: str | None
    outlet: str | None
    courier: str | None
    place: str
    severity: int
    since: datetime
    opened_at: datetime
    closed_at: datetime | None
    case_no: str
    steps: list[str]
    held: int


class RiskReasonOut(Schema):
    key: str
    value: str | int
    text: str


class RiskOut(Schema):
    """How likely a parcel that is out will be complained of within seven days, and what raises it most.

    `score` (0 to 1) is null as long as no model has learnt from this network: then only the level counts.
    """

    level: str
    score: float | None
    model_version: int | None
    reckoned_at: datetime
    reasons: list[RiskReasonOut]


class IncidentListOut(Schema):
    items: list[IncidentOut]
    next_cursor: str | None
