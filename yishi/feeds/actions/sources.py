"""Sources and their addresses: added, given new settings, paused."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings as django_settings
from django.db import transaction

from yishi.feeds.models import Source
from yishi.feeds.queries.following import client_of
from yishi.feeds.queries.sources import SourceCard, find_source, plugins
from yishi.feeds.rules import BAD_SIGNATURES, SIGNATURE_WINDOW_S, SOURCE_CODE
from yishi.kit.errors import NotFound, Refusal
from yishi.kit.ids import new_key, token_hash
from yishi.kit.ratelimit import count_once
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer


class UnknownPlugin(Refusal):
    """没有这种数据来源：%(plugin)s"""

    code = "unknown_plugin"
    status = 422


class BadSourceCode(Refusal):
    """来源代号只能用小写字母、数字和连字符"""

    code = "bad_source_code"
    status = 422


@transaction.atomic
def add_source(
    *,
    code: str,
    plugin: str,
    settings: Mapping[str, str],
    by: Viewer,
    at: datetime,
    carrier: str = "",
    label: str = "",
    time_zone: str = "",
) -> str:
    """Adds a source, or gives an existing one new settings and a new key; returns its push path, shown once.

    The path is `/feeds/{code}/{key}`; the key itself is kept (sealed) only where a source must be told the
    path. Raises UnknownPlugin, BadSourceCode.
    """
    require(by, Permission.FEEDS_MANAGE)
    if plugin not in plugins():
        raise UnknownPlugin(plugin=plugin)
    if not re.fullmatch(SOURCE_CODE, code):
        raise BadSourceCode
    zone = ZoneInfo(time_zone or django_settings.TIME_ZONE).key
    key = new_key().removeprefix("yk_")
    path = f"/feeds/{code}/{key}"
    said = {
        "plugin": plugin,
        "label": label or plugins()[plugin][0].label,
        "carrier": carrier,
        "settings": json.dumps(dict(settings)),
        "push_key_hash": token_hash(key),
        # a source that can be asked for pushes must be told where to
        "push_path": path if client_of(plugin) else None,
        "asking_stopped": "",
        "time_zone": zone,
    }
    Source.objects.update_or_create(code=code, defaults=said, create_defaults={**said, "created_at": at})
    return path


def ensure_source(*, code: str, plugin: str, at: datetime, label: str = "", carrier: str = "") -> SourceCard:
    """The source of that name; one without push address is added when there is none (keys, files, the
    sample)."""
    found = find_source(code)
    if found is None:
        zone = django_settings.TIME_ZONE
        said = {
            "plugin": plugin,
            "label": label or code,
            "carrier": carrier,
            "time_zone": zone,
            "created_at": at,
        }
        Source.objects.get_or_create(code=code, defaults=said)
        found = find_source(code)
        assert found is not None
    return found


@transaction.atomic
def pause_source(*, code: str, reason: str, by: Viewer, at: datetime) -> None:
    """Pauses a source (with a reason) or, with an empty reason, lets it go on. Raises NotFound.

    A paused source's pushes are still stored and answered; they wait in quarantine as `paused`.
    """
    require(by, Permission.FEEDS_MANAGE)
    if not Source.objects.filter(code=code).update(is_paused=bool(reason), paused_reason=reason):
        raise NotFound


def note_bad_signature(*, source: str, at: datetime) -> None:
    """Counts a push whose signature was wrong, by the day: one row a source, whatever is thrown at it."""
    count_once(kind=BAD_SIGNATURES, key=source, window_s=SIGNATURE_WINDOW_S, at=at)
