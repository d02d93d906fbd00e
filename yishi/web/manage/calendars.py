"""工作时间: weekly hours in pieces, holidays and worked days (调休), of all and of single outlets."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.people.rules import Permission, Viewer
from yishi.sla.actions.calendars import remove_calendar, save_calendar
from yishi.sla.queries.setup import CalendarLine, list_calendars, scopes
from yishi.sla.rules.days import Pairs, read_days, read_spans, write_spans
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, words_of
from yishi.web.shared import sla_words as words

ALL = "0"
MOST_TEXT = 40_000


@staff_page(Permission.POLICY_MANAGE)
@require_http_methods(["GET", "HEAD"])
def calendars(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Whose hours there are, and for which outlet one can be made."""
    lines = list_calendars(viewer=viewer)
    own = {line.outlet_id for line in lines}
    values = {
        "here": "manage",
        "tab": "sla",
        "sub": "calendars",
        "rows": [(line, _week(line), len(line.holidays), len(line.adjusted)) for line in lines],
        "others": [(pk, name) for pk, name in scopes().outlets if pk not in own],
        "done": request.GET.get("done", ""),
    }
    return desk_page(request, viewer, "manage/calendars.html", values)


@staff_page(Permission.POLICY_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest, viewer: Viewer, outlet_id: int) -> HttpResponse:
    """One calendar, 0 = the operator's; a new one begins as the operator's."""
    lines = {line.outlet_id or 0: line for line in list_calendars(viewer=viewer)}
    names = {0: "", **dict(scopes().outlets)}
    if outlet_id not in names:
        raise NotFound()
    has_own = outlet_id != 0 and outlet_id in lines
    typed = _typed_of(lines.get(outlet_id) or lines.get(0))
    if request.method != "POST":
        return _show(request, viewer, names[outlet_id], typed, has_own=has_own)
    if request.POST.get("do") == "remove":
        remove_calendar(outlet_id=outlet_id, by=viewer, at=now())
        return HttpResponseRedirect(f"{reverse('manage:calendars')}?done=removed")
    typed = {name: request.POST.get(name, "").replace("\x00", "")[:MOST_TEXT] for name in typed}
    try:
        _save(typed, outlet_id or None, viewer)
    except Refusal as refusal:
        return _show(request, viewer, names[outlet_id], typed, has_own=has_own, refusal=refusal)
    return HttpResponseRedirect(f"{reverse('manage:calendars')}?done=saved")


def _save(typed: dict[str, str], outlet_id: int | None, viewer: Viewer) -> None:
    weekly = {str(day): _spans(typed[f"day{day}"], day) for day in range(7)}
    workday = next((weekly[str(day)] for day in range(7) if weekly[str(day)]), [])
    days = read_days(typed["days"], workday=workday)
    if days.unread:
        said = _("第 %(number)s 行没看懂：%(line)s")
        raise Invalid(
            [("/days", "unclear", said % {"number": n, "line": line}) for n, line in days.unread[:5]]
        )
    save_calendar(
        outlet_id=outlet_id,
        zone=typed["zone"].strip(),
        weekly={day: pairs for day, pairs in weekly.items() if pairs},
        holidays=days.holidays,
        adjusted=days.adjusted,
        by=viewer,
        at=now(),
    )


def _spans(text: str, day: int) -> Pairs:
    try:
        return read_spans(text)
    except ValueError:
        said = _("%(day)s的时间没看懂，写 09:00-12:00 13:30-18:00") % {"day": words.WEEKDAYS[day]}
        raise Invalid([(f"/day{day}", "unclear", said)]) from None


def _typed_of(line: CalendarLine | None) -> dict[str, str]:
    weekly = line.weekly if line else {}
    typed = {f"day{day}": write_spans(weekly.get(str(day), [])) for day in range(7)}
    return {**typed, "days": _days_text(line) if line else "", "zone": line.zone if line else ""}


def _days_text(line: CalendarLine) -> str:
    rests = {day: f"{day} 休 {name}" for day, name in line.holidays.items()}
    works = {day: f"{day} 班 {write_spans(pairs)}".rstrip() for day, pairs in line.adjusted.items()}
    both = {**rests, **works}
    return "\n".join(both[day] for day in sorted(both))


def _week(line: CalendarLine) -> list[tuple[str, str]]:
    """The week with equal days together: (星期一至星期五, 09:00-12:00 13:30-18:00)."""
    told: list[tuple[list[int], str]] = []
    for day in range(7):
        hours = write_spans(line.weekly.get(str(day), []))
        if told and told[-1][1] == hours:
            told[-1][0].append(day)
        else:
            told.append(([day], hours))
    return [(_span_of_days(days), hours) for days, hours in told]


def _span_of_days(days: list[int]) -> str:
    first, last = str(words.WEEKDAYS[days[0]]), str(words.WEEKDAYS[days[-1]])
    return first if first == last else f"{first}–{last}"


def _show(
    request: HttpRequest,
    viewer: Viewer,
    name: str,
    typed: dict[str, str],
    *,
    has_own: bool,
    refusal: Refusal | None = None,
) -> HttpResponse:
    values: dict[str, Any] = {
        "here": "manage",
        "tab": "sla",
        "sub": "calendars",
        "name": name,
        "typed": typed,
        "has_own": has_own,
        "week": [(f"day{day}", words.WEEKDAYS[day], typed[f"day{day}"]) for day in range(7)],
        "refused": words_of(refusal) if refusal else "",
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "manage/calendar.html", values, status=status)
