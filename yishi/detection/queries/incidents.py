"""Reads of incidents: the list by urgency, a parcel's own, and one for whoever reacts to it."""

import base64
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from yishi.detection.models.incidents import Incident
from yishi.detection.queries.words import fault_words, kind_words, reason_words
from yishi.detection.rules.avoided import Arm
from yishi.detection.rules.events import Declared
from yishi.detection.rules.kinds import Kind
from yishi.kit.errors import Invalid
from yishi.people.queries import require, within_scope
from yishi.people.rules import Permission, Viewer

KINDS = frozenset(kind.value for kind in (*Kind, *Declared))


@dataclass(frozen=True, kw_only=True)
class IncidentLine:
    """An incident in a list; `waybill_no` is '' for a mass incident, which `held` parcels belong to."""

    id: int
    kind: str
    party: str
    certainty: str
    reason: str
    values: dict[str, Any]
    courier_number: str
    place: str
    outlet_code: str | None
    outlet_name: str
    shipment_id: int | None
    waybill_no: str
    carrier: str
    severity: int
    since: datetime
    opened_at: datetime
    closed_at: datetime | None
    times_reopened: int
    is_shadow: bool
    steps: tuple[str, ...]
    case_no: str
    mass_id: int | None
    held: int
    arm: str

    @property
    def kind_words(self) -> str:
        return kind_words(self.kind)

    @property
    def is_held_out(self) -> bool:
        """Nobody was told of it, so that it can be known what telling does."""
        return self.arm == Arm.HELD_OUT

    @property
    def fault_words(self) -> str:
        return fault_words(self.party, self.certainty)

    @property
    def reason_words(self) -> str:
        return reason_words(self.reason, self.values)


@dataclass(frozen=True)
class Page:
    """`next_cursor` is None on the last page."""

    items: list[IncidentLine]
    next_cursor: str | None


_COLUMNS = {
    "outlet_code": "outlet__code",
    "outlet_name": "outlet__name",
    "waybill_no": "shipment__waybill_no",
    "carrier": "shipment__carrier",
}
_FIELDS = tuple(IncidentLine.__dataclass_fields__)


def list_incidents(
    *,
    viewer: Viewer,
    kind: str = "",
    outlet: str = "",
    is_open: bool = True,
    is_shadow: bool = False,
    cursor: str = "",
    limit: int = 25,
) -> Page:
    """Incidents in sight: the open ones worst first, those that are over newest first.

    Of a storm the mass incident stands in the list, not its parcels. What runs in shadow is seen by those
    who keep the policies. Raises NotAllowed, and Invalid for an unknown kind or cursor.
    """
    require(viewer, Permission.POLICY_MANAGE if is_shadow else Permission.CASE_READ)
    if kind and kind not in KINDS:
        raise Invalid([("/kind", "unknown_kind", "没有这种异常")])
    rows = _seen(viewer).filter(is_shadow=is_shadow, mass__isnull=True, closed_at__isnull=is_open)
    if kind:
        rows = rows.filter(kind=kind)
    if outlet:
        rows = rows.filter(outlet__code=outlet)
    if cursor:
        severity, last = _read_cursor(cursor)
        after = Q(severity__lt=severity) | Q(severity=severity, pk__gt=last)
        rows = rows.filter(after if is_open else Q(pk__lt=last))
    order = ("-severity", "pk") if is_open else ("-pk",)
    lines = _lines(rows.order_by(*order)[: limit + 1])
    return Page(lines[:limit], _write_cursor(lines[limit - 1]) if len(lines) > limit else None)


def count_open(*, viewer: Viewer) -> dict[str, int]:
    """How many are open in sight, by kind; mass incidents once."""
    rows = _seen(viewer).filter(is_shadow=False, mass__isnull=True, closed_at__isnull=True)
    return {row["kind"]: row["n"] for row in rows.values("kind").annotate(n=Count("pk"))}


def incidents_of(shipment_id: int) -> list[IncidentLine]:
    """The incidents of one parcel, open ones first; the caller came through the parcel's door."""
    rows = Incident.objects.filter(shipment_id=shipment_id, is_shadow=False)
    return _lines(rows.order_by(F("closed_at").desc(nulls_first=True), "-severity", "-pk")[:50])


def open_incidents_of(shipment_ids: Collection[int]) -> dict[int, list[IncidentLine]]:
    """What is wrong now with these parcels, the worst first; one statement for a courier's whole list."""
    rows = Incident.objects.filter(shipment_id__in=set(shipment_ids), is_shadow=False, closed_at__isnull=True)
    found: dict[int, list[IncidentLine]] = {}
    for line in _lines(rows.order_by("-severity", "-pk")):
        if line.shipment_id is not None:
            found.setdefault(line.shipment_id, []).append(line)
    return found


def find_incident(incident_id: int) -> IncidentLine | None:
    """One incident for whoever reacts to it."""
    return next(iter(_lines(Incident.objects.filter(pk=incident_id))), None)


def is_in_trouble(shipment_id: int) -> bool:
    """Whether anything is found about this parcel that is not over."""
    return Incident.objects.filter(shipment_id=shipment_id, closed_at__isnull=True, is_shadow=False).exists()


def is_case_needed(case_no: str) -> bool:
    """Whether an incident that is still open has that case as its task."""
    return Incident.objects.filter(case_no=case_no, closed_at__isnull=True).exists()


def members_of(mass_id: int) -> list[IncidentLine]:
    """The parcels of a mass incident that are still in trouble, at most 100."""
    rows = Incident.objects.filter(mass_id=mass_id, closed_at__isnull=True)
    return _lines(rows.order_by("pk")[:100])


def list_members(*, viewer: Viewer, mass_id: int) -> list[IncidentLine]:
    """The same for a person, as far as they are in sight."""
    require(viewer, Permission.CASE_READ)
    rows = _seen(viewer).filter(mass_id=mass_id, closed_at__isnull=True, is_shadow=False)
    return _lines(rows.order_by("pk")[:100])


def _seen(viewer: Viewer) -> QuerySet[Incident]:
    return Incident.objects.filter(within_scope(viewer, "outlet__code"))


def _lines(rows: QuerySet[Incident]) -> list[IncidentLine]:
    columns = (_COLUMNS.get(name, name) for name in _FIELDS)
    return [_line(dict(zip(_FIELDS, row, strict=True))) for row in rows.values_list(*columns)]


def _line(values: dict[str, Any]) -> IncidentLine:
    for name in ("outlet_name", "waybill_no", "carrier"):
        values[name] = values[name] or ""
    values["steps"] = tuple(values["steps"])
    return IncidentLine(**values)


def _write_cursor(line: IncidentLine) -> str:
    said = json.dumps([line.severity, line.id]).encode()
    return base64.urlsafe_b64encode(said).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[int, int]:
    try:
        said: Sequence[int] = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        severity, last = (int(part) for part in said)
    except (ValueError, TypeError):
        raise Invalid([("/cursor", "bad_cursor", "翻页标记不对，从第一页再来")]) from None
    if not (0 <= severity < 100 and 0 <= last < 2**62):
        raise Invalid([("/cursor", "bad_cursor", "翻页标记不对，从第一页再来")])
    return severity, last
