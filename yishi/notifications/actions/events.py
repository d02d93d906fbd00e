"""A declared event is told to everybody concerned: once each, by daylight and outside quiet hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.conf import settings
from django.db import transaction

from yishi.consignees.rules import NoticeWish, after_quiet
from yishi.detection.actions.events import Outcome, note_told
from yishi.detection.models.events import MassParcel
from yishi.detection.queries.events import EventLine, find_event
from yishi.kit.hot import hot_cursor
from yishi.kit.personal import keyed_hash, unseal
from yishi.notifications.actions.queue import Kind, operator_name, queue_delivery, zone
from yishi.notifications.models import Delivery
from yishi.notifications.queries.letters import moment, part, write_letter
from yishi.notifications.rules import EMAIL, PARCEL, by_daylight, channel_for

NOBODY = "NONE"

# with what the person has chosen for everything that he is told
_PEOPLE = """
SELECT s.id, s.waybill_no, p.phone, p.email, w.channel, w.email, w.quiet_from, w.quiet_until
  FROM detection_mass_parcel m JOIN shipments_shipment s ON s.id = m.shipment_id
  LEFT JOIN shipments_details d ON d.shipment_id = s.id
  LEFT JOIN consignees_contact p ON p.id = d.consignee_id
  LEFT JOIN consignees_notice_choice w ON w.contact_id = d.consignee_id AND w.about = ''
 WHERE m.event_id = %s AND m.shipment_id = ANY(%s) AND m.outcome = 'WAITING' ORDER BY s.id FOR UPDATE OF m
"""


@dataclass(frozen=True, kw_only=True)
class Person:
    """To whom a parcel goes, and how he wants to be told."""

    shipment_id: int
    waybill_no: str
    phone: str
    email: str
    wish: NoticeWish

    def target(self) -> tuple[str, str] | None:
        if self.wish.channel == EMAIL:
            return channel_for(phone="", email=self.wish.email or self.email)
        if self.wish.channel:
            return channel_for(phone=self.phone, email="")
        return channel_for(phone=self.phone, email=self.email)


@transaction.atomic
def tell_of_event(
    *, event_id: int, shipment_ids: Sequence[int], at: datetime, language: str = "zh-hans"
) -> int:
    """Tells the consignees of these parcels, each person once an event; how many. Repeatable; an event that
    is over is told to nobody."""
    event = find_event(event_id)
    if event is None or event.closed_at is not None or not shipment_ids:
        return 0
    # one slice of an event at a time: who was told by another slice is known here
    hot_cursor().execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"event|{event_id}"])
    people = [
        _person(row) for row in hot_cursor().execute(_PEOPLE, [event_id, list(shipment_ids)]).fetchall()
    ]
    hashes = [keyed_hash("to", found[1]) for one in people if (found := one.target())]
    known = MassParcel.objects.filter(event_id=event_id, to_hash__in=hashes)
    heard = {bytes(one) for one in known.values_list("to_hash", flat=True) if one is not None}
    told: dict[int, tuple[str, bytes | None]] = {}
    for one in people:
        told[one.shipment_id] = _tell(one, event, heard, at, language)
    note_told(event_id=event_id, told=told)
    return sum(outcome == Outcome.TOLD for outcome, _to in told.values())


def _person(row: tuple[int, str, bytes, bytes, str | None, bytes, time, time]) -> Person:
    shipment_id, waybill_no, phone, email, channel, own_email, quiet_from, quiet_until = row
    wish = NoticeWish()
    if channel is not None:
        wish = NoticeWish(
            channel=channel, email=unseal(own_email), quiet_from=quiet_from, quiet_until=quiet_until
        )
    return Person(
        shipment_id=shipment_id, waybill_no=waybill_no, phone=unseal(phone), email=unseal(email), wish=wish
    )


def _tell(
    one: Person, event: EventLine, heard: set[bytes], at: datetime, language: str
) -> tuple[str, bytes | None]:
    if one.wish.channel == NOBODY:
        return Outcome.UNWANTED, None
    target = one.target()
    if target is None:
        return Outcome.UNREACHABLE, None
    channel, to = target
    to_hash = keyed_hash("to", to)
    if to_hash in heard:
        return Outcome.SAME_PERSON, None
    heard.add(to_hash)
    until = moment(event.until, language, zone())
    values = {
        "operator": operator_name(language),
        "about": part("about_parcel", language, tail=one.waybill_no[-6:]),
        "waybill_no": one.waybill_no,
        "matter": part(f"event_{event.kind.lower()}", language, text=event.text, until=until),
        "link": f"{settings.ENVIRONMENT.web_origin}/t/{one.waybill_no}",
    }
    queue_delivery(
        kind=Kind.INCIDENT,
        subject_kind=PARCEL,
        subject_id=one.shipment_id,
        channel=channel,
        to=to,
        letter=write_letter(kind=Kind.INCIDENT, channel=channel, language=language, values=values),
        language=language,
        at=at,
        due_at=by_daylight(after_quiet(at, one.wish, zone()), zone()),
        extra={"event": event.id},
    )
    return Outcome.TOLD, to_hash


def withdraw_event_notices(*, event_id: int) -> int:
    """Takes back what waits for the morning about an event that is over."""
    waiting = Delivery.objects.filter(
        kind=Kind.INCIDENT,
        subject_kind=PARCEL,
        state=Delivery.State.QUEUED,
        tries=0,
        due_at__isnull=False,
        extra__event=event_id,
    )
    return waiting.update(state=Delivery.State.WITHDRAWN, due_at=None)
