"""Parcels that nobody fetches: their person is reminded, then told that they go back; who sent them too. And
who fetched one for its person."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings

from yishi.consignees.queries import notice_wish, reach_contact
from yishi.network.queries import shipper_of
from yishi.notifications.actions.chains import Told
from yishi.notifications.actions.pickups import queue_notice, quiet_hours
from yishi.notifications.actions.queue import Kind, operator_name, queue_delivery, zone
from yishi.notifications.models import Delivery, PickupTold
from yishi.notifications.queries.letters import short_moment, write_letter
from yishi.notifications.queries.reach import ways_to
from yishi.notifications.rules import EMAIL, PARCEL, PICKUP, SMS, after_quiet, channel_for
from yishi.shipments.queries.parcels import senders_of
from yishi.stations.queries.keeping import rule_of
from yishi.stations.queries.stations import INSIDE, StationCard, station_card
from yishi.stations.queries.waiting import (
    Waiting,
    fetched_by_proxy,
    find_waiting,
    pickup_token,
    stays_waiting,
)

LANGUAGE = "zh-hans"
_LATE = ("OVERDUE", "LAST_WORD")
_CODES_NAMED = 3
WRITTEN = (SMS, "WECHAT", EMAIL)
"""Nobody is rung, and nobody else is told, because somebody is late."""


def remind_of_waiting(*, parcel_ids: Sequence[int], step: str, at: datetime) -> bool:
    """One message for these parcels of one person: still here, or kept too long and going back. Never at
    night; False where nobody can be told, or told us not to."""
    waiting = [one for one in stays_waiting(parcel_ids) if one.state == INSIDE]
    if not waiting:
        return False
    if step not in _LATE:
        # whoever comes for one takes them all
        waiting = [one for one in find_waiting(waiting[0].parcel_id) if one.state == INSIDE]
    withdraw_reminders(parcel_ids=[one.parcel_id for one in waiting])
    card = station_card(waiting[0].station_id)
    until = min(one.keep_until for one in waiting)
    if step in _LATE:
        until += timedelta(days=rule_of(card.id).return_after_days)
    kind = "PICKUP_LATE" if step in _LATE else "PICKUP_AGAIN"
    return _tell(waiting, card, kind, until=until, at=at)


def withdraw_reminders(*, parcel_ids: Sequence[int]) -> int:
    """What waits for the morning and is not so any more: they were fetched, kept longer, or the next word is
    due; how many."""
    telling = PickupTold.objects.filter(parcel_id__in=list(parcel_ids)).values("delivery_id")
    unsent = Delivery.objects.filter(pk__in=telling, state=Delivery.State.QUEUED, tries=0)
    rows = unsent.filter(extra__has_key="step").select_for_update(of=("self",)).order_by("pk")
    ids = list(rows.values_list("pk", flat=True))
    return Delivery.objects.filter(pk__in=ids).update(state=Delivery.State.WITHDRAWN, due_at=None)


def tell_of_return(*, parcel_ids: Sequence[int], at: datetime) -> int:
    """Their people and whoever sent them hear that these went back; how many letters."""
    gone = stays_waiting(parcel_ids)
    people: dict[tuple[int, int | None], list[Waiting]] = {}
    for one in gone:
        people.setdefault((one.station_id, one.contact_id), []).append(one)
    told = sum(
        _tell(those, station_card(station_id), "PICKUP_BACK", until=at, at=at)
        for (station_id, _contact), those in people.items()
    )
    return told + sum(_tell_sender(one, at) for one in gone)


def tell_who_fetched(*, parcel_ids: Sequence[int], at: datetime) -> int:
    """The person hears who fetched a parcel for him, and what to do if he did not want it; how many."""
    return sum(
        _tell(
            [one.parcel],
            station_card(one.parcel.station_id),
            "PICKUP_BY",
            until=at,
            at=at,
            who=one.proxy_name,
        )
        for one in fetched_by_proxy(parcel_ids)
    )


def _tell(
    waiting: Sequence[Waiting],
    card: StationCard,
    kind: str,
    *,
    until: datetime,
    at: datetime,
    who: str = "",
) -> bool:
    contact_id = waiting[0].contact_id
    if contact_id is None:
        return False
    wish = notice_wish(contact_id=contact_id, about="")
    if wish.channel == "NONE":
        return False
    codes = sorted(one.pickup_code for one in waiting if one.pickup_code)
    few = codes if len(codes) <= _CODES_NAMED else [*codes[:_CODES_NAMED], "…"]
    values = {
        "operator": operator_name(LANGUAGE),
        "place": card.name,
        "count": str(len(waiting)),
        "named": who,
        "until": short_moment(until, LANGUAGE, zone()),
        "link": f"{settings.ENVIRONMENT.web_origin}/p/{pickup_token(min(one.parcel_id for one in waiting))}",
    }
    letters: dict[str, tuple[str, str]] = {}
    for channel in WRITTEN:
        said = {**values, "codes": "/".join(codes if channel == EMAIL else few)}
        letter = write_letter(kind=kind, channel=channel, language=LANGUAGE, values=said)
        letters[channel] = (letter.heading, letter.body)
    told = Told(
        kind=Kind.PICKUP,
        subject_kind=PICKUP,
        subject_id=str(waiting[0].parcel_id),
        values={},
        by_day=False,
        extra={"station": card.id}
        if kind in ("PICKUP_BACK", "PICKUP_BY")
        else {"station": card.id, "step": kind},
        letters=letters,
        quiet=quiet_hours(card, wish),
    )
    ways = ways_to(contact_id, WRITTEN, chosen=wish.channel, own_email=wish.email)
    return queue_notice(waiting, told, ways, at=at, due_at=at)


def _tell_sender(one: Waiting, at: datetime) -> bool:
    """The merchant by his own way, else the person who sent it; neither hears who did not come."""
    sender = senders_of(one.shipment_id)
    shipper = shipper_of(sender.merchant_id) if sender.merchant_id else None
    if shipper is not None:
        target = channel_for(phone=shipper.contact_phone, email=shipper.contact_email)
    elif sender.contact_id is not None:
        person = reach_contact(sender.contact_id)
        target = channel_for(phone=person.phone, email=person.email)
    else:
        target = None
    if target is None:
        return False
    card = station_card(one.station_id)
    values = {
        "operator": operator_name(LANGUAGE),
        "place": card.name,
        "waybill_no": one.waybill_no[-6:],
        "until": short_moment(one.keep_until, LANGUAGE, zone()),
        "link": f"{settings.ENVIRONMENT.web_origin}/t/{one.waybill_no}",
    }
    queue_delivery(
        kind=Kind.SENT,
        subject_kind=PARCEL,
        subject_id=one.shipment_id,
        channel=target[0],
        to=target[1],
        letter=write_letter(kind="PICKUP_BACK_SENDER", channel=target[0], language=LANGUAGE, values=values),
        language=LANGUAGE,
        at=at,
        due_at=after_quiet(at, card.quiet_from, card.quiet_until, zone()),
    )
    return True
