"""Open trouble of one outlet: for its morning sheet, and beside its evening's clearing list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yishi.detection.models.incidents import Incident
from yishi.detection.queries.words import kind_words, reason_words
from yishi.detection.rules.kinds import Kind
from yishi.kit.errors import NotFound
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

MOST = 500


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """One open incident of a parcel; `courier` is whom it is about, else who has the parcel."""

    waybill_no: str
    carrier: str
    courier: str
    kind: str
    reason: str
    values: Mapping[str, Any]
    severity: int
    since: datetime

    @property
    def kind_words(self) -> str:
        return kind_words(self.kind)

    @property
    def reason_words(self) -> str:
        return reason_words(self.reason, self.values)


_FIELDS = (
    "shipment__waybill_no", "shipment__carrier", "courier_number", "shipment__courier_number",
    "kind", "reason", "values", "severity", "since",
)  # fmt: skip


def trouble_of_outlet(
    *, viewer: Viewer, outlet_code: str, kinds: frozenset[Kind] | None = None
) -> list[Trouble]:
    """What is open about this outlet's parcels, worst first, at most MOST. One statement. Raises NotAllowed,
    NotFound for an outlet out of sight."""
    require(viewer, Permission.CASE_READ)
    if not viewer.sees_outlet(outlet_code):
        raise NotFound()
    rows = Incident.objects.filter(
        outlet__code=outlet_code, closed_at__isnull=True, is_shadow=False, shipment__isnull=False
    )
    if kinds is not None:
        rows = rows.filter(kind__in=[kind.value for kind in kinds])
    return [
        Trouble(
            waybill_no=no, carrier=carrier, courier=about or has, kind=kind, reason=reason, values=values,
            severity=severity, since=since,
        )
        for no, carrier, about, has, kind, reason, values, severity, since in rows.order_by(
            "-severity", "pk"
        ).values_list(*_FIELDS)[:MOST]
    ]  # fmt: skip
