"""排班: who is on duty at an outlet and when, what people can and carry, what counts how much."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yishi.cases.rules.categories import CATEGORIES
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.network.actions import add_duty_shift, end_duty_shift
from yishi.network.queries import OutletCard, ShiftLine, list_outlets, list_shifts
from yishi.people.queries import staff_names
from yishi.people.rules import Permission, Viewer
from yishi.routing.actions.roster import LIMITS, set_abilities, set_weights
from yishi.routing.queries.handovers import weights
from yishi.routing.queries.roster import RosterPerson, list_roster_people, who_would_take
from yishi.routing.rules.people import Wanted
from yishi.web.desk.choices import Text
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number, words_of
from yishi.web.manage.roster_words import CLASSES, LANGUAGES, TAKES, WEEKDAYS, WEIGHTS
from yishi.web.shared import words


@staff_page(Permission.ROSTER)
@require_safe
def roster(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return _page(request, viewer, request.GET.get("outlet", ""))


@staff_page(Permission.ROSTER)
@require_POST
def add(request: HttpRequest, viewer: Viewer, outlet: str) -> HttpResponse:
    """On some weekdays, or on one date."""
    said = request.POST

    def deed() -> None:
        day = _day(said.get("date", ""))
        add_duty_shift(
            outlet_code=outlet,
            user_id=whole_number(said.get("user", "")) or 0,
            starts=_moment(said.get("starts", ""), "/starts"),
            ends=_moment(said.get("ends", ""), "/ends"),
            weekdays=[int(one) for one in said.getlist("weekday") if one in set("0123456")],
            dates=[day] if day else [],
            is_fallback="fallback" in said,
            by=viewer,
        )

    return _do(request, viewer, outlet, deed, "added")


@staff_page(Permission.ROSTER)
@require_POST
def end(request: HttpRequest, viewer: Viewer, outlet: str, shift_id: int) -> HttpResponse:
    return _do(request, viewer, outlet, lambda: end_duty_shift(shift_id=shift_id, by=viewer), "ended")


@staff_page(Permission.ROSTER)
@require_POST
def abilities(request: HttpRequest, viewer: Viewer, outlet: str, user_id: int) -> HttpResponse:
    said = request.POST
    most = said.get("most_open", "").strip()

    def deed() -> None:
        set_abilities(
            outlet_code=outlet,
            user_id=user_id,
            skills={kind: said.getlist(kind) for kind in ("CATEGORY", "CLASS", "LANGUAGE")},
            # what is no number is out of range too
            most_open=(whole_number(most) or 0) if most else None,
            by=viewer,
        )

    return _do(request, viewer, outlet, deed, "abilities")


@staff_page(Permission.POLICY_MANAGE)
@require_POST
def weigh(request: HttpRequest, viewer: Viewer, outlet: str) -> HttpResponse:
    values = {name: whole_number(request.POST.get(name, "")) for name in LIMITS}

    def deed() -> None:
        set_weights(values={name: -1 if v is None else v for name, v in values.items()}, by=viewer)

    return _do(request, viewer, outlet, deed, "weights")


def _do(
    request: HttpRequest, viewer: Viewer, outlet: str, deed: Callable[[], None], done: str
) -> HttpResponse:
    try:
        with transaction.atomic():
            deed()
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, outlet, refusal)
    return HttpResponseRedirect(f"{reverse('manage:roster')}?outlet={outlet}&done={done}")


def _page(request: HttpRequest, viewer: Viewer, code: str, refusal: Refusal | None = None) -> HttpResponse:
    """The roster of the outlet asked for, else of the first in sight."""
    at, outlets = now(), list_outlets(viewer)
    outlet = next((one for one in outlets if one.code == code), outlets[0] if outlets and not code else None)
    if code and outlet is None:
        raise NotFound()
    values: dict[str, Any] = {
        "here": "manage",
        "tab": "roster",
        "outlets": outlets,
        "outlet": outlet,
        "weekdays": list(enumerate(WEEKDAYS)),
        "typed": request.POST,
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    if outlet is not None:
        people = list_roster_people(viewer=viewer, outlet_code=outlet.code)
        shifts = list_shifts(outlet.id, since=timezone.localtime(at).date())
        values |= {
            "people": [(one, _can(one)) for one in people],
            "week": _week(people, shifts),
            "dates": [(shift, _name(people, shift)) for shift in shifts if shift.date is not None],
            "has_roster": bool(shifts),
            "takes": _takes(outlet, at),
            "categories": [
                (value, words.CATEGORIES.get(value, value))
                for value, rule in CATEGORIES.items()
                if rule.is_claimable
            ],
            "classes": CLASSES.items(),
            "languages": LANGUAGES.items(),
        }
    if viewer.may(Permission.POLICY_MANAGE):
        held = weights()
        values["weights"] = [(name, word, getattr(held, name), LIMITS[name]) for name, word in WEIGHTS]
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "manage/roster.html", values, status=status, at=at)


def _week(people: list[RosterPerson], shifts: list[ShiftLine]) -> list[tuple[str, list[list[ShiftLine]]]]:
    """A row a person who is on the weekly roster, also one who works here no longer."""
    weekly = [shift for shift in shifts if shift.weekday is not None]
    known = {one.user_id: one.name for one in people}
    gone = {shift.user_id for shift in weekly} - known.keys()
    names = known | {user_id: _("%s（不在这个网点了）") % name for user_id, name in staff_names(gone).items()}
    return [
        (name, [[s for s in weekly if (s.user_id, s.weekday) == (user_id, day)] for day in range(7)])
        for user_id, name in names.items()
        if any(shift.user_id == user_id for shift in weekly)
    ]


def _name(people: list[RosterPerson], shift: ShiftLine) -> str:
    known = {one.user_id: one.name for one in people}
    return known.get(shift.user_id) or staff_names({shift.user_id}).get(shift.user_id, "")


def _can(one: RosterPerson) -> list[Text]:
    """What a person can, in words."""
    named = {"CATEGORY": words.CATEGORIES, "CLASS": CLASSES, "LANGUAGE": LANGUAGES}
    return [named[kind].get(value, value) for kind in named for value in sorted(one.skills.get(kind, ()))]


def _takes(outlet: OutletCard, at: datetime) -> str:
    """Who would get an ordinary complaint of this outlet right now, and why he."""
    chosen = who_would_take(outlet, Wanted("OTHER", "C"), at)
    if chosen is None:
        return _("没有排班：新来的放在“没人管”，谁有空谁接")
    name = staff_names({chosen.user_id}).get(chosen.user_id, "")
    return _("%(name)s（%(why)s）") % {"name": name, "why": TAKES[chosen.reason]}


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise Invalid([("/date", "bad_date", "日期写成 2026-12-31")]) from None


def _moment(said: str, pointer: str) -> time:
    try:
        return time.fromisoformat(said).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise Invalid([(pointer, "bad_time", "时间写成 08:00")]) from None
