"""Master data as it stood before a file: kept with what changed it, and brought back when that is undone."""

import base64
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from yishi.kit.hot import hot_upsert
from yishi.shipments.models.parcels import Shipment, ShipmentDetails

NOTHING: dict[str, Any] = {"details": None, "promised": (None, None)}


def standing_of(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """The parcels' master data, fit for JSON: `details` None where there is none."""
    names = [field.attname for field in ShipmentDetails._meta.concrete_fields]
    details = {
        row.pk: {name: getattr(row, name) for name in names}
        for row in ShipmentDetails.objects.filter(pk__in=ids)
    }
    rows = Shipment.objects.filter(pk__in=ids).values_list("pk", "promised_at", "promise_rule_id")
    return {pk: {"details": details.get(pk), "promised": (at, rule)} for pk, at, rule in rows}


def promises_of(ids: Collection[int]) -> dict[int, datetime | None]:
    return dict(Shipment.objects.filter(pk__in=ids).values_list("pk", "promised_at"))


def said_before(said: dict[str, Any]) -> str:
    """The hash of what stood before, '' where nothing did."""
    below = said.get("details")
    return base64.b64decode(below["said_hash"]).hex() if below else ""


def bring_back(changes: Sequence[tuple[int, dict[str, Any]]]) -> set[int]:
    """Undoes changes of (parcel, what stood before and what came `after`) in this order, newest first.

    A parcel whose master data is no longer what that change made of it stays as it is; these are returned.
    """
    ids = {pk for pk, _said in changes}
    locked = Shipment.objects.select_for_update().filter(pk__in=ids).order_by("waybill_no", "carrier")
    parcels = {parcel.pk: parcel for parcel in locked}
    details = {row.pk: row for row in ShipmentDetails.objects.filter(pk__in=ids)}
    written: dict[int, ShipmentDetails] = {}
    gone: set[int] = set()
    kept: set[int] = set()
    for pk, said in changes:
        row = details.get(pk)
        if row is None or pk not in parcels:
            continue
        if bytes(row.said_hash).hex() != said["after"]:
            kept.add(pk)
            continue
        if said["details"] is None:
            del details[pk]
            written.pop(pk, None)
            gone.add(pk)
        else:
            details[pk] = written[pk] = ShipmentDetails(**_columns(said["details"]))
        _promise_again(parcels[pk], said)
    ShipmentDetails.objects.filter(pk__in=gone).delete()
    hot_upsert([written[pk] for pk in sorted(written)])
    hot_upsert(list(parcels.values()))
    return kept


def _promise_again(parcel: Shipment, said: dict[str, Any]) -> None:
    """The promise of before, unless another has been made since."""
    if parcel.promised_at == _moment(said["promised_after"]):
        parcel.promised_at, parcel.promise_rule_id = _moment(said["promised"][0]), said["promised"][1]


def _columns(said: dict[str, Any]) -> dict[str, Any]:
    """JSON back to columns: the hash was base64, the moment ISO."""
    return {
        **said,
        "said_hash": base64.b64decode(said["said_hash"]),
        "updated_at": _moment(said["updated_at"]),
    }


def _moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None
