"""A search as its case's page shows it, and where one would begin."""

from dataclasses import dataclass
from datetime import date, datetime

from yishi.cases.models.searches import LookedFor, PlaceLookedAt, SearchNote
from yishi.cases.models.tasks import TaskState
from yishi.cases.queries.cards import CaseCard
from yishi.cases.queries.words.searches import place_words
from yishi.cases.rules.searches import Wanted, places_for
from yishi.shipments.queries.custody import custody


@dataclass(frozen=True, kw_only=True)
class PlaceCard:
    """A place; `looked_at` also where whoever had the task has answered it."""

    id: int
    words: str
    outlet_name: str
    due_at: datetime | None
    is_there: bool | None
    said: str
    looked_by: str
    looked_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class NoteCard:
    kind: str
    label: str
    what: str
    said: str
    from_at: datetime | None
    until_at: datetime | None
    kept_until: date | None
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SearchCard:
    state: str
    state_label: str
    opened_by: str
    opened_at: datetime
    where: str
    result: str
    ended_by: str
    ended_at: datetime | None
    recovered_where: str
    recovered_at: datetime | None
    places: list[PlaceCard]
    notes: list[NoteCard]

    @property
    def is_running(self) -> bool:
        return self.ended_at is None

    @property
    def left(self) -> int:
        return sum(one.looked_at is None for one in self.places)


def find_search(case_id: int) -> SearchCard | None:
    """The newest search of a case got through its door."""
    rows = LookedFor.objects.filter(case_id=case_id).select_related("opened_by", "ended_by")
    row = rows.order_by("-id").first()
    if row is None:
        return None
    places = row.places.select_related("task", "task__ended_by", "outlet", "looked_by").order_by("id")
    return SearchCard(
        state=row.state,
        state_label=row.get_state_display(),
        opened_by=row.opened_by.name if row.opened_by else "",
        opened_at=row.opened_at,
        where=row.where,
        result=row.result,
        ended_by=row.ended_by.name if row.ended_by else "",
        ended_at=row.ended_at,
        recovered_where=row.recovered_where,
        recovered_at=row.recovered_at,
        places=[_place(one) for one in places],
        notes=[_note(one) for one in row.notes.select_related("by").order_by("id")],
    )


def _place(row: PlaceLookedAt) -> PlaceCard:
    task = row.task
    is_answered = task is not None and task.state in (TaskState.DONE, TaskState.REFUSED)
    ticked = row.looked_at is not None or task is None or not is_answered
    who = row.looked_by if ticked or task is None else task.ended_by
    return PlaceCard(
        id=row.pk,
        words=place_words(row.place, row.name),
        outlet_name=row.outlet.name if row.outlet else "",
        due_at=task.due_at if task and task.state == TaskState.OPEN else None,
        is_there=row.is_there,
        said=row.said if ticked or task is None else task.result,
        looked_by=who.name if who else "",
        looked_at=row.looked_at if ticked or task is None else task.ended_at,
    )


def _note(row: SearchNote) -> NoteCard:
    return NoteCard(
        kind=row.kind,
        label=row.get_kind_display(),
        what=row.what,
        said=row.said,
        from_at=row.from_at,
        until_at=row.until_at,
        kept_until=row.kept_until,
        by=row.by.name if row.by else "",
        at=row.at,
    )


def suggested_places(case: CaseCard) -> list[tuple[Wanted, str]]:
    """Where a search of this case would begin, each with its name."""
    return [(one, place_words(one.place, "")) for one in places_for(case.category, custody(case.shipment_id))]
