"""People are told that parcels wait for them at a station: all of one person in one message, with the codes.

How it goes out is decided in one place (`_queue`): whoever builds the chain of channels changes only that.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from yishi.consignees.queries import FullContact, notice_wish, reach_contact
from yishi.kit.errors import Refusal
from yishi.kit.personal import keyed_hash
from yishi.kit.ratelimit import check_rate
from yishi.notifications.actions.queue import Kind, operator_name, queue_delivery, zone
from yishi.notifications.models import Delivery, PickupTold
from yishi.notifications.queries.letters import Letter, short_moment, write_letter
from yishi.notifications.rules import PICKUP, SMS, after_quiet, channel_for, shortest_fit
from yishi.stations.actions.queue_setup import notice_slot
from yishi.stations.queries.stations import INSIDE, StationCard, station_card
from yishi.stations.queries.waiting import Waiting, find_waiting, pickup_token

TOGETHER_WITHIN = timedelta(minutes=2)
"""Parcels of one person that come so soon after each other are told of in one message."""
_CODES_NAMED = 3


class Unreachable(Refusal):
    """没有能收短信的手机号：看面单，补上再发"""

    code = "unreachable"


def tell_of_waiting(*, parcel_id: int, at: datetime, language: str = "zh-hans") -> bool:
    """Tells the person of this parcel and all his others that wait there; a message that has not gone yet is
    written anew instead of a second one. False where nobody can be told, or told us not to."""
    waiting = [one for one in find_waiting(parcel_id) if one.state == INSIDE]
    if not waiting or waiting[0].contact_id is None:
        return False
    return _queue(waiting, at=at, due_at=at + TOGETHER_WITHIN, language=language)


@transaction.atomic
def send_pickup_again(*, parcel_id: int, at: datetime, language: str = "zh-hans") -> None:
    """The code once more, at once; three times an hour. Raises Unreachable, TooMany."""
    waiting = [one for one in find_waiting(parcel_id) if one.state == INSIDE]
    if not waiting or waiting[0].contact_id is None:
        raise Unreachable()
    check_rate(kind="pickup again", key=str(parcel_id), limit=3, window_s=3600, at=at)
    if not _queue(waiting, at=at, due_at=None, language=language):
        raise Unreachable()


def withdraw_pickups(*, parcel_ids: Sequence[int], at: datetime) -> None:
    """They were fetched, or never booked in: a message that has not gone tells of the others only."""
    for parcel_id in parcel_ids:
        found = find_waiting(parcel_id)
        if not found or found[0].contact_id is None:
            continue
        person = reach_contact(found[0].contact_id)
        for row in _unsent(found[0].station_id, person):
            _without(row, at=at)


def _without(row: Delivery, *, at: datetime) -> None:
    """The message tells of those that still wait, or of nothing."""
    told = row.pickups.order_by("parcel_id").values_list("parcel_id", flat=True)
    left = next((found for one in told if (found := find_waiting(one)) and found[0].state == INSIDE), None)
    if left is None:
        row.state, row.due_at = Delivery.State.WITHDRAWN, None
        row.save(update_fields=["state", "due_at"])
    elif left[0].contact_id is not None:
        _queue(left, at=at, due_at=row.due_at, language=row.language)


def _unsent(station_id: int, person: FullContact) -> list[Delivery]:
    target = channel_for(phone=person.phone, email=person.email)
    if target is None:
        return []
    rows = Delivery.objects.select_for_update().filter(
        kind=Kind.PICKUP,
        to_hash=keyed_hash("to", target[1]),
        channel=target[0],
        due_at__isnull=False,
        state=Delivery.State.QUEUED,
        tries=0,
        extra__station=station_id,
    )
    return list(rows.order_by("pk"))


def _queue(waiting: Sequence[Waiting], *, at: datetime, due_at: datetime | None, language: str) -> bool:
    """The one place in which a pickup notice chooses its channel and its moment."""
    first = waiting[0]
    assert first.contact_id is not None
    person = reach_contact(first.contact_id)
    wish = notice_wish(contact_id=first.contact_id, about="")
    is_by_mail = wish.channel == "EMAIL" or not person.phone
    target = channel_for(phone="" if is_by_mail else person.phone, email=person.email if is_by_mail else "")
    if target is None or wish.channel == "NONE":
        return False
    channel, to = target
    card = station_card(first.station_id)
    letter = _letter(waiting, card, channel, language)
    old = _unsent(card.id, person) if due_at is not None else []
    if old:
        # what waits says it all; the stay that was told of first stays its subject
        row = old[0]
        row.heading, row.body = letter.heading, letter.body
        row.save(update_fields=["heading", "body"])
        _note(row.pk, waiting)
        return True
    # at the peak with its wave, else when it is due; sent again by hand goes at once
    when = notice_slot(station_id=card.id, at=due_at) if due_at is not None else at
    notice_id = queue_delivery(
        kind=Kind.PICKUP,
        subject_kind=PICKUP,
        subject_id=first.parcel_id,
        channel=channel,
        to=to,
        letter=letter,
        language=language,
        at=at,
        due_at=after_quiet(when, card.quiet_from, card.quiet_until, zone()),
        extra={"station": card.id},
    )
    _note(Delivery.objects.values_list("pk", flat=True).get(notice_id=notice_id), waiting)
    return True


def _note(delivery_id: int, waiting: Sequence[Waiting]) -> None:
    rows = [PickupTold(delivery_id=delivery_id, parcel_id=one.parcel_id) for one in waiting]
    PickupTold.objects.bulk_create(rows, ignore_conflicts=True)


def _letter(waiting: Sequence[Waiting], card: StationCard, channel: str, language: str) -> Letter:
    first = min(waiting, key=lambda one: one.keep_until)
    codes = sorted(one.pickup_code for one in waiting if one.pickup_code)
    values = {
        "operator": operator_name(language),
        "place": card.name,
        "count": str(len(waiting)),
        "until": short_moment(first.keep_until, language, zone()),
        "link": f"{settings.ENVIRONMENT.web_origin}/p/{pickup_token(min(one.parcel_id for one in waiting))}",
    }
    if channel != SMS:
        said = {**values, "codes": ", ".join(codes)}
        return write_letter(kind=Kind.PICKUP, channel=channel, language=language, values=said)
    named = codes if len(codes) <= _CODES_NAMED else [*codes[:_CODES_NAMED], "…"]
    said = {**values, "codes": "/".join(named)}
    kinds = (Kind.PICKUP.value, "PICKUP_SHORT")
    bodies = [write_letter(kind=k, channel=SMS, language=language, values=said).body for k in kinds]
    bare = {**said, "link": ""}
    bodies += [write_letter(kind=k, channel=SMS, language=language, values=bare).body.strip() for k in kinds]
    # the link is worth a second part, never a third: the page says everything else
    return Letter("", shortest_fit(bodies[:2]) if len(codes) > 1 else shortest_fit(bodies))
