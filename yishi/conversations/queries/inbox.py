"""Who waits for a person: place in the queue, how long it takes at present, the lists of the inbox."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Min, Q, QuerySet

from yishi.conversations.models.beside import Mention
from yishi.conversations.models.messages import Message
from yishi.conversations.models.talk import Conversation, Participant
from yishi.conversations.queries.threads import ConversationCard, card_of, visible
from yishi.conversations.rules import FIRST_REPLY_WITHIN, Author, MessageKind, MessageState, State
from yishi.kit.phrases import say
from yishi.people.queries import staff_names
from yishi.people.rules import Viewer

LATELY = timedelta(hours=1)
# of fewer answers a median says nothing
LEAST_ANSWERS = 3
PAGE = 40
MOST_COUNTED = 99
VIEWS = ("mine", "outlet", "unassigned", "breaking", "called")
# of the 15 minutes that were promised, fewer are left than these
BREAKS_WITHIN = timedelta(minutes=8)


def place_in_queue(talk: ConversationCard, *, at: datetime) -> dict[str, Any] | None:
    """`place` counts from 1 among those who wait at the same outlet, for its people answer whatever is asked;
    `wait_s` is what is still to be expected, None where too few were answered in the last hour to say."""
    if talk.queued_at is None or talk.state != State.QUEUED:
        return None
    alike = (
        Conversation.objects.filter(outlet__code=talk.outlet_code)
        if talk.outlet_code
        else (Conversation.objects.filter(outlet=None))
    )
    ahead = Q(priority__gt=talk.priority) | Q(priority=talk.priority, queued_at__lt=talk.queued_at)
    before = alike.filter(ahead, state=State.QUEUED).count()
    usual = usual_wait(alike, skill=talk.skill, at=at)
    waited = (at - talk.queued_at).total_seconds()
    wait_s = None if usual is None or waited > usual else round(usual - waited)
    return {"place": before + 1, "wait_s": wait_s}


def usual_wait(talks: "QuerySet[Conversation]", *, skill: str, at: datetime) -> float | None:
    """The median of the first waits that ended in the last hour, with this skill, else with any."""
    lately = talks.filter(first_replied_at__gt=at - LATELY, first_replied_at__lte=at, waited_s__isnull=False)
    rows = list(lately.order_by("-first_replied_at").values_list("skill", "waited_s")[:200])
    own = [seconds for one, seconds in rows if one == skill and seconds is not None]
    every = [seconds for _one, seconds in rows if seconds is not None]
    known = own if len(own) >= LEAST_ANSWERS else every
    return median(known) if len(known) >= LEAST_ANSWERS else None


@dataclass(frozen=True, kw_only=True)
class InboxLine:
    """A conversation on a list: who it is, what was said last and by whom, who is called to it."""

    card: ConversationCard
    name: str
    said: str
    said_kind: str
    said_by: str
    said_at: datetime | None
    is_from_person: bool
    called_for: str


def list_inbox(*, viewer: Viewer, view: str, at: datetime, q: str = "", limit: int = PAGE) -> list[InboxLine]:
    """Those who wait first, the pressing and then the longest at the top; then the others, newest first."""
    rows = _of_view(viewer, view, at)
    if q:
        rows = rows.filter(waybill_no=q)
    waits = ExpressionWrapper(Q(awaiting_since__isnull=False), output_field=BooleanField())
    rows = rows.annotate(waits=waits).order_by(
        "-waits", "-priority", F("awaiting_since").asc(nulls_last=True), "-last_message_at"
    )
    return lines_of(list(rows[:limit]), viewer=viewer)


def list_of_case(conversation_ids: Collection[int], *, viewer: Viewer) -> list[InboxLine]:
    """Those among these that are in sight, the newest first."""
    rows = visible(viewer).filter(pk__in=list(conversation_ids)).order_by("-last_message_at")
    return lines_of(list(rows[:PAGE]), viewer=viewer)


def _of_view(viewer: Viewer, view: str, at: datetime) -> "QuerySet[Conversation]":
    rows: QuerySet[Conversation] = visible(viewer).filter(state__in=[State.QUEUED, State.WITH_AGENT])
    if view == "mine":
        return rows.filter(assignee_id=viewer.user_id or 0)
    if view == "unassigned":
        return rows.filter(state=State.QUEUED)
    if view == "breaking":
        return rows.filter(awaiting_since__lte=at - (FIRST_REPLY_WITHIN - BREAKS_WITHIN))
    if view == "called":
        every: QuerySet[Conversation] = visible(viewer)
        return every.filter(pk__in=_called(viewer).values("conversation_id"))
    return rows


def _called(viewer: Viewer) -> "QuerySet[Mention]":
    return Mention.objects.filter(user_id=viewer.user_id or 0, seen_at__isnull=True)


def count_inbox(*, viewer: Viewer, at: datetime) -> dict[str, int]:
    """How many each view holds, in two statements."""
    since = at - (FIRST_REPLY_WITHIN - BREAKS_WITHIN)
    found = _of_view(viewer, "outlet", at).aggregate(
        outlet=Count("pk"),
        mine=Count("pk", filter=Q(assignee_id=viewer.user_id or 0)),
        unassigned=Count("pk", filter=Q(state=State.QUEUED)),
        breaking=Count("pk", filter=Q(awaiting_since__lte=since)),
    )
    called = _called(viewer).values("conversation_id").distinct().count()
    return {**found, "called": called}


def count_waiting_for(*, viewer: Viewer) -> int:
    """What calls this person now, for the rail: his own in which somebody waits, and where he is named."""
    mine = Q(assignee_id=viewer.user_id or 0, state=State.WITH_AGENT, awaiting_since__isnull=False)
    named = Q(pk__in=_called(viewer).values("conversation_id"))
    return Conversation.objects.filter(mine | named).count() if viewer.user_id else 0


def lines_of(rows: Sequence[Conversation], *, viewer: Viewer) -> list[InboxLine]:
    """These conversations as lines, in three statements however many."""
    ids = [row.pk for row in rows]
    hidden = Q(kind=MessageKind.NOTE) | Q(state__in=[MessageState.HELD, MessageState.WITHDRAWN])
    # while a person waits, his words are read, not what the assistant said after them
    between = Q(author_kind__in=[Author.ASSISTANT, Author.SYSTEM], conversation__awaiting_since__isnull=False)
    newest = Message.objects.filter(conversation__in=ids).exclude(hidden).exclude(between)
    newest = newest.select_related("author").order_by("conversation_id", "-pk")
    last = {one.conversation_id: one for one in newest.distinct("conversation_id")}
    names: dict[int, str] = {}
    for one in Participant.objects.filter(conversation__in=ids, kind=Author.CONSUMER).order_by("pk"):
        names[one.conversation_id] = names.get(one.conversation_id) or one.name
    called = _called(viewer).filter(conversation__in=ids).order_by("pk")
    calls = dict(called.values_list("conversation_id", "kind"))
    return [_inbox_line(row, last.get(row.pk), names.get(row.pk, ""), calls.get(row.pk, "")) for row in rows]


def _inbox_line(row: Conversation, last: Message | None, name: str, called_for: str) -> InboxLine:
    author = last.author if last is not None else None
    return InboxLine(
        card=card_of(row),
        name=name,
        said=(say(last.data.get("phrase")) or last.text)[:200] if last is not None else "",
        said_kind=last.kind if last is not None else "",
        said_by=(author.name or author.username) if author else (last.author_kind if last else ""),
        said_at=last.at if last is not None else None,
        is_from_person=last is not None and last.author_kind == Author.CONSUMER,
        called_for=called_for,
    )


@dataclass(frozen=True, kw_only=True)
class TeamLine:
    """What one person has now; `wait_s` is his median first answer of the last day, None without any."""

    user_id: int
    name: str
    talks: int
    waiting: int
    oldest_at: datetime | None
    answered: int
    wait_s: float | None


def list_team(*, viewer: Viewer, at: datetime) -> list[TeamLine]:
    """Everybody who has a conversation of these outlets, or answered one within a day, in two statements."""
    rows = visible(viewer).filter(assignee__isnull=False)
    now_has = rows.filter(state=State.WITH_AGENT).order_by().values("assignee_id")
    counted = now_has.annotate(
        talks=Count("pk"),
        waiting=Count("pk", filter=Q(awaiting_since__isnull=False)),
        oldest_at=Min("awaiting_since"),
    )
    load = {one["assignee_id"]: (one["talks"], one["waiting"], one["oldest_at"]) for one in counted}
    waits: dict[int, list[int]] = {}
    lately = rows.filter(first_replied_at__gt=at - timedelta(days=1), waited_s__isnull=False)
    for user_id, seconds in lately.values_list("assignee_id", "waited_s")[:5000]:
        waits.setdefault(user_id, []).append(seconds or 0)
    ids = load.keys() | waits.keys()
    names = staff_names(list(ids))
    lines = []
    for user_id in ids:
        talks, waiting, oldest_at = load.get(user_id, (0, 0, None))
        own = waits.get(user_id, [])
        lines.append(
            TeamLine(
                user_id=user_id,
                name=names.get(user_id, ""),
                talks=talks,
                waiting=waiting,
                oldest_at=oldest_at,
                answered=len(own),
                wait_s=median(own) if own else None,
            )
        )
    return sorted(lines, key=lambda one: (-one.waiting, -one.talks, one.name))
