"""Help for whoever answers: what is asked, a reply from the record with its sources, a category, the tone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yishi.assistant.actions.telling import Talk, explain_state, tell_outlet
from yishi.assistant.queries.policies import language_of, policies, texts
from yishi.assistant.queries.understand import understand
from yishi.assistant.rules.category import category_of
from yishi.assistant.rules.sentiment import Mood, felt_in
from yishi.assistant.rules.slots import Kind, slots_in
from yishi.assistant.rules.tone import ToneRemark, remarks_on
from yishi.claims.rules.money import yuan
from yishi.conversations.queries.threads import (
    ConversationCard,
    MessageLine,
    access_conversation,
    list_messages,
)
from yishi.kit.clock import now
from yishi.knowledge.queries.articles import ArticleCard, find_articles
from yishi.knowledge.queries.replies import ReplyCard, find_replies
from yishi.knowledge.rules.replies import variables_of
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.shared import words

_LONGEST = 2_000
_OUTLET = frozenset({"contact_courier", "service_hours", "coverage"})


@dataclass(frozen=True)
class Source:
    word: str
    icon: str
    address: str


@dataclass(frozen=True)
class Help:
    """What the panel shows; `text` is the suggested reply, '' where the record says nothing to it."""

    wish: str
    is_sure: bool
    summary: tuple[tuple[str, str], ...]
    text: str
    sources: tuple[Source, ...]
    replies: tuple[ReplyCard, ...]
    articles: tuple[ArticleCard, ...]
    category: str
    category_word: str
    others: tuple[str, ...]
    slots: tuple[tuple[str, str], ...]
    is_angry: bool


def help_of(card: ConversationCard, messages: Sequence[MessageLine], *, viewer: Viewer, at: datetime) -> Help:
    """By the assistant's own rules, from the record alone: nothing is changed and nothing is sent."""
    theirs = [line.text for line in messages if line.author_kind == "CONSUMER" and line.text]
    last = theirs[-1][:_LONGEST] if theirs else ""
    every = "\n".join(theirs[-5:])[:_LONGEST]
    understood = understand(last)
    intent = understood.intent if last else card.handover.get("intent", "")
    guess = category_of(every, {one.intent: one.confidence for one in understood.intents} if last else None)
    policy = policies().get(intent)
    slots = tuple((slot.kind.value, slot.value) for slot in slots_in(every) if not slot.is_personal)
    text, sources = _from_record(card, intent, dict(slots), last, at)
    found = find_replies(
        viewer=viewer, words=last[:60], category=guess.category, language=card.language, most=3
    )
    return Help(
        wish=policy.title[language_of(card.language)] if policy else "",
        is_sure=understood.is_sure,
        summary=_summary(card),
        text=text,
        sources=sources,
        replies=tuple(one for one in found if not variables_of(one.body)),
        articles=tuple(find_articles(words=last, audience="STAFF", language=card.language, most=2)),
        category=guess.category,
        category_word=str(words.CATEGORIES.get(guess.category, guess.category)),
        others=guess.others,
        slots=tuple((kind, said) for kind, value in slots[:6] if (said := _slot_word(kind, value))),
        is_angry=felt_in(every).mood is Mood.ANGRY,
    )


def _from_record(
    card: ConversationCard, intent: str, slots: dict[str, str], text: str, at: datetime
) -> tuple[str, tuple[Source, ...]]:
    """What the record says of this parcel, in the policies' own words; nothing without a parcel we know."""
    number = card.waybill_no or slots.get("WAYBILL", "")
    if not number:
        return "", ()
    language = language_of(card.language)
    talk = Talk(
        conversation_id=card.id,
        slots={"parcel": number},
        phone="",
        is_proven=False,
        proof="",
        language=language,
        text=text,
        at=at,
    )
    tool, name = (tell_outlet, intent) if intent in _OUTLET else (explain_state, "track_parcel")
    done = tool(talk)
    said = policies()[name].says.get(done.outcome) or texts().get(done.outcome)
    if not done.is_done or said is None:
        return "", ()
    values = {**done.values}
    address = reverse("desk:parcel", args=[number])
    return (
        said[language].format_map(_Values(values)).strip(),
        (Source(_("轨迹 …%s") % number[-6:], "parcel", address),),
    )


class _Values(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _summary(card: ConversationCard) -> tuple[tuple[str, str], ...]:
    """What the assistant left when it handed over, as (word, value)."""
    given = card.handover
    policy = policies().get(str(given.get("intent", "")))
    slots = given.get("slots") or {}
    language = language_of(get_language() or "")
    tried = [policies()[one].title[language] for one in given.get("tried") or [] if one in policies()]
    said = (
        (_("小结"), str(given.get("told", ""))),
        (_("想要"), str(given.get("summary", "")) or (policy.title[language] if policy else "")),
        (_("已知"), " · ".join(_known(slots))),
        (_("试过"), " · ".join(tried)),
        (_("证明身份"), _("证明过了") if given.get("is_proven") or card.is_proven else ""),
    )
    return tuple((word, value) for word, value in said if value)


def _slot_word(kind: str, value: str) -> str:
    """A thing that was named, as people write it; '' for a place that is no wish."""
    if kind == Kind.AMOUNT:
        return f"¥{yuan(int(value))}" if value.isdecimal() else ""
    if kind == Kind.PLACE:
        return str(words.WISHES[value].word) if value in words.WISHES else ""
    return value


def _known(slots: dict[str, str]) -> list[str]:
    """What he named, once each: wishes in words, no sentence of his own over again."""
    wishes = [str(words.WISHES[one].word) for one in slots.get("wish", "").split(",") if one in words.WISHES]
    rest = [str(value) for name, value in slots.items() if value and name not in ("wish", "text", "said")]
    return list(dict.fromkeys([*wishes, *rest]))


@staff_page(Permission.CASE_WRITE)
@require_POST
def tone(request: HttpRequest, viewer: Viewer, conversation_id: int) -> HttpResponse:
    """A look at the draft before it is sent: remarks, never a bar."""
    card, at = access_conversation(viewer=viewer, conversation_id=conversation_id), now()
    theirs = [line.text for line in list_messages(card.id, for_person=True) if line.author_kind == "CONSUMER"]
    remarks = remarks_on(
        request.POST.get("text", ""),
        at=at,
        zone=settings.TIME_ZONE,
        asked=theirs[-1] if theirs else "",
        is_sms=card.channel == "SMS",
    )
    shown = [(_(one.reason), one.words) for one in _once(remarks)]
    return render(request, "desk/talk_tone.html", {"remarks": shown, "is_asked": True})


def _once(remarks: list[ToneRemark]) -> list[ToneRemark]:
    """The first of each kind: three remarks are read, ten are not."""
    kinds: dict[str, ToneRemark] = {}
    for one in remarks:
        kinds.setdefault(one.kind.value, one)
    return list(kinds.values())[:4]
