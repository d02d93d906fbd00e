"""Looking for a parcel: begun with places and people who must look, noted as it goes, ended with a result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yishi.cases.actions.hold import check_leads, check_may, check_text, hold_case, tell
from yishi.cases.actions.lines import write_entry
from yishi.cases.actions.reply import add_reply
from yishi.cases.actions.tasks import end_task, give_task
from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience
from yishi.cases.models.searches import LookedFor, NoteKind, PlaceLookedAt, SearchNote, SearchState
from yishi.cases.models.tasks import TaskState
from yishi.cases.queries.words.searches import place_phrase
from yishi.cases.rules.searches import Place
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.phrases import Phrase
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer

MOST_PLACES = 12
_SHORT = 60


class AlreadySearching(Refusal):
    """这件已经在找了"""

    code = "already_searching"


class SearchIsOver(Refusal):
    """找件已经有结果了"""

    code = "search_is_over"


class NothingLooked(Refusal):
    """一处都还没看过，不能就说没找到"""

    code = "nothing_looked"


class AlreadyLooked(Refusal):
    """这一处已经有人看过了"""

    code = "already_looked"


@dataclass(frozen=True, kw_only=True)
class PlaceWanted:
    """Where to look: which kind of place, which one, and whose people go (None = head office)."""

    place: str
    name: str = ""
    outlet_id: int | None = None


@transaction.atomic
def open_search(
    *, case_id: int, places: Sequence[PlaceWanted], within: timedelta, by: Viewer, at: datetime
) -> int:
    """Begins a search: a task with a clock for each place; the person hears that we are looking.

    Raises Invalid without a place, AlreadySearching, CaseIsOver, OnlyTheLead, and what a task refuses.
    """
    case = _case(case_id, by, must_be_open=True)
    check_leads(case, by)
    if LookedFor.objects.filter(case=case, state=SearchState.SEARCHING).exists():
        raise AlreadySearching()
    search = LookedFor.objects.create(case=case, opened_by_id=by.user_id, opened_at=at)
    _add(case, search, places, within, "SEARCH_OPENED", by=by, at=at)
    _tell_person(case, _SEARCHING, by=by, at=at)
    return search.pk


@transaction.atomic
def add_places(
    *, case_id: int, places: Sequence[PlaceWanted], within: timedelta, by: Viewer, at: datetime
) -> None:
    """More places of the running search. Raises SearchIsOver, Invalid."""
    case = _case(case_id, by, must_be_open=True)
    _add(case, _running(case), places, within, "SEARCH_PLACE", by=by, at=at)


def _add(
    case: Case,
    search: LookedFor,
    places: Sequence[PlaceWanted],
    within: timedelta,
    kind: str,
    *,
    by: Viewer,
    at: datetime,
) -> None:
    if not places or len(places) + search.places.count() > MOST_PLACES:
        raise Invalid([("/places", "bad_places", "选 1 到 12 个要找的地方")])
    for one in places:
        if one.place not in list(Place) or len(one.name) > _SHORT:
            raise Invalid([("/places", "unknown_place", "没有这种地方，或名字太长")])
        task_id = give_task(
            case_id=case.pk,
            title=Phrase(gettext_noop("找件：%(place)s"), {"place": place_phrase(one.place, one.name)}),
            text=Phrase(gettext_noop("看看这个包裹在不在，在不在都写明，拍照存证。")),
            outlet_id=one.outlet_id,
            due_at=at + within,
            by=by,
            at=at,
        )
        PlaceLookedAt.objects.create(
            search=search, place=one.place, name=one.name, outlet_id=one.outlet_id, task_id=task_id
        )
    data = {"places": [[one.place, one.name] for one in places]}
    write_entry(case, kind, Audience.INTERNAL, by=by, at=at, data=data)
    tell(case)


@transaction.atomic
def look(*, case_id: int, place_id: int, is_there: bool, said: str, by: Viewer, at: datetime) -> None:
    """Somebody looked at a place; its task is done. Raises AlreadyLooked, SearchIsOver, NotFound."""
    case = _case(case_id, by)
    kept, note = check_text(said, pointer="/said", is_required=False)
    places = PlaceLookedAt.objects.filter(search=_running(case)).select_related("task")
    place = places.filter(pk=place_id).first()
    if place is None:
        raise NotFound()
    if place.looked_at is not None:
        raise AlreadyLooked()
    place.is_there, place.said, place.looked_by_id, place.looked_at = is_there, kept, by.user_id, at
    place.save(update_fields=["is_there", "said", "looked_by", "looked_at"])
    if place.task is not None and place.task.state == TaskState.OPEN:
        result = kept or Phrase(gettext_noop("在这里") if is_there else gettext_noop("没有"))
        end_task(task_id=place.task.pk, state=TaskState.DONE, result=result, by=by, at=at)
    data = {**note, "place": place.place, "name": place.name, "is_there": is_there}
    write_entry(case, "SEARCH_LOOKED", Audience.INTERNAL, by=by, at=at, text=kept, data=data)
    tell(case)


@transaction.atomic
def note_search(
    *,
    case_id: int,
    kind: str,
    what: str,
    said: str = "",
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    kept_until: date | None = None,
    by: Viewer,
    at: datetime,
) -> int:
    """Somebody asked (`what` = who), a stretch of a camera (`what` = which; from–until, kept until when), or
    a round. The line in the history says only that; the words are sealed. Raises Invalid, SearchIsOver."""
    case = _case(case_id, by)
    search = _running(case)
    kept_what, _note = check_text(what, pointer="/what")
    kept, _note = check_text(said, pointer="/said", is_required=kind != NoteKind.PATROL)
    if kind not in NoteKind.values or len(kept_what) > _SHORT:
        raise Invalid([("/what", "too_long", "写明问谁、哪个监控或巡查哪里，60 字以内")])
    if kind == NoteKind.CCTV and (from_at is None or until_at is None or not from_at < until_at <= at):
        raise Invalid([("/from_at", "bad_time", "监控写明从几点到几点，不能晚于现在")])
    row = SearchNote.objects.create(
        search=search, kind=kind, what=kept_what, said=kept, from_at=from_at, until_at=until_at,
        kept_until=kept_until, by_id=by.user_id, at=at,
    )  # fmt: skip
    write_entry(case, f"SEARCH_{kind}", Audience.INTERNAL, by=by, at=at, data={"note": row.pk})
    tell(case)
    return row.pk


@transaction.atomic
def end_search(*, case_id: int, is_found: bool, where: str, said: str, by: Viewer, at: datetime) -> None:
    """FOUND says where; NOT_FOUND needs a place that was looked at. Tasks left over fall away, the person is
    told. Raises Invalid, NothingLooked, SearchIsOver, OnlyTheLead."""
    case = _case(case_id, by)
    check_leads(case, by)
    search = _running(case)
    kept_where, _note = check_text(where, pointer="/where", is_required=is_found)
    kept, note = check_text(said, pointer="/said", is_required=not is_found)
    places = list(search.places.select_related("task"))
    looked = sum(bool(one.looked_at or (one.task and one.task.state == TaskState.DONE)) for one in places)
    if not is_found and not looked:
        raise NothingLooked()
    search.state = SearchState.FOUND if is_found else SearchState.NOT_FOUND
    search.where, search.result, search.ended_by_id, search.ended_at = kept_where, kept, by.user_id, at
    search.save(update_fields=["state", "where", "result", "ended_by", "ended_at"])
    for one in places:
        if one.task is not None and one.task.state == TaskState.OPEN:
            end_task(task_id=one.task.pk, state=TaskState.CANCELLED, result="", by=by, at=at)
    data = {**note, "where": kept_where, "count": looked}
    write_entry(case, f"SEARCH_{search.state}", Audience.INTERNAL, by=by, at=at, text=kept, data=data)
    _tell_person(case, _FOUND if is_found else _NOT_FOUND, by=by, at=at)
    tell(case)


@transaction.atomic
def note_recovered(*, case_id: int, where: str, by: Viewer, at: datetime) -> None:
    """It came to light after it had been given up, also when the case is over. Raises Invalid, SearchIsOver
    where nothing was given up or it was noted before."""
    case = _case(case_id, by)
    kept, _note = check_text(where, pointer="/where")
    search = LookedFor.objects.select_for_update().filter(case=case).order_by("-id").first()
    if search is None or search.state != SearchState.NOT_FOUND or search.recovered_at is not None:
        raise SearchIsOver()
    search.recovered_where, search.recovered_at = kept, at
    search.save(update_fields=["recovered_where", "recovered_at"])
    write_entry(case, "SEARCH_RECOVERED", Audience.INTERNAL, by=by, at=at, data={"where": kept})
    _tell_person(case, _FOUND, by=by, at=at)
    tell(case)


def _case(case_id: int, by: Viewer, *, must_be_open: bool = False) -> Case:
    check_may(by, Permission.CASE_WRITE)
    return hold_case(case_id=case_id, must_be_open=must_be_open)


def _running(case: Case) -> LookedFor:
    """The case is held, so nobody else ends it meanwhile."""
    search = LookedFor.objects.filter(case=case, state=SearchState.SEARCHING).first()
    if search is None:
        raise SearchIsOver()
    return search


_SEARCHING, _FOUND, _NOT_FOUND = "SEARCHING", "FOUND", "NOT_FOUND"


def _told() -> Mapping[str, str]:
    """What the person reads; where it was and who said what stays inside."""
    return {
        _SEARCHING: _("正在找您的包裹：经手的地方都会去看，有结果马上告诉您。"),
        _FOUND: _("您的包裹找到了，接下来怎么给您，我们马上跟您联系。"),
        _NOT_FOUND: _("经手的地方都找过了，没有找到您的包裹。接下来按规则给您处理，方案会发给您确认。"),
    }


def tell_found(case: Case, *, at: datetime) -> None:
    """The person hears that his parcel was found, where nobody had begun a search."""
    _tell_person(case, _FOUND, by=SYSTEM_VIEWER, at=at)


def _tell_person(case: Case, what: str, *, by: Viewer, at: datetime) -> None:
    """An automatic public line in the person's language: it is told like any other and keeps no promise."""
    if not case.is_open or case.is_internal:
        return
    with translation.override(case.language or "zh-hans"):
        said: dict[str, Any] = {"case_id": case.pk, "text": _told()[what], "by": by, "at": at}
        add_reply(is_automatic=True, **said)
