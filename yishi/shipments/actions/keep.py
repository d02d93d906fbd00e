"""Master data: what the shipper's side knows of parcels, added to what is known already."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import blake2b

import msgspec

from yishi.consignees.actions.contacts import keep_contacts
from yishi.consignees.rules import ContactRow
from yishi.feeds.port import ParsedShipment, Person, Rejected
from yishi.feeds.queries.sources import SourceCard
from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor, hot_upsert
from yishi.network.queries import merchant_ids_by_codes, outlet_ids_by_codes
from yishi.shipments.actions.correct import correct_carrier
from yishi.shipments.actions.events import FACT_SIZE
from yishi.shipments.actions.following import follow_kept
from yishi.shipments.actions.places import UNKNOWN_CARRIER, place
from yishi.shipments.facts import ShipmentsKept
from yishi.shipments.models.parcels import ShipmentDetails
from yishi.shipments.rules.addresses import city_and_district
from yishi.shipments.rules.counts import Counts
from yishi.shipments.rules.details import plain_shipment

Key = tuple[str, str]

_ENSURE = """
INSERT INTO shipments_shipment AS s (waybill_no, carrier, milestone, promised_at, moved_rank, moved_identity,
    last_city, courier_number)
SELECT n.no, n.carrier, 'UNKNOWN', n.promised, 0, '', '', ''
FROM unnest(%s::text[], %s::text[], %s::timestamptz[]) AS n (no, carrier, promised)
ON CONFLICT (waybill_no, carrier) DO UPDATE SET promised_at = coalesce(excluded.promised_at, s.promised_at),
    promise_rule_id = CASE WHEN excluded.promised_at IS NULL THEN s.promise_rule_id END
RETURNING id, waybill_no, carrier
"""


def keep_shipments(*, source: SourceCard, items: Sequence[ParsedShipment], at: datetime) -> Counts:
    """Adds what is said to what is known; what is not said stays. Must stand in a transaction.

    The same said again of a parcel counts as a duplicate. `notes` names the items whose consignee cannot be
    reached by telephone, for whom notices and "my parcels" are switched off.
    """
    kept: list[tuple[int, ParsedShipment]] = []
    rejected: list[Rejected] = []
    for index, item in enumerate(items):
        plain = plain_shipment(item, carrier=source.carrier, at=at)
        if isinstance(plain, str):
            rejected.append(Rejected(index, plain))
        else:
            kept.append((index, plain))
    if not kept:
        return Counts(rejected=tuple(rejected))
    fresh = _keep([item for _, item in kept], at)
    notes = tuple((index, "no_phone") for index, item in kept if not _has_phone(item.consignee))
    return Counts(fresh, len(kept) - fresh, tuple(rejected), notes=notes)


def _has_phone(person: Person | None) -> bool:
    return person is not None and bool(person.phone or person.virtual)


def _keep(items: list[ParsedShipment], at: datetime) -> int:
    """Writes the items; how many said something new."""
    keys = _place(items, at)
    ids = _ensure(items, keys)
    known = {d.pk: d for d in ShipmentDetails.objects.filter(pk__in=set(ids.values()))}
    said = [blake2b(msgspec.json.encode(item), digest_size=16).digest() for item in items]
    new = [
        (items[i], ids[key], said[i])
        for i, key in enumerate(keys)
        if ids[key] not in known or bytes(known[ids[key]].said_hash) != said[i]
    ]
    looked_up = _look_up([item for item, _, _ in new], at)
    changed: dict[int, ShipmentDetails] = {}
    for row, (item, shipment_id, hash_of_it) in enumerate(new):
        details = known.setdefault(shipment_id, ShipmentDetails(shipment_id=shipment_id))
        _tell(details, item, {name: values[row] for name, values in looked_up.items()})
        details.said_hash, details.updated_at = hash_of_it, at
        changed[shipment_id] = details
    hot_upsert([changed[i] for i in sorted(changed)])
    for start in range(0, len(changed), FACT_SIZE):
        announce(ShipmentsKept(shipment_ids=tuple(sorted(changed)[start : start + FACT_SIZE]), at=at))
    follow_kept(new=[(item, shipment_id) for item, shipment_id, _ in new], at=at)
    return len(new)


def _place(items: list[ParsedShipment], at: datetime) -> list[Key]:
    placed = place((item.waybill_no, item.carrier) for item in items)
    for number, carrier in placed.joins:
        correct_carrier(waybill_no=number, old=UNKNOWN_CARRIER, new=carrier, at=at)
    return [placed.key_of[item.waybill_no, item.carrier] for item in items]


def _ensure(items: list[ParsedShipment], keys: list[Key]) -> dict[Key, int]:
    """The parcels' ids, made where missing; their rows are locked from here on."""
    promised: dict[Key, datetime | None] = {}
    for key, item in zip(keys, items, strict=True):
        promised[key] = item.promised_at or promised.get(key)
    rows = sorted(promised.items(), key=lambda row: row[0])
    columns = [[key[0] for key, _ in rows], [key[1] for key, _ in rows], [moment for _, moment in rows]]
    found = hot_cursor().execute(_ENSURE, columns)
    return {(number, carrier): shipment_id for shipment_id, number, carrier in found}


def _look_up(items: list[ParsedShipment], at: datetime) -> Mapping[str, list[int | None]]:
    """The ids of everything that the items name, a list a field in the items' order."""
    pairs = {(i.carrier, code) for i in items for code in (i.origin_outlet, i.destination_outlet) if code}
    outlets = outlet_ids_by_codes(pairs)
    merchants = merchant_ids_by_codes({i.merchant for i in items if i.merchant})
    people = [_contact(i.shipper) for i in items] + [_contact(i.consignee) for i in items]
    contacts = keep_contacts(people, at)
    return {
        "shipper_id": contacts[: len(items)],
        "consignee_id": contacts[len(items) :],
        "merchant_id": [merchants.get(i.merchant) for i in items],
        "origin_outlet_id": [outlets.get((i.carrier, i.origin_outlet)) for i in items],
        "destination_outlet_id": [outlets.get((i.carrier, i.destination_outlet)) for i in items],
    }


def _contact(person: Person | None) -> ContactRow:
    p = person or Person()
    return ContactRow(
        name=p.name,
        phone=p.phone,
        phone_tail=p.phone_tail,
        virtual_number=p.virtual,
        virtual_extension=p.extension,
        virtual_until=p.valid_until,
        email=p.email,
    )


def _tell(details: ShipmentDetails, item: ParsedShipment, ids: Mapping[str, int | None]) -> None:
    """Adds what the item says; what it does not say stays."""
    said: dict[str, object] = {
        name: getattr(item, name)
        for name in (
            "product", "goods", "freight_fen", "freight_collect", "declared_value_fen", "insured",
            "cash_on_delivery_fen", "platform",
        )
    }  # fmt: skip
    said["handling"] = list(item.handling) or None
    said.update(ids)
    if item.shipper is not None:
        said["shipper_address"] = item.shipper.address
    if item.consignee is not None and item.consignee.address:
        said["address"] = item.consignee.address
        details.city, details.district = city_and_district(item.consignee.address)
    for name, value in said.items():
        if value is not None and value != "":
            setattr(details, name, value)
