"""What one file brought is taken back, newest first: nothing that another file says too, nothing that has
changed since."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ForeignObjectRel, QuerySet

from yishi.consignees.actions.contacts import forget_unused
from yishi.feeds.actions.files import drop_effects, give_parcel, hand_over, put_before
from yishi.feeds.actions.records import drop_idle_people, drop_records, move_records
from yishi.feeds.models import FileEffect
from yishi.feeds.queries.files import FileCard, effects_on, effects_to_undo, said_elsewhere
from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor
from yishi.shipments.actions.files.recompute import recompute
from yishi.shipments.actions.files.standing import bring_back, said_before
from yishi.shipments.facts import ShipmentsAdvanced
from yishi.shipments.models.parcels import ContactAttempt, Shipment, ShipmentDetails

BATCH = 500
Kind = FileEffect.Kind


def undo_batches(*, card: FileCard, at: datetime) -> None:
    """Takes everything back, a batch a transaction: killed in between, the rest is taken back next time."""
    while _undo_batch(card, at):
        pass
    drop_idle_people()


@transaction.atomic
def _undo_batch(card: FileCard, at: datetime) -> bool:
    import_id = card.id
    effects = effects_to_undo(import_id=import_id, limit=BATCH)
    if not effects:
        return False
    of_kind = {kind: [e for e in effects if e.kind == kind] for kind in Kind.values}
    moved = _undo_events(import_id, of_kind[Kind.EVENT])
    _undo_contacts(import_id, of_kind[Kind.CONTACT])
    _undo_records(import_id, of_kind[Kind.RECORD])
    people = _people_of(of_kind[Kind.DETAILS])
    kept = _undo_details(import_id, of_kind[Kind.DETAILS])
    forget_unused(contact_ids=people, since=card.uploaded_at)
    _undo_parcels(import_id, of_kind[Kind.PARCEL])
    drop_effects(effects=effects, import_id=import_id, kept=kept, at=at)
    if moved:
        announce(ShipmentsAdvanced(shipment_ids=tuple(sorted(moved)[:BATCH]), at=at))
    return True


def _alone(import_id: int, kind: str, effects: Sequence[FileEffect]) -> list[FileEffect]:
    """Those that no other file says."""
    others = said_elsewhere(import_id=import_id, kind=kind, marks=[bytes(e.mark) for e in effects])
    return [effect for effect in effects if bytes(effect.mark) not in others]


_HOLDERS = "SELECT id, coalesce(merged_into_id, id) FROM shipments_shipment WHERE id = ANY (%s)"
_DELETE = """
DELETE FROM shipments_event AS e USING unnest(%s::bigint[], %s::timestamptz[], %s::bytea[])
    AS gone (shipment, happened_at, identity)
