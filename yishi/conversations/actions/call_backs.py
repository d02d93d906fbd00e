"""Call-backs: promised where nobody is there, due by a moment, ended with what came of it."""

import re
from datetime import datetime, timedelta

from django.db import transaction

from yishi.conversations.actions.hold import check_may_write, hold_conversation
from yishi.conversations.facts import CallBackAsked, CallBackEnded
from yishi.conversations.models.beside import CallBack
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.facts import announce
from yishi.kit.live import nudge
from yishi.kit.phrases import Phrase
from yishi.kit.texts import clean_text
from yishi.network.models import Outlet
from yishi.people.queries import person_of, within_scope
from yishi.people.rules import Viewer

_PHONE = re.compile(r"\+?\d[\d -]{5,18}\d")
MOST_AHEAD = timedelta(days=14)


class AlreadyCalled(Refusal):
    """这个回电已经有结果了"""

    code = "already_called"


@transaction.atomic
def ask_call_back(
    *,
    phone: str,
    wished_at: datetime,
    due_at: datetime,
    at: datetime,
    conversation_id: int | None = None,
    outlet_id: int | None = None,
    about: str | Phrase = "",
) -> int:
    """Promises to ring this number between the two moments; asked again, the open one is moved.

    The outlet is the conversation's where it has one. Raises Invalid for a number or a time that cannot be.
    """
    if not _PHONE.fullmatch(phone.strip()):
        raise Invalid([("/phone", "bad_phone", "电话没看懂，再核对一下")])
    if not at <= wished_at <= due_at <= at + MOST_AHEAD:
        raise Invalid([("/wished_at", "time_out_of_range", "回电的时间要在两周以内、现在以后")])
    if conversation_id is not None:
        outlet_id = hold_conversation(conversation_id=conversation_id).outlet_id or outlet_id
    place = Outlet.objects.values_list("code", flat=True).get(pk=outlet_id) if outlet_id is not None else ""
    values = {
        "outlet_id": outlet_id,
        "phone": phone.strip(),
        "about": about.plain() if isinstance(about, Phrase) else clean_text(about)[0][:500],
        "said": about.kept() if isinstance(about, Phrase) else {},
        "wished_at": wished_at,
        "due_at": due_at,
        "asked_at": at,
    }
    known = (
        CallBack.objects.select_for_update().filter(conversation_id=conversation_id, state="OPEN").first()
        if conversation_id is not None
        else None
    )
    if known is None:
        known = CallBack.objects.create(conversation_id=conversation_id, **values)
    else:
        CallBack.objects.filter(pk=known.pk).update(**values)
    announce(
        CallBackAsked(
            call_back_id=known.pk,
            conversation_id=conversation_id or 0,
            outlet_code=place,
            wished_at=wished_at,
            due_at=due_at,
            at=at,
        )
    )
    nudge(f"inbox:{place or 'HQ'}")
    return known.pk


@transaction.atomic
def end_call_back(*, call_back_id: int, state: str, result: str, by: Viewer, at: datetime) -> None:
    """It was made (REACHED, NOT_REACHED) or is not wanted (DROPPED).

    Raises NotFound, AlreadyCalled, Invalid.
    """
    check_may_write(by)
    held = (
        CallBack.objects.select_for_update(of=("self",))
        .select_related("outlet")
        .filter(within_scope(by, "outlet__code"), pk=call_back_id)
        .first()
    )
    if held is None:
        raise NotFound()
    if held.state != CallBack.State.OPEN:
        raise AlreadyCalled
    if state not in CallBack.State.values or state == CallBack.State.OPEN:
        raise Invalid([("/state", "unknown_state", "选一个结果")])
    CallBack.objects.filter(pk=held.pk).update(
        state=state, result=clean_text(result)[0][:500], ended_at=at, ended_by=person_of(by)
    )
    place = held.outlet.code if held.outlet else ""
    announce(
        CallBackEnded(
            call_back_id=held.pk,
            conversation_id=held.conversation_id or 0,
            outlet_code=place,
            is_made=state != CallBack.State.DROPPED,
            at=at,
        )
    )
    nudge(f"inbox:{place or 'HQ'}")
