"""Parcels whose scans were taken back, computed anew from those that are kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from yishi.feeds.queries.mappings import readings_of
from yishi.kit.hot import hot_upsert
from yishi.network.queries import outlet_ids_by_codes
from yishi.shipments.models.parcels import Shipment, TrackingEvent
from yishi.shipments.rules.remapping import Kept, Reading, shown_milestone
from yishi.shipments.rules.scans import milliseconds, moment_of
from yishi.shipments.rules.states import Scan, State, state_of

# the newest of each kind: its moment, and the columns that belong to it
_PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("moved_at", ("milestone", "moved_at", "moved_rank", "moved_identity")),
    ("city_at", ("city_at", "last_city")),
    ("outlet_at", ("outlet_at", "outlet_id")),
    ("courier_at", ("courier_at", "courier_number")),
    ("first_event_at", ("first_event_at",)),
    ("last_event_at", ("last_event_at",)),
)


def recompute(gone: Mapping[int, set[datetime]]) -> None:
    """Computes each parcel from the scans that are kept; `gone`: moments of those taken back or told anew.

    A part that rested on none of them stays, unless a newer scan is there: it may rest on one that has
    outlived its time. Must stand in a transaction.
    """
    parcels = list(
        Shipment.objects.select_for_update().filter(pk__in=list(gone)).order_by("waybill_no", "carrier")
    )
    states = _states(parcels)
    for parcel in parcels:
        fresh = _columns(states.get(parcel.pk, State()))
        moments = {milliseconds(moment) for moment in gone[parcel.pk]}
        for moment, columns in _PARTS:
            rests_on = getattr(parcel, moment)
            is_older = (
                moment != "first_event_at" and rests_on < (fresh[moment] or rests_on) if rests_on else True
            )
            if is_older or milliseconds(rests_on) in moments:
                for column in columns:
                    setattr(parcel, column, fresh[column])
    hot_upsert(parcels)


def _states(parcels: Sequence[Shipment]) -> dict[int, State]:
    rows = list(TrackingEvent.objects.filter(shipment_id__in=[parcel.pk for parcel in parcels]))
    readings = {
        number: Reading(found.plugin, found.overrides)
        for number, found in readings_of({row.source_id for row in rows}).items()
    }
    carriers = {parcel.pk: parcel.carrier for parcel in parcels}
    outlets = outlet_ids_by_codes({(carriers[row.shipment_id], row.outlet) for row in rows if row.outlet})
    scans: dict[int, list[Scan]] = {}
    for row in rows:
        scan = _scan(row, readings.get(row.source_id, Reading("", {})))
        scan.outlet_id = outlets.get((carriers[row.shipment_id], row.outlet))
        scans.setdefault(row.shipment_id, []).append(scan)
    return {pk: state_of(found) for pk, found in scans.items()}


def _scan(row: TrackingEvent, reading: Reading) -> Scan:
    identity, ms = bytes(row.identity), milliseconds(row.happened_at)
    kept = Kept(
        identity, ms, row.source_id, row.kind, row.source_code, row.detail, row.city, row.outlet, row.text
    )
    return Scan(
        waybill_no="",
        happened_ms=ms,
        kind=row.kind,
        identity=identity,
        milestone=shown_milestone(kept, reading),
        city=row.city,
        courier=row.courier,
    )


def _columns(state: State) -> dict[str, Any]:
    moved = state.moved or (None, 0, b"")
    city, outlet, courier = (
        state.city or (None, ""),
        state.outlet or (None, None),
        state.courier or (None, ""),
    )
    return {
        "milestone": state.milestone,
        "moved_at": _moment(moved[0]),
        "moved_rank": moved[1],
        "moved_identity": moved[2],
        "city_at": _moment(city[0]),
        "last_city": city[1],
        "outlet_at": _moment(outlet[0]),
        "outlet_id": outlet[1],
        "courier_at": _moment(courier[0]),
        "courier_number": courier[1],
        "first_event_at": _moment(state.first_ms),
        "last_event_at": _moment(state.last_ms),
    }


def _moment(ms: int | None) -> datetime | None:
    return None if ms is None else moment_of(ms)
