"""Messages ahead: who is told at which outlet, and what stands behind a private link."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from yishi.consignees.queries import unwanted_of
from yishi.kit.errors import NotFound
from yishi.kit.ids import token_hash
from yishi.network.models import Outlet
from yishi.notifications.models import AheadNote, AheadParcel, AheadSetting
from yishi.notifications.rules import EMAIL, SMS
from yishi.people.queries import require, within_scope
from yishi.people.rules import Permission, Viewer
from yishi.shipments.queries.choices import Choosable, Chosen, choices_of, choosable

SHIPPED = (SMS, EMAIL)
"""Channels in turn where nobody has chosen others."""


def modes_of(outlet_ids: Collection[int]) -> dict[int, str]:
    """For each outlet: OFF, SOME or ALL; its own setting before everybody's, which is OFF until somebody
    switches it on: each message costs money."""
    return {outlet_id: setting[0] for outlet_id, setting in _settings(outlet_ids).items()}


def channels_of(outlet_id: int | None) -> tuple[str, ...]:
    """By which channels an outlet tells, in turn."""
    return _settings([outlet_id or 0])[outlet_id or 0][1]


def _settings(outlet_ids: Collection[int]) -> dict[int, tuple[str, tuple[str, ...]]]:
    rows = {row.outlet_id: row for row in AheadSetting.objects.all()}
    found = {}
    for outlet_id in outlet_ids:
        row = rows.get(outlet_id) or rows.get(None)
        found[outlet_id] = (row.mode, tuple(row.channels) or SHIPPED) if row else ("OFF", SHIPPED)
    return found


@dataclass(frozen=True)
class SettingLine:
    """One outlet with its setting, as operators choose it; `is_own` where it has one of its own."""

    outlet_id: int | None
    outlet_name: str
    mode: str
    channels: tuple[str, ...]
    is_own: bool


def list_settings(*, viewer: Viewer) -> list[SettingLine]:
    """Everybody's setting (for whoever sees all), then each outlet's in sight. Raises NotAllowed."""
    require(viewer, Permission.POLICY_MANAGE)
    rows = {row.outlet_id: row for row in AheadSetting.objects.all()}
    outlets = Outlet.objects.filter(within_scope(viewer, "code"), is_active=True).order_by("code")
    named = [(None, "")] if viewer.outlet_codes is None else []
    named += [(pk, name) for pk, name in outlets.values_list("pk", "name")]  # type: ignore[misc]
    both = _settings([outlet_id or 0 for outlet_id, _name in named])
    return [
        SettingLine(outlet_id, name, *both[outlet_id or 0], is_own=outlet_id in rows)
        for outlet_id, name in named
    ]


@dataclass(frozen=True, kw_only=True)
class NoteView:
    """What a private link opens: the parcels of one message, and nothing else."""

    id: int
    contact_id: int
    from_at: datetime
    until_at: datetime
    parcels: list[Choosable]
    choices: dict[int, Chosen]
    is_muted: bool

    @property
    def open(self) -> list[Choosable]:
        """Those of which something can still be chosen."""
        return [one for one in self.parcels if one.too_late is None]


def access_note(*, token: str, at: datetime) -> NoteView:
    """Whoever holds the link may see it, until it expires. Raises NotFound, also for one that is over."""
    rows = AheadNote.objects.filter(token_hash=token_hash(token), expires_at__gt=at, told_at__isnull=False)
    note = rows.first()
    if note is None or note.from_at is None or note.until_at is None:
        raise NotFound()
    ids = shipments_of(note.pk)
    return NoteView(
        id=note.pk,
        contact_id=note.contact_id,
        from_at=note.from_at,
        until_at=note.until_at,
        parcels=choosable(ids),
        choices=choices_of(ids, at=at),
        is_muted=note.contact_id in unwanted_of([note.contact_id], about="ahead"),
    )


def shipments_of(note_id: int) -> list[int]:
    """The parcels of one message, oldest first."""
    return list(
        AheadParcel.objects.filter(note_id=note_id).order_by("pk").values_list("shipment_id", flat=True)
    )
