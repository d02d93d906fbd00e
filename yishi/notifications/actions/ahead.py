"""Whose parcel goes out today hears of it once, by daylight: several parcels of one person in one message."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction

from yishi.consignees.queries import notice_wish, unwanted_of, wishes_of_contacts
from yishi.consignees.rules import after_quiet
from yishi.detection.queries.incidents import open_incidents_of
from yishi.detection.queries.risks import risks_of
from yishi.kit.hot import hot_cursor
from yishi.kit.ids import private_token, token_hash
from yishi.notifications.actions.queue import Kind, zone
from yishi.notifications.models import AheadNote, AheadParcel, AheadSetting, Delivery
from yishi.notifications.queries.ahead import modes_of
from yishi.notifications.rules import by_daylight
from yishi.shipments.rules.special import special_of

AHEAD = "AHEAD"
"""The subject of messages ahead: their note."""
ABOUT = "ahead"
"""What a person's choice of notices calls them."""
GATHERED = timedelta(minutes=10)
"""A courier scans one parcel after the other: so long those of one person are gathered."""
LINK_DAYS = 3

# out today, with somebody who could be told, and not told of yet
_OUT = """
SELECT s.id, s.outlet_id, s.promised_at, d.consignee_id, c.phone_hash, d.goods, d.handling,
       d.declared_value_fen, coalesce(d.insured, false)
  FROM shipments_shipment s JOIN shipments_details d ON d.shipment_id = s.id
  JOIN consignees_contact c ON c.id = d.consignee_id
 WHERE s.id = ANY(%(ids)s) AND s.milestone = 'OUT_FOR_DELIVERY' AND s.merged_into_id IS NULL
   AND s.moved_at >= %(midnight)s AND s.outlet_id IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM notifications_ahead_parcel a WHERE a.shipment_id = s.id AND a.day = %(day)s)
 ORDER BY s.id
"""


@dataclass(frozen=True)
class _Out:
    shipment_id: int
    outlet_id: int
    promised_at: datetime | None
    contact_id: int
    phone_hash: bytes | None
    goods: str
    handling: list[str]
    declared_value_fen: int | None
    insured: bool

    @property
    def person(self) -> bytes:
        return bytes(self.phone_hash) if self.phone_hash else b"contact:%d" % self.contact_id

    @property
    def is_special(self) -> bool:
        return bool(
            special_of(
                goods=self.goods, handling=self.handling or (), declared_value_fen=self.declared_value_fen,
                is_insured=self.insured,
            )
        )  # fmt: skip


@transaction.atomic
def gather_ahead(*, shipment_ids: Sequence[int], at: datetime) -> int:
    """Puts those of these parcels that went out today where their person's message is made; how many.

    Set-wise and repeatable: a parcel stands in one message a day. What is over meanwhile is told to nobody.
    """
    close_ahead(shipment_ids=shipment_ids, at=at)
    day = at.astimezone(zone()).date()
    midnight = datetime.combine(day, time(0), zone())
    values = {"ids": list(shipment_ids), "midnight": midnight, "day": day}
    rows = [_Out(*row) for row in hot_cursor().execute(_OUT, values)]
    modes = modes_of({row.outlet_id for row in rows}) if rows else {}
    rows = [row for row in rows if modes[row.outlet_id] != AheadSetting.Mode.OFF]
    wanted = _wanted(rows, modes, day, at) if rows else []
    people: dict[bytes, list[_Out]] = {}
    for row in wanted:
        people.setdefault(row.person, []).append(row)
    for person in sorted(people):
        _put(person, people[person], day, at)
    return len(wanted)


def _wanted(rows: Sequence[_Out], modes: dict[int, str], day: date, at: datetime) -> list[_Out]:
    """Without those who want to hear nothing; of the choosy outlets only parcels with a wish, a promise of
    today, special goods or something found."""
    contacts = {row.contact_id for row in rows}
    silent = unwanted_of(contacts, about=ABOUT)
    wishes = wishes_of_contacts(contacts, at=at)
    ids = [row.shipment_id for row in rows]
    found, risks = open_incidents_of(ids), risks_of(ids)
    midnight = datetime.combine(day + timedelta(days=1), time(0), zone())

    def matters(row: _Out) -> bool:
        is_promised = row.promised_at is not None and row.promised_at < midnight
        risk = risks.get(row.shipment_id)
        is_risky = bool(found.get(row.shipment_id)) or (risk is not None and risk.level == "HIGH")
        return bool(is_promised or row.is_special or wishes.get(row.contact_id) or is_risky)

    return [
        row
        for row in rows
        if row.contact_id not in silent and (modes[row.outlet_id] == AheadSetting.Mode.ALL or matters(row))
    ]


def _put(person: bytes, rows: Sequence[_Out], day: date, at: datetime) -> None:
    contact_id = rows[0].contact_id
    wish = notice_wish(contact_id=contact_id, about=ABOUT)
    due_at = by_daylight(after_quiet(at + GATHERED, wish, zone()), zone())
    notes = AheadNote.objects.select_for_update(of=("self",))
    note = notes.filter(person=person, day=day, told_at__isnull=True).first()
    if note is None:
        note = AheadNote.objects.create(
            contact_id=contact_id, person=person, day=day, due_at=due_at, token_hash=uuid.uuid4().bytes,
            expires_at=datetime.combine(day + timedelta(days=LINK_DAYS), time(0), zone()),
        )  # fmt: skip
        note.token_hash = token_hash(token_of(note.pk))
        note.save(update_fields=["token_hash"])
    elif note.due_at is None:
        note.due_at = due_at
        note.save(update_fields=["due_at"])
    parcels = [AheadParcel(note=note, shipment_id=row.shipment_id, day=day) for row in rows]
    AheadParcel.objects.bulk_create(parcels, ignore_conflicts=True)


def token_of(note_id: int) -> str:
    """The unguessable part of a note's private link."""
    return private_token("ahead", str(note_id))


_OVER = """
SELECT n.id FROM notifications_ahead_note n
 WHERE n.expires_at > %s
   AND n.id IN (SELECT note_id FROM notifications_ahead_parcel WHERE shipment_id = ANY(%s))
   AND NOT EXISTS (SELECT 1 FROM notifications_ahead_parcel p
                     JOIN shipments_shipment s ON s.id = p.shipment_id
                    WHERE p.note_id = n.id AND s.milestone = 'OUT_FOR_DELIVERY')
 ORDER BY n.id FOR UPDATE OF n
"""


def close_ahead(*, shipment_ids: Collection[int], at: datetime) -> int:
    """Whose parcels have all come, or gone elsewhere, is told nothing more, and what waits is taken back."""
    over = [row[0] for row in hot_cursor().execute(_OVER, [at, list(shipment_ids)])]
    if over:
        AheadNote.objects.filter(pk__in=over).update(due_at=None)
        Delivery.objects.filter(
            kind__in=(Kind.AHEAD, Kind.AHEAD_SLIP), subject_kind=AHEAD,
            subject_id__in=[str(note_id) for note_id in over], state=Delivery.State.QUEUED, tries=0,
        ).update(state=Delivery.State.WITHDRAWN, due_at=None)  # fmt: skip
    return len(over)


def follow_ahead(*, shipment_id: int, now_at_id: int) -> None:
    """The record of a parcel is another row now; where both were told of, the right one's stays."""
    days = AheadParcel.objects.filter(shipment_id=now_at_id).values_list("day", flat=True)
    wrong = AheadParcel.objects.filter(shipment_id=shipment_id)
    wrong.filter(day__in=list(days)).delete()
    wrong.update(shipment_id=now_at_id)
