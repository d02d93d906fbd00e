"""The statements of ingest: parcels and events written set-wise, each column as one joined text.

A joined text costs a thirtieth of an adapted list, and PostgreSQL splits it as fast. Rows are sorted by key,
so that writers who meet lock in the same order.
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime

from yishi.kit.hot import hot_cursor
from yishi.kit.personal import seal
from yishi.shipments.rules.states import SEPARATOR, Scan, State

Key = tuple[str, str]

_UPSERT = """
INSERT INTO shipments_shipment AS s (waybill_no, carrier, milestone, moved_at, moved_rank, moved_identity,
    first_event_at, last_event_at, city_at, last_city, outlet_at, outlet_id, courier_at, courier_number)
SELECT n.no, n.carrier, n.milestone, to_timestamp(n.moved / 1000.0::float8), coalesce(n.rank, 0),
    decode(coalesce(n.moved_by, ''), 'hex'), to_timestamp(n.first / 1000.0::float8),
    to_timestamp(n.last / 1000.0::float8), to_timestamp(n.city_at / 1000.0::float8), coalesce(n.city, ''),
    to_timestamp(n.outlet_at / 1000.0::float8), n.outlet, to_timestamp(n.courier_at / 1000.0::float8),
    coalesce(n.courier, '')
FROM unnest(
    string_to_array(%s, chr(31)), string_to_array(%s, chr(31)), string_to_array(%s, chr(31)),
    string_to_array(%s, chr(31), '')::bigint[], string_to_array(%s, chr(31), '')::smallint[],
    string_to_array(%s, chr(31)), string_to_array(%s, chr(31), '')::bigint[],
    string_to_array(%s, chr(31), '')::bigint[], string_to_array(%s, chr(31), '')::bigint[],
    string_to_array(%s, chr(31)), string_to_array(%s, chr(31), '')::bigint[],
    string_to_array(%s, chr(31), '')::bigint[], string_to_array(%s, chr(31), '')::bigint[],
    string_to_array(%s, chr(31))
) AS n (no, carrier, milestone, moved, rank, moved_by, first, last, city_at, city, outlet_at, outlet,
    courier_at, courier)
ON CONFLICT (waybill_no, carrier) DO UPDATE SET
    milestone = CASE WHEN {moves} THEN excluded.milestone ELSE s.milestone END,
    moved_rank = CASE WHEN {moves} THEN excluded.moved_rank ELSE s.moved_rank END,
    moved_identity = CASE WHEN {moves} THEN excluded.moved_identity ELSE s.moved_identity END,
    moved_at = greatest(s.moved_at, excluded.moved_at),
    first_event_at = least(s.first_event_at, excluded.first_event_at),
    last_event_at = greatest(s.last_event_at, excluded.last_event_at),
    last_city = CASE WHEN {city} THEN excluded.last_city ELSE s.last_city END,
    city_at = greatest(s.city_at, excluded.city_at),
    outlet_id = CASE WHEN {outlet} THEN excluded.outlet_id ELSE s.outlet_id END,
    outlet_at = greatest(s.outlet_at, excluded.outlet_at),
    courier_number = CASE WHEN {courier} THEN excluded.courier_number ELSE s.courier_number END,
    courier_at = greatest(s.courier_at, excluded.courier_at)
WHERE s.first_event_at IS NULL OR excluded.first_event_at < s.first_event_at
    OR excluded.last_event_at > s.last_event_at OR {moves} OR {city} OR {outlet} OR {courier}
