"""A complaint's way told as a page: the next promise, the steps behind, the steps to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from django.utils.translation import gettext as _

from yishi.cases.rules.status import ESCALATE_AGAIN_WITHIN, Status
from yishi.cases.rules.steps import consumer_steps
from yishi.web.consumer.words import ENTRY_TITLES, Text
from yishi.web.shared import times

LONG_TEXT = 600
_NEXT_PROMISE = ("FIRST_RESPONSE", "NEXT_UPDATE", "RESOLUTION")
_OVER = {Status.RESOLVED, Status.CLOSED, Status.WITHDRAWN}


class Clock(Protocol):
    """A promise of the case, as `sla` tells it."""

    @property
    def kind(self) -> str: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def met_at(self) -> datetime | None: ...
    @property
    def paused_at(self) -> datetime | None: ...


class Matter(Protocol):
    """What the page needs of a case."""

    @property
    def status(self) -> str: ...
    @property
    def opened_at(self) -> datetime: ...
    @property
    def replied_at(self) -> datetime | None: ...
    @property
    def resolved_at(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Coming:
    """A step that has not come yet, with the promise it runs against."""

    word: str
    state: str
    clock: Clock | None
    due_at: datetime | None


class Entry(Protocol):
    """A public line of the case's history."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def is_said(self) -> bool: ...
    @property
    def at(self) -> datetime: ...
    @property
    def corrections(self) -> Sequence["Entry"]: ...


class Photo(Protocol):
    """A file that belongs to a line."""

    @property
    def entry_id(self) -> int: ...


class Line(NamedTuple):
    """One line as the page shows it, with the files that came with it."""

    title: Text
    text: str
    entry: Entry
    photos: list[Photo]
    is_long: bool


@dataclass(frozen=True)
class Journey:
    title: str
    second: str
    clock: Clock | None
    coming: list[Coming]


def lines(entries: Sequence[Entry], photos: Sequence[Photo]) -> list[Line]:
    """The history in words for the person whose case it is."""
    return [
        Line(
            entry.text if _is_bare(entry) else ENTRY_TITLES.get(entry.kind, entry.title),
            "" if _is_bare(entry) else entry.text,
            entry,
            [photo for photo in photos if photo.entry_id == entry.id],
            len(entry.text) > LONG_TEXT,
        )
        for entry in entries
    ]


def _is_bare(entry: Entry) -> bool:
    """A change of status about which nobody wrote anything: its sentence is its title."""
    return entry.kind == "STATUS" and not entry.is_said


E = TypeVar("E", bound=Entry)


def result(entries: Sequence[E]) -> E | None:
    """The line that tells how the matter was settled, the latest where there were several."""
    return next((entry for entry in reversed(entries) if entry.kind == "RESOLVED"), None)


def question(entries: Sequence[E]) -> E | None:
    """What the person was asked last, where somebody wrote it down."""
    last = next((entry for entry in reversed(entries) if entry.kind == "STATUS"), None)
    return last if last is not None and last.is_said else None


def settle_asked(entries: Sequence[E]) -> E | None:
    """What the courier says was agreed, while the person has not said whether it is so."""
    kinds = ("SETTLE_ASKED", "SETTLED_YES", "SETTLED_NO")
    last = next((entry for entry in reversed(entries) if entry.kind in kinds), None)
    return last if last is not None and last.kind == "SETTLE_ASKED" else None


def escalates_again_at(entries: Sequence[Entry], at: datetime) -> datetime | None:
    """When somebody higher can be asked for again; None when he can be now."""
    times_asked = [entry.at for entry in entries if entry.kind == "ESCALATED"]
    again_at = times_asked[-1] + ESCALATE_AGAIN_WITHIN if times_asked else at
    return again_at if again_at > at else None


def _coming_words(outlet_name: str) -> dict[str, str]:
    return {
        "RECEIVED": _("收到"),
        "AT_OUTLET": _("送到负责的网点") if outlet_name else _("送到总部客服"),
        "FIRST_REPLY": _("网点回复你") if outlet_name else _("总部客服回复你"),
        "SOLVED": _("给你处理办法"),
        "CLOSED": _("你确认后结束"),
    }


_CLOCK_OF = {"FIRST_REPLY": "FIRST_RESPONSE", "SOLVED": "RESOLUTION"}


def tell(matter: Matter, clocks: Sequence[Clock], *, outlet_name: str, at: datetime) -> Journey:
    """The page of one complaint, seen at `at`."""
    by_kind = {clock.kind: clock for clock in clocks}
    steps = consumer_steps(
        status=matter.status,
        opened_at=matter.opened_at,
        routed_at=matter.opened_at,
        replied_at=matter.replied_at,
        resolved_at=matter.resolved_at,
        closed_at=matter.closed_at,
        promised={clock.kind: clock.due_at for clock in clocks},
    )
    long = _coming_words(outlet_name)
    coming = [
        Coming(long[step.key], step.state, by_kind.get(_CLOCK_OF.get(step.key, "")), step.due_at)
        for step in steps
        if step.state != "DONE"
    ]
    title, second, clock = _answer(matter, by_kind, outlet_name, at)
    return Journey(title, second, clock, coming)


def _answer(
    matter: Matter, by_kind: dict[str, Clock], outlet_name: str, at: datetime
) -> tuple[str, str, Clock | None]:
    """What is the matter and by when: the sentence, the line below, the clock beside it."""
    who = outlet_name or _("总部客服")
    if matter.status == Status.WITHDRAWN:
        return _("你已撤回这件事"), _("改主意了，可以在下面重新打开"), None
    if matter.status == Status.CLOSED:
        return _("这件事已经结束"), _("还有问题，可以在下面重新打开"), None
    if matter.status == Status.RESOLVED:
        return _("有结果了，请你看看"), _("没解决就在下面告诉我们，接着办"), None
    if matter.status == Status.WAITING_CUSTOMER:
        return _("等你回一句"), _("%s要你补充情况才能接着办；不清楚补什么，打电话问一声") % who, None
    running = [by_kind[k] for k in _NEXT_PROMISE if k in by_kind and by_kind[k].met_at is None]
    if not running:
        return _("%s正在处理") % who, "", None
    clock = min(running, key=lambda each: each.due_at)
    late = clock.due_at < at
    words = times.moment_words(clock.due_at, at)
    told = {
        "FIRST_RESPONSE": (_("%s 前回复你"), _("该回复你了，还没有")),
        "NEXT_UPDATE": (_("%s 前再告诉你进展"), _("该告诉你进展了，还没有")),
        "RESOLUTION": (_("%s 前给你处理办法"), _("处理办法晚了")),
    }[clock.kind]
    second = _("%s负责，已自动升级，上级也看到了") % who if late else _("%s负责，还没超时") % who
    return told[1] if late else told[0] % words, second, clock
