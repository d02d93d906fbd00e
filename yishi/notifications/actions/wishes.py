"""Who complained is asked, by a link, whether what was learned is his wish; it counts only with his yes."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import reduce

from django.conf import settings
from django.db import transaction

from yishi.consignees.queries import reach_contact
from yishi.notifications.actions.queue import Kind, operator_name, queue_delivery, zone
from yishi.notifications.queries.letters import part, write_letter
from yishi.notifications.rules import by_daylight, channel_for

CONTACT = "CONTACT"


@transaction.atomic
def ask_for_wishes(
    *, contact_id: int, kinds: Sequence[str], case_no: str, language: str, at: datetime
) -> uuid.UUID | None:
    """Asks once for all of them, by daylight; None where nothing reaches the person."""
    person = reach_contact(contact_id)
    target = channel_for(phone=person.phone, email=person.email)
    if target is None:
        return None
    channel, to = target
    values = {
        "operator": operator_name(language),
        "case_no": case_no,
        "wish": reduce(
            lambda one, other: part("wish_and", language, one=one, other=other),
            [part(f"wish_{kind.lower()}", language) for kind in kinds],
        ),
        "link": f"{settings.ENVIRONMENT.web_origin}/mine/wishes",
    }
    return queue_delivery(
        kind=Kind.WISH,
        subject_kind=CONTACT,
        subject_id=contact_id,
        channel=channel,
        to=to,
        letter=write_letter(kind=Kind.WISH, channel=channel, language=language, values=values),
        language=language,
        at=at,
        due_at=by_daylight(at, zone()),
    )
