"""Who could answer a conversation now: the roster of its outlet, who is away, how much each one has."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from yishi.conversations.models.talk import Conversation
from yishi.kit.hot import hot_cursor
from yishi.network.models import Outlet
from yishi.network.rules import Shift
from yishi.people.queries import staff_contacts
from yishi.people.rules import Role
from yishi.routing.models import Away, TalkPlace
from yishi.routing.queries.places import custody_of, local_time
from yishi.routing.rules.custody import at_fault
from yishi.routing.rules.talks import SILENT_AFTER, STICKS, Answerer, shift_end

# one statement for the whole outlet: rosters of today and of last night, and what each one carries now
_PEOPLE = """
WITH had AS MATERIALIZED (
  SELECT p.user_id FROM routing_talk_place p JOIN conversations_conversation c ON c.id = p.conversation_id
   WHERE p.user_id IS NOT NULL AND p.given_at > %(sticks)s AND (
         c.id = %(id)s OR (c.contact_id = %(contact)s) OR (c.waybill_no = %(waybill)s AND c.waybill_no <> '')
         OR c.id IN (SELECT o.conversation_id FROM conversations_participant o
                       JOIN conversations_participant me
                         ON me.conversation_id = %(id)s AND me.kind = 'CONSUMER'
                        AND o.address_hash = me.address_hash AND o.channel = me.channel)))
SELECT s.user_id, s.starts, s.ends, s.weekday, s.date, s.is_fallback,
       (SELECT count(*) FROM conversations_conversation c
         WHERE c.assignee_id = s.user_id AND c.state = 'WITH_AGENT' AND c.id <> %(id)s
           AND (c.awaiting_since IS NOT NULL OR c.last_message_at > %(silent)s)),
       COALESCE((SELECT most_talks FROM routing_weights LIMIT 1), 5),
       (SELECT max(given_at) FROM routing_talk_place g WHERE g.user_id = s.user_id),
       s.user_id IN (SELECT user_id FROM had),
       EXISTS (SELECT 1 FROM routing_away a WHERE a.user_id = s.user_id AND a.until_at > %(at)s),
       ARRAY(SELECT ARRAY[kind, value] FROM routing_skill k WHERE k.user_id = s.user_id)
  FROM network_duty_shift s JOIN people_user u ON u.id = s.user_id AND u.is_active AND NOT u.is_shared
 WHERE s.outlet_id = %(outlet)s
   AND (s.date IN (%(today)s, %(yesterday)s) OR s.weekday IN (%(weekday)s, %(last_weekday)s))
"""


@dataclass(frozen=True)
class Roster:
    """An outlet's duty of these days and its people; `has_roster`: it keeps one at all."""

    shifts: tuple[Shift, ...] = ()
    people: tuple[Answerer, ...] = ()
    has_roster: bool = False

    def ends_at(self, user_id: int, at: datetime) -> datetime | None:
        """Until when this person is on shift; None where he is on none."""
        return shift_end(self.shifts, user_id, local=local_time(at))


def roster_of(talk: Conversation, at: datetime) -> Roster:
    """The people of the conversation's outlet; head office keeps no roster and works from its list."""
    if talk.outlet_id is None:
        return Roster()
    today = local_time(at).date()
    yesterday = today - timedelta(days=1)
    values = {
        "id": talk.pk,
        "contact": talk.contact_id,
        "waybill": talk.waybill_no,
        "outlet": talk.outlet_id,
        "at": at,
        "sticks": at - STICKS,
        "silent": at - SILENT_AFTER,
        "today": today,
        "yesterday": yesterday,
        "weekday": today.weekday(),
        "last_weekday": yesterday.weekday(),
    }
    shifts, people = [], {}
    for user_id, *shift, talks, most, given_at, had, away, skills in hot_cursor().execute(_PEOPLE, values):
        shifts.append(Shift(user_id, *shift))
        people[user_id] = Answerer(
            user_id=user_id,
            talks=talks,
            most=most,
            given_at=given_at,
            had_before=had,
            is_away=away,
            skills=frozenset((kind, value) for kind, value in skills),
        )
    has_roster = bool(shifts) or keeps_roster(talk.outlet_id)
    return Roster(tuple(shifts), tuple(people.values()), has_roster)


_MAY_BE_GONE = """
SELECT (p.was_on_shift AND (p.due_at IS NULL OR p.due_at <= %(at)s))
    OR EXISTS (SELECT 1 FROM routing_away a WHERE a.user_id = p.user_id AND a.until_at > %(at)s)
  FROM routing_talk_place p WHERE p.conversation_id = %(id)s
"""


def may_be_gone(conversation_id: int, at: datetime) -> bool:
    """Whether whoever has it is away, or his shift has ended: cheap, as every message that waits asks it."""
    values = {"id": conversation_id, "at": at}
    row = hot_cursor().execute(_MAY_BE_GONE, values, prepare=True).fetchone()
    return bool(row and row[0])


def keeps_roster(outlet_id: int) -> bool:
    """Whether an outlet writes down who is on duty."""
    query = "SELECT EXISTS (SELECT 1 FROM network_duty_shift WHERE outlet_id = %s)"
    row = hot_cursor().execute(query, [outlet_id]).fetchone()
    return bool(row and row[0])


def outlet_of_parcel(shipment_id: int, at: datetime) -> int | None:
    """The active outlet of ours that has the parcel, else its own, else its destination."""
    custody = custody_of(shipment_id, at)
    active = set(Outlet.objects.filter(is_active=True).values_list("pk", flat=True))
    found = at_fault("ENQUIRY", custody.scans, origin=custody.origin, at=at, working=active)
    if found is not None:
        return found.outlet_id
    query = (
        "SELECT s.outlet_id, d.destination_outlet_id FROM shipments_shipment s"
        " LEFT JOIN shipments_details d ON d.shipment_id = s.id WHERE s.id = %s"
    )
    row = hot_cursor().execute(query, [shipment_id]).fetchone()
    return next((o for o in (row or ()) if o in active), None)


def only_outlet() -> int | None:
    """The one outlet of an operator that has nobody above it but its owner."""
    if staff_contacts(None, [Role.QUALITY, Role.AGENT]):
        return None
    ids = list(Outlet.objects.filter(is_active=True).values_list("pk", flat=True)[:2])
    return ids[0] if len(ids) == 1 else None


@dataclass(frozen=True)
class AwayCard:
    reason: str
    from_at: datetime
    until_at: datetime


def away_of(user_id: int, at: datetime) -> AwayCard | None:
    """Whether this person has said that he is not there just now."""
    row = Away.objects.filter(user_id=user_id, until_at__gt=at).first()
    return AwayCard(row.reason, row.from_at, row.until_at) if row else None


@dataclass(frozen=True)
class WhyHere:
    """Why a conversation stands where it stands, and why this person has it or nobody."""

    place_reason: str
    reason: str
    level: int


def why_here(conversation_id: int) -> WhyHere:
    row = TalkPlace.objects.filter(conversation_id=conversation_id).first()
    return WhyHere(row.place_reason, row.reason, row.level) if row else WhyHere("", "", 0)
