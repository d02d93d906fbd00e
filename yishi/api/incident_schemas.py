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


class IncidentListOut(Schema):
    items: list[IncidentOut]
    next_cursor: str | None
