"""The report of a declared event goes out by itself: within a day of its declaration, and when it is over."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation

from yishi.detection.actions.events import note_reported
from yishi.detection.queries.events import EventLine, hold_event_to_report
from yishi.network.queries import list_outlets
from yishi.notifications.actions.queue import Kind, operator_name, queue_delivery
from yishi.notifications.queries.event_words import report_text
from yishi.notifications.queries.events import EventReport, report_of, report_subject
from yishi.notifications.queries.letters import write_letter
from yishi.notifications.rules import EMAIL, POLICY, is_address
from yishi.people.queries import StaffContact, staff_contacts
from yishi.people.rules import PERMISSIONS, SYSTEM_VIEWER, Permission, Role

TEXT = "event_report"


@transaction.atomic
def send_due_report(*, at: datetime) -> bool:
    """Sends the report that is due longest to head office and to those who run the outlets; whether one was.

    Those without an address see it on the page.
    """
    event = hold_event_to_report(at)
    if event is None:
        return False
    report = report_of(event, at)
    for person in _readers(event):
        _send(person, report, at)
    note_reported(event_id=event.id, at=at)
    return True


def _readers(event: EventLine) -> list[StaffContact]:
    roles = [role for role, may in PERMISSIONS.items() if Permission.EVENTS_DECLARE in may]
    people = staff_contacts(None, roles)
    for outlet in list_outlets(SYSTEM_VIEWER):
        if outlet.id in event.outlet_ids:
            people += staff_contacts(outlet.code, [Role.OUTLET_MANAGER])
    return list({one.email: one for one in people if is_address(EMAIL, one.email)}.values())


def _send(person: StaffContact, report: EventReport, at: datetime) -> None:
    event, language = report.event, person.language
    with translation.override(language):
        said, kind = report_text(report), event.kind_words
    values = {
        "operator": operator_name(language),
        "name": f"{kind} {event.place}",
        "text": said,
        "link": f"{settings.ENVIRONMENT.web_origin}/desk/events?event={event.id}",
    }
    queue_delivery(
        kind=Kind.STAFF_WORK,
        subject_kind=POLICY,
        subject_id=report_subject(event.id, is_final=report.is_final),
        channel=EMAIL,
        to=person.email,
        letter=write_letter(kind=TEXT, channel=EMAIL, language=language, values=values),
        language=language,
        at=at,
    )
