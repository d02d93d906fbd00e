"""Sources of work orders: added, given settings, paused; what their words mean is said once."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings as django_settings
from django.db import transaction
from django.utils.translation import gettext

from yishi.cases.models.case import CaseSource
from yishi.cases.models.work_orders import WorkOrderSource, WorkOrderWord
from yishi.cases.port import PUSH
from yishi.cases.queries.work_order_sources import plugins, require_any
from yishi.cases.rules.categories import CATEGORIES
from yishi.cases.rules.work_orders import plain_word
from yishi.feeds.rules import SOURCE_CODE
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.ids import new_key, token_hash
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

LONGEST = 500


class OrderSourceExists(Refusal):
    """这个代号已经有工单来源在用，换一个"""

    code = "source_exists"


@transaction.atomic
def add_order_source(
    *,
    code: str,
    plugin: str,
    filed_as: str,
    by: Viewer,
    at: datetime,
    label: str = "",
    carrier: str = "",
    time_zone: str = "",
    settings: Mapping[str, str] | None = None,
) -> str:
    """Adds a source; its push path where it takes pushes ('' where not), to be shown once: the key is kept as
    a hash alone. Raises Invalid with the field, OrderSourceExists."""
    require(by, Permission.FEEDS_MANAGE)
    if plugin not in plugins():
        raise Invalid([("/plugin", "unknown_plugin", "没有这种格式")])
    said = _checked(plugin, label, carrier, time_zone, settings or {}, {})
    if not re.fullmatch(SOURCE_CODE, code):
        raise Invalid([("/code", "bad_code", "代号只能用小写字母、数字和连字符")])
    if filed_as not in CaseSource.values:
        raise Invalid([("/filed_as", "unknown_source", "没有这个来源")])
    if WorkOrderSource.objects.filter(code=code).exists():
        raise OrderSourceExists
    key = new_key().removeprefix("yk_") if PUSH in plugins()[plugin].card.takes else ""
    WorkOrderSource.objects.create(
        code=code,
        plugin=plugin,
        filed_as=filed_as,
        push_key_hash=token_hash(key) if key else None,
        created_at=at,
        **said,
    )
    return f"/work-orders/{code}/{key}" if key else ""


@transaction.atomic
def change_order_source(
    *,
    code: str,
    label: str,
    carrier: str,
    time_zone: str,
    settings: Mapping[str, str],
    by: Viewer,
    at: datetime,
) -> None:
    """Gives a source another name or settings; an empty secret stays as it is. What its refusal had stopped
    goes on. Raises NotFound, Invalid."""
    require(by, Permission.FEEDS_MANAGE)
    row = _held(code)
    held = json.loads(row.settings or "{}")
    for name, value in _checked(row.plugin, label, carrier, time_zone, settings, held).items():
        setattr(row, name, value)
    row.stopped_reason = ""
    row.save(update_fields=["label", "carrier", "time_zone", "settings", "stopped_reason"])


@transaction.atomic
def pause_order_source(*, code: str, reason: str, by: Viewer, at: datetime) -> None:
    """Pauses a source with a reason, or lets it go on with an empty one. Paused, it takes no rows and is not
    asked. Raises NotFound."""
    require(by, Permission.FEEDS_MANAGE)
    row = _held(code)
    row.is_paused, row.paused_reason = bool(reason.strip()), reason.strip()[:LONGEST]
    row.save(update_fields=["is_paused", "paused_reason"])


@transaction.atomic
def renew_order_address(*, code: str, by: Viewer, at: datetime) -> str:
    """A new push path, shown once; the old one is refused from now on. Raises NotFound."""
    require(by, Permission.FEEDS_MANAGE)
    row = _held(code)
    if PUSH not in plugins()[row.plugin].card.takes:
        raise NotFound
    key = new_key().removeprefix("yk_")
    row.push_key_hash = token_hash(key)
    row.save(update_fields=["push_key_hash"])
    return f"/work-orders/{code}/{key}"


@transaction.atomic
def give_meaning(*, code: str, word: str, category: str, by: Viewer, at: datetime) -> None:
    """Says what a source's word means from now on; cases that are open already keep their category.

    Raises NotFound, Invalid."""
    require_any(by, Permission.FEEDS_MANAGE, Permission.POLICY_MANAGE)
    if category not in CATEGORIES or not CATEGORIES[category].is_claimable:
        raise Invalid([("/category", "unknown_category", "没有这个诉求类型")])
    plain = plain_word(word)
    if not plain:
        raise Invalid([("/word", "missing_field", "写上对方用的词")])
    row = _held(code)
    said = {"category": category, "meant_by_id": by.user_id, "meant_at": at}
    WorkOrderWord.objects.update_or_create(
        source=row, word=plain, defaults=said, create_defaults={**said, "first_seen_at": at}
    )


def note_unknown_word(*, source_id: int, word: str, at: datetime) -> None:
    """Keeps a word that nobody knows, for the operator to say."""
    if plain := plain_word(word):
        WorkOrderWord.objects.get_or_create(source_id=source_id, word=plain, defaults={"first_seen_at": at})


def _held(code: str) -> WorkOrderSource:
    row = WorkOrderSource.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise NotFound
    return row


def _checked(
    plugin: str,
    label: str,
    carrier: str,
    time_zone: str,
    settings: Mapping[str, str],
    held: Mapping[str, str],
) -> dict[str, str]:
    """The columns as they are kept. Raises Invalid."""
    errors = []
    if any(len(word) > LONGEST or "\x00" in word for word in (label, carrier, *settings.values())):
        errors.append(("/settings", "too_long", "有一项太长了，最多 500 字"))
    zone = time_zone.strip() or django_settings.TIME_ZONE
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        errors.append(("/time_zone", "unknown_zone", "没有这个时区"))
    kept = {}
    for field in plugins()[plugin].card.settings:
        said = settings.get(field.name, "").strip()
        value = said or (held.get(field.name, "") if field.is_secret else "")
        if field.is_required and not value:
            errors.append((f"/settings/{field.name}", "missing_field", gettext(field.label)))
        if value:
            kept[field.name] = value
    if errors:
        raise Invalid(errors)
    return {
        "label": label.strip(),
        "carrier": carrier.strip().lower(),
        "time_zone": zone,
        "settings": json.dumps(kept),
    }
