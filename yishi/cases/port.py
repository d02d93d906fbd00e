"""What a work-order plug-in implements: it reads the work orders of a head office, a platform or the
regulator as they hand them out, and writes our answer in their format.

A plug-in is a package `yishi/plugins/work_orders/<name>/` whose `card.py` carries `CARD` (a `WorkOrderCard`)
and `PLUGIN` (a `WorkOrderPlugin`); one that can ask its source or answer it by API also `CLIENT`. It decides
nothing about cases: words it does not know stay words, and whoever takes the rows in finds their category.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Protocol

import msgspec

from yishi.feeds.port import Fetched as Fetched
from yishi.feeds.port import NotFramed as NotFramed
from yishi.feeds.port import PluginError as PluginError
from yishi.feeds.port import SettingField as SettingField
from yishi.feeds.port import SettingsRefused as SettingsRefused
from yishi.feeds.port import Unanswered as Unanswered
from yishi.feeds.port import Unreadable as Unreadable

FILE, PASTE, PUSH = "FILE", "PASTE", "PUSH"


class ParsedWorkOrder(msgspec.Struct, frozen=True):
    """One work order as its source says it; '' and None mean: not said.

    `type_word` is the source's own word. `is_open` is None where the source's state is a word that the
    plug-in does not know. `updated_at` is the source's own moment of the row, by which an older row is told.
    """

    external_no: str
    waybill_no: str = ""
    carrier: str = ""
    type_word: str = ""
    text: str = ""
    name: str = ""
    phone: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    due_at: datetime | None = None
    state_word: str = ""
    is_open: bool | None = None
    amount_fen: int | None = None


@dataclass(frozen=True)
class RowRefused:
    """A row that is no work order, with the reason (a code) and what most likely is its number."""

    line: int
    reason: str
    number: str = ""


@dataclass
class ParsedRows:
    """All that one body holds: (line as a person counts, work order), and the rows that are none.

    `missing` are the columns without which a table is not the one that is meant: then nothing was read.
    """

    rows: list[tuple[int, ParsedWorkOrder]] = field(default_factory=list)
    refused: list[RowRefused] = field(default_factory=list)
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proof:
    """A file that proves the answer, under the name it has in the packed file."""

    name: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class AnsweredCase:
    """A case as far as its source hears of it. Words are in the operator's language, Chinese."""

    case_no: str
    external_no: str
    waybill_no: str
    type_word: str
    answer: str
    remedy: str
    validity: str
    responsible: str
    reason: str
    outlet: str
    handled_by: str
    answered_at: datetime | None
    compensation_fen: int | None = None
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True)
class FilledAnswer:
    """The answer in the source's format: `text` to copy, and the same as a file.

    `parts` is what a client submits, by names of the source's own.
    """

    text: str
    file_name: str
    content_type: str
    body: bytes
    parts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class WorkOrderCard:
    """What the operator's pages show of a plug-in.

    `takes` says how rows come (FILE, PASTE, PUSH). `filed_as` is the source of its cases unless the operator
    says otherwise. `words` are the source's own words for what our categories say, beside the common ones.
    """

    name: str
    label: str
    takes: frozenset[str]
    filed_as: str = "HQ"
    settings: tuple[SettingField, ...] = ()
    docs: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


class WorkOrderPlugin(Protocol):
    """One source's formats. Both methods are pure: no database, no clock, no network."""

    def parse(self, body: bytes, content_type: str, settings: Mapping[str, str], zone: tzinfo) -> ParsedRows:
        """The work orders of a body; times without a zone are in `zone`. Raises Unreadable."""

    def answer(self, case: AnsweredCase, settings: Mapping[str, str], zone: tzinfo) -> FilledAnswer:
        """The answer as this source wants to read it."""


class WorkOrderClient(Protocol):
    """The calls that we make to a source; they run in the worker, outside of any transaction.

    They raise PluginError (`permanent`: this one is refused), SettingsRefused (all are) or Unanswered
    (`was_sent`: it may have been taken). No message of theirs may hold a secret.
    """

    def fetch(self, external_nos: Sequence[str], *, settings: Mapping[str, str], asked_at_ms: int) -> Fetched:
        """Asks how these work orders stand: a body that `parse` of the same plug-in reads. A number that
        the source does not know is left away."""

    def submit(self, filled: FilledAnswer, *, settings: Mapping[str, str], sent_at_ms: int) -> None:
        """Hands the answer in."""
