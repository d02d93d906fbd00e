"""What a channel plug-in implements: it reads what some channel sends and says who wrote what, in our words.

A plug-in is a package `yishi/plugins/channels/<name>/` whose `card.py` carries `CARD` (a `ChannelCard`) and
`PLUGIN` (a `ChannelPlugin`); one whose letters we fetch carries `FETCHER` as well. It decides nothing about
conversations, and it sends nothing: every answer is a Delivery of `notifications`, sent by a sender plug-in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, Protocol, runtime_checkable

from yishi.conversations.rules import AnswerWindow as AnswerWindow
from yishi.conversations.rules import Did as Did
from yishi.feeds.port import QUERY as QUERY
from yishi.feeds.port import Answer as Answer
from yishi.feeds.port import PluginError as PluginError
from yishi.feeds.port import SettingField as SettingField
from yishi.feeds.port import SettingsRefused as SettingsRefused
from yishi.feeds.port import Unreadable as Unreadable
from yishi.shipments.rules.numbers import numbers_in as numbers_in


@dataclass(frozen=True)
class ChannelCard:
    """What the operator's pages and the command line show of a plug-in.

    `channel` is one of `rules.Channel`. `windows`: how long and how often it takes answers after what a
    person did; () = always. `late_by` names the setting that, where it is filled, lets an answer go out later
    still (a template). `alone_by`: the settings without which nobody is answered who wrote to a group's robot
    alone; None = nobody ever is.
    """

    name: str
    label: str
    channel: str
    settings: tuple[SettingField, ...] = ()
    docs: str = ""
    windows: tuple[AnswerWindow, ...] = ()
    late_by: str = ""
    alone_by: tuple[str, ...] | None = ()


@dataclass(frozen=True)
class GivenFile:
    """A picture, a voice or a document as it came. An empty `body` with a `reference`: it must be fetched."""

    name: str
    content_type: str
    body: bytes = b""
    reference: str = ""


@dataclass(frozen=True)
class Part:
    """Which piece of a long message this is: number `no` of `of`, counted from 1; `of_what` is the same in
    all of them."""

    of_what: str
    no: int
    of: int


@dataclass(frozen=True)
class Said:
    """One message of one person.

    `external_id` is the channel's own number of it: the same again is the same message. `address` is what
    an answer is sent to (openid, mail address, phone); in a group it is `room/person`. `answers` are ids of
    messages that it follows, newest first, ours or the channel's. An automatic one (out of office, bounce) is
    kept and never answered. `key` is what a menu or button carries; `kind` one of `rules.MessageKind`.
    """

    external_id: str
    address: str
    text: str = ""
    kind: str = "TEXT"
    said_at: datetime | None = None
    name: str = ""
    phone: str = ""
    subject: str = ""
    room: str = ""
    key: str = ""
    answers: tuple[str, ...] = ()
    files: tuple[GivenFile, ...] = ()
    is_automatic: bool = False
    part: Part | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Receipt:
    """What became of something we sent: `notice_id` or the channel's own id; DELIVERED, READ or FAILED."""

    reference: str
    state: str
    reason: str = ""


@dataclass(frozen=True)
class CallNews:
    """One step of a telephone call: RINGING, MENU (a machine answered), ANSWERED (a person did), ENDED,
    MISSED, RECORDED, DIGITS."""

    call_id: str
    step: str
    happened_at: datetime
    caller: str = ""
    called: str = ""
    answered_by: str = ""
    digits: str = ""
    recording: str = ""
    # a mobile without a call centre tells us nothing of ringing: its answer time is not measured
    is_measured: bool = True


@dataclass(frozen=True)
class Heard:
    """All that one body holds, in its order."""

    said: tuple[Said, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    calls: tuple[CallNews, ...] = ()


@dataclass(frozen=True)
class Incoming:
    """One body as it came, pushed or fetched. `headers` are lower case; `:query` is the query string."""

    body: bytes
    content_type: str
    headers: Mapping[str, str]
    settings: Mapping[str, str]
    at: datetime
    zone: tzinfo


class ChannelPlugin(Protocol):
    """One channel's format. All methods are pure: no database, no clock, no network."""

    def check_signature(self, incoming: Incoming) -> bool:
        """Whether it comes from the channel, compared in constant time. True where it does not sign."""

    def read(self, incoming: Incoming) -> Heard:
        """What the body holds. Raises Unreadable: then it is kept and can be read again later."""

    def answer(self, incoming: Incoming, outcome: str) -> Answer:
        """The channel's own words for `taken`, `unreadable` or `bad_signature` (`feeds.port`)."""


@dataclass(frozen=True)
class Letter:
    """One body that was fetched; `place` is where in the mailbox it lies, for `done`."""

    place: str
    body: bytes
    content_type: str = "message/rfc822"


class Media(Protocol):
    """A plug-in whose pictures and voices are fetched one by one (`MEDIA` in `card.py`), in the worker."""

    def fetch_file(self, settings: Mapping[str, str], reference: str) -> GivenFile:
        """The file behind a `GivenFile.reference`; an empty name keeps the one that was given. Raises
        PluginError."""


class Fetcher(Protocol):
    """A plug-in whose letters we fetch (IMAP): in the worker, over the network, outside any transaction."""

    def fetch(self, settings: Mapping[str, str], *, most: int) -> Iterator[Letter]:
        """Letters not yet taken, oldest first; the next is asked for after the last one was stored. Raises
        PluginError (`permanent` pauses the account and tells the operator)."""

    def done(self, settings: Mapping[str, str], places: list[str]) -> None:
        """Says that these are stored with us: they are not given again."""


@dataclass(frozen=True)
class MenuRequest:
    """A telephone asks what to say next; `step` is the one that we named last, '' at the beginning."""

    call_id: str
    caller: str = ""
    step: str = ""
    digits: str = ""
    wrong: int = 0


@dataclass(frozen=True)
class Spoken:
    """What the caller hears; then `gathers` digits, a recording, a person, or the end."""

    text: str
    step: str = ""
    wrong: int = 0
    gathers: int = 0
    records: bool = False
    dials: str = ""
    ends: bool = False


@runtime_checkable
class VoicePlugin(Protocol):
    """A channel whose calls are led through a spoken menu. Pure, like `ChannelPlugin`."""

    def pressed(self, incoming: Incoming) -> MenuRequest | None:
        """What the telephone asks; None for news that wants no answer."""

    def speak(self, incoming: Incoming, spoken: Spoken) -> Answer:
        """The answer in the dialect of the call centre."""


@dataclass(frozen=True)
class ToSay:
    """One thing that we say, with the choices offered with it."""

    text: str
    options: Sequence[Any] = ()


@runtime_checkable
class PromptPlugin(Protocol):
    """A channel that takes our answer in the answer to its own push. Pure, like `ChannelPlugin`."""

    def is_prompt(self, settings: Mapping[str, str]) -> bool:
        """Whether it is set up so."""

    def say(self, incoming: Incoming, said: Sequence[ToSay]) -> tuple[Answer, int]:
        """The answer to this push, and how many of these, from the first on, it holds; they are whole."""
