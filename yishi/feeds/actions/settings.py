"""What an operator changes of a source that stands: its name, its settings, its push address."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext

from yishi.feeds.actions.sources import add_source
from yishi.feeds.models import Source
from yishi.feeds.queries.following import client_of
from yishi.feeds.queries.sources import plugins
from yishi.kit.errors import NotFound, Refusal
from yishi.kit.ids import new_key, token_hash
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

LONGEST = 500


class SourceExists(Refusal):
    """这个代号已经有来源在用，换一个"""

    code = "source_exists"
    status = 409


class MissingSetting(Refusal):
    """还要填：%(label)s"""

    code = "missing_setting"
    status = 422


class TooLong(Refusal):
    """有一项太长了，最多 500 字"""

    code = "too_long"
    status = 422


class UnknownZone(Refusal):
    """没有这个时区：%(zone)s"""

    code = "unknown_zone"
    status = 422


@transaction.atomic
def open_source(
    *,
    code: str,
    plugin: str,
    label: str,
    carrier: str,
    time_zone: str,
    settings: Mapping[str, str],
    by: Viewer,
    at: datetime,
) -> str:
    """Adds a source that is not there yet; its push path, to be shown once.

    Raises what `add_source` does, and SourceExists, MissingSetting, TooLong, UnknownZone.
    """
    require(by, Permission.FEEDS_MANAGE)
    if Source.objects.filter(code=code).exists():
        raise SourceExists
    _check(label, carrier, time_zone, settings)
    if plugin in plugins():
        settings = _complete(plugin, settings)
    return add_source(
        code=code,
        plugin=plugin,
        settings=settings,
        by=by,
        at=at,
        carrier=carrier.strip().lower(),
        label=label.strip(),
        time_zone=time_zone.strip(),
    )


@transaction.atomic
def change_source(
    *,
    code: str,
    label: str,
    carrier: str,
    time_zone: str,
    settings: Mapping[str, str],
    cleared: Collection[str] = (),
    by: Viewer,
    at: datetime,
) -> None:
    """Gives a source another name, carrier or settings; its push address stays.

    An empty secret means "as before": nobody sees it, so nobody can send it back; `cleared` names those that
    are to go. Raises NotAllowed, NotFound, MissingSetting, TooLong, UnknownZone.
    """
    require(by, Permission.FEEDS_MANAGE)
    source = Source.objects.select_for_update().filter(code=code).first()
    if source is None:
        raise NotFound
    _check(label, carrier, time_zone, settings)
    held = json.loads(source.settings or "{}")
    said = dict(settings)
    for field in plugins()[source.plugin][0].settings:
        if field.is_secret and not said.get(field.name) and field.name not in cleared:
            said[field.name] = held.get(field.name, "")
    source.label, source.carrier = label.strip() or source.code, carrier.strip().lower()
    source.time_zone = time_zone.strip() or source.time_zone
    source.settings = json.dumps(_complete(source.plugin, said))
    # settings that were refused may be right now: it is asked again
    source.asking_stopped = ""
    source.save(update_fields=["label", "carrier", "time_zone", "settings", "asking_stopped"])


@transaction.atomic
def renew_address(*, code: str, by: Viewer, at: datetime) -> str:
    """A new push path, shown once; what comes to the old one is refused from now on. Raises NotFound."""
    require(by, Permission.FEEDS_MANAGE)
    source = Source.objects.select_for_update().filter(code=code).first()
    if source is None:
        raise NotFound
    key = new_key().removeprefix("yk_")
    path = f"/feeds/{code}/{key}"
    source.push_key_hash = token_hash(key)
    source.push_path = path if client_of(source.plugin) else None
    source.save(update_fields=["push_key_hash", "push_path"])
    return path


def _check(label: str, carrier: str, time_zone: str, settings: Mapping[str, str]) -> None:
    if any(len(word) > LONGEST for word in (label, carrier, *settings.values())):
        raise TooLong
    if time_zone.strip():
        try:
            ZoneInfo(time_zone.strip())
        except (KeyError, ValueError, OSError):
            raise UnknownZone(zone=time_zone[:60]) from None


def _complete(plugin: str, said: Mapping[str, str]) -> dict[str, str]:
    """What the plug-in's card knows of what was said, empty ones left away. Raises MissingSetting."""
    card = plugins()[plugin][0]
    kept = {field.name: said.get(field.name, "").strip() for field in card.settings}
    for field in card.settings:
        if field.is_required and not kept[field.name]:
            raise MissingSetting(label=gettext(field.label))
    return {name: value for name, value in kept.items() if value}
