"""Pickup codes that feeds bring: sealed at once, and found again by parcel only."""

from collections.abc import Sequence
from datetime import datetime

from yishi.consignees.queries import phone_hash
from yishi.feeds.port import ParsedPickupCode, Rejected
from yishi.feeds.queries.sources import SourceCard
from yishi.kit.hot import hot_cursor
from yishi.kit.personal import keyed_hash, seal
from yishi.shipments.actions.correct import correct_carrier
from yishi.shipments.actions.places import UNKNOWN_CARRIER, place
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.rules.counts import Counts
from yishi.shipments.rules.pickup import plain_code

Key = tuple[str, str]

_KEEP = """
INSERT INTO shipments_pickup_code (shipment_id, source_id, code_hash, code, place, address, place_phone,
    phone_hash, happened_at)
SELECT n.shipment, %s, n.code_hash, n.code, n.place, n.address, n.place_phone, n.phone_hash, n.happened_at
FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[], %s::text[], %s::bytea[], %s::text[], %s::bytea[],
    %s::timestamptz[]) AS n (shipment, code_hash, code, place, address, place_phone, phone_hash, happened_at)
ON CONFLICT (shipment_id, source_id, code_hash) DO NOTHING
RETURNING id
"""


def keep_pickup_codes(*, source: SourceCard, codes: Sequence[ParsedPickupCode], at: datetime) -> Counts:
    """Keeps the codes that this source has not told of these parcels yet. Must stand in a transaction.

    A parcel that nobody knew is made. Refused are codes without number, code or a sensible time.
    """
    kept: list[ParsedPickupCode] = []
    rejected: list[Rejected] = []
    for index, code in enumerate(codes):
        plain = plain_code(code, carrier=source.carrier, at=at)
        if isinstance(plain, str):
            rejected.append(Rejected(index, plain))
        else:
            kept.append(plain)
    fresh = _write(source, kept, _shipment_ids(kept, at)) if kept else 0
    return Counts(fresh, len(kept) - fresh, tuple(rejected))


def _shipment_ids(codes: Sequence[ParsedPickupCode], at: datetime) -> list[int]:
    placed = place((code.waybill_no, code.carrier) for code in codes)
    for number, carrier in placed.joins:
        correct_carrier(waybill_no=number, old=UNKNOWN_CARRIER, new=carrier, at=at)
    keys = [placed.key_of[code.waybill_no, code.carrier] for code in codes]
    unknown = sorted(set(keys) - set(placed.id_of))
    if not (unknown or placed.joins):
        return [placed.id_of[key] for key in keys]
    missing = [Shipment(waybill_no=number, carrier=carrier) for number, carrier in unknown]
    Shipment.objects.bulk_create(missing, ignore_conflicts=True)
    rows = Shipment.objects.filter(waybill_no__in={number for number, _ in keys})
    ids: dict[Key, int] = {(s.waybill_no, s.carrier): s.pk for s in rows.only("waybill_no", "carrier")}
    return [ids[key] for key in keys]


def _write(source: SourceCard, codes: Sequence[ParsedPickupCode], shipment_ids: Sequence[int]) -> int:
    # always in the same order, so that two batches never wait for each other
    rows = sorted(
        (shipment_id, keyed_hash("pickup_code", code.code), i)
        for i, (shipment_id, code) in enumerate(zip(shipment_ids, codes, strict=True))
    )
    said = [codes[i] for _, _, i in rows]
    columns = [
        [shipment_id for shipment_id, _, _ in rows],
        [code_hash for _, code_hash, _ in rows],
        [seal(code.code) for code in said],
        [code.place for code in said],
        [seal(code.address) for code in said],
        [code.place_phone for code in said],
        [phone_hash(code.phone) for code in said],
        [code.happened_at for code in said],
    ]
    return len(hot_cursor().execute(_KEEP, [source.id, *columns]).fetchall())
