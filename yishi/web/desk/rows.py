"""A line of the worklist as it is read: what it is about, by when, whose."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from yishi.cases.queries.cards import CaseLine
from yishi.cases.rules.status import NEVER, OPEN_STATUSES, WAITING_STATUSES
from yishi.web.shared import words

SAID_LENGTH = 60


@dataclass(frozen=True, kw_only=True)
class Row:
    """What one line shows. `due_at` is None where no clock runs."""

    case_no: str
    headline: str
    said: str
    status: str
    source: str
    assignee: str
    outlet: str
    waybill_tail: str
    opened_at: datetime
    due_at: datetime | None
    priority: int
    is_repeat: bool
    is_waiting: bool
    is_broken: bool
    is_over: bool


def rows_of(lines: Iterable[CaseLine], *, at: datetime) -> list[Row]:
    return [row_of(line, at=at) for line in lines]


def row_of(line: CaseLine, *, at: datetime) -> Row:
    due_at = None if line.next_due_at >= NEVER else line.next_due_at
    return Row(
        case_no=line.case_no,
        headline=str(words.CATEGORIES.get(line.category, line.category)),
        said=first_words(line.text),
        status=line.status,
        source=line.source,
        assignee=line.assignee_name,
        outlet=line.outlet_name or _("总部"),
        waybill_tail=tail(line.waybill_no),
        opened_at=line.opened_at,
        due_at=due_at,
        priority=line.priority,
        is_repeat=line.is_repeat,
        is_waiting=line.status in WAITING_STATUSES,
        is_broken=due_at is not None and due_at < at,
        is_over=line.status not in OPEN_STATUSES,
    )


def first_words(text: str, *, at_most: int = SAID_LENGTH) -> str:
    """The first words of what was said, on one line."""
    line = " ".join(text[: 4 * at_most].split())
    return line if len(line) <= at_most else f"{line[:at_most]}…"


def tail(waybill_no: str) -> str:
    """The last seven signs, as they are read from a label: 0017 402."""
    last = waybill_no[-7:]
    return f"{last[:-3]} {last[-3:]}" if len(last) > 4 else last
