"""处理结果: claims beside findings, settled at once, contacts again; each number leads to its cases."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from yishi.cases.queries.cards import CaseLine
from yishi.cases.queries.outcomes import (
    GROUPS,
    MOST_LISTED,
    Asked,
    Outcome,
    list_behind,
    outcome_rates,
    settle_times,
)
from yishi.cases.queries.words.findings import PARTIES, cause_word
from yishi.cases.rules.outcomes import MOST_SETTLED_DAYS, Share
from yishi.kit.calendar import elapsed_within
from yishi.kit.clock import now
from yishi.kit.errors import Refusal
from yishi.people.rules import Permission, Viewer
from yishi.shipments.queries.day import count_signed
from yishi.sla.queries.policies import shelf
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number, words_of
from yishi.web.desk.rows import rows_of
from yishi.web.shared import words

WORDS = {
    "category": gettext_lazy("诉求类型"),
    "outlet": gettext_lazy("网点"),
    "source": gettext_lazy("来源"),
    "entry_point": gettext_lazy("入口"),
    "month": gettext_lazy("月份"),
    "party": gettext_lazy("责任方"),
    "cause": gettext_lazy("原因"),
}
FIGURES = {
    "claimed": gettext_lazy("受理"),
    "complaints": gettext_lazy("其中投诉和异常"),
    "complaints_found": gettext_lazy("其中属实的投诉和异常"),
    "judged": gettext_lazy("已核实"),
    "found_as": gettext_lazy("核实为此类"),
    "found": gettext_lazy("属实或部分属实"),
    "invalid": gettext_lazy("不属实"),
    "once": gettext_lazy("一次办好"),
    "again_3": gettext_lazy("3 天内又来"),
    "again_30": gettext_lazy("30 天内又来"),
    "repeat_30": gettext_lazy("30 天内来过"),
    "same_cause": gettext_lazy("同一原因又来"),
}
ENTRY_POINTS = {
    "": gettext_lazy("没有记录"),
    "api": gettext_lazy("接口"),
    "desk": gettext_lazy("客服代录"),
    "web": gettext_lazy("网页"),
}
DAYS, USUAL = (7, 30, 90), 30
HOURS = ("natural", "service")
HOUR = timedelta(hours=1)
_LONGEST = timedelta(days=800)


@staff_page(Permission.CASE_READ)
@require_safe
def rates(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The figures of the period, their groups, and the cases behind a chosen number."""
    return rates_page(request, viewer, wanted_of(request.GET))


def wanted_of(said: Mapping[str, str]) -> dict[str, str]:
    """What is looked at; anything unknown is the usual, so that an old address never fails."""
    today = timezone.localdate(now())
    since, until = _day(said.get("since", "")), _day(said.get("until", ""))
    if since is None or until is None or not timedelta(0) <= until - since <= _LONGEST:
        since, until = today - timedelta(days=USUAL - 1), today
    quiet = whole_number(said.get("quiet", ""))
    return {
        "since": since.isoformat(),
        "until": until.isoformat(),
        "by": said.get("by", "") if said.get("by") in GROUPS else "category",
        "quiet": str(quiet) if quiet is not None and 1 <= quiet <= MOST_SETTLED_DAYS else "7",
        "hours": said.get("hours", "") if said.get("hours") in HOURS else HOURS[0],
        "figure": said.get("figure", "") if said.get("figure") in FIGURES else "",
        "key": said.get("key", "").replace("\x00", "")[:200],
        "all": "1" if said.get("all") else "",
    }


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # the ends of the calendar have no midnight in every zone
    return day if 2000 <= day.year <= 2100 else None


def asked_of(wanted: Mapping[str, str]) -> Asked:
    zone = ZoneInfo(settings.TIME_ZONE)
    first, last = date.fromisoformat(wanted["since"]), date.fromisoformat(wanted["until"])
    return Asked(
        since=datetime.combine(first, time(0), zone),
        until=datetime.combine(last + timedelta(days=1), time(0), zone),
        settled_within=timedelta(days=int(wanted["quiet"])),
    )


def rates_page(
    request: HttpRequest, viewer: Viewer, wanted: dict[str, str], refusal: Refusal | None = None
) -> HttpResponse:
    at, asked = now(), asked_of(wanted)
    total = next(iter(outcome_rates(viewer=viewer, asked=asked, at=at)), None)
    outcomes = outcome_rates(viewer=viewer, asked=asked, by=wanted["by"], at=at)
    signed = count_signed(viewer=viewer, since=asked.since, until=asked.until)
    values: dict[str, Any] = {
        "here": "manage",
        "tab": "rates",
        **wanted,
        "periods": [_period(wanted, days, at) for days in DAYS],
        "groups": [(by, word, _tail(wanted, by=by)) for by, word in WORDS.items()],
        "hours_tabs": [
            ("natural", _("自然时间"), _tail(wanted, hours="natural")),
            ("service", _("服务时间"), _tail(wanted, hours="service")),
        ],
        "by_word": WORDS[wanted["by"]],
        "total": total,
        "tiles": _tiles(total) if total else [],
        "per_parcel": _per_parcel(total, sum(signed.values())) if total else [],
        "has_signed": wanted["by"] == "outlet",
        "took": _took(viewer, asked, is_service=wanted["hours"] == "service", at=at),
        "rows": [_row(wanted, outcome, signed) for outcome in outcomes],
        **_behind(viewer, wanted, asked, at),
        "refused": words_of(refusal) if refusal else "",
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "manage/rates.html", values, status=status, at=at)


