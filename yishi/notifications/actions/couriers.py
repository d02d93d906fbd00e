"""What a courier tells a person: one of the texts that the operator approved, never his own words."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from yishi.kit.errors import Invalid, Refusal
from yishi.notifications.actions.queue import Kind, operator_name, queue_delivery
from yishi.notifications.models import Delivery
from yishi.notifications.queries.letters import part, write_letter
from yishi.notifications.queries.matters import get_parcel_matter
from yishi.notifications.rules import PARCEL, channel_for
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

TEXTS = ("COMING", "AT_DOOR", "WHERE")
AGAIN_AFTER = timedelta(minutes=30)
STALE_AFTER = timedelta(minutes=15)
"""A word of the moment that comes later says something that is not so any more."""


class ToldJustNow(Refusal):
    """半小时内已经发过一条，先打个电话"""

    code = "told_just_now"


class TooLateToTell(Refusal):
    """有信号时已经过去一刻钟，这条没有发给收件人；要的话现在再发一次"""

    code = "too_late_to_tell"


class NobodyToTell(Refusal):
    """没有收件人的手机号，发不了；先打电话或敲门"""

    code = "nobody_to_tell"


@transaction.atomic
def tell_from_courier(
    *, shipment_id: int, text: str, made_at: datetime, by: Viewer, at: datetime, language: str = "zh-hans"
) -> uuid.UUID:
    """Sends the approved text at once; the id of its notice. The caller came through the parcel's door.

    Raises NotAllowed, Invalid, NobodyToTell, ToldJustNow within half an hour, TooLateToTell.
    """
    require(by, Permission.CONTACT_WRITE)
    if text not in TEXTS:
        raise Invalid([("/text", "bad_value", "没有这个选项")])
    if at - made_at > STALE_AFTER:
        raise TooLateToTell()
    matter = get_parcel_matter(shipment_id)
    target = channel_for(phone=matter.phone, email=matter.email)
    if target is None:
        raise NobodyToTell()
    told = Delivery.objects.filter(subject_kind=PARCEL, subject_id=str(shipment_id), kind=Kind.COURIER)
    if told.filter(created_at__gt=at - AGAIN_AFTER).exists():
        raise ToldJustNow()
    channel, to = target
    values = {
        "operator": operator_name(language),
        "about": part("about_parcel", language, tail=matter.waybill_no[-6:]),
        "says": part(f"courier_{text.lower()}", language),
        "link": f"{settings.ENVIRONMENT.web_origin}/t/{matter.waybill_no}",
    }
    return queue_delivery(
        kind=Kind.COURIER,
        subject_kind=PARCEL,
        subject_id=shipment_id,
        channel=channel,
        to=to,
        letter=write_letter(kind=Kind.COURIER, channel=channel, language=language, values=values),
        language=language,
        at=at,
    )
