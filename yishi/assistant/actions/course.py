"""One turn while it runs: what was read, where the dialogue stands, what is said and done so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from yishi.assistant.actions import answering, changing
from yishi.assistant.actions.proving import Checked
from yishi.assistant.actions.telling import Talk
from yishi.assistant.models import Miss
from yishi.assistant.queries.policies import language_of, policies, texts
from yishi.assistant.queries.reading import Reading
from yishi.assistant.rules.dialogue import category_of_case
from yishi.assistant.rules.moves import Policy, State
from yishi.consignees.queries import phone_of_proof
from yishi.conversations.queries.threads import (
    ConversationCard,
    MessageLine,
    list_files_of_person,
    list_messages,
)

_MOST_SAID_BACK = 120


@dataclass(frozen=True)
class Reply:
    text: str
    options: tuple[str, ...] = ()
    shows: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answered:
    """What a turn came to; `is_silent` where the assistant had nothing to say here."""

    replies: tuple[Reply, ...] = ()
    intent: str = ""
    confidence: float = 0.0
    is_handed_over: bool = False
    actions: tuple[Mapping[str, Any], ...] = ()
    is_silent: bool = False


@dataclass
class Course:
    """One turn while it runs."""

    talk: ConversationCard
    message: MessageLine
    reading: Reading
    at: datetime
    state: State
    checked: Checked | None = None
    replies: list[Reply] = field(default_factory=list)
    actions: list[dict[str, Any]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    is_handed_over: bool = False
    is_over: bool = False

    @property
    def language(self) -> str:
        """His own: whoever writes English is answered in English."""
        return "en" if self.state.slots.get("english") else language_of(self.talk.language)

    def say(self, words: Mapping[str, str], values: Mapping[str, str] | None = None) -> None:
        text = words[self.language].format_map(_Values(values or {})).strip()
        if text:
            self.replies.append(Reply(text))

    def offer(self, offers: Mapping[str, str]) -> None:
        """Labels under the last thing said, and what each means."""
        self.state = replace(self.state, options=dict(offers))
        if self.replies:
            self.replies[-1] = replace(self.replies[-1], options=tuple(offers))

    def show(self, shows: Mapping[str, Any]) -> None:
        """What pages draw under the last thing said: the parcel that it told of."""
        if shows and self.replies:
            self.replies[-1] = replace(self.replies[-1], shows=shows)


class _Values(dict[str, str]):
    """A hole that nobody fills stays empty: never a fault in front of a person."""

    def __missing__(self, key: str) -> str:
        return ""


def policy_of(course: Course) -> Policy:
    return policies()[course.state.intent]


def shown(course: Course) -> dict[str, str]:
    """Slots as a text may name them; what proves the person is none of them."""
    slots = {k: v for k, v in course.state.slots.items() if k not in ("proof", "code_id")}
    wishes = [each for each in slots.get("wish", "").split(",") if each]
    talk_words = {
        "wish_said": changing.wishes_said(wishes, course.language),
        "when": slots.get("time") or texts()["soon"][course.language],
    }
    said = slots.get("text") or slots.get("said", "")
    chosen = [slots[name] for name in ("time", "address") if slots.get(name) and slots[name] not in said]
    return {**slots, **talk_words, "text": "；".join([_short(said), *chosen])}


def _short(text: str) -> str:
    return text if len(text) <= _MOST_SAID_BACK else text[:_MOST_SAID_BACK] + "…"


def talk_of(course: Course) -> Talk:
    slots, state = course.state.slots, course.state
    policy = policies().get(state.intent)
    return Talk(
        conversation_id=course.talk.id,
        slots=slots,
        # never a phone that was merely named beside somebody's proof
        phone=phone_of_proof(slots.get("proof", "")) if state.is_proven else slots.get("phone", ""),
        is_proven=state.is_proven,
        proof=slots.get("proof", "") if state.is_proven else "",
        language=course.language,
        text=course.message.text,
        at=course.at,
        category=category_of_case(policy, slots) if policy else "OTHER",
        files=tuple(list_files_of_person(course.talk.id))[-6:],
        new_files=_new_files(course),
        priority=int(slots.get("priority") or 0),
        plain_text=answering.hidden(course.reading.without_personal),
        answer=course.reading.answer,
    )


def _new_files(course: Course) -> tuple[UUID, ...]:
    """The files of this message."""
    lines = list_messages(course.talk.id, for_person=True, after=course.message.id - 1)
    return tuple(file.file_id for line in lines if line.id == course.message.id for file in line.files)


def keep_miss(course: Course, reason: str) -> None:
    Miss.objects.create(
        text=course.reading.without_personal,
        intent=course.reading.read.intents[0] if course.reading.read.intents else "",
        confidence=course.reading.confidence,
        reason=reason,
        conversation_ref=str(course.talk.id),
        at=course.at,
    )
