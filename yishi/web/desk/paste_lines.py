"""The rows of the paste box: what was said, where the parcel is, what can be done, what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from yishi.assistant.rules.category import category_of
from yishi.assistant.rules.group_asks import CATEGORY, SURE, Ask, Asked
from yishi.assistant.rules.group_chat import ChatRow, GroupChat
from yishi.automation.actions.group_chat import Touch, done_touches
from yishi.cases.queries.day import open_cases_of
from yishi.people.rules import Viewer
from yishi.shipments.queries.day import list_parcels
from yishi.web.desk.day import Row, row_for
from yishi.web.desk.paste_words import ASKS, ask_word, line_back, refused_line, touch_word
from yishi.web.shared import times, words

_URGES = frozenset({Ask.URGE, Ask.CALL})
_NOTHING = frozenset({Ask.TRACK, Ask.OVER})


@dataclass(frozen=True)
class Button:
    """One touch as the page offers it."""

    touch: Touch
    word: str
    is_done: bool = False

    @property
    def name(self) -> str:
        return self.touch.name


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of the table: what was said, where the parcel is, what can be done, what was."""

    said: ChatRow
    asks: list[tuple[str, str, bool]]
    row: Row | None
    window: str
    buttons: list[Button]
    more: list[Button]
    did: list[str]
    claimed_in: str
    refused: list[str]

    @property
    def is_ours(self) -> bool:
        return self.row is not None and (self.row.parcel is not None or self.row.case is not None)


def touches_of(row: ChatRow) -> list[Touch]:
    """What can be done about a row: first what was asked, then the rest; nothing without a number."""
    if not row.number:
        return []
    said = (
        _("群里%(who)s：%(words)s") % {"who": row.who, "words": row.words}
        if row.words
        else _("群里提到这一件")
    )
    touches = [touch for one in row.asks if (touch := _asked(row, one, said)) is not None]
    category = category_of(row.words).category if row.words else "ENQUIRY"
    first = row.main
    if first is not None and first.category:
        category = first.category
    rest = [
        Touch(do="urge", waybill_no=row.number, text=said),
        Touch(do="note", waybill_no=row.number, text=said),
        Touch(do="intercept", waybill_no=row.number, text=said),
        Touch(do="open", waybill_no=row.number, text=said, category=category),
    ]
    rest = [one for one in rest if one.do != "open" or one.category not in ("INTERCEPT", "URGE")]
    return list({touch.name: touch for touch in [*touches, *rest]}.values())


def _asked(row: ChatRow, one: Asked, said: str) -> Touch | None:
    if one.ask in _NOTHING:
        return None
    if one.ask in _URGES:
        return Touch(do="urge", waybill_no=row.number, text=said)
    if one.ask is Ask.INTERCEPT:
        return Touch(do="intercept", waybill_no=row.number, text=said)
    if one.ask is Ask.WISH and one.value:
        return Touch(do="wish", waybill_no=row.number, text=said, wish=one.value)
    category = one.category or CATEGORY.get(one.ask) or "OTHER"
    if one.ask is Ask.CLAIM:
        return Touch(do="claim", waybill_no=row.number, text=said, category=category)
    return Touch(do="open", waybill_no=row.number, text=said, category=category)


def lines_of(
    viewer: Viewer, chat: GroupChat, key: str, refused: Mapping[str, str], at: datetime
) -> list[Line]:
    """The table; three statements however long it is."""
    numbers, offered = chat.numbers, [touches_of(row) for row in chat.rows]
    cases = open_cases_of(viewer=viewer, waybill_nos=numbers)
    known = list_parcels(viewer=viewer, waybill_nos=numbers, also=list(cases), at=at)
    done = done_touches(key=key, touches=[touch for touches in offered for touch in touches], by=viewer)
    lines = []
    for row, touches in zip(chat.rows, offered, strict=True):
        asked = [touch for one in row.asks if (touch := _asked(row, one, "")) is not None]
        names = {touch.name for touch in asked}
        parcel = row_for(row.number, known.get(row.number), cases.get(row.number, [])) if row.number else None
        is_ours = parcel is not None and (parcel.parcel is not None or parcel.case is not None)
        there = {case.category for case in cases.get(row.number, [])}
        buttons = [
            Button(one, touch_word(one), one.name in done)
            for one in touches
            if is_ours and (one.do != "open" or one.category not in there or one.name in done)
        ]
        lines.append(
            Line(
                said=row,
                asks=[(ask_word(one), ASKS[one.ask][1], one.certainty >= SURE) for one in row.asks],
                row=parcel,
                window=_window(row, at),
                buttons=[one for one in buttons if one.name in names],
                more=[one for one in buttons if one.name not in names],
                did=[touch_word(one) for one in touches if one.name in done],
                claimed_in=next(
                    (done[one.name] for one in touches if one.do == "claim" and one.name in done), ""
                ),
                refused=[
                    refused_line(one, refused[one.name])
                    for one in touches
                    if one.name in refused and one.name not in done
                ],
            )
        )
    return lines


def _window(row: ChatRow, at: datetime) -> str:
    """The time that was wished, as it is understood; '' where none was, or none that can be."""
    said = row.window
    if said is None or said.fault is not None:
        return ""
    start = times.moment_words(said.start, at) if said.start else ""
    until = times.moment_words(said.end, at) if said.end else ""
    if start and until:
        return _("%(start)s 到 %(until)s") % {"start": start, "until": until}
    return _("%s 以后") % start if start else _("%s 以前") % until


def sure_buttons(line: Line) -> list[Button]:
    """What is done by one press for all: asked surely, in sight, not done and not refused."""
    if not line.said.is_sure or not line.is_ours or line.refused:
        return []
    return [one for one in line.buttons if not one.is_done]


def text_back(lines: Sequence[Line]) -> list[str]:
    """The text for the group, one line a number."""
    back = []
    for line in lines:
        if not line.said.number:
            who = line.said.who
            back.append(_("@%s 请把单号发一下") % who if who else _("没写单号的，请把单号发一下"))
            continue
        parcel = line.row.parcel if line.row else None
        sign = words.MILESTONES.get(parcel.milestone, words.UNKNOWN) if parcel else words.UNKNOWN
        back.append(
            line_back(
                line.said.number,
                state=str(sign.word),
                place=(parcel.outlet_name or parcel.city) if parcel else "",
                done=[one.touch for one in (*line.buttons, *line.more) if one.is_done],
                refused=line.refused,
                is_ours=line.is_ours,
            )
        )
    return list(dict.fromkeys(back))
