"""How a person wants to be told is kept."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from yishi.consignees.models import Contact, NoticeChoice
from yishi.consignees.rules import NoticeWish, plain_email
from yishi.kit.errors import Invalid, NotFound


@transaction.atomic
def choose_notices(*, contact_id: int, about: str, wish: NoticeWish, is_proven: bool, at: datetime) -> None:
    """Keeps how the person wants to be told of one matter (`case:7`), and of everything where he has proved
    the phone: whoever only holds a link silences nobody else's telephone. Raises Invalid.
    """
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise NotFound()
    if wish.email and not _is_email(wish.email):
        raise Invalid([("/email", "bad_email", "邮箱写法不对，应像 name@example.cn")])
    if wish.channel == NoticeChoice.Channel.EMAIL and not (wish.email or contact.email):
        raise Invalid([("/email", "missing_field", "写一个邮箱，才能用邮件告诉你")])
    if wish.channel == NoticeChoice.Channel.SMS and not contact.phone:
        raise Invalid([("/channel", "missing_field", "你没有留手机号，不能发短信")])
    if wish.channel not in NoticeChoice.Channel.values:
        raise Invalid([("/channel", "unknown_channel", "选一种方式")])
    values = {
        "channel": wish.channel,
        "email": plain_email(wish.email),
        "quiet_from": wish.quiet_from,
        "quiet_until": wish.quiet_until,
        "chosen_at": at,
    }
    if is_proven and not about and wish.channel == NoticeChoice.Channel.NONE:
        # nothing at all: what he chose for one case before ends as well
        NoticeChoice.objects.filter(contact=contact).update(channel=wish.channel, chosen_at=at)
    for subject in {about, ""} if is_proven else {about}:
        NoticeChoice.objects.update_or_create(contact=contact, about=subject, defaults=values)


def _is_email(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= 254
