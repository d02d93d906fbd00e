"""Whoever may have taken a parcel by mistake is asked to look at what he has."""

import uuid
from datetime import datetime

from yishi.consignees.queries import reach_contact
from yishi.notifications.actions.queue import Kind, operator_name, queue_delivery, zone
from yishi.notifications.queries.letters import part, write_letter
from yishi.notifications.rules import PARCEL, by_daylight, channel_for

LANGUAGE = "zh-hans"


def ask_for_parcel(
    *, contact_id: int, shipment_id: int, station: str, phone: str, at: datetime
) -> uuid.UUID | None:
    """By daylight; never whose the other parcel is. None where nothing reaches him."""
    person = reach_contact(contact_id)
    target = channel_for(phone=person.phone, email=person.email)
    if target is None:
        return None
    channel, to = target
    ring = part("taking_ring", LANGUAGE, phone=phone) if phone else ""
    values = {"operator": operator_name(LANGUAGE), "station": station, "ring": ring}
    return queue_delivery(
        kind=Kind.INCIDENT,
        subject_kind=PARCEL,
        subject_id=shipment_id,
        channel=channel,
        to=to,
        letter=write_letter(kind="TAKING", channel=channel, language=LANGUAGE, values=values),
        language=LANGUAGE,
        at=at,
        due_at=by_daylight(at, zone()),
    )
