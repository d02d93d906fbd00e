"""What a sender plug-in is: a card that says which addresses it serves, and a client that opens a line.

Senders live in `yishi/plugins/senders/<name>/` and are found by walking that package: `card.CARD` and
`client.connect(url, home)`. To add one, add a folder; nothing else changes. Lenders of private numbers live
beside them in `yishi/plugins/lenders/<name>/`: `client.connect(url)` gives a `NumberLender`.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

TIMEOUT_S = 4.0
"""For one exchange with a gateway. A batch must end within its lease even when every exchange is slow."""


class PluginError(Exception):
    """A gateway did not take a notice. `permanent`: it never will; `outage`: it takes none at present."""

    def __init__(self, message: str, *, permanent: bool = False, outage: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.permanent = permanent
        self.outage = outage


@dataclass(frozen=True)
class SentFile:
    """A file that goes with a message."""

    name: str
    content_type: str
    body: bytes


@dataclass(frozen=True)
class Notice:
    """One message as a gateway gets it; `notice_id` is the same when it is sent again."""

    notice_id: str
    to: str
    heading: str
    body: str
    at: str
    # `room`, `subject`, `answers` (ids that this one answers), `is_person` (written by a person), `options`,
    # `is_late` (the channel's time for plain answers is over), `mentions` (whom to call in a group)
    extra: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[SentFile, ...] = ()


class Line(Protocol):
    """An open connection to a gateway, used by one worker for one batch."""

    def send(self, notice: Notice) -> str | None:
        """Returns when the gateway has accepted the notice: its own number of it, where it gives one. Raises
        PluginError."""

    def close(self) -> None:
        """Never raises."""


Connect = Callable[[str, Path], Line]
ConnectAccount = Callable[[Mapping[str, str], Path], Line]


@dataclass(frozen=True)
class Card:
    """`schemes` are the beginnings of the addresses (`smtp://…`) that this sender serves for its channel;
    `accounts` the channel plug-ins whose ways in it answers by (`client.connect_account(settings, home)`)."""

    name: str
    label: str
    channel: str
    schemes: tuple[str, ...]
    docs: str
    accounts: tuple[str, ...] = ()


@cache
def sender_cards() -> tuple[Card, ...]:
    """The cards of all senders that are there."""
    package = importlib.import_module("yishi.plugins.senders")
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__) if module.ispkg)
    return tuple(importlib.import_module(f"{package.__name__}.{name}.card").CARD for name in names)


def open_line(*, channel: str, url: str, home: Path) -> Line:
    """A line to the gateway at this address. PluginError when no sender serves it or it cannot be reached."""
    scheme = urlsplit(url).scheme
    for card in sender_cards():
        if card.channel == channel and scheme in card.schemes:
            connect: Connect = importlib.import_module(f"yishi.plugins.senders.{card.name}.client").connect
            return connect(url, home)
    raise PluginError(f"no sender for {channel} serves the address that is set: {scheme or 'none'}")


def answers_by(plugin: str) -> bool:
    """Whether a sender answers by the ways in of this plug-in; else the installation's own gateway does."""
    return any(plugin in card.accounts for card in sender_cards())


def open_account_line(*, plugin: str, settings: Mapping[str, str], home: Path) -> Line:
    """A line by which a way in is answered. PluginError when no sender answers for its plug-in."""
    for card in sender_cards():
        if plugin in card.accounts:
            client = importlib.import_module(f"yishi.plugins.senders.{card.name}.client")
            connect: ConnectAccount = client.connect_account
            return connect(settings, home)
    raise PluginError(f"no sender answers by {plugin}", permanent=True)


LEND_WITHIN_S = 2.5
"""Somebody stands with his thumb on the button: then the number that is there already must do."""


@dataclass(frozen=True)
class Loan:
    """Who wants to speak to whom, for how long; `loan_id` is the same when it is asked again."""

    loan_id: str
    caller: str
    callee: str
    minutes: int


@dataclass(frozen=True)
class LentNumber:
    """A number that leads from the caller to the callee and shows neither; `reference` is the lender's own
    number of the loan, under which he keeps the record of the call."""

    number: str
    extension: str = ""
    until: datetime | None = None
    reference: str = ""


class NumberLender(Protocol):
    """A provider of private numbers."""

    def lend(self, loan: Loan) -> LentNumber:
        """Raises PluginError when he lends none now."""


def open_lender(url: str) -> NumberLender:
    """The lender at this address. PluginError when no plug-in serves it."""
    scheme = urlsplit(url).scheme
    package = importlib.import_module("yishi.plugins.lenders")
    for module in pkgutil.iter_modules(package.__path__):
        card = importlib.import_module(f"{package.__name__}.{module.name}.card").CARD
        if scheme in card.schemes:
            connect = importlib.import_module(f"{package.__name__}.{module.name}.client").connect
            lender: NumberLender = connect(url)
            return lender
    raise PluginError(f"no lender serves the address that is set: {scheme or 'none'}")