def _tail(wanted: Mapping[str, str], **changed: str) -> str:
    """The address of the same look with something else chosen; what was listed goes with a new look."""
    kept = {**wanted, "figure": "", "key": "", "all": "", **changed}
    return urlencode({name: value for name, value in kept.items() if value})


def _period(wanted: Mapping[str, str], days: int, at: datetime) -> tuple[str, str, bool]:
    today = timezone.localdate(at)
    since, until = (today - timedelta(days=days - 1)).isoformat(), today.isoformat()
    is_here = (wanted["since"], wanted["until"]) == (since, until)
    return _("最近 %d 天") % days, _tail(wanted, since=since, until=until), is_here


def label_of(by: str, outcome: Outcome) -> str:
    """The group in the reader's words."""
    named: dict[str, Mapping[str, Any]] = {
        "category": words.CATEGORIES,
        "source": words.SOURCES,
        "entry_point": ENTRY_POINTS,
        "party": PARTIES,
    }
    if by == "outlet":
        return outcome.label or _("总部")
    if by == "cause":
        return cause_word(outcome.key) or _("没有写")
    if by == "entry_point" and outcome.key.startswith("poster:"):
        return _("海报 %s") % outcome.key.removeprefix("poster:")
    return str(named.get(by, {}).get(outcome.key, outcome.key)) or _("没有写")


def _per_parcel(total: Outcome, signed: int) -> list[tuple[str, Share, str]]:
    """投诉率 and 有效投诉率, in ten thousand parcels signed for, with the figure behind."""
    return [
        (_("投诉率"), Share(total.counts["complaints"], signed), "complaints"),
        (_("有效投诉率"), Share(total.counts["complaints_found"], signed), "complaints_found"),
    ]


def _row(wanted: Mapping[str, str], outcome: Outcome, signed: Mapping[int | None, int]) -> dict[str, Any]:
    def cell(figure: str, number: int) -> tuple[int, str]:
        return number, _tail(wanted, figure=figure, key=outcome.key) if number else ""

    return {
        "word": label_of(wanted["by"], outcome),
        "claimed": cell("claimed", outcome.counts["claimed"]),
        "complaints": (
            Share(outcome.counts["complaints"], signed.get(int(outcome.key) or None, 0))
            if wanted["by"] == "outlet"
            else None,
            *cell("complaints", outcome.counts["complaints"]),
        ),
        "found_as": cell("found_as", outcome.found_as),
        "judged": cell("judged", outcome.counts["judged"]),
        "valid": (outcome.valid, *cell("found", outcome.valid.part)),
        "once": (outcome.once, *cell("once", outcome.once.part)),
        "again_3": (outcome.again_3, *cell("again_3", outcome.again_3.part)),
        "again_30": (outcome.again_30, *cell("again_30", outcome.again_30.part)),
        "repeat": (outcome.repeat_30, *cell("repeat_30", outcome.repeat_30.part)),
        "same_cause": (outcome.same_cause, *cell("same_cause", outcome.same_cause.part)),
    }


def _tiles(total: Outcome) -> list[tuple[str, Share, str, str]]:
    """The shares of everything in sight with what stands under the line, and the figure behind."""
    return [
        (_("首次解决率"), total.once, _("办完满期的"), "once"),
        (_("3 天二次进线"), total.again_3, _("受理满 3 天的"), "again_3"),
        (_("30 天二次进线"), total.again_30, _("受理满 30 天的"), "again_30"),
        (_("重复诉求（30 天）"), total.repeat_30, _("受理的"), "repeat_30"),
        (_("有效率（按核实）"), total.valid, _("核实过的"), "found"),
    ]


def _took(viewer: Viewer, asked: Asked, *, is_service: bool, at: datetime) -> tuple[float, int] | None:
    """Median hours from opening to settling, of how many cases; by each outlet's hours or natural ones."""
    hours = shelf(fresh=True).hours_of if is_service else None
    took = [
        elapsed_within(one.opened_at, one.settled_at, hours(one.outlet_id)[1] if hours else None) / HOUR
        for one in settle_times(viewer=viewer, asked=asked, at=at)
    ]
    return (median(took), len(took)) if took else None


def _behind(viewer: Viewer, wanted: Mapping[str, str], asked: Asked, at: datetime) -> dict[str, Any]:
    if not wanted["figure"]:
        return {"listed": [], "chosen": ""}
    lines = lines_behind(viewer, wanted, asked, at, MOST_LISTED)
    return {
        "listed": rows_of(lines, at=at),
        "is_cut": len(lines) == MOST_LISTED,
        "chosen": FIGURES[wanted["figure"]],
    }


def lines_behind(
    viewer: Viewer, wanted: Mapping[str, str], asked: Asked, at: datetime, most: int
) -> list[CaseLine]:
    """The cases behind the chosen number, of the chosen group or of all."""
    by = "" if wanted["all"] else wanted["by"]
    figure = wanted["figure"] or "claimed"
    return list_behind(viewer=viewer, asked=asked, figure=figure, by=by, key=wanted["key"], at=at, most=most)
