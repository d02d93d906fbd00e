"""One source as its own page shows it: settings without secrets, and how its replays and mappings stand."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from yishi.feeds.models import RawInput, RawState, ReplayRun, Source
from yishi.feeds.queries.sources import plugins
from yishi.kit.errors import NotFound
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer


@dataclass(frozen=True)
class SettingLine:
    """One line of a settings form; a secret's `value` is always empty."""

    name: str
    label: str
    value: str
    is_secret: bool
    is_required: bool
    is_set: bool


@dataclass(frozen=True)
class SourceSheet:
    """A source with all that an operator may see and change of it."""

    id: int
    code: str
    label: str
    plugin: str
    plugin_label: str
    docs: str
    carrier: str
    time_zone: str
    is_paused: bool
    paused_reason: str
    expected_within: timedelta | None
    silent_since: datetime | None
    is_following: bool
    polled_every: timedelta | None
    has_address: bool
    settings: tuple[SettingLine, ...]


def get_source_sheet(*, viewer: Viewer, code: str) -> SourceSheet:
    """The source of that name. Raises NotAllowed, NotFound."""
    require(viewer, Permission.FEEDS_MANAGE)
    row = Source.objects.filter(code=code).first()
    if row is None:
        raise NotFound
    card = plugins()[row.plugin][0]
    held = json.loads(row.settings or "{}")
    return SourceSheet(
        id=row.pk,
        code=row.code,
        label=row.label,
        plugin=row.plugin,
        plugin_label=card.label,
        docs=card.docs,
        carrier=row.carrier,
        time_zone=row.time_zone,
        is_paused=row.is_paused,
        paused_reason=row.paused_reason,
        expected_within=row.expected_within,
        silent_since=row.silent_since,
        is_following=row.is_following,
        polled_every=row.polled_every,
        has_address=row.push_key_hash is not None,
        settings=tuple(
            SettingLine(
                name=field.name,
                label=field.label,
                value="" if field.is_secret else held.get(field.name, ""),
                is_secret=field.is_secret,
                is_required=field.is_required,
                is_set=bool(held.get(field.name)),
            )
            for field in card.settings
        ),
    )


@dataclass(frozen=True)
class WaitingBody:
    """One body of a quarantine group."""

    raw_id: int
    received_at: datetime
    detail: str
    times_received: int


@dataclass(frozen=True)
class ReplayLine:
    """A run over a group: how far it is and what became of it."""

    reason: str
    asked_by: str
    asked_at: datetime
    total: int
    done: int
    still: int
    accepted: int
    duplicate: int
    rejected: int
    finished_at: datetime | None


@dataclass(frozen=True)
class Group:
    """What waits in quarantine of one source for one cause; `bodies` are the newest."""

    source: SourceSheet
    reason: str
    count: int
    bodies: tuple[WaitingBody, ...]
    runs: tuple[ReplayLine, ...]

    @property
    def runs_now(self) -> bool:
        return any(run.finished_at is None for run in self.runs)


def get_group(*, viewer: Viewer, source: str, reason: str, limit: int = 50) -> Group:
    """The group of that cause, empty when nothing waits but it was replayed. Raises NotAllowed, NotFound."""
    sheet = get_source_sheet(viewer=viewer, code=source)
    waiting = RawInput.objects.filter(source_id=sheet.id, reason=reason, state=RawState.QUARANTINED)
    runs = ReplayRun.objects.filter(source_id=sheet.id, reason=reason).order_by("-id")[:10]
    found = Group(
        source=sheet,
        reason=reason,
        count=waiting.count(),
        bodies=tuple(
            WaitingBody(row.pk, row.received_at, row.detail, row.times_received)
            for row in waiting.defer("body").order_by("-id")[:limit]
        ),
        runs=tuple(
            ReplayLine(
                r.reason, r.asked_by, r.asked_at, r.total, r.done, r.still, r.accepted, r.duplicate,
                r.rejected, r.finished_at,
            )
            for r in runs
        ),
    )  # fmt: skip
    if not found.count and not found.runs:
        raise NotFound
    return found
