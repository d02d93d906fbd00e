"""A promise of a conversation broke: whoever has it and those who run its outlet hear of it by mail, once."""

from datetime import datetime

from django.conf import settings

from yishi.conversations.queries.call_backs import place_of_call_back
from yishi.conversations.queries.threads import get_conversation
from yishi.kit.errors import TooMany
from yishi.kit.personal import keyed_hash
from yishi.kit.ratelimit import check_rate
from yishi.notifications.actions.queue import Kind, operator_name, queue_delivery, zone
from yishi.notifications.models import Delivery
from yishi.notifications.queries.letters import moment, part, write_letter
from yishi.notifications.rules import EMAIL, TALK_PROMISE, is_address
from yishi.people.queries import StaffContact, staff_contact, staff_contacts
from yishi.people.rules import Role
from yishi.sla.queries.chain import reach
from yishi.sla.queries.talks import clocks_of_talks

# of one evening on which nobody comes a manager reads no hundred letters: the inbox shows the rest
MOST_AN_HOUR = 20
CALL_BACK = "CALL_BACK"


def tell_of_broken_talk(
    *, clock_id: int, subject_kind: str, subject_id: int, level: int, at: datetime
) -> int:
    """Queues a mail in the reader's hours; returns how many are told. Nobody hears of the same promise twice,
    and nobody of one that was kept in the meantime, only late."""
    clock = clocks_of_talks([subject_id], subject_kind=subject_kind).get(subject_id)
    if clock is None or clock.id != clock_id:
        return 0
    is_call = subject_kind == CALL_BACK
    place = place_of_call_back(subject_id) if is_call else None
    talk_id = place.conversation_id if place else subject_id
    talk = get_conversation(talk_id) if talk_id is not None else None
    outlet_code = place.outlet_code if place else talk.outlet_code if talk else ""
    has_it = talk.assignee_id if talk is not None and talk.state == "WITH_AGENT" else None
    people = _people(has_it, outlet_code, level)
    told = [one for one in people if _is_new(one, clock_id) and not _has_enough(one, at)]
    due = reach([one.user_id for one in told], at)
    for one in told:
        outlet = (place.outlet_name if place else talk.outlet_name if talk else "") or part(
            "head_office", one.language
        )
        values = {
            "operator": operator_name(one.language),
            "what": part("talk_call_back" if is_call else "talk_reply", one.language),
            "outlet": outlet,
            "due": moment(clock.due_at, one.language, zone()),
            "link": settings.ENVIRONMENT.web_origin
            + ("/desk/inbox/calls" if is_call else f"/desk/inbox/{subject_id}"),
        }
        queue_delivery(
            kind=Kind.STAFF_BREACH,
            subject_kind=TALK_PROMISE,
            subject_id=clock_id,
            channel=EMAIL,
            to=one.email,
            letter=write_letter(kind="talk_broken", channel=EMAIL, language=one.language, values=values),
            language=one.language,
            at=at,
            due_at=due.get(one.user_id),
        )
    return len(told)


def _people(assignee_id: int | None, outlet_code: str, level: int) -> list[StaffContact]:
    """Who has it, and those above: the outlet's manager, from the second level on head office."""
    above = staff_contacts(outlet_code, [Role.OUTLET_MANAGER]) if outlet_code and level <= 1 else []
    above = above or staff_contacts(None, [Role.QUALITY]) or staff_contacts(None, [Role.OWNER])
    has_it = staff_contact(assignee_id) if assignee_id is not None else None
    people = {one.user_id: one for one in [*([has_it] if has_it else []), *above]}
    return [one for one in people.values() if is_address(EMAIL, one.email)]


def _is_new(one: StaffContact, clock_id: int) -> bool:
    told = Delivery.objects.filter(subject_kind=TALK_PROMISE, subject_id=str(clock_id))
    return not told.filter(to_hash=keyed_hash("to", one.email)).exists()


def _has_enough(one: StaffContact, at: datetime) -> bool:
    try:
        check_rate(kind="broken talks", key=str(one.user_id), limit=MOST_AN_HOUR, window_s=3600, at=at)
    except TooMany:
        return True
    return False
