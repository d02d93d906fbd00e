"""A conversation as its person sees it: who said what when, where it stands, the record to take along."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from yishi.conversations.queries.threads import ConversationCard, MessageLine
from yishi.conversations.rules import Author, State
from yishi.shipments.queries.public import PublicShipment, get_public_shipment
from yishi.web.consumer.done import DidLine, did_of, linked
from yishi.web.consumer.stories import Stop, tell
from yishi.web.shared.times import exact_words, moment_words

LONG = 600
_PAUSE = timedelta(minutes=10)
# what stands between what somebody wrote and our own words: right-to-left signs turn only themselves round
_ISOLATE, _END = "\u2068", "\u2069"


@dataclass(frozen=True)
class Row:
    """One message; `when` stands above it after a pause, `key` is the number that the page gave it."""

    line: MessageLine
    when: str
    name: str
    is_long: bool
    key: str
    did: Sequence[DidLine] = ()

    @property
    def is_mine(self) -> bool:
        return self.line.author_kind == Author.CONSUMER

    @property
    def is_person(self) -> bool:
        return self.line.author_kind == Author.AGENT

    @property
    def said(self) -> str:
        """Its words; the assistant's lead to the pages that they name."""
        return linked(self.line.text) if self.line.author_kind == Author.ASSISTANT else self.line.text

    @property
    def is_note(self) -> bool:
        return self.line.author_kind == Author.SYSTEM


def agent_word(name: str) -> str:
    """How a colleague is called before people: 客服 小林, never his whole name."""
    first = name.strip()[:1]
    if not first:
        return _("客服")
    known = f"小{first}" if first > "\u2e80" else name.split()[0]
    return _("客服 %s") % known


def rows_of(lines: Sequence[MessageLine], *, since: datetime | None, at: datetime) -> list[Row]:
    """The messages with a time above each that comes after a pause; `since`: when the one before was said."""
    rows, before = [], since
    for line in lines:
        is_apart = before is None or line.at - before > _PAUSE
        rows.append(
            Row(
                line=line,
                when=capfirst(moment_words(line.at, at)) if is_apart else "",
                name=agent_word(line.author_name) if line.author_kind == Author.AGENT else "",
                is_long=len(line.text) > LONG,
                key=line.external_id.partition(":")[0],
                did=did_of(line.data) if line.author_kind == Author.ASSISTANT else (),
            )
        )
        before = line.at
    return rows


@dataclass(frozen=True)
class Drawn:
    """The parcel that an answer told of, drawn once under the newest such answer."""

    line_id: int
    parcel: PublicShipment
    stops: Sequence[Stop]


def drawn_in(lines: Sequence[MessageLine], at: datetime) -> Drawn | None:
    told = next((line for line in reversed(lines) if line.data.get("parcel")), None)
    parcel = get_public_shipment(told.data["parcel"]) if told else None
    return Drawn(told.id, parcel, tell(parcel, at).stops) if told and parcel else None


def mark_of(lines: Sequence[MessageLine], before: str) -> str:
    """What the page sends to get only what is newer: the last message's id and second."""
    return f"{lines[-1].id}.{int(lines[-1].at.timestamp())}" if lines else before


def read_mark(mark: str) -> tuple[int, int]:
    """The id and the second of a mark; nothing known of one that is none."""
    last, _dot, second = mark[:40].partition(".")
    if not (last.isascii() and last.isdecimal() and int(last) < 2**62):
        return 0, 0
    is_second = second.isascii() and second.isdecimal() and len(second) <= 10
    return int(last), int(second) if is_second else 0


def who_answers(talk: ConversationCard) -> tuple[str, str]:
    """The head of the page: with whom one speaks, and what that means."""
    if talk.state == State.WITH_AGENT:
        return agent_word(talk.assignee_name), talk.outlet_name or _("总部客服")
    if talk.state == State.QUEUED:
        return _("等人工接待"), talk.outlet_name or _("总部客服")
    return _("驿使小灯"), _("智能助手 · 随时可转人工")


def waits(place: dict[str, Any] | None) -> dict[str, Any] | None:
    """The place in the queue with the wait in whole minutes; None while nobody waits."""
    if place is None:
        return None
    wait_s = place.get("wait_s")
    minutes = max(1, -(-int(wait_s) // 60)) if wait_s is not None else None
    return {"place": place["place"], "minutes": minutes}


def transcript(talk: ConversationCard, lines: Iterable[MessageLine]) -> str:
    """What was said as plain text, each writer's words isolated."""
    said = [_("会话记录 · 驿使"), f"{_('运单')} {talk.waybill_no}" if talk.waybill_no else "", ""]
    for line in lines:
        said.append(f"{exact_words(line.at)}  {_author(line)}")
        if line.text:
            said.append(f"{_ISOLATE}{line.text}{_END}")
        said += [f"［{_('附件')}］{_ISOLATE}{file.name}{_END}" for file in line.files]
        said.append("")
    return "\n".join(said)


def _author(line: MessageLine) -> str:
    if line.author_kind == Author.CONSUMER:
        return _("我")
    if line.author_kind == Author.AGENT:
        return agent_word(line.author_name)
    return _("小灯 · 智能助手") if line.author_kind == Author.ASSISTANT else _("驿使")
