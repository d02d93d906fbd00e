"""What those who keep the policies are told: a rule of theirs no longer works."""

from datetime import datetime, timedelta

from django.conf import settings

from yishi.notifications.actions.queue import Kind, operator_name, queue_delivery
from yishi.notifications.models import Delivery
from yishi.notifications.queries.letters import write_letter
from yishi.notifications.rules import EMAIL, POLICY, is_address
from yishi.people.queries import staff_contacts
from yishi.people.rules import PERMISSIONS, Permission

_KEEPERS = tuple(role for role, may in PERMISSIONS.items() if Permission.POLICY_MANAGE in may)
_ONCE_IN = timedelta(days=1)


def tell_policy_keepers(*, subject: str, name: str, says: str, at: datetime) -> int:
    """Queues a mail to everybody at head office who keeps policies; returns how many are told. Of one
    subject once a day: the page shows the rest."""
    told = Delivery.objects.filter(subject_kind=POLICY, subject_id=subject, created_at__gt=at - _ONCE_IN)
    if told.exists():
        return 0
    people = {p.email: p for p in staff_contacts(None, _KEEPERS) if is_address(EMAIL, p.email)}
    for person in people.values():
        values = {
            "operator": operator_name(person.language),
            "name": name,
            "says": says,
            "link": f"{settings.ENVIRONMENT.web_origin}/manage/rules",
        }
        queue_delivery(
            kind=Kind.RULE_ALARM,
            subject_kind=POLICY,
            subject_id=subject,
            channel=EMAIL,
            to=person.email,
            letter=write_letter(kind=Kind.RULE_ALARM, channel=EMAIL, language=person.language, values=values),
            language=person.language,
            at=at,
        )
    return len(people)
