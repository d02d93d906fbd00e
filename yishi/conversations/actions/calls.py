"""A call goes on step by step; one that nobody took is promised a call-back."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_noop

from yishi.conversations.actions.begin import Person, address_hash
from yishi.conversations.actions.call_backs import ask_call_back
from yishi.conversations.actions.hold import HEAD_OFFICE
from yishi.conversations.actions.receive import note_down
from yishi.conversations.actions.recordings import want_recording
from yishi.conversations.facts import CallHeard
from yishi.conversations.models.calls import Call
from yishi.conversations.models.talk import ChannelAccount
from yishi.conversations.port import CallNews
from yishi.conversations.rules import Channel, call_after
from yishi.kit.facts import announce
from yishi.kit.live import nudge
from yishi.kit.phrases import Phrase
from yishi.people.queries import person_of
from yishi.people.rules import Viewer

CALL_BACK_WITHIN = timedelta(hours=2)
_LONGEST_MENU = 40


@transaction.atomic
def hear_call(*, account: ChannelAccount, news: CallNews, at: datetime) -> int:
    """Notes one step of a call; late, repeated and disordered steps change nothing that is known better."""
    Call.objects.get_or_create(
        account=account,
        external_id=news.call_id[:100],
        defaults={
            "outlet": account.outlet,
            "caller": news.caller[:30],
            "caller_hash": address_hash(Channel.PHONE, news.caller),
            "called": news.called[:30],
            "state": Call.State.RINGING,
            "is_measured": news.is_measured,
            "rang_at": news.happened_at,
        },
    )
    call = Call.objects.select_for_update().get(account=account, external_id=news.call_id[:100])
    before, has_rung = call.state, bool(call.menu.get("dialled"))
    # late news of the menu say nothing of the agent who was rung after it
    step = "DIGITS" if news.step == "MENU" and has_rung else news.step
    call.state = call_after(call.state, step)
    if not has_rung:
        call.rang_at = min(call.rang_at, news.happened_at)
    if step == "MENU":
        call.is_measured = False
    if step in ("ANSWERED", "MENU") and call.answered_at is None:
        call.answered_at, call.answered_by = news.happened_at, news.answered_by[:60]
    if news.step in ("ENDED", "MISSED") and call.ended_at is None:
        call.ended_at = news.happened_at
    if news.recording:
        call.recording = news.recording[:500]
        want_recording(call=call, reference=news.recording[:500], at=at)
    if news.digits:
        pressed = [*call.menu.get("pressed", []), news.digits[:30]]
        call.menu = {**call.menu, "pressed": pressed[-_LONGEST_MENU:]}
    call.save()
    _follow(call, before, at=at)
    announce(CallHeard(account_id=account.pk, call_id=call.pk, step=news.step, at=at))
    nudge(f"calls:{account.outlet.code if account.outlet else HEAD_OFFICE}")
    return call.pk


@transaction.atomic
def ring_agent(*, account_id: int, external_id: str, at: datetime) -> None:
    """The menu hands the caller to a person: from now on it rings, and is measured."""
    call = Call.objects.select_for_update().filter(account_id=account_id, external_id=external_id).first()
    if call is None or call.menu.get("dialled"):
        return
    call.state, call.answered_at, call.is_measured = Call.State.RINGING, None, True
    call.menu = {**call.menu, "dialled": True, "began_at": call.rang_at.isoformat()}
    call.rang_at = at
    call.save(update_fields=["state", "answered_at", "is_measured", "menu", "rang_at"])
    announce(CallHeard(account_id=account_id, call_id=call.pk, step="RINGING", at=at))
    nudge(f"calls:{call.outlet.code if call.outlet else HEAD_OFFICE}")


def _follow(call: Call, before: str, *, at: datetime) -> None:
    if call.state == before or call.state != Call.State.MISSED or not call.caller:
        return
    noted = note_down(
        person=Person(channel=Channel.PHONE, address=call.caller),
        text=Phrase(gettext_noop("（来电没有接到）")),
        at=at,
    )
    call.conversation_id = noted.conversation_id
    call.save(update_fields=["conversation"])
    ask_call_back(
        phone=call.caller,
        wished_at=at,
        due_at=at + CALL_BACK_WITHIN,
        conversation_id=noted.conversation_id,
        at=at,
    )


@transaction.atomic
def enter_call(
    *,
    caller: str,
    text: str,
    by: Viewer,
    at: datetime,
    waybill_no: str = "",
    channel: Channel = Channel.PHONE,
) -> int:
    """A call on a bare mobile, or somebody at the counter, as staff note it down. The conversation's id.

    Nobody knows how long it rang: it is never counted as measured. Raises Invalid for an empty text.
    """
    noted = note_down(person=Person(channel=channel, address=caller), text=text, at=at, waybill_no=waybill_no)
    if channel == Channel.PHONE:
        Call.objects.create(
            conversation_id=noted.conversation_id,
            caller=caller[:30],
            caller_hash=address_hash(Channel.PHONE, caller),
            state=Call.State.ENDED,
            is_measured=False,
            rang_at=at,
            answered_at=at,
            ended_at=at,
            answered_by_user_id=person_of(by),
        )
    return noted.conversation_id


@transaction.atomic
def keep_menu(*, call_id: int, step: str, **known: str) -> None:
    """Where the caller stands in the spoken menu."""
    call = Call.objects.select_for_update().get(pk=call_id)
    call.menu = {**call.menu, "step": step, **known}
    call.save(update_fields=["menu"])
