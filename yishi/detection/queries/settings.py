"""The parameters that count now, and the list of them with its history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yishi.detection.models.settings import DetectionSetting
from yishi.detection.rules.kinds import Kind
from yishi.detection.rules.settings import Book, Scope, Terms, book_of
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.shipments.queries.eta import zone

_RUNNING = (DetectionSetting.State.SHADOW, DetectionSetting.State.LIVE)


class Books:
    """The parameters for any parcel: read once, worked out once a scope."""

    def __init__(self, terms: Iterable[Terms], at: datetime) -> None:
        self.terms = tuple(terms)
        self.zone = zone()
        self.day = at.astimezone(self.zone).date()
        self._known: dict[Scope, Book] = {}

    def of(self, scope: Scope) -> Book:
        # without settings all parcels are alike
        key = scope if self.terms else Scope()
        if key not in self._known:
            self._known[key] = book_of(self.terms, key, self.day, self.zone)
        return self._known[key]


def running_books(at: datetime) -> Books:
    """What counts now. One statement."""
    rows = DetectionSetting.objects.filter(state__in=_RUNNING)
    return Books([terms_of(row) for row in rows], at)


def terms_of(row: DetectionSetting) -> Terms:
    return Terms(
        kind=Kind(row.kind),
        carrier=row.carrier,
        product=row.product,
        origin=row.origin,
        destination=row.destination,
        outlet=row.outlet_code,
        numbers=row.numbers,
        steps=None if row.steps is None else tuple(row.steps),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        is_shadow=row.state == DetectionSetting.State.SHADOW,
        setting_id=row.pk,
    )


@dataclass(frozen=True)
class SettingLine:
    """One setting as the page shows it; `state` is EXPIRED where its last day has passed."""

    terms: Terms
    state: str
    shadow_until: datetime
    tried: dict[str, Any]
    reason: str
    added_at: datetime
    added_by: str
    live_at: datetime | None
    ended_at: datetime | None

    @property
    def id(self) -> int:
        assert self.terms.setting_id is not None
        return self.terms.setting_id


def list_settings(*, viewer: Viewer, today: date) -> list[SettingLine]:
    """All settings, the running ones first, then by kind. Raises NotAllowed."""
    require(viewer, Permission.POLICY_MANAGE)
    lines = [_line(row, today) for row in DetectionSetting.objects.order_by("kind", "-pk")[:500]]
    return sorted(lines, key=lambda line: line.state not in _RUNNING)


def get_setting_terms(*, viewer: Viewer, setting_id: int) -> Terms | None:
    """What one setting says; None when there is no such setting. Raises NotAllowed."""
    require(viewer, Permission.POLICY_MANAGE)
    row = DetectionSetting.objects.filter(pk=setting_id).first()
    return terms_of(row) if row else None


def _line(row: DetectionSetting, today: date) -> SettingLine:
    is_past = row.valid_until is not None and row.valid_until < today
    state = "EXPIRED" if is_past and row.state in _RUNNING else str(row.state)
    return SettingLine(
        terms_of(row),
        state,
        row.shadow_until,
        row.tried,
        row.reason,
        row.added_at,
        row.added_by,
        row.live_at,
        row.ended_at,
    )