WHERE e.shipment_id = gone.shipment AND e.happened_at = gone.happened_at AND e.identity = gone.identity
RETURNING e.shipment_id, e.happened_at
"""


def _undo_events(import_id: int, effects: Sequence[FileEffect]) -> set[int]:
    """Deletes the scans and computes their parcels anew; those parcels."""
    alone = _alone(import_id, Kind.EVENT, effects)
    if not alone:
        return set()
    # a parcel may have been joined to another since
    holder = dict(hot_cursor().execute(_HOLDERS, [sorted({e.shipment_id or 0 for e in alone})]).fetchall())
    rows = [(holder[e.shipment_id], e.happened_at, bytes(e.mark)) for e in alone if e.shipment_id in holder]
    if not rows:
        return set()
    columns = [list(column) for column in zip(*rows, strict=True)]
    gone: dict[int, set[datetime]] = {}
    for shipment_id, happened_at in hot_cursor().execute(_DELETE, columns).fetchall():
        gone.setdefault(shipment_id, set()).add(happened_at)
    recompute(gone)
    return set(gone)


def _undo_contacts(import_id: int, effects: Sequence[FileEffect]) -> None:
    alone = _alone(import_id, Kind.CONTACT, effects)
    said = {(effect.shipment_id, effect.what, effect.happened_at) for effect in alone}
    told = ContactAttempt.objects.filter(
        shipment_id__in=[effect.shipment_id or 0 for effect in alone], recorded_by__startswith="file:"
    )
    rows = told.values_list("pk", "shipment_id", "kind", "at")
    ContactAttempt.objects.filter(pk__in=[pk for pk, *what in rows if tuple(what) in said]).delete()


def attempts_of(effect: FileEffect) -> "QuerySet[ContactAttempt]":
    """The attempt that files told of by this effect; never one that somebody recorded himself."""
    told = ContactAttempt.objects.filter(shipment_id=effect.shipment_id or 0, kind=effect.what)
    return told.filter(at__in=[effect.happened_at], recorded_by__startswith="file:")


def _undo_records(import_id: int, effects: Sequence[FileEffect]) -> None:
    marks = [bytes(effect.mark) for effect in effects]
    others = said_elsewhere(import_id=import_id, kind=Kind.RECORD, marks=marks)
    move_records(to={mark: other.of_id for mark, other in others.items()})
    drop_records(marks=[mark for mark in marks if mark not in others])


def _people_of(effects: Sequence[FileEffect]) -> set[int]:
    """The contacts that these parcels' master data names now."""
    rows = ShipmentDetails.objects.filter(pk__in=[effect.shipment_id or 0 for effect in effects])
    return {pk for pair in rows.values_list("consignee_id", "shipper_id") for pk in pair if pk}


def _undo_details(import_id: int, effects: Sequence[FileEffect]) -> list[str]:
    """Brings back what stood before; numbers of the parcels that have changed since and stay."""
    marks = [bytes(effect.mark) for effect in effects]
    others = said_elsewhere(import_id=import_id, kind=Kind.DETAILS, marks=marks)
    changes: list[tuple[FileEffect, dict[str, Any]]] = []
    for effect in effects:
        if (other := others.get(bytes(effect.mark))) is not None:
            hand_over(effect=effect, to=other)
        elif effect.before:
            changes.append((effect, json.loads(effect.before)))
    kept = bring_back([(effect.shipment_id or 0, said) for effect, said in changes])
    _bridge(import_id, [(effect, said) for effect, said in changes if effect.shipment_id in kept])
    return list(Shipment.objects.filter(pk__in=kept).values_list("waybill_no", flat=True))


def _bridge(import_id: int, changes: Sequence[tuple[FileEffect, dict[str, Any]]]) -> None:
    """A later file stands on what this one said: when that goes too, what stood before both comes back."""
    ids = {effect.shipment_id or 0 for effect, _said in changes}
    later = effects_on(shipment_ids=ids, kind=Kind.DETAILS, but=import_id)
    for effect, said in changes:
        for one in later.get(effect.shipment_id or 0, []):
            above = json.loads(one.before or "{}")
            if said_before(above) == said["after"]:
                above["details"], above["promised"] = said["details"], said["promised"]
                put_before(effect=one, before=json.dumps(above, ensure_ascii=False))


def _undo_parcels(import_id: int, effects: Sequence[FileEffect]) -> None:
    """Parcels that only this file knew go with it; one that anything else hangs on stays.

    For one that another file speaks of too, that file answers from now on.
    """
    if not effects:
        return
    made = {effect.shipment_id or 0: effect for effect in effects}
    held = _held(made)
    Shipment.objects.filter(pk__in=set(made) - held, merged_into__isnull=True).delete()
    for pk, others in effects_on(shipment_ids=held, kind="", but=import_id).items():
        give_parcel(effect=made[pk], to=min(other.of_id for other in others))


def _held(ids: Collection[int]) -> set[int]:
    """Parcels of which anybody else has said something: scans, master data, attempts, pickup codes, cases."""
    # watches are ours to derive again: they go with the parcel
    derived = {"promise_watch", "trace_duty"}
    held: set[int] = set()
    for relation in Shipment._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and relation.name not in derived:
            name = relation.field.name
            rows = relation.related_model._default_manager.filter(**{f"{name}__in": list(ids)})
            held |= set(rows.values_list(relation.field.attname, flat=True))
    return held
