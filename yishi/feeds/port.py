"""What a feed plug-in implements: it reads a body as some source sends it and says what it holds, in our
words.

A plug-in is a package `yishi/plugins/feeds/<name>/` whose `card.py` carries `CARD` (a `Card`) and `PLUGIN`
(a `FeedPlugin`). It decides nothing about parcels: unknown codes are `unknown`, numbers and times are checked
by whoever takes the events in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Protocol, runtime_checkable

import msgspec

from yishi.feeds.rules import KINDS as KINDS


class ParsedEvent(msgspec.Struct, frozen=True):
    """One scan in our words. `happened_at` carries its zone; texts are verbatim.

    `outlet_hint` is an outlet that the source says of the parcel and not of this scan: no part of what the
    scan is known again by.
    """

    waybill_no: str
    kind: str
    happened_at: datetime
    carrier: str = ""
    detail: str = ""
    city: str = ""
    outlet: str = ""
    courier: str = ""
    text: str = ""
    source_code: str = ""
    signed_by: str = ""
    consent: bool | None = None
    position: str = ""
    outlet_hint: str = ""


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """A shipper or consignee as the shipper's side knows him; `virtual` is a number that forwards for a
    while."""

    name: str = ""
    phone: str = ""
    phone_tail: str = ""
    virtual: str = ""
    extension: str = ""
    valid_until: datetime | None = None
    address: str = ""
    email: str = ""


class ParsedShipment(msgspec.Struct, frozen=True):
    """What is known about a parcel besides its scans. None and '' mean: not said."""

    waybill_no: str
    carrier: str = ""
    product: str = ""
    merchant: str = ""
    shipper: Person | None = None
    consignee: Person | None = None
    goods: str = ""
    handling: tuple[str, ...] = ()
    freight_fen: int | None = None
    freight_collect: bool | None = None
    declared_value_fen: int | None = None
    insured: bool | None = None
    cash_on_delivery_fen: int | None = None
    platform: str = ""
    promised_at: datetime | None = None
    origin_outlet: str = ""
    destination_outlet: str = ""


@dataclass(frozen=True)
class Rejected:
    """One item of a body that could not be read; `index` counts all items as sent, from 0."""

    index: int
    reason: str


@dataclass(frozen=True)
class CarrierCorrection:
    """The source says that a parcel runs with another carrier than it said before."""

    waybill_no: str
    old: str
    new: str


class ParsedComplaint(msgspec.Struct, frozen=True):
    """A complaint that a platform took in and hands on; `category` is one of contracts.md, ours to check.

    `external_no` is the platform's own number: the same again is the same case.
    """

    external_no: str
    category: str
    text: str
    waybill_no: str = ""
    carrier: str = ""
    phone: str = ""
    name: str = ""
    pictures: tuple[str, ...] = ()
    happened_at: datetime | None = None
    due_at: datetime | None = None


class ParsedPickupCode(msgspec.Struct, frozen=True):
    """Where a parcel waits and the code that opens it; shown to nobody who has not proven his phone."""

    waybill_no: str
    code: str
    happened_at: datetime
    carrier: str = ""
    place: str = ""
    address: str = ""
    place_phone: str = ""
    phone: str = ""


@dataclass(frozen=True)
class SubscriptionNews:
    """Our subscription is ENDED (no more will come) or LOST (given up early: it may be asked for again)."""

    waybill_no: str
    state: str
    carrier: str = ""
    reason: str = ""


ENDED, LOST = "ENDED", "LOST"


@dataclass
class Parsed:
    """All that one body holds. Items that could be read are in their order; the others are in `rejected`."""

    events: list[ParsedEvent] = field(default_factory=list)
    master_data: list[ParsedShipment] = field(default_factory=list)
    complaints: list[ParsedComplaint] = field(default_factory=list)
    pickup_codes: list[ParsedPickupCode] = field(default_factory=list)
    carrier_correction: CarrierCorrection | None = None
    subscriptions: list[SubscriptionNews] = field(default_factory=list)
    answer: str = ""
    rejected: list[Rejected] = field(default_factory=list)


class PluginError(Exception):
    """A plug-in could not do its work. `permanent` = asking again will not help."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


class SettingsRefused(PluginError):
    """The source knows our account no longer, or never did: asking about other parcels will not help."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True)


class Unanswered(PluginError):
    """No answer came, or none of the source's own. `was_sent`: it may have counted with the source."""

    def __init__(self, message: str, *, was_sent: bool = True) -> None:
        super().__init__(message, permanent=False)
        self.was_sent = was_sent


class Unreadable(PluginError):
    """The body is not what this source sends; `reason` groups it in quarantine."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason, permanent=True)
        self.reason = reason
        self.detail = detail


class NotFramed(Unreadable):
    """Nothing in the body could be told apart as an item at all."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("not_framed", detail)


@dataclass(frozen=True)
class SettingField:
    """One line of the settings form of a source."""

    name: str
    label: str
    is_secret: bool = False
    is_required: bool = False


@dataclass(frozen=True)
class Card:
    """What the operator's pages and the command line show of a plug-in."""

    name: str
    label: str
    settings: tuple[SettingField, ...] = ()
    docs: str = ""
    # under which source its complaints are filed (contracts.md, "Cases")
    complaints_as: str = "HQ"


# where signatures stand in the address: the query string as sent, among the headers of `check_signature`
QUERY = ":query"

TAKEN = "taken"
UNREADABLE = "unreadable"
BAD_SIGNATURE = "bad_signature"


