"""What came of a declared event: parcels, who was told and who could not be, cases, promises prolonged."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from yishi.detection.queries.events import EventLine, get_event
from yishi.kit.hot import hot_cursor
from yishi.notifications.models import Delivery
from yishi.notifications.rules import POLICY
from yishi.people.rules import Viewer
from yishi.sla.rules.clocks import MASS_EVENT

REPORTED_WITHIN = timedelta(hours=24)

_COUNTS = """
WITH mine AS MATERIALIZED (SELECT shipment_id, outcome FROM detection_mass_parcel WHERE event_id = %(event)s)
SELECT count(*), count(*) FILTER (WHERE outcome = 'TOLD'), count(*) FILTER (WHERE outcome = 'SAME_PERSON'),
       count(*) FILTER (WHERE outcome = 'UNREACHABLE'), count(*) FILTER (WHERE outcome = 'UNWANTED'),
       count(*) FILTER (WHERE outcome = 'WAITING'),
       (SELECT count(*) FROM cases_case c JOIN mine m ON m.shipment_id = c.shipment_id
         WHERE c.opened_at >= %(since)s AND c.opened_at <= %(until)s AND NOT c.is_internal),
       (SELECT count(DISTINCT k.subject_id) FROM cases_case c JOIN mine m ON m.shipment_id = c.shipment_id
          JOIN sla_clock k ON k.subject_kind = 'CASE' AND k.subject_id = c.id
          JOIN sla_pause w ON w.clock_id = k.id AND w.status = %(pause)s
           AND w.from_at >= %(opened)s AND w.from_at <= %(until)s),
       (SELECT count(*) FROM shipments_shipment s JOIN mine m ON m.shipment_id = s.id
         WHERE s.milestone = 'DELIVERED')
  FROM mine
"""


@dataclass(frozen=True, kw_only=True)
class EventReport:
    """The numbers of one event as of `at`. `told` are people's messages queued, `failed` of them did not get
    through; `same_person` parcels of whoever had heard already; `complaints` came about these parcels while
    it ran; `prolonged` are cases whose promise rested;
    `reported_to` how many people the newest report went to by itself."""

    event: EventLine
    at: datetime
    parcels: int
    told: int
    sent: int
    failed: int
    same_person: int
    unreachable: int
    unwanted: int
    waiting: int
    complaints: int
    prolonged: int
    delivered: int
    reported_to: int

    @property
    def is_final(self) -> bool:
        return self.event.closed_at is not None

    @property
    def due_at(self) -> datetime:
        """By when the report is owed: a day after the declaration."""
        return self.event.opened_at + REPORTED_WITHIN


def event_report(*, viewer: Viewer, event_id: int, at: datetime) -> EventReport:
    """The report of an event in sight; of a running one, how it stands. Raises NotAllowed, NotFound."""
    return report_of(get_event(viewer=viewer, event_id=event_id), at)


def report_of(event: EventLine, at: datetime) -> EventReport:
    """The numbers of an event, for whoever came by a door, or for the report that goes out by itself."""
    values = {
        "event": event.id,
        "since": event.since,
        "opened": event.opened_at,
        "until": event.closed_at or at,
        "pause": MASS_EVENT,
    }
    row = hot_cursor().execute(_COUNTS, values).fetchone()
    assert row is not None
    parcels, told, same, unreachable, unwanted, waiting, complaints, prolonged, delivered = row
    sent, failed = _sent(event.id, event.opened_at)
    return EventReport(
        event=event, at=at, parcels=parcels, told=told, sent=sent, failed=failed, same_person=same,
        unreachable=unreachable, unwanted=unwanted, waiting=waiting, complaints=complaints,
        prolonged=prolonged, delivered=delivered, reported_to=_reported_to(event),
    )  # fmt: skip


def _sent(event_id: int, since: datetime) -> tuple[int, int]:
    rows = Delivery.objects.filter(kind="INCIDENT", created_at__gte=since, extra__event=event_id)
    states = list(rows.values_list("state", flat=True))
    return states.count(Delivery.State.SENT), states.count(Delivery.State.FAILED)


def report_subject(event_id: int, *, is_final: bool) -> str:
    """The subject of the mails that carry a report."""
    return f"event/{event_id}/{'final' if is_final else 'interim'}"


def _reported_to(event: EventLine) -> int:
    """To how many people the newest report went."""
    if event.reported_at is None:
        return 0
    subjects = [report_subject(event.id, is_final=one) for one in (True, False)]
    return Delivery.objects.filter(
        subject_kind=POLICY, subject_id__in=subjects, created_at=event.reported_at
    ).count()
