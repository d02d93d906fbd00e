"""A pasted piece of group chat as a table: each number, who named it, what is wanted, how surely, by which
words. Pure.

People write the number and the wish in one line, or a list and then the wish, or the wish and then a list;
now and then they answer a quotation. Whatever cannot be told stays in the table, without a wish.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from yishi.assistant.rules.group_asks import SURE, Ask, Asked, Understand, asks_in, is_done
from yishi.assistant.rules.group_lines import ChatLine, lines_of
from yishi.assistant.rules.times import TimeSaid, wish_in
from yishi.shipments.rules.pasted import MOST_PASTED, numbers_pasted

MOST_WORDS = 400
_DATE = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_COMING = re.compile(r"以下|如下|下面|下列|(?:这些|这几[个件票单]|这批)[^,，。]{0,12}[:：]?$|[:：]$")
_ALL = re.compile(r"以上|上面|这些|这几|这批|都|全部|几个|[两二三四五六七八九十\d]+[个件票单]")
_FAR = 3  # so many turns of others may stand between a list and its wish


@dataclass(frozen=True)
class ChatRow:
    """A number ('' where none was named) with all that was asked about it; `asks` the weightiest first."""

    number: str
    who: str
    when: str
    words: str
    asks: tuple[Asked, ...]
    window: TimeSaid | None = None

    @property
    def main(self) -> Asked | None:
        return self.asks[0] if self.asks else None

    @property
    def is_sure(self) -> bool:
        """Whether it can be done without reading the words again."""
        return bool(self.number and self.asks) and all(one.certainty >= SURE for one in self.asks)


@dataclass(frozen=True)
class GroupChat:
    """`left_out`: numbers beyond the most that one table holds."""

    rows: tuple[ChatRow, ...]
    lines: int
    left_out: int

    @property
    def numbers(self) -> list[str]:
        return [row.number for row in self.rows if row.number]


@dataclass
class _Speaker:
    """What one person has said that still waits for its other half."""

    pending: list[str] = field(default_factory=list)
    loose: tuple[Asked, ...] = ()
    loose_line: ChatLine | None = None
    is_used: bool = True
    last: list[str] = field(default_factory=list)
    turn: int = 0


@dataclass
class _Draft:
    who: list[str]
    when: str
    words: list[str]
    asks: dict[tuple[Ask, str], Asked]


def read_group_chat(text: str, *, understand: Understand | None, at: datetime, zone: str) -> GroupChat:
    """The table of a pasted piece; `at` and `zone` are what 明天 is told from."""
    lines = lines_of(text)
    reader = _Table(understand)
    for line in lines:
        reader.take(line)
    rows = [_row(number, draft, at=at, zone=zone) for number, draft in reader.rows.items()]
    kept = rows[:MOST_PASTED]
    return GroupChat((*kept, *reader.unnamed()), len(lines), len(rows) - len(kept))


def _row(number: str, draft: _Draft, *, at: datetime, zone: str) -> ChatRow:
    words = " ".join(dict.fromkeys(draft.words))[:MOST_WORDS]
    asks = _settled(list(draft.asks.values()))
    moved = any(one.ask is Ask.RESCHEDULE for one in asks)
    window = wish_in(words, at=at, zone=zone) if moved else None
    return ChatRow(number, "/".join(dict.fromkeys(filter(None, draft.who))), draft.when, words, asks, window)


_WEIGHT = {ask: place for place, ask in enumerate((
    Ask.OVER, Ask.INTERCEPT, Ask.RETURN, Ask.LOST, Ask.DAMAGED, Ask.NOT_RECEIVED, Ask.SHORT, Ask.REDIRECT,
    Ask.RESCHEDULE, Ask.WISH, Ask.PICKUP_CODE, Ask.CLAIM, Ask.ATTITUDE, Ask.URGE, Ask.CALL, Ask.OTHER,
    Ask.TRACK,
))}  # fmt: skip


def _settled(asks: list[Asked]) -> tuple[Asked, ...]:
    """The weightiest first. What is over leaves nothing to do; looking it up is in every answer."""
    if any(one.ask is Ask.OVER for one in asks):
        asks = [one for one in asks if one.ask is Ask.OVER]
    if len(asks) > 1:
        asks = [one for one in asks if one.ask is not Ask.TRACK]
    return tuple(sorted(asks, key=lambda one: _WEIGHT[one.ask]))


class _Table:
    def __init__(self, understand: Understand | None) -> None:
        self.understand = understand
        self.rows: dict[str, _Draft] = {}
        self.speakers: dict[str, _Speaker] = {}
        self.lonely: list[tuple[ChatLine, tuple[Asked, ...]]] = []

    def take(self, line: ChatLine) -> None:
        numbers = _numbers(line.text)
        words = _without(line.text, numbers)
        if is_done(words):
            for number in numbers:
                self._add([number], (), line, "")
            return
        asks = tuple(asks_in(words, self.understand)) if re.search(r"[^\W\d_]", words) else ()
        one = self.speakers.setdefault(line.who, _Speaker())
        if line.turn - one.turn > _FAR:
            self._forget(one)
        one.turn = line.turn
        if numbers:
            self._with_numbers(one, line, numbers, words, asks)
        elif asks:
            self._without_numbers(one, line, words, asks)
        elif one.last and words:
            self._add(one.last, (), line, words)

    def _with_numbers(
        self, one: _Speaker, line: ChatLine, numbers: list[str], words: str, asks: tuple[Asked, ...]
    ) -> None:
        if not asks:
            self._add(numbers, one.loose, line, one.loose_line.text if one.loose_line else words)
            one.is_used = one.is_used or bool(one.loose)
            one.last = numbers
            one.pending += [] if one.loose else numbers
            return
        if one.pending and _ALL.search(words):
            numbers = [*one.pending, *numbers]
        self._add(numbers, asks, line, words)
        self._lonely(one)
        one.pending, one.last = [], numbers
        one.loose, one.loose_line = (asks, line) if _COMING.search(words) else ((), None)
        one.is_used = True

    def _without_numbers(self, one: _Speaker, line: ChatLine, words: str, asks: tuple[Asked, ...]) -> None:
        quoted = _numbers(line.quoted)
        if quoted:
            self._add(quoted, asks, line, words)
            one.last = quoted
            return
        if one.pending:
            self._add(one.pending, asks, line, words)
            one.last, one.pending = one.pending, []
        elif one.last and not _COMING.search(words):
            self._add(one.last, asks, line, words)
        else:
            self._lonely(one)
            one.loose, one.loose_line, one.is_used = asks, line, False
            one.last = []

    def _forget(self, one: _Speaker) -> None:
        self._lonely(one)
        one.pending, one.last, one.loose, one.loose_line, one.is_used = [], [], (), None, True

    def _lonely(self, one: _Speaker) -> None:
        if not one.is_used and one.loose_line is not None:
            self.lonely.append((one.loose_line, one.loose))
            one.is_used = True

    def _add(self, numbers: Sequence[str], asks: tuple[Asked, ...], line: ChatLine, words: str) -> None:
        for number in numbers:
            draft = self.rows.setdefault(number, _Draft([], line.when, [], {}))
            draft.who.append(line.who)
            if words:
                draft.words.append(words)
            for asked in asks:
                known = draft.asks.get((asked.ask, asked.value))
                if known is None or known.certainty < asked.certainty:
                    draft.asks[asked.ask, asked.value] = asked

    def unnamed(self) -> list[ChatRow]:
        """What somebody wanted without naming a number, where it is plain that he wanted something."""
        for one in self.speakers.values():
            self._lonely(one)
        return [
            ChatRow("", line.who, line.when, line.text[:MOST_WORDS], asks)
            for line, asks in self.lonely[:MOST_PASTED]
            if asks[0].ask is not Ask.OVER
        ]


def _numbers(text: str) -> list[str]:
    return [no for no in numbers_pasted(text)[0] if len(no) >= 8 and not _DATE.fullmatch(no)]


def _without(text: str, numbers: Sequence[str]) -> str:
    for number in numbers:
        written = r"[\s-]*".join(map(re.escape, number))
        text = re.sub(written, " ", text, flags=re.IGNORECASE)
    return re.sub(r"\s+", " ", text).strip(" ,，:：、;；")
