"""A parcel's state as the sum of its events: every part is a maximum, so the order of arrival cannot
matter."""

from collections.abc import Iterable
from hashlib import blake2b

import msgspec

from yishi.feeds.rules import JUDGEMENTS
from yishi.shipments.rules.milestones import RANK, Milestone

# joins the parts of an event into one text; `fit_text` takes it out of everything that comes in
SEPARATOR = "\x1f"


class Scan(msgspec.Struct):
    """One event ready to be written: checked, its number normalised, its time in UTC milliseconds.

    `milestone` is '' where it does not move the parcel; `outlet_id` is set when `outlet`, or
    else `outlet_hint`, is one of ours.
    """

    waybill_no: str
    happened_ms: int
    kind: str
    identity: bytes = b""
    milestone: str = ""
    carrier: str = ""
    source_code: str = ""
    detail: str = ""
    city: str = ""
    outlet: str = ""
    courier: str = ""
    text: str = ""
    signed_by: str = ""
    consent: bool | None = None
    position: str = ""
    outlet_id: int | None = None
    outlet_hint: str = ""


def identity_of(
    source_id: int,
    waybill_no: str,
    happened_ms: int,
    kind: str,
    source_code: str,
    detail: str,
    city: str,
    outlet: str,
    text: str,
) -> bytes:
    """The 16 bytes by which an event is known again: the same source said the same thing of the same
    parcel."""
    said = (
        f"{source_id}\x1f{waybill_no}\x1f{happened_ms}\x1f{kind}\x1f{source_code}"
        f"\x1f{detail}\x1f{city}\x1f{outlet}\x1f{text}"
    )
    return blake2b(said.encode(), digest_size=16).digest()


class State(msgspec.Struct):
    """Where a parcel stands. Each pair is the newest of its kind, ties in the same millisecond broken by
    value."""

    milestone: str = Milestone.UNKNOWN.value
    moved: tuple[int, int, bytes] | None = None
    first_ms: int | None = None
    last_ms: int | None = None
    city: tuple[int, str] | None = None
    outlet: tuple[int, int] | None = None
    courier: tuple[int, str] | None = None

    def add(self, scan: Scan) -> None:
        """Takes one more event into account; adding it twice changes nothing. A judgement of the source is no
        scan: it neither moves the parcel nor ends its silence."""
        if scan.kind in JUDGEMENTS:
            return
        at = scan.happened_ms
        if scan.milestone:
            moved = (at, RANK[scan.kind], scan.identity)
            if self.moved is None or moved > self.moved:
                self.moved, self.milestone = moved, scan.milestone
        if self.first_ms is None or at < self.first_ms:
            self.first_ms = at
        if self.last_ms is None or at > self.last_ms:
            self.last_ms = at
        if scan.city and (self.city is None or (at, scan.city) > self.city):
            self.city = (at, scan.city)
        if scan.outlet_id is not None and (self.outlet is None or (at, scan.outlet_id) > self.outlet):
            self.outlet = (at, scan.outlet_id)
        if scan.courier and (self.courier is None or (at, scan.courier) > self.courier):
            self.courier = (at, scan.courier)


def state_of(scans: Iterable[Scan]) -> State:
    """The state of a parcel with these events: the oracle that the database's own sum is tested against."""
    state = State()
    for scan in scans:
        state.add(scan)
    return state
