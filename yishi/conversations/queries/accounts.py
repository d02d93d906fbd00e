"""The ways in that are set up, and the plug-ins that read them, found by walking their package."""

import importlib
import json
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.db import models
from django.db.models import Exists, OuterRef, Q

from yishi.conversations.models.messages import RawMessage
from yishi.conversations.models.talk import ChannelAccount
from yishi.conversations.port import AnswerWindow, ChannelCard, ChannelPlugin, Fetcher, Media, PromptPlugin
from yishi.conversations.rules import GROUPS
from yishi.kit.ids import token_hash


@cache
def _cards() -> Mapping[str, object]:
    package = importlib.import_module("yishi.plugins.channels")
    names = sorted(found.name for found in pkgutil.iter_modules(package.__path__) if found.ispkg)
    return {name: importlib.import_module(f"{package.__name__}.{name}.card") for name in names}


@cache
def plugins() -> dict[str, tuple[ChannelCard, ChannelPlugin]]:
    """Every channel plug-in that is there, by its name."""
    return {name: (card.CARD, card.PLUGIN) for name, card in _cards().items()}  # type: ignore[attr-defined]


@cache
def fetchers() -> dict[str, Fetcher]:
    """Those whose letters we fetch."""
    return {name: card.FETCHER for name, card in _cards().items() if hasattr(card, "FETCHER")}


@cache
def media() -> dict[str, Media]:
    """Those whose files we fetch one by one."""
    return {name: card.MEDIA for name, card in _cards().items() if hasattr(card, "MEDIA")}


@dataclass(frozen=True, kw_only=True)
class AccountCard:
    """One way in, with its settings in plain: for the plug-in and its client, never for a page."""

    id: int
    code: str
    plugin: str
    channel: str
    label: str
    settings: Mapping[str, str]
    is_paused: bool
    paused_reason: str
    outlet_code: str = ""
    outlet_id: int | None = None
    # bodies of a pause are not all taken in yet: what comes now comes after them
    has_waiting: bool = False

    @property
    def reader(self) -> ChannelPlugin:
        return plugins()[self.plugin][1]

    @property
    def windows(self) -> tuple[AnswerWindow, ...]:
        """How long and how often the channel takes answers; () = always."""
        return plugins()[self.plugin][0].windows

    @property
    def answers_late(self) -> bool:
        """Whether an answer still goes out, by another way, where no window is open."""
        late_by = plugins()[self.plugin][0].late_by
        return bool(late_by and self.settings.get(late_by))

    @property
    def answers_alone(self) -> bool:
        """Whether somebody who wrote to a group's robot alone can be answered alone."""
        needed = plugins()[self.plugin][0].alone_by
        return needed is not None and all(self.settings.get(name) for name in needed)

    @property
    def prompt(self) -> PromptPlugin | None:
        """Its plug-in, where the answer goes out in the answer to the push."""
        reader = self.reader
        return reader if isinstance(reader, PromptPlugin) and reader.is_prompt(self.settings) else None


def _rows() -> "models.QuerySet[ChannelAccount]":
    return ChannelAccount.objects.select_related("outlet")


def find_account_by_push(code: str, key: str) -> AccountCard | None:
    """The way in with this push address; None for a wrong key, and for one whose plug-in is gone."""
    waiting = Exists(RawMessage.objects.filter(account=OuterRef("pk"), state="WAITING"))
    row = _rows().filter(code=code, push_key_hash=token_hash(key)).annotate(has_waiting=waiting).first()
    return account_card(row) if row is not None and row.plugin in plugins() else None


def find_account(account_id: int) -> AccountCard | None:
    row = _rows().filter(pk=account_id).first()
    return account_card(row) if row is not None else None


def windows_of(channel: str) -> tuple[AnswerWindow, ...]:
    """How long and how often a channel takes answers; () = always."""
    return next((card.windows for card, _reader in plugins().values() if card.channel == channel), ())


def list_accounts() -> list[AccountCard]:
    """Every way in, in the order of their codes."""
    return [account_card(row) for row in _rows().order_by("code")]


def list_group_accounts(outlet_code: str) -> list[AccountCard]:
    """The groups of an outlet's colleagues ('' = head office's), as far as they are not paused."""
    rows = _groups().filter(outlet__code=outlet_code) if outlet_code else _groups().filter(outlet=None)
    return [account_card(row) for row in rows.order_by("code") if row.plugin in plugins()]


def list_groups_around(outlet_ids: Sequence[int], *, is_wide: bool) -> list[AccountCard]:
    """The groups of these outlets and of head office; `is_wide`: of everybody."""
    rows = _groups() if is_wide else _groups().filter(Q(outlet_id__in=outlet_ids) | Q(outlet=None))
    return [account_card(row) for row in rows.order_by("code") if row.plugin in plugins()]


def has_groups() -> bool:
    """Whether any group is there that could be told something."""
    return _groups().exists()


def _groups() -> "models.QuerySet[ChannelAccount]":
    return _rows().filter(channel__in=GROUPS, is_paused=False)


def account_card(row: ChannelAccount) -> AccountCard:
    return AccountCard(
        id=row.pk,
        code=row.code,
        plugin=row.plugin,
        channel=row.channel,
        label=row.label,
        settings=json.loads(row.settings or "{}"),
        is_paused=row.is_paused,
        paused_reason=row.paused_reason,
        outlet_code=row.outlet.code if row.outlet else "",
        outlet_id=row.outlet_id,
        has_waiting=getattr(row, "has_waiting", False),
    )
