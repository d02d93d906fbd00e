"""Judges conversations of the assistant by the record, when 72 h have passed without a word."""

from datetime import datetime

import msgspec
from django.db import transaction

from yishi.assistant.models import Dialogue, Settlement, Turn
from yishi.assistant.rules.moves import State
from yishi.assistant.rules.settling import JUDGED_AFTER, Facts, TurnLine, judge
from yishi.cases.queries.cards import list_cases, list_cases_of_contact, list_cases_of_waybill
from yishi.consignees.queries import preferences_of_contact
from yishi.conversations.actions.hand import end_conversation
from yishi.conversations.actions.hold import hold_conversation
from yishi.conversations.queries.call_backs import known_call_backs, open_call_back
from yishi.conversations.queries.threads import ConversationCard, count_other_contacts, get_conversation
from yishi.people.rules import SYSTEM_VIEWER

_CASE_ACTIONS = frozenset(
    {
        "open_case",
        "add_to_case",
        "rebook",
        "redirect",
        "intercept",
        "extend_custody",
        "book_pickup",
    }
)
_RUNNING = ("SLOT", "CONFIRM", "CODE")


def note_turn(*, conversation_id: int, intent: str, at: datetime) -> None:
    """The assistant spoke: judged 72 h from now, anew where it was judged before. The first intent that names
    a matter is the conversation's."""
    row, is_new = Settlement.objects.get_or_create(
        conversation_id=conversation_id,
        defaults={"intent": intent, "last_turn_at": at, "due_at": at + JUDGED_AFTER},
    )
    if is_new:
        return
    row.intent = intent if row.intent in ("", "greeting_chitchat", "other") and intent else row.intent
    row.last_turn_at, row.due_at = at, at + JUDGED_AFTER
    row.judged_at, row.is_naive, row.is_verified, row.why = None, False, False, ""
    row.save()


def judge_due(*, at: datetime, limit: int) -> int:
    """Judges what is due; a conversation that has been silent all that time ends. Returns how many."""
    due = Settlement.objects.filter(due_at__lte=at).order_by("due_at")
    return sum(_judge(each, at=at) for each in due.values_list("conversation_id", flat=True)[:limit])


@transaction.atomic
def _judge(conversation_id: int, *, at: datetime) -> bool:
    """The conversation is held before its settlement, as a turn holds them: each waits for nobody who waits
    for him. False where somebody judged it, or spoke in it, meanwhile."""
    hold_conversation(conversation_id=conversation_id)
    row = Settlement.objects.select_for_update().filter(conversation_id=conversation_id).first()
    if row is None or row.due_at is None or row.due_at > at:
        return False
    talk = get_conversation(conversation_id)
    verdict = judge(_facts(talk, row.last_turn_at))
    row.is_naive, row.is_verified, row.why = verdict.is_naive, verdict.is_verified, verdict.why
    row.judged_at, row.due_at = at, None
    row.save()
    if talk.state == "ASSISTANT":
        end_conversation(conversation_id=talk.id, by=None, at=at)
    return True


def _facts(talk: ConversationCard, last_at: datetime) -> Facts:
    turns = list(Turn.objects.filter(conversation_id=talk.id).order_by("at", "pk"))
    state = _state_of(talk.id)
    number = talk.waybill_no or state.slots.get("parcel", "")
    until = last_at + JUDGED_AFTER
    named = {each["ref"] for turn in turns for each in turn.actions if each["name"] in _CASE_ACTIONS}
    return Facts(
        turns=_lines(turns),
        had_person=bool(talk.handed_over_for) or talk.assignee_id is not None,
        is_waiting=(state.waiting is not None and state.waiting.kind in _RUNNING)
        or open_call_back(talk.id) is not None,
        is_missing=_is_missing(talk, turns, named),
        has_other_contact=count_other_contacts(
            conversation_id=talk.id, contact_id=talk.contact_id, waybill_no=number, since=last_at, until=until
        )
        > 0,
        has_new_case=any(
            last_at < case.opened_at <= until and case.case_no not in named
            for case in [
                *(list_cases_of_waybill(viewer=SYSTEM_VIEWER, waybill_no=number) if number else []),
                *(
                    list_cases_of_contact(viewer=SYSTEM_VIEWER, contact_id=talk.contact_id)
                    if talk.contact_id
                    else []
                ),
            ]
        ),
    )


def _state_of(conversation_id: int) -> State:
    row = Dialogue.objects.filter(conversation_id=conversation_id).first()
    return msgspec.json.decode(row.state, type=State) if row is not None and row.state else State()


def _lines(turns: list[Turn]) -> list[TurnLine]:
    before = [None, *[turn.at for turn in turns]]
    return [
        TurnLine(
            intent=turn.intent,
            told=turn.told,
            are_ok=all(each["ok"] for each in turn.actions),
            at=turn.at,
            quiet_for=turn.at - earlier if earlier is not None else None,
        )
        for turn, earlier in zip(turns, before, strict=False)
    ]


def _is_missing(talk: ConversationCard, turns: list[Turn], named: set[str]) -> bool:
    """A case that was named and is not there or was taken back; a wish that is not kept; a call-back that
    nobody wrote down."""
    known = list_cases(viewer=SYSTEM_VIEWER, case_nos=sorted(named)) if named else []
    standing = {case.case_no for case in known if case.status != "WITHDRAWN"}
    wishes = {
        kind
        for turn in turns
        for each in turn.actions
        if each["name"] == "set_preference"
        for kind in each["ref"].split(",")
    }
    calls = {int(each["ref"]) for turn in turns for each in turn.actions if each["name"] == "call_back"}
    kept = (
        {each.kind for each in preferences_of_contact(talk.contact_id, at=talk.last_message_at)}
        if wishes and talk.contact_id
        else set()
    )
    return not (named <= standing and wishes <= kept and calls <= known_call_backs(calls).keys())
