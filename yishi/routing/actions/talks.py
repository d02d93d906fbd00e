"""Conversations find their place and their person; back into the queue when he goes; up when they wait."""

from datetime import datetime

from django.db import transaction

from yishi.conversations.actions.hand import give, give_back, place
from yishi.conversations.actions.hold import hold_conversation
from yishi.conversations.actions.mentions import call_colleagues
from yishi.conversations.models.talk import Conversation
from yishi.conversations.rules import State
from yishi.network.models import Outlet
from yishi.people.queries import staff_contacts
from yishi.people.rules import Role
from yishi.routing.models import Away, TalkPlace
from yishi.routing.queries.places import local_time
from yishi.routing.queries.talks import only_outlet, outlet_of_parcel, roster_of
from yishi.routing.rules import talks as why
from yishi.routing.rules.talks import TRY_AGAIN_AFTER, Wanted, choose_answerer

MANAGER, HEAD_OFFICE = 1, 2
BACK = "GIVEN_BACK"


@transaction.atomic
def place_talk(*, conversation_id: int, reason: str, at: datetime) -> None:
    """A conversation that waits gets its outlet, where it has none, and its person, where somebody is there.

    The outlet is the parcel's. What touches law, media or safety waits at head office, where one is.
    """
    talk = hold_conversation(conversation_id=conversation_id)
    if talk.state != State.QUEUED:
        return
    known = TalkPlace.objects.filter(pk=talk.pk).first()
    if known is None or not known.place_reason:
        outlet_id, place_reason = _outlet(talk, reason, at)
        if outlet_id != talk.outlet_id:
            code = Outlet.objects.values_list("code", flat=True).get(pk=outlet_id) if outlet_id else ""
            place(conversation_id=talk.pk, outlet_code_wanted=code, at=at)
        TalkPlace.objects.update_or_create(pk=talk.pk, defaults={"place_reason": place_reason})
    elif reason == BACK:
        TalkPlace.objects.filter(pk=talk.pk).update(refused_by=known.user_id)
    find_person(conversation_id=conversation_id, at=at)


def _outlet(talk: Conversation, reason: str, at: datetime) -> tuple[int | None, str]:
    if reason.startswith("RISK") and staff_contacts(None, [Role.QUALITY]):
        return None, why.RISK
    if talk.outlet_id is not None:
        return talk.outlet_id, why.WANTED
    if talk.shipment_id is not None:
        found = outlet_of_parcel(talk.shipment_id, at)
        if found is not None:
            return found, why.PARCEL
    only = only_outlet()
    return (only, why.ONLY_OUTLET) if only is not None else (None, why.NO_PARCEL)


@transaction.atomic
def find_person(*, conversation_id: int, at: datetime) -> int | None:
    """Gives a conversation that waits to whoever fits best and has room; else it is tried again in a minute.

    Returns who got it.
    """
    talk = hold_conversation(conversation_id=conversation_id)
    if talk.state != State.QUEUED:
        TalkPlace.objects.filter(pk=talk.pk).update(due_at=None)
        return None
    roster = roster_of(talk, at)
    refused = TalkPlace.objects.filter(pk=talk.pk).values_list("refused_by", flat=True).first()
    people = [one for one in roster.people if one.user_id != refused]
    wanted = Wanted(talk.skill, talk.language, at - (talk.queued_at or at))
    chosen = choose_answerer(roster.shifts, people, wanted, local=local_time(at))
    why_nobody = why.NOBODY_ON_SHIFT if chosen.reason == why.SHARED_LIST and roster.has_roster else ""
    TalkPlace.objects.update_or_create(
        pk=talk.pk,
        defaults={
            "reason": why_nobody or chosen.reason,
            "user": None,
            "due_at": at + TRY_AGAIN_AFTER if roster.has_roster else None,
        },
    )
    if chosen.user_id is not None:
        give(conversation_id=talk.pk, user_id=chosen.user_id, why=chosen.reason, at=at)
    return chosen.user_id


@transaction.atomic
def note_taken(*, conversation_id: int, user_id: int, is_by_hand: bool, at: datetime) -> None:
    """Somebody has it now: it is looked at again when his shift ends."""
    talk = hold_conversation(conversation_id=conversation_id)
    ends_at = roster_of(talk, at).ends_at(user_id, at)
    values = {"user_id": user_id, "given_at": at, "was_on_shift": ends_at is not None, "due_at": ends_at}
    if is_by_hand:
        values["reason"] = ""
    TalkPlace.objects.update_or_create(pk=talk.pk, defaults=values)


@transaction.atomic
def return_if_gone(*, conversation_id: int, at: datetime) -> bool:
    """Back into the queue where its person is away or has gone home while somebody waits for him."""
    talk = hold_conversation(conversation_id=conversation_id)
    if talk.state != State.WITH_AGENT or talk.assignee_id is None:
        return False
    kept = TalkPlace.objects.filter(pk=talk.pk).first()
    is_away = Away.objects.filter(user_id=talk.assignee_id, until_at__gt=at).exists()
    ends_at = roster_of(talk, at).ends_at(talk.assignee_id, at)
    went_home = kept is not None and kept.was_on_shift and ends_at is None
    if not (is_away or went_home):
        TalkPlace.objects.filter(pk=talk.pk).update(due_at=ends_at)
        return False
    if talk.awaiting_since is None:
        # nobody waits: it stays his, and is looked at when the person writes again
        TalkPlace.objects.filter(pk=talk.pk).update(due_at=None)
        return False
    give_back(conversation_id=talk.pk, by=None, at=at, reason="AWAY" if is_away else "SHIFT_OVER")
    return True


@transaction.atomic
def fill_room(*, outlet_id: int, at: datetime) -> None:
    """Somebody of this outlet has room again: whoever waits there longest is tried first."""
    rows = Conversation.objects.filter(outlet_id=outlet_id, state=State.QUEUED)
    for pk in list(rows.order_by("-priority", "queued_at").values_list("pk", flat=True)[:5]):
        # one that waits for somebody who can just that keeps nobody behind it waiting
        find_person(conversation_id=pk, at=at)


@transaction.atomic
def hand_up_talk(*, conversation_id: int, level: int, at: datetime) -> int:
    """The promise of a first answer broke: the outlet's manager is called, above him head office.

    Where nobody has it, head office gets it into its own list. Returns the level that was reached.
    """
    talk = hold_conversation(conversation_id=conversation_id)
    people = []
    if level <= MANAGER and talk.outlet is not None:
        people = staff_contacts(talk.outlet.code, [Role.OUTLET_MANAGER])
    reached = MANAGER if people else HEAD_OFFICE
    people = people or staff_contacts(None, [Role.QUALITY]) or staff_contacts(None, [Role.OWNER])
    is_waiting = talk.state == State.QUEUED
    if reached == HEAD_OFFICE and is_waiting and people and talk.outlet_id is not None:
        place(conversation_id=talk.pk, outlet_code_wanted="", at=at)
    defaults: dict[str, object] = {"level": reached}
    if reached == HEAD_OFFICE and is_waiting:
        defaults |= {"place_reason": why.WENT_UP, "reason": why.SHARED_LIST, "due_at": None}
    TalkPlace.objects.update_or_create(pk=talk.pk, defaults=defaults)
    call_colleagues(conversation_id=talk.pk, user_ids=[one.user_id for one in people], kind="LATE", at=at)
    return reached
