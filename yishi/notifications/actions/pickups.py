"""People are told that parcels wait for them at a station: all of one person in one message, by one way after
the other until one reaches him. How it goes out is decided in one place (`queue_notice`)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from yishi.consignees.queries import notice_wish, reach_contact, wishes_of_contacts
from yishi.consignees.rules import NoticeWish
from yishi.kit.errors import Refusal
from yishi.kit.personal import keyed_hash
from yishi.kit.ratelimit import check_rate
from yishi.notifications.actions.chains import Told, queue_chain, rewrite, stop_chain
from yishi.notifications.actions.queue import Kind, operator_name
from yishi.notifications.models import Delivery, PickupTold
from yishi.notifications.queries.pickup_letters import pickup_letters
from yishi.notifications.queries.pickups import gone_of_stay
from yishi.notifications.queries.reach import language_of, ways_to
from yishi.notifications.rules import PICKUP, PICKUP_CODE, PICKUP_ELDER, Way, ways_again
from yishi.stations.actions.queue_setup import notice_slot
from yishi.stations.queries.stations import INSIDE, StationCard, station_card
from yishi.stations.queries.waiting import Waiting, find_waiting, still_inside

TOGETHER_WITHIN = timedelta(minutes=2)
"""Parcels of one person that come so soon after each other are told of in one message."""
AGAIN_AN_HOUR = 3


class Unreachable(Refusal):
    """没有能收短信的手机号：看面单，补上再发"""

    code = "unreachable"


class WantsNoNotices(Refusal):
    """收件人说过不要通知，打电话问他"""

    code = "wants_no_notices"


@transaction.atomic
def tell_of_waiting(*, parcel_id: int, at: datetime) -> bool:
    """Tells the person of this parcel and all his others that wait there; a message that has not gone yet is
    written anew, for all its ways, instead of a second one. False where nobody can be told, or told us not
    to."""
    waiting = [one for one in find_waiting(parcel_id) if one.state == INSIDE]
    if not waiting or waiting[0].contact_id is None:
        return False
    _alone(waiting[0])
    wish = notice_wish(contact_id=waiting[0].contact_id, about="")
    if wish.channel == "NONE":
        return False
    told = _told(waiting, wish)
    unsent = _unsent(waiting)
    if unsent:
        # what waits says it all; the stay that was told of first stays its subject
        rewrite(unsent[0], told)
        _note(unsent[0].pk, waiting)
        return True
    ways = _ways(waiting[0].contact_id, wish, at)
    # at the peak the first goes with its wave
    due_at = notice_slot(station_id=waiting[0].station_id, at=at + TOGETHER_WITHIN)
    return queue_notice(waiting, told, ways, at=at, due_at=due_at)


@transaction.atomic
def send_pickup_again(*, parcel_id: int, is_person: bool = False, at: datetime) -> None:
    """The code once more, by the next way where the last one failed; three times an hour a person.

    `is_person`: he asks for it himself, so it goes at once, whatever the hour. Raises Unreachable,
    WantsNoNotices, TooMany.
    """
    waiting = [one for one in find_waiting(parcel_id) if one.state == INSIDE]
    if not waiting or waiting[0].contact_id is None:
        raise Unreachable()
    first = waiting[0]
    assert first.contact_id is not None
    _alone(first)
    wish = notice_wish(contact_id=first.contact_id, about="")
    if wish.channel == "NONE" and not is_person:
        raise WantsNoNotices()
    ways = ways_again(_ways(first.contact_id, wish, at), gone_of_stay(parcel_id))
    if not ways:
        raise Unreachable()
    check_rate(kind="pickup again", key=_key(first).hex(), limit=AGAIN_AN_HOUR, window_s=3600, at=at)
    # the new one tells of all that wait: no older one goes on beside it
    for row in _running([one.parcel_id for one in waiting]):
        stop_chain(row)
    queue_notice(waiting, _told(waiting, wish, is_hushed=not is_person), ways, at=at, due_at=at)


def withdraw_pickups(*, parcel_ids: Sequence[int], at: datetime) -> None:
    """They were fetched, or never booked in: what has not gone tells of the others only, and where nothing
    waits any more no further way is taken."""
    for row in _running(parcel_ids):
        told = row.pickups.order_by("parcel_id").values_list("parcel_id", flat=True)
        left = still_inside(list(told))
        waiting = [one for one in find_waiting(left[0]) if one.state == INSIDE] if left else []
        if not waiting or waiting[0].contact_id is None:
            stop_chain(row)
            continue
        if "step" in row.extra:
            # a reminder of one that still lies there
            continue
        wish = notice_wish(contact_id=waiting[0].contact_id, about="")
        rewrite(row, _told(waiting, wish))


def _key(one: Waiting) -> bytes:
    """The person at this station."""
    phone = reach_contact(one.contact_id).phone if one.contact_id is not None else ""
    return keyed_hash("pickups", f"{one.station_id}:{phone or one.parcel_id}")


def _alone(one: Waiting) -> None:
    """Two parcels of one person that are told of at the same moment are one message."""
    with connection.cursor() as cursor:
        number = int.from_bytes(_key(one)[:8], signed=True)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _running(parcel_ids: Sequence[int]) -> list[Delivery]:
    """The notices of these stays that wait, are being sent, or have other ways left; locked."""
    telling = PickupTold.objects.filter(parcel_id__in=list(parcel_ids)).values("delivery_id")
    rows = Delivery.objects.select_for_update(of=("self",)).filter(pk__in=telling, chain__isnull=False)
    return list(rows.order_by("pk"))


def _unsent(waiting: Sequence[Waiting]) -> list[Delivery]:
    """What no gateway was given yet."""
    rows = _running([one.parcel_id for one in waiting])
    fresh = [row for row in rows if row.state == Delivery.State.QUEUED and row.tries == 0]
    return [row for row in fresh if "step" not in row.extra]


def _ways(contact_id: int, wish: NoticeWish, at: datetime) -> tuple[Way, ...]:
    """Whoever asked to be called is called first, unless he chose another way since."""
    wishes = wishes_of_contacts([contact_id], at=at).get(contact_id, [])
    is_elder = any(one.kind == "VOICE_CALL" for one in wishes) and not wish.channel
    order = PICKUP_ELDER if is_elder else PICKUP_CODE
    return ways_to(contact_id, order, chosen=wish.channel, own_email=wish.email)


def _told(waiting: Sequence[Waiting], wish: NoticeWish, *, is_hushed: bool = True) -> Told:
    first = waiting[0]
    assert first.contact_id is not None
    card, language = station_card(first.station_id), language_of(first.contact_id)
    letters, private = pickup_letters(
        waiting,
        card,
        person=reach_contact(first.contact_id).name,
        operator=operator_name(language),
        language=language,
    )
    return Told(
        kind=Kind.PICKUP,
        subject_kind=PICKUP,
        subject_id=str(first.parcel_id),
        values={},
        language=language,
        by_day=False,
        extra={"station": card.id, "template": PICKUP},
        letters=letters,
        private=private,
        quiet=quiet_hours(card, wish) if is_hushed else (),
    )


def quiet_hours(card: StationCard, wish: NoticeWish) -> tuple[tuple[str, str], ...]:
    """The station's hours, and those that he chose for himself."""
    hours = [(card.quiet_from, card.quiet_until)]
    if wish != NoticeWish():
        hours.append((wish.quiet_from, wish.quiet_until))
    return tuple((begin.isoformat("minutes"), end.isoformat("minutes")) for begin, end in hours)


def queue_notice(
    waiting: Sequence[Waiting], told: Told, ways: Sequence[Way], *, at: datetime, due_at: datetime
) -> bool:
    """The one place in which a pickup notice begins its chain; False without any way."""
    notice_id = queue_chain(told=told, ways=ways, at=at, due_at=due_at)
    if notice_id is None:
        return False
    _note(Delivery.objects.values_list("pk", flat=True).get(notice_id=notice_id), waiting)
    return True


def _note(delivery_id: int, waiting: Sequence[Waiting]) -> None:
    rows = [PickupTold(delivery_id=delivery_id, parcel_id=one.parcel_id) for one in waiting]
    PickupTold.objects.bulk_create(rows, ignore_conflicts=True)
