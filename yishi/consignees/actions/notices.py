"""How a person wants to be told is kept."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from yishi.consignees.actions.standing import PERSON, hold_person
from yishi.consignees.models import BackupContact, Contact, NoticeChoice
from yishi.consignees.queries import find_contact_ids
from yishi.consignees.rules import QUIET_FROM, QUIET_UNTIL, NoticeWish, plain_email
from yishi.kit.errors import Invalid, NotFound
from yishi.kit.personal import normalise_phone


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


@transaction.atomic
def mute_notices(*, contact_id: int, about: str, is_muted: bool, at: datetime) -> None:
    """He wants no more notices of this one matter, or wants them again; whoever holds a link that was sent to
    him may say so. Everything at once (`about` empty) is for `choose_notices`. Raises NotFound."""
    if not about or not Contact.objects.filter(pk=contact_id).exists():
        raise NotFound()
    if not is_muted:
        NoticeChoice.objects.filter(contact_id=contact_id, about=about).delete()
        return
    said = {
        "channel": NoticeChoice.Channel.NONE,
        "quiet_from": QUIET_FROM,
        "quiet_until": QUIET_UNTIL,
        "chosen_at": at,
    }
    NoticeChoice.objects.update_or_create(contact_id=contact_id, about=about, defaults=said)


@transaction.atomic
def name_backup(*, phone: str, backup: str, called: str = "", at: datetime) -> None:
    """The person, whose phone the edge has proved, names whom to tell where he cannot be reached; '' takes
    that back. The edge has also proved that the other one agrees: he passed on the code that was sent to him.
    Raises Invalid for what is no telephone, or his own."""
    contact_id = hold_person(phone, [], at)
    plain = check_backup(phone=phone, backup=backup) if backup.strip() else ""
    BackupContact.objects.filter(contact_id__in=find_contact_ids(phone)).delete()
    if plain:
        values = {"phone": plain, "called": called.strip()[:40], "named_at": at, "named_by": PERSON}
        BackupContact.objects.create(contact_id=contact_id, **values)


def check_backup(*, phone: str, backup: str) -> str:
    """The telephone as it is kept. Raises Invalid for what is none, or his own."""
    plain = normalise_phone(backup)
    if not 7 <= len(plain) <= 20:
        raise Invalid([("/backup", "bad_phone", "手机号是 11 位")])
    if plain == normalise_phone(phone):
        raise Invalid([("/backup", "own_phone", "写另一个人的手机号")])
    return plain


def _is_email(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= 254