@dataclass(frozen=True)
class Answer:
    """What the source hears, in its own format."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True)
class Pushed:
    """What is being answered: some sources want their own form, number or the time back."""

    body: bytes
    settings: Mapping[str, str]
    at: datetime
    zone: tzinfo


class FeedPlugin(Protocol):
    """One source's format. All methods are pure: no database, no clock, no network."""

    def check_signature(self, body: bytes, headers: Mapping[str, str], settings: Mapping[str, str]) -> bool:
        """Whether the body comes from the source; in constant time. True where the source does not sign."""

    def parse(self, body: bytes, content_type: str, settings: Mapping[str, str], zone: tzinfo) -> Parsed:
        """What the body holds; times without a zone are in `zone`. Raises Unreadable."""

    def answer(self, outcome: str, pushed: Pushed) -> Answer:
        """The source's own words for `taken`, `unreadable` (to most sources also a success) or
        `bad_signature`."""


@runtime_checkable
class Greeter(Protocol):
    """A plug-in whose source asks with GET, before its first push, whether the address is ours."""

    def greet(self, query: str, settings: Mapping[str, str]) -> Answer:
        """What the source wants to hear, or its refusal where `query` is not signed by it."""


@dataclass(frozen=True)
class Wanted:
    """A parcel that a source is asked about; `phone_tail` = the last four digits, where a carrier asks."""

    waybill_no: str
    carrier: str
    phone_tail: str = ""


@dataclass(frozen=True)
class Limits:
    """How often a source may be asked about one parcel; None = it has no such call.

    `subscribe_at_most` counts within 30 days. `again_within` is the least time before a subscription that
    the source gave up is asked for again. `tail_for` are carriers that want the phone's tail.
    `needs_carrier`: a parcel of unknown carrier cannot be asked about at all.
    """

    query_every: timedelta | None = None
    subscribe_at_most: int | None = None
    again_within: timedelta = timedelta(minutes=30)
    tail_for: frozenset[str] = frozenset()
    needs_carrier: bool = False


@dataclass(frozen=True)
class Fetched:
    """What a query brought: a body that `parse` of the same plug-in reads."""

    body: bytes
    content_type: str = "application/json"


class FeedClient(Protocol):
    """The calls that we make to a source. Its instance is `CLIENT` in `card.py`, where there is one.

    Both methods go over the network and run in the worker, outside of any transaction. They raise PluginError
    (`permanent`: this parcel is refused; else it is tried again later), SettingsRefused (all are) or
    Unanswered. No message of theirs may hold a secret.
    """

    limits: Limits

    def subscribe(self, wanted: Wanted, *, push_url: str, settings: Mapping[str, str]) -> None:
        """Asks for pushes about this parcel to `push_url`. Already subscribed is a success."""

    def query(self, wanted: Wanted, *, settings: Mapping[str, str]) -> Fetched:
        """Asks once for the whole trace."""


@runtime_checkable
class CodeClient(Protocol):
    """A client whose source also tells the code of a parcel that waits, for its consignee's whole number."""

    def tells_codes(self, settings: Mapping[str, str]) -> bool:
        """Whether the operator has set it up; each question may cost him money."""

    def pickup_code(
        self, wanted: Wanted, *, phone: str, asked_at_ms: int, settings: Mapping[str, str]
    ) -> Fetched:
        """Asks over the network, like `FeedClient.query`."""

    def read_pickup_code(self, fetched: Fetched, *, phone: str, at: datetime) -> Parsed:
        """What the answer holds: one code, or none yet. Raises Unreadable."""


class Worker(msgspec.Struct, frozen=True):
    """A courier as a file names him; `said` is the words as they stand, the rest what they tell."""

    said: str
    number: str = ""
    name: str = ""
    phone: str = ""
    area: str = ""


class ParsedContact(msgspec.Struct, frozen=True):
    """An attempt to reach the consignee (CALL, SMS, KNOCK, PHOTO); `reference` names recording or picture."""

    kind: str
    happened_at: datetime
    outcome: str = ""
    reference: str = ""


class ParsedRecord(msgspec.Struct, frozen=True):
    """A line of a quality or penalty file (QUALITY, PENALTY, EVIDENCE); rates are fractions."""

    kind: str
    label: str = ""
    happened_at: datetime | None = None
    amount_fen: int | None = None
    rate: float | None = None
    words: dict[str, str] = {}


class FileRow(msgspec.Struct, frozen=True):
    """One row: all that it says, or why it was refused. `sheet` counts from 0, `line` as a person counts."""

    sheet: int
    line: int
    cells: tuple[str, ...]
    refused: str = ""
    waybill_no: str = ""
    outlet: str = ""
    worker: Worker | None = None
    events: tuple[ParsedEvent, ...] = ()
    shipment: ParsedShipment | None = None
    contact: ParsedContact | None = None
    record: ParsedRecord | None = None


@dataclass(frozen=True)
class FileSheet:
    """A sheet whose header was recognised as the layout `layout`, or nearly: then columns are `missing`."""

    name: str
    layout: str
    label: str
    header: tuple[str, ...]
    missing: tuple[str, ...] = ()


class FileReader(Protocol):
    """A plug-in that reads files row by row. Its instance is `READER` in `card.py`, where there is one."""

    def recognise(self, body: bytes) -> tuple[FileSheet, ...]:
        """The sheets known by their first rows; else the nearest alone, or none. Raises Unreadable."""

    def rows(self, body: bytes, zone: tzinfo) -> Iterator[FileRow]:
        """Every row below the headers of those sheets, in order. Raises Unreadable."""

    def table(self, body: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
        """(line, cells as text) of every filled row of any table. Raises Unreadable."""
