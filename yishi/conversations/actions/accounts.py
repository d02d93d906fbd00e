"""Ways in are set up, changed, paused: a mailbox, an official account, a robot, a call centre."""

import json
import re
import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from yishi.conversations.models.talk import ChannelAccount
from yishi.conversations.queries.accounts import fetchers, plugins
from yishi.kit.errors import Invalid, NotAllowed, Refusal
from yishi.kit.ids import token_hash
from yishi.network.models import Outlet
from yishi.people.rules import Permission, Viewer

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class UnknownChannel(Refusal):
    """没有这种渠道：%(plugin)s"""

    code = "unknown_channel"
    status = 422


class AccountCodeTaken(Refusal):
    """编号 %(code)s 已经有了"""

    code = "code_taken"


@transaction.atomic
def add_account(
    *,
    code: str,
    plugin: str,
    settings: Mapping[str, str],
    by: Viewer,
    at: datetime,
    label: str = "",
    outlet: str = "",
    has_assistant: bool = True,
) -> tuple[int, str]:
    """A new way in; returns its id and its push address' key, shown once. Raises UnknownChannel, Invalid,
    AccountCodeTaken, NotAllowed."""
    _check_may(by)
    if plugin not in plugins():
        raise UnknownChannel(plugin=plugin[:40])
    if not _CODE.fullmatch(code):
        raise Invalid([("/code", "bad_code", "用小写字母、数字和短横，最多 40 个")])
    if ChannelAccount.objects.filter(code=code).exists():
        raise AccountCodeTaken(code=code)
    card, _reader = plugins()[plugin]
    checked_settings(plugin, settings)
    key = secrets.token_urlsafe(24)
    account = ChannelAccount.objects.create(
        code=code,
        plugin=plugin,
        channel=card.channel,
        label=label[:80],
        settings=json.dumps(dict(settings), ensure_ascii=False),
        push_key_hash=token_hash(key),
        outlet=Outlet.objects.filter(code=outlet).first() if outlet else None,
        has_assistant=has_assistant,
        due_at=at if plugin in fetchers() else None,
        created_at=at,
    )
    return account.pk, key


def _check_may(by: Viewer) -> None:
    if not by.may(Permission.FEEDS_MANAGE):
        raise NotAllowed()


def checked_settings(plugin: str, settings: Mapping[str, str]) -> None:
    """Raises Invalid for a required setting that is empty."""
    card, _reader = plugins()[plugin]
    faults = [
        (f"/settings/{each.name}", "missing_field", "这里要填")
        for each in card.settings
        if each.is_required and not settings.get(each.name, "").strip()
    ]
    if faults:
        raise Invalid(faults)


@transaction.atomic
def change_account(
    *,
    account_id: int,
    settings: Mapping[str, str],
    by: Viewer,
    at: datetime,
    has_assistant: bool | None = None,
    label: str | None = None,
    outlet: str | None = None,
) -> None:
    """New settings (an empty secret keeps the old one); a paused account is tried again. `outlet` '' is head
    office; None leaves a thing as it is."""
    _check_may(by)
    account = ChannelAccount.objects.select_for_update().get(pk=account_id)
    old = json.loads(account.settings or "{}")
    secret = {each.name for each in plugins()[account.plugin][0].settings if each.is_secret}
    new = {**old, **{name: value for name, value in settings.items() if value or name not in secret}}
    checked_settings(account.plugin, new)
    account.settings = json.dumps(new, ensure_ascii=False)
    account.is_paused, account.paused_reason = False, ""
    account.due_at = at if account.plugin in fetchers() else None
    if has_assistant is not None:
        account.has_assistant = has_assistant
    if label is not None:
        account.label = label[:80]
    if outlet is not None:
        account.outlet = Outlet.objects.filter(code=outlet).first() if outlet else None
    account.save()


@transaction.atomic
def pause_account(*, account_id: int, reason: str, by: Viewer, at: datetime) -> None:
    """Nothing is taken or fetched until an operator goes on; the reason is shown to him."""
    _check_may(by)
    ChannelAccount.objects.filter(pk=account_id).update(
        is_paused=True, paused_reason=reason[:300], due_at=None
    )


@transaction.atomic
def renew_push_key(*, account_id: int, by: Viewer, at: datetime) -> str:
    """A new push address' key, shown once; the old one is dead. Raises NotAllowed."""
    _check_may(by)
    key = secrets.token_urlsafe(24)
    ChannelAccount.objects.filter(pk=account_id).update(push_key_hash=token_hash(key), bad_signatures=0)
    return key


def note_bad_signature(*, account_id: int) -> None:
    ChannelAccount.objects.filter(pk=account_id).update(bad_signatures=F("bad_signatures") + 1)
