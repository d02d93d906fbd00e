"""The morning sheet in words: per courier whom to call first, who wishes what, what is in trouble or due;
as a card for the group, and on paper (A4, or a roll of 76 or 58 mm)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.cases.queries.day import DueCase
from yishi.detection.queries.outlet import Trouble
from yishi.detection.queries.risks import RiskLine
from yishi.kit.phrases import joined
from yishi.shipments.queries.morning import WishLine
from yishi.web.desk.choices import Text
from yishi.web.shared import words
from yishi.web.shared.words import RISKS, WISHES

ELDERLY_KINDS = frozenset({"VOICE_CALL", "CALL_FIRST"})
ROLLS = {"76": 76, "58": 58}
# carrier and his number there
Courier = tuple[str, str]


class Topic(StrEnum):
    """In the order in which a courier must know them."""

    CALL = "CALL"
    WISH = "WISH"
    RISK = "RISK"
    LIKELY = "LIKELY"
    CASE = "CASE"


TOPICS: Mapping[Topic, tuple[Text, str]] = {
    Topic.CALL: (gettext_lazy("先打电话"), "phone"),
    Topic.WISH: (gettext_lazy("派件要求"), "hand"),
    Topic.RISK: (gettext_lazy("异常"), "alert"),
    Topic.LIKELY: (gettext_lazy("容易投诉"), "flag"),
    Topic.CASE: (gettext_lazy("今天到期的工单"), "clock"),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing to know about one parcel."""

    topic: Topic
    waybill_no: str
    carrier: str
    what: str
    case_no: str = ""

    @property
    def word(self) -> Text:
        return TOPICS[self.topic][0]

    @property
    def icon(self) -> str:
        return TOPICS[self.topic][1]


@dataclass(frozen=True)
class Part:
    """What one courier must know; `courier` is '' for parcels that nobody has yet."""

    courier: str
    number: str
    lines: Sequence[Line]

    @property
    def title(self) -> str:
        if not self.number:
            return _("还没分到人")
        return f"{self.courier} {self.number}".strip()


@dataclass(frozen=True)
class Sheet:
    """The morning of one outlet."""

    outlet: str
    at: datetime
    parts: Sequence[Part]

    @property
    def counts(self) -> list[tuple[Text, str, int]]:
        lines = [line for part in self.parts for line in part.lines]
        return [(word, icon, sum(x.topic is topic for x in lines)) for topic, (word, icon) in TOPICS.items()]

    @property
    def title(self) -> str:
        day = timezone.localtime(self.at)
        values = {"outlet": self.outlet, "month": day.month, "day": day.day}
        return _("【%(outlet)s】%(month)d 月 %(day)d 日 早会单") % values

    def card(self) -> str:
        """What is pasted into the group in the morning."""
        said = [self.title, joined((f"{word} {count}" for word, _icon, count in self.counts), "，")]
        for part in self.parts:
            said += ["", f"▶ {part.title}"]
            said += [f"{line.word}｜{line.waybill_no} {line.what}" for line in part.lines]
        return "\n".join(said)


def sheet_of(
    *,
    outlet: str,
    wishes: Iterable[WishLine],
    trouble: Iterable[Trouble],
    risks: Iterable[RiskLine],
    due: Iterable[DueCase],
    names: Mapping[tuple[str, str], str],
    at: datetime,
) -> Sheet:
    """Everything by courier; whom nobody has stands last. A courier of two brands stands once per number."""
    held: dict[Courier, list[Line]] = {}
    told = (*_wished(wishes), *map(_risk, trouble), *map(_likely, risks), *(_due(case, at) for case in due))
    for courier, line in told:
        held.setdefault(courier, []).append(line)
    return Sheet(outlet, at, _parts(held, names))