RETURNING s.id, s.waybill_no, s.carrier
""".format(
    moves="coalesce(s.moved_at IS NULL AND excluded.moved_at IS NOT NULL OR (excluded.moved_at,"
    " excluded.moved_rank, excluded.moved_identity) > (s.moved_at, s.moved_rank, s.moved_identity), false)",
    city="coalesce(s.city_at IS NULL AND excluded.city_at IS NOT NULL OR (excluded.city_at,"
    ' excluded.last_city COLLATE "C") > (s.city_at, s.last_city COLLATE "C"), false)',
    outlet="coalesce(s.outlet_at IS NULL AND excluded.outlet_at IS NOT NULL OR"
    " (excluded.outlet_at, excluded.outlet_id) > (s.outlet_at, s.outlet_id), false)",
    courier="coalesce(s.courier_at IS NULL AND excluded.courier_at IS NOT NULL OR (excluded.courier_at,"
    ' excluded.courier_number COLLATE "C") > (s.courier_at, s.courier_number COLLATE "C"), false)',
)


def upsert_states(states: Mapping[Key, State]) -> dict[Key, int]:
    """Adds each state to its parcel's, which is made where it is missing; ids of those that changed."""
    rows = sorted(states.items())
    nothing = (None, None, b"")
    columns: list[Iterable[object]] = [
        [key[0] for key, _ in rows],
        [key[1] for key, _ in rows],
        [s.milestone for _, s in rows],
        [(s.moved or nothing)[0] for _, s in rows],
        [(s.moved or nothing)[1] for _, s in rows],
        [(s.moved or nothing)[2].hex() for _, s in rows],
        [s.first_ms for _, s in rows],
        [s.last_ms for _, s in rows],
    ]
    for pairs in ([s.city for _, s in rows], [s.outlet for _, s in rows], [s.courier for _, s in rows]):
        columns += [[p[0] if p else None for p in pairs], [p[1] if p else None for p in pairs]]
    found = hot_cursor().execute(_UPSERT, [_joined(column) for column in columns], prepare=True)
    return {(number, carrier): shipment_id for shipment_id, number, carrier in found}


def _joined(values: Iterable[object]) -> str:
    return SEPARATOR.join(["" if v is None else v if type(v) is str else str(v) for v in values])


_EVENTS = """
INSERT INTO shipments_event (identity, happened_at, received_at, shipment_id, source_id, kind, source_code,
    detail, city, outlet, courier, text, signed_by, consent, position)
SELECT substr(%s::bytea, (n.row * 16 - 15)::int, 16), to_timestamp(n.ms / 1000.0::float8), %s::timestamptz,
    n.shipment, %s::bigint, n.kind, coalesce(n.code, ''), coalesce(n.detail, ''), coalesce(n.city, ''),
    coalesce(n.outlet, ''), coalesce(n.courier, ''), coalesce(n.text, ''),
    decode(coalesce(n.signed, ''), 'base64'), n.consent, coalesce(n.position, '')
FROM unnest(
    string_to_array(%s, chr(31))::bigint[], string_to_array(%s, chr(31))::bigint[],
    string_to_array(%s, chr(31)), string_to_array(%s, chr(31)), string_to_array(%s, chr(31)),
    string_to_array(%s, chr(31)), string_to_array(%s, chr(31)), string_to_array(%s, chr(31)),
    string_to_array(%s, chr(31)), string_to_array(%s, chr(31)),
    string_to_array(%s, chr(31), '')::boolean[], string_to_array(%s, chr(31))
) WITH ORDINALITY AS n (shipment, ms, kind, code, detail, city, outlet, courier, text, signed, consent,
    position, row)
ON CONFLICT DO NOTHING
RETURNING identity, shipment_id, CASE WHEN kind = 'unknown' THEN source_code ELSE '' END
"""


def insert_events(
    scans: list[Scan], shipment_ids: list[int], *, source_id: int, at: datetime
) -> list[tuple[bytes, int, str]]:
    """Writes the events that are new; (identity, parcel's id, its code if that is unmapped) of each."""
    # in the order of the index: rows of one page together, and writers who meet lock in the same order
    order = sorted(
        range(len(scans)), key=lambda i: (shipment_ids[i], scans[i].happened_ms, scans[i].identity)
    )
    rows = [scans[i] for i in order]
    columns: list[Iterable[object]] = [
        [shipment_ids[i] for i in order],
        [s.happened_ms for s in rows],
        [s.kind for s in rows],
        [s.source_code for s in rows],
        [s.detail for s in rows],
        [s.city for s in rows],
        [s.outlet for s in rows],
        [s.courier for s in rows],
        [s.text for s in rows],
        # b64encode is enough here: the few signatures there are cost more to seal than to write
        [b64encode(seal(s.signed_by)).decode() if s.signed_by else "" for s in rows],
        [s.consent for s in rows],
        [s.position for s in rows],
    ]
    identities = b"".join([s.identity for s in rows])
    values = [identities, at, source_id, *(_joined(column) for column in columns)]
    return list(hot_cursor().execute(_EVENTS, values, prepare=True))
