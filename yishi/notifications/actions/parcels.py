"""What is told about a parcel before anybody asks."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from yishi.notifications.actions.ahead import follow_ahead
from yishi.notifications.actions.queue import Kind, operator_name, queue_delivery, zone
from yishi.notifications.models import Delivery
from yishi.notifications.queries.letters import (
    part,
    short_moment,
    window,
    write_letter,
)
from yishi.notifications.queries.matters import get_parcel_matter
from yishi.notifications.rules import PARCEL, by_daylight, channel_for


def tell_of_slip(
    *,
    shipment_id: int,
    deadline_at: datetime,
    expected: tuple[datetime, datetime] | None,
    at: datetime,
    language: str = "zh-hans",
) -> uuid.UUID | None:
    """Tells a consignee that his parcel comes later than he was told, and when, if that can be said.

    By daylight only; None when he cannot be reached.
    """
    matter = get_parcel_matter(shipment_id)
    target = channel_for(phone=matter.phone, email=matter.email)
    if target is None:
        return None
    channel, to = target
    when = (
        part("eta_unsure", language)
        if expected is None
        else part("eta_window", language, window=window(*expected, language, zone()))
    )
    values = {
        "operator": operator_name(language),
        "about": part("about_parcel", language, tail=matter.waybill_no[-6:]),
        "waybill_no": matter.waybill_no,
        "promised": short_moment(deadline_at, language, zone()),
        "expected": when,
        "link": f"{settings.ENVIRONMENT.web_origin}/t/{matter.waybill_no}",
    }
    return queue_delivery(
        kind=Kind.ETA_SLIP,
        subject_kind=PARCEL,
        subject_id=shipment_id,
        channel=channel,
        to=to,
        letter=write_letter(kind=Kind.ETA_SLIP, channel=channel, language=language, values=values),
        language=language,
        at=at,
        due_at=by_daylight(at, zone()),
    )


def withdraw_slips(*, shipment_ids: Sequence[int]) -> int:
    """Takes back what waits for the morning about parcels that have arrived meanwhile."""
    waiting = Delivery.objects.filter(
        kind=Kind.ETA_SLIP,
        subject_kind=PARCEL,
        subject_id__in=[str(shipment_id) for shipment_id in shipment_ids],
        state=Delivery.State.QUEUED,
        tries=0,
    )
    return waiting.update(state=Delivery.State.WITHDRAWN, due_at=None)


def follow_parcel(*, shipment_id: int, now_at_id: int) -> int:
    """What was told or waits to be told about a parcel stands with its record, which is another row now."""
    follow_ahead(shipment_id=shipment_id, now_at_id=now_at_id)
    told = Delivery.objects.filter(subject_kind=PARCEL, subject_id=str(shipment_id))
    return told.update(subject_id=str(now_at_id))
