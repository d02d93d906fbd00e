"""A name in files is given its courier once; what waits for him is completed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yishi.feeds.actions.records import note_person
from yishi.feeds.models import FileEffect
from yishi.kit.errors import NotFound
from yishi.kit.hot import hot_cursor
from yishi.network.queries import CourierKeys, list_courier_keys, list_outlet_codes
from yishi.people.rules import Viewer
from yishi.shipments.actions.files.recompute import recompute
from yishi.shipments.actions.files.undo import attempts_of

_TELL = """
UPDATE shipments_event AS e SET courier = %s
FROM unnest(%s::bigint[], %s::timestamptz[], %s::bytea[]) AS said (shipment, happened_at, identity)
WHERE e.shipment_id = said.shipment AND e.happened_at = said.happened_at AND e.identity = said.identity
RETURNING e.shipment_id, e.happened_at
"""


@transaction.atomic
def assign_person(*, person_id: int, courier_id: int, carrier: str, by: Viewer, at: datetime) -> int:
    """From now on the name means this courier, in coming files too; how many rows it completes.

    Raises NotAllowed, NotFound for a courier or a name out of sight.
    """
    courier = _courier(courier_id, by)
    waiting = note_person(person_id=person_id, courier_id=courier_id, by=by, at=at)
    number = next((number for brand, number in courier.numbers if brand == carrier), "")
    if number:
        _tell_events([effect for effect in waiting if effect.kind == FileEffect.Kind.EVENT], number)
        for effect in waiting:
            if effect.kind == FileEffect.Kind.CONTACT:
                attempts_of(effect).update(courier_number=number)
    return len(waiting)


def _courier(courier_id: int, by: Viewer) -> CourierKeys:
    codes = list_outlet_codes()
    found = next((c for c in list_courier_keys() if c.id == courier_id), None)
    if found is None or not by.sees_outlet(codes.get(found.outlet_id)):
        raise NotFound
    return found


def _tell_events(effects: Sequence[FileEffect], number: str) -> None:
    rows = [(effect.shipment_id, effect.happened_at, bytes(effect.mark)) for effect in effects]
    if not rows:
        return
    columns = [list(column) for column in zip(*rows, strict=True)]
    told: dict[int, set[datetime]] = {}
    for shipment_id, happened_at in hot_cursor().execute(_TELL, [number, *columns]).fetchall():
        told.setdefault(shipment_id, set()).add(happened_at)
    recompute(told)
