"""A parcel's public record told as a page: the answer, the places, the steps. Pure but for the words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from yishi.web.shared import times, words

MAX_STOPS = 4
_LEAVING = {"departed_origin_outlet", "departed_hub"}
_PLACE = re.compile(
    r"(?:放入|存入|放到|放在|存放至|存放在|投递至|投放至|派送至|送至|送到|送达|到达|暂存至|暂存在|代收[:：]|到)[【\[“「]?"
    r"([^，,。；;【】\[\]“”「」*\s]{0,24}?(?:驿站|快递柜|自提柜|丰巢柜?|智能柜|柜机|代收点|自提点|快递超市|便利店|超市|收发室|门卫室?|前台|物业))"
)
ENDED = {"DELIVERED", "RETURNED", "CANCELLED", "LOST"}
_EXPECTED = {"CREATED", "ACCEPTED", "IN_TRANSIT", "AT_OUTLET", "OUT_FOR_DELIVERY"}
_PROMISE_OVER = {*ENDED, "AT_PICKUP_POINT", "RETURNING"}


class Scan(Protocol):
    """One public tracking event."""

    @property
    def happened_at(self) -> datetime: ...
    @property
    def kind(self) -> str: ...
    @property
    def city(self) -> str: ...
    @property
    def text(self) -> str: ...


class Estimated(Protocol):
    """When it will be there: most likely, and from when to when in four cases of five."""

    @property
    def likely_at(self) -> datetime: ...
    @property
    def from_at(self) -> datetime: ...
    @property
    def until_at(self) -> datetime: ...


class Parcel(Protocol):
    """What the public may know of a parcel."""

    @property
    def milestone(self) -> str: ...
    @property
    def promised_at(self) -> datetime | None: ...
    @property
    def eta_range(self) -> Estimated | None: ...
    @property
    def events(self) -> Sequence[Scan]: ...
    @property
    def outlet_name(self) -> str: ...


class Stop(NamedTuple):
    place: str
    said: str
    state: str


class Step(NamedTuple):
    event: Scan
    role: str


class Promise(NamedTuple):
    started_at: datetime
    due_at: datetime


@dataclass(frozen=True)
class Story:
    title: str
    second: str
    stops: list[Stop]
    steps: list[Step]
    next_word: str
    next_said: str
    promise: Promise | None
    comes_late: bool
    updated_at: datetime | None


def tell(parcel: Parcel, at: datetime) -> Story:
    """The whole page of one parcel, seen at `at`."""
    events = sorted(parcel.events, key=lambda event: event.happened_at, reverse=True)
    last = events[0] if events else None
    title, second = _answer(parcel, events, at)
    has_ended = parcel.milestone in ENDED
    return Story(
        title=title,
        second=second,
        stops=_stops(parcel, events, at),
        steps=[Step(event, _role(event, is_newest=index == 0)) for index, event in enumerate(events)],
        next_word="" if has_ended else _next_word(parcel.milestone),
        next_said="" if has_ended else _expected(parcel, at),
        promise=_promise(parcel, events),
        comes_late=_comes_late(parcel),
        updated_at=last.happened_at if last else None,
    )


def _role(event: Scan, *, is_newest: bool) -> str:
    role = (
        "is-bad"
        if event.kind in words.BAD_EVENTS
        else "is-warn"
        if event.kind in words.WARNING_EVENTS
        else ""
    )
    return f"is-now {role}".strip() if is_newest else role


def _answer(parcel: Parcel, events: Sequence[Scan], at: datetime) -> tuple[str, str]:
    """The sentence that answers the visit, and the one below it."""
    if parcel.milestone in _EXPECTED and (expected := _expected(parcel, at)):
        return _("预计%s送到") % expected, _("%s · 时间有八成把握") % _where(parcel, events)
    return _where_it_stands(parcel, events, at)


def _expected(parcel: Parcel, at: datetime) -> str:
    """From when to when it will come; '' where nothing can be said of it."""
    said = parcel.eta_range
    return times.range_words(said.from_at, said.until_at, at) if said and said.until_at > at else ""


def _comes_late(parcel: Parcel) -> bool:
    said, promised = parcel.eta_range, parcel.promised_at
    return said is not None and promised is not None and said.from_at > promised


def _where(parcel: Parcel, events: Sequence[Scan]) -> str:
    """Where it is now, in a few words below the time."""
    outlet, city = parcel.outlet_name, next((event.city for event in events if event.city), "")
    if parcel.milestone == "CREATED":
        return _("已下单，等着取件")
    if parcel.milestone == "ACCEPTED":
        return _("已收件，准备出发")
    if parcel.milestone == "OUT_FOR_DELIVERY":
        return _("从%s出发") % outlet if outlet else _("快递员正在送来的路上")
    if parcel.milestone == "AT_OUTLET":
        return _("到了%s，等着派送") % outlet if outlet else _("到了派送网点，等着派送")
    return _on_the_road(events, city)


def _where_it_stands(parcel: Parcel, events: Sequence[Scan], at: datetime) -> tuple[str, str]:
    outlet = parcel.outlet_name
    moved = times.moment_words(events[0].happened_at, at) if events else ""
    city = next((event.city for event in events if event.city), "")
    holder = _("%s负责") % outlet if outlet else ""
    told = {
        "OUT_FOR_DELIVERY": (_("快递员正在送来的路上"), _("从%s出发") % outlet if outlet else ""),
        "CREATED": (_("已下单，等着取件"), holder),
        "ACCEPTED": (_("已收件，准备出发"), _("在%s") % city if city else holder),
        "IN_TRANSIT": (_on_the_road(events, city), ""),
        "AT_OUTLET": (_("到了%s，等着派送") % outlet if outlet else _("到了派送网点，等着派送"), ""),
        "AT_PICKUP_POINT": (
            _waiting_place(parcel, events),
            _("凭取件码领取；没收到码、不想自己取，都可以告诉我们"),
        ),
        "DELIVERED": (_("%s 已签收") % moved, _("没收到？告诉我们，网点会查清楚")),
        "DELIVERY_FAILED": (_("这次没送成"), _("可以约个时间再送，或换个地址")),
        "RETURNING": (_("正在退回寄件人"), holder),
        "RETURNED": (_("已退回寄件人"), ""),
        "CANCELLED": (_("这件快递已取消"), ""),
        "LOST": (_("快递公司报了遗失"), _("可以投诉并要求赔偿")),
    }
    unclear = (_("还说不准到了哪里"), _("快递公司的记录我们没看懂，已在核对"))
    return told.get(
        parcel.milestone, unclear if events else (_("还没有走件记录"), _("快递公司扫描后会出现在这里"))
    )


def _on_the_road(events: Sequence[Scan], city: str) -> str:
    if not city:
        return _("在路上")
    has_left = events[0].city == city and events[0].kind in _LEAVING
    return _("在路上，已离开%s") % city if has_left else _("在路上，到了%s") % city


def _waiting_place(parcel: Parcel, events: Sequence[Scan]) -> str:
    """Where a parcel waits to be fetched: the place its scan names, else the outlet, else the town."""
    stored = next((event for event in events if event.kind == "stored_at_pickup_point"), None)
    named = _PLACE.search(stored.text) if stored else None
    place = named[1] if named else parcel.outlet_name or (stored.city if stored else "")
    return _("到了%s，可以取") % place if place else _("到了，可以取")


def _next_word(milestone: str) -> str:
    if milestone in {"RETURNING"}:
        return _("退到寄件人手上")
    return _("你来取走") if milestone == "AT_PICKUP_POINT" else _("送到你手上")


def _promise(parcel: Parcel, events: Sequence[Scan]) -> Promise | None:
    if parcel.promised_at is None or not events or parcel.milestone in _PROMISE_OVER:
        return None
    return Promise(min(events[-1].happened_at, parcel.promised_at), parcel.promised_at)


def _stops(parcel: Parcel, events: Sequence[Scan], at: datetime) -> list[Stop]:
    """Cities in the order they were reached, the middle joined where there are too many, then the person."""
    places: list[tuple[str, datetime]] = []
    for event in reversed(events):
        if event.city and (not places or places[-1][0] != event.city):
            places.append((event.city, event.happened_at))
    if not places:
        return []
    if len(places) > MAX_STOPS - 1:
        places = [places[0], *places[-(MAX_STOPS - 2) :]]
    is_over = parcel.milestone in ENDED
    stops = [Stop(city, capfirst(times.day_words(moment, at)), "") for city, moment in places]
    if parcel.milestone == "DELIVERED":
        return [*stops, Stop(_("已签收"), capfirst(times.day_words(events[0].happened_at, at)), "is-now")]
    stops[-1] = stops[-1]._replace(state="is-now", said=capfirst(times.moment_words(places[-1][1], at)))
    if is_over or parcel.milestone == "RETURNING":
        return stops
    likely_at = parcel.eta_range.likely_at if parcel.eta_range else None
    said = capfirst(times.day_words(max(likely_at, at), at)) if likely_at else ""
    return [*stops, Stop(_("你"), said, "is-next")]
