"""By which ways a person can be told, in the order that is asked for."""

from collections.abc import Sequence

from django.conf import settings

from yishi.cases.models.case import Case
from yishi.consignees.queries import backup_phone, reach_contact
from yishi.conversations.models.talk import Conversation
from yishi.conversations.queries.reach import wechat_of
from yishi.notifications.rules import EMAIL, SMS, VOICE, Reach, Way, chain_of

_CHOSEN = {SMS: SMS, EMAIL: EMAIL}


def ways_to(
    contact_id: int, order: Sequence[str], *, chosen: str = "", own_email: str = ""
) -> tuple[Way, ...]:
    """The ways to this person: what he chose for himself first, then in this order; a call only where there
    is a gateway that rings. Raises NotFound."""
    person = reach_contact(contact_id)
    wanted = [name for name in order if name != VOICE or may_ring()]
    wechat = wechat_of(contact_id) if "WECHAT" in wanted else None
    reach = Reach(
        phone=person.phone,
        email=own_email or person.email,
        wechat=wechat[0] if wechat else "",
        wechat_account=wechat[1] if wechat else None,
        backup=backup_phone(contact_id),
    )
    first = [_CHOSEN[chosen]] if chosen in _CHOSEN else []
    return chain_of([*first, *wanted], reach)


def language_of(contact_id: int) -> str:
    """In which language this person wrote to us last; Chinese where he never did."""
    talk = Conversation.objects.filter(contact_id=contact_id).order_by("-pk").values_list("language", "pk")
    case = Case.objects.filter(contact_id=contact_id).order_by("-pk").values_list("language", "opened_at")
    said = talk.first() or case.first()
    return said[0] if said else "zh-hans"


def may_ring() -> bool:
    """Whether there is a gateway for calls."""
    return bool(settings.ENVIRONMENT.voice_url) or settings.ENVIRONMENT.is_demo
