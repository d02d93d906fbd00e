"""What rows of a file would do: each checked as ingest checks it, placed, and compared with what is known."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

import msgspec

from yishi.feeds.port import FileRow, ParsedShipment
from yishi.feeds.queries.files import FileCard, aliases_of, known_records, person_key
from yishi.feeds.queries.sources import SourceCard
from yishi.kit.hot import hot_cursor
from yishi.kit.personal import keyed_hash
from yishi.network.queries import find_outlet, list_courier_keys, outlet_ids_by_codes
from yishi.network.rules import carrier_of
from yishi.shipments.actions.places import Key, place
from yishi.shipments.models.parcels import ContactAttempt, Shipment, ShipmentDetails
from yishi.shipments.rules.couriers import Roster
from yishi.shipments.rules.details import plain_shipment
from yishi.shipments.rules.scans import ready_scans
from yishi.shipments.rules.states import Scan
from yishi.shipments.rules.waybills import normalise_waybill_no, reason_against_time


def mark_of(*parts: object) -> bytes:
    """The 16 bytes by which something said is known again."""
    return blake2b("\x1f".join(str(part) for part in parts).encode(), digest_size=16).digest()


@dataclass
class Planned:
    """One row and what becomes of it: `refused` with a reason, else new where any of its parts is new."""

    row: FileRow
    refused: str = ""
    waybill_no: str = ""
    courier_id: int | None = None
    courier_number: str = ""
    outlet_id: int | None = None
    scans: list[Scan] = field(default_factory=list)
    item: ParsedShipment | None = None
    record_mark: bytes = b""
    is_new: bool = False
    new_parts: set[str] = field(default_factory=set)

    @property
    def is_unmatched(self) -> bool:
        return self.row.worker is not None and self.courier_id is None


@dataclass
class Planner:
    """Plans batches of one import; made once for all of them, because it knows every courier."""

    card: FileCard
    source: SourceCard
    at: datetime
    # marks of earlier batches, where nothing is written in between (a check)
    seen: set[bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.carrier = carrier_of(self.source.carrier)
        self.roster = Roster(
            list_courier_keys(),
            self.carrier,
            aliases_of(self.carrier),
            lambda phone: keyed_hash("phone", phone),
            lambda worker: person_key(self.carrier, worker),
        )
        outlet = find_outlet(self.card.outlet_code) if self.card.outlet_code else None
        self.outlet_id = outlet.id if outlet else None

    def plan(self, rows: Sequence[FileRow]) -> list[Planned]:
        """The rows in their order, judged and compared."""
        planned = [Planned(row, row.refused) for row in rows]
        self._place(planned)
        self._read_events(planned)
        for one in planned:
            if not one.refused:
                self._read_rest(one)
        known = Known.of([one for one in planned if not one.refused], self)
        for one in planned:
            if not one.refused and self.outlet_id and known.is_elsewhere(one, self.outlet_id):
                one.refused = "other_outlet"
            if not one.refused:
                if one.row.contact and one.item is None and known.id_of(one) is None:
                    # evidence of a parcel that nobody knows makes it known, by its number alone
                    one.item = ParsedShipment(one.waybill_no, carrier=self.carrier)
                one.new_parts = known.new_parts(one, self.seen)
                one.is_new = bool(one.new_parts)
        return planned

    def _place(self, planned: list[Planned]) -> None:
        """Whose row it is: outlet and courier."""
        pairs = {(self.carrier, p.row.outlet) for p in planned if p.row.outlet}
        outlets = outlet_ids_by_codes(pairs)
        for one in planned:
            if one.refused:
                continue
            if one.row.waybill_no:
                number = normalise_waybill_no(one.row.waybill_no)
                one.waybill_no, one.refused = number or "", "" if number else "bad_waybill_no"
            one.outlet_id = outlets.get((self.carrier, one.row.outlet), self.outlet_id)
            if self.outlet_id is not None and one.outlet_id != self.outlet_id:
                one.refused = "other_outlet"
            if one.row.worker is not None:
                one.courier_id = self.roster.find(one.row.worker, one.outlet_id)
                own = self.roster.number_of.get(one.courier_id or 0, "")
                one.courier_number = own or one.row.worker.number

    def _read_events(self, planned: list[Planned]) -> None:
        events, owners = [], []
        for one in planned:
            for event in one.row.events if not one.refused else ():
                events.append(msgspec.structs.replace(event, courier=one.courier_number))
                owners.append(one)
        scans, rejected = ready_scans(
            events,
            source_id=self.source.id,
            plugin=self.source.plugin,
            carrier=self.carrier,
            at=self.at,
            overrides=self.source.overrides,
        )
        refused = {refusal.index for refusal in rejected}
        for refusal in rejected:
            owners[refusal.index].refused = refusal.reason
        kept = (owner for index, owner in enumerate(owners) if index not in refused)
        for owner, scan in zip(kept, scans, strict=True):
            owner.scans.append(scan)

    def _read_rest(self, one: Planned) -> None:
        row = one.row
        if row.shipment is not None:
            item = plain_shipment(row.shipment, carrier=self.carrier, at=self.at)
            if isinstance(item, str):
                one.refused = item
            else:
                one.item = item
        for moment in (
            row.contact.happened_at if row.contact else None,
            row.record and row.record.happened_at,
        ):
            if moment and (reason := reason_against_time(moment, at=self.at)):
                one.refused = reason
        if row.record is not None:
            layout = self.card.sheets[row.sheet]["layout"]
            said = msgspec.json.encode(row.record).decode()
            one.record_mark = mark_of(self.source.id, layout, one.waybill_no, said)
        if not (one.scans or one.item or row.contact or row.record):
            one.refused = one.refused or "nothing_said"


_EVENTS = "SELECT identity FROM shipments_event WHERE shipment_id = ANY (%s) AND identity = ANY (%s)"


@dataclass
class Known:
    """What the database knows already of a batch's rows."""

    ids: dict[Key, int]
    said: dict[int, bytes]
    places: dict[int, set[int]]
    events: set[bytes]
    contacts: set[tuple[int, str, datetime]]
    records: set[bytes]
    carrier: str

    @classmethod
    def of(cls, planned: list[Planned], planner: Planner) -> "Known":
        """Six statements, however many rows."""
        numbers = {one.waybill_no for one in planned if one.waybill_no}
        placed = place((number, planner.carrier) for number in sorted(numbers))
        ids = {key: found for key, to in placed.key_of.items() if (found := placed.id_of.get(to)) is not None}
        known = list(ids.values())
        details = ShipmentDetails.objects.filter(pk__in=known)
        rows = details.values_list("pk", "said_hash", "destination_outlet_id", "origin_outlet_id")
        places: dict[int, set[int]] = {}
        said: dict[int, bytes] = {}
        for pk, said_hash, *ends in rows:
            said[pk] = bytes(said_hash)
            places.setdefault(pk, set()).update(end for end in ends if end)
        for pk, outlet_id in Shipment.objects.filter(pk__in=known).values_list("pk", "outlet_id"):
            if outlet_id:
                places.setdefault(pk, set()).add(outlet_id)
        marks = [scan.identity for one in planned for scan in one.scans]
        events = hot_cursor().execute(_EVENTS, [known, marks]).fetchall() if known and marks else []
        moments = [one.row.contact.happened_at for one in planned if one.row.contact]
        attempts = ContactAttempt.objects.filter(shipment_id__in=known, at__in=moments)
        return cls(
            ids=ids,
            said=said,
            places=places,
            events={bytes(row[0]) for row in events},
            contacts=set(attempts.values_list("shipment_id", "kind", "at")) if moments else set(),
            records=known_records([one.record_mark for one in planned if one.record_mark]),
            carrier=planner.carrier,
        )

    def id_of(self, one: Planned) -> int | None:
        return self.ids.get((one.waybill_no, self.carrier))

    def is_elsewhere(self, one: Planned, outlet_id: int) -> bool:
        """A parcel that is known to be other outlets' business alone."""
        places = self.places.get(self.id_of(one) or 0, set())
        return bool(places) and outlet_id not in places

    def new_parts(self, one: Planned, seen: set[bytes]) -> set[str]:
        """Which parts of the row are not known yet; each is noted as seen."""
        shipment_id = self.id_of(one)
        parts: list[tuple[str, bytes, bool]] = [
            ("events", scan.identity, scan.identity in self.events) for scan in one.scans
        ]
        if one.item is not None:
            said = said_hash(one.item)
            is_known = shipment_id is not None and self.said.get(shipment_id) == said
            parts.append(("item", mark_of("item", one.waybill_no, said.hex()), is_known))
        if (contact := one.row.contact) is not None:
            mark = contact_mark(one.waybill_no, self.carrier, contact.kind, contact.happened_at)
            is_known = (shipment_id or 0, contact.kind, contact.happened_at) in self.contacts
            parts.append(("contact", mark, is_known))
        if one.record_mark:
            parts.append(("record", one.record_mark, one.record_mark in self.records))
        new = {name for name, mark, is_known in parts if not is_known and mark not in seen}
        seen.update(mark for _name, mark, _known in parts)
        return new


def said_hash(item: ParsedShipment) -> bytes:
    """By which `keep_shipments` knows the same said again."""
    return blake2b(msgspec.json.encode(item), digest_size=16).digest()


def contact_mark(waybill_no: str, carrier: str, kind: str, at: datetime) -> bytes:
    return mark_of("contact", carrier, waybill_no, kind, int(at.timestamp() * 1000))
