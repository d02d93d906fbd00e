"""What those who keep the feeds are told: a source fell silent, uses unknown codes, refuses our account."""

from datetime import datetime, timedelta

from django.conf import settings

from yishi.notifications.actions.queue import Kind, operator_name, queue_delivery
from yishi.notifications.models import Delivery
from yishi.notifications.queries.letters import part, write_letter
from yishi.notifications.rules import EMAIL, FEED, is_address
from yishi.people.queries import staff_contacts
from yishi.people.rules import PERMISSIONS, Permission

_KEEPERS = tuple(role for role, may in PERMISSIONS.items() if Permission.FEEDS_MANAGE in may)
_ONCE_IN = timedelta(days=1)


def tell_feed_keepers(*, source_code: str, matter: str, at: datetime, **said: str) -> int:
    """Queues a mail to everybody at head office who keeps feeds; returns how many people are told.

    `matter` names the sentence (`texts/<language>/<matter>.part.txt`, filled with `said`). Of one source the
    same matter is told once a day: the page shows the rest.
    """
    subject_id = f"{source_code}/{matter}"
    told = Delivery.objects.filter(subject_kind=FEED, subject_id=subject_id, created_at__gt=at - _ONCE_IN)
    if told.exists():
        return 0
    people = {p.email: p for p in staff_contacts(None, _KEEPERS) if is_address(EMAIL, p.email)}
    for person in people.values():
        values = {
            "operator": operator_name(person.language),
            "source": source_code,
            "what": part(matter, person.language, **said),
            "link": f"{settings.ENVIRONMENT.web_origin}/manage/",
        }
        queue_delivery(
            kind=Kind.FEED_ALARM,
            subject_kind=FEED,
            subject_id=subject_id,
            channel=EMAIL,
            to=person.email,
            letter=write_letter(kind=Kind.FEED_ALARM, channel=EMAIL, language=person.language, values=values),
            language=person.language,
            at=at,
        )
    return len(people)