def _risk(one: Trouble) -> tuple[Courier, Line]:
    what = _("%(kind)s：%(why)s") % {"kind": one.kind_words, "why": one.reason_words}
    line = Line(topic=Topic.RISK, waybill_no=one.waybill_no, carrier=one.carrier, what=what)
    return (one.carrier, one.courier), line


def _likely(one: RiskLine) -> tuple[Courier, Line]:
    what = joined((RISKS[one.level].word, joined(one.own_words, "，")), "：")
    line = Line(topic=Topic.LIKELY, waybill_no=one.waybill_no, carrier=one.carrier, what=what)
    return (one.carrier, one.courier), line


def _due(case: DueCase, at: datetime) -> tuple[Courier, Line]:
    category = words.CATEGORIES.get(case.category, case.category)
    said = _("%(what)s，已超时") if case.next_due_at <= at else _("%(what)s，%(until)s 前")
    line = Line(
        topic=Topic.CASE,
        waybill_no=case.waybill_no,
        carrier=case.carrier,
        what=said % {"what": category, "until": f"{timezone.localtime(case.next_due_at):%H:%M}"},
        case_no=case.case_no,
    )
    return (case.carrier, case.courier), line


def _parts(
    held: Mapping[tuple[str, str], Sequence[Line]], names: Mapping[tuple[str, str], str]
) -> list[Part]:
    order = list(Topic)
    together: dict[tuple[str, str], list[Line]] = {}
    for (carrier, number), lines in held.items():
        key = (names.get((carrier, number), ""), number) if number else ("", "")
        together.setdefault(key, []).extend(lines)
    return [
        Part(name, number, sorted(lines, key=lambda line: order.index(line.topic)))
        for (name, number), lines in sorted(together.items(), key=lambda item: (item[0][1] == "", item[0]))
    ]


def _wished(wishes: Iterable[WishLine]) -> list[tuple[Courier, Line]]:
    """All wishes about a parcel in one line; who must be called is told first and apart."""
    by_parcel: dict[tuple[str, str, str], list[WishLine]] = {}
    for one in wishes:
        by_parcel.setdefault((one.carrier, one.courier, one.waybill_no), []).append(one)
    found = []
    for (carrier, courier, waybill_no), said in by_parcel.items():
        is_call = any(one.kind in ELDERLY_KINDS for one in said)
        what = joined(dict.fromkeys(_wish(one) for one in said), "；")
        topic = Topic.CALL if is_call else Topic.WISH
        found.append(
            ((carrier, courier), Line(topic=topic, waybill_no=waybill_no, carrier=carrier, what=what))
        )
    return found


def _wish(one: WishLine) -> str:
    what = str(WISHES[one.kind].word) if one.kind in WISHES else one.kind
    if one.value:
        what = f"{what} {one.value}"
    return _("%(what)s（只限%(address)s）") % {"what": what, "address": one.address} if one.address else what


def paper_of(sheet: Sheet, *, size: str, by: str) -> bytes:
    """The sheet on paper: A4 with tables, or one strip of a roll. It names who printed it, and when."""
    from yishi.kit.paper import Paper  # what draws is large, and needed only here

    printed = timezone.localtime(sheet.at).strftime("%m-%d %H:%M")
    foot = _("%(who)s %(when)s 打印，内部使用") % {"who": by, "when": printed}
    paper = Paper(title=sheet.title, foot=foot, roll_mm=ROLLS.get(size))
    paper.text(joined((f"{word} {count}" for word, _icon, count in sheet.counts), "，"))
    if not sheet.parts:
        paper.text(_("今天没有要特别当心的件"))
    for part in sheet.parts:
        paper.heading(part.title)
        if size in ROLLS:
            for line in part.lines:
                paper.text(f"□ {line.word}\n{line.waybill_no}\n{line.what}")
        else:
            rows = [("□", str(line.word), line.waybill_no, line.what) for line in part.lines]
            paper.table(("", _("哪一类"), _("运单号"), _("怎么做")), rows, (1, 3, 5, 12))
    return paper.pdf()
