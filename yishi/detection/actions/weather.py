"""The weather as somebody noted it: typed by staff, or sent by a program of the operator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from yishi.detection.models.risk import WeatherNote
from yishi.detection.rules.risk import MOST_SEVERE, Weather
from yishi.kit.errors import Invalid, NotAllowed
from yishi.network.queries import list_outlets
from yishi.people.rules import Permission, Viewer
from yishi.shipments.queries.eta import zone
from yishi.shipments.rules.provinces import plain_city

MOST_NOTES, MAX_CITY, MAX_SOURCE = 500, 40, 60
_BACK, _AHEAD = timedelta(days=60), timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Noted:
    """One kind of weather at an outlet (its code) or in a city on a day; `severity` 1 to 3, 0 takes back."""

    day: date
    kind: str
    severity: int
    outlet: str = ""
    city: str = ""
    source: str = ""


@transaction.atomic
def note_weather(*, notes: Sequence[Noted], by: Viewer, at: datetime) -> int:
    """Adds what is noted, all or nothing; how many. The newest of a place, day and kind counts.

    A person of some outlets notes for these only, cities are for those who see the whole operator. Raises
    NotAllowed, and Invalid with a pointer a fault.
    """
    if not (by.may(Permission.EVENTS_DECLARE) or by.may(Permission.INGEST)):
        raise NotAllowed()
    if not 1 <= len(notes) <= MOST_NOTES:
        raise Invalid([("/items", "out_of_range", "一次 1 到 500 条")])
    outlets = {one.code: one.id for one in list_outlets(by)} if any(n.outlet for n in notes) else {}
    today = at.astimezone(zone()).date()
    errors = [fault for n, note in enumerate(notes) for fault in _faults(n, note, outlets, today)]
    if errors:
        raise Invalid(errors)
    if by.outlet_codes is not None and any(note.city for note in notes):
        raise NotAllowed()
    WeatherNote.objects.bulk_create(
        WeatherNote(
            outlet_id=outlets.get(note.outlet),
            city=plain_city(note.city),
            day=note.day,
            kind=note.kind,
            severity=note.severity,
            source=note.source.strip(),
            noted_at=at,
            noted_by=by.label,
        )
        for note in notes
    )
    return len(notes)


def _faults(n: int, note: Noted, outlets: dict[str, int], today: date) -> list[tuple[str, str, str]]:
    at, found = f"/items/{n}", []
    if note.kind not in frozenset(one.value for one in Weather):
        found.append((f"{at}/kind", "unknown_kind", "选一种：大雨、大雪、大风雷暴、高温"))
    if not 0 <= note.severity <= MOST_SEVERE:
        found.append((f"{at}/severity", "out_of_range", "程度 0 到 3，0 是取消"))
    if not today - _BACK <= note.day <= today + _AHEAD:
        found.append((f"{at}/day", "out_of_range", "60 天前到 14 天后"))
    if bool(note.outlet) == bool(note.city.strip()):
        found.append((f"{at}/outlet", "missing_field", "写一个网点，或者一个城市"))
    elif note.outlet and note.outlet not in outlets:
        found.append((f"{at}/outlet", "unknown_outlet", "没有这个网点"))
    if len(note.city) > MAX_CITY or not note.city.isprintable():
        found.append((f"{at}/city", "too_long", "城市 40 字以内"))
    if len(note.source) > MAX_SOURCE or not note.source.isprintable():
        found.append((f"{at}/source", "too_long", "来源 60 字以内"))
    return found
