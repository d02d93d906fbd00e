"""Parcels and the sources that are asked about them: new ones are followed, those at their end no longer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from yishi.feeds.actions.follow import end_following, follow_new, hear_of_subscriptions
from yishi.feeds.port import ParsedShipment, SubscriptionNews, Wanted
from yishi.feeds.queries.following import list_followers
from yishi.feeds.queries.sources import SourceCard
from yishi.kit.hot import hot_cursor
from yishi.network.rules import carrier_of
from yishi.shipments.actions.places import UNKNOWN_CARRIER
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.rules.milestones import Milestone
from yishi.shipments.rules.waybills import normalise_waybill_no

_ENDS = (Milestone.DELIVERED, Milestone.RETURNED, Milestone.CANCELLED)
_ENDED = "SELECT waybill_no, carrier FROM shipments_shipment WHERE id = ANY(%s) AND milestone = ANY(%s)"


def follow_kept(*, new: Sequence[tuple[ParsedShipment, int]], at: datetime) -> None:
    """Parcels of which master data (and the shipment's id) came are followed by the sources whose setting
    says so, but not those that had come to their end: history is loaded too."""
    if not new or not list_followers():
        return
    tails = {shipment_id: _tail(item) for item, shipment_id in new}
    rows = Shipment.objects.filter(pk__in=tails).exclude(milestone__in=_ENDS).order_by("pk")
    wanted = [
        Wanted(number, "" if carrier == UNKNOWN_CARRIER else carrier, tails[pk])
        for pk, number, carrier in rows.values_list("pk", "waybill_no", "carrier")
    ]
    follow_new(parcels=wanted, at=at)


def _tail(item: ParsedShipment) -> str:
    person = item.consignee
    return "" if person is None else (person.phone_tail or person.phone or person.virtual)[-4:]


def stop_following(*, shipment_ids: Sequence[int], at: datetime) -> None:
    """Of these parcels those that came to their end are asked about for a few days only."""
    ends = [end.value for end in _ENDS]
    ended = hot_cursor().execute(_ENDED, [list(shipment_ids), ends]).fetchall()
    end_following(parcels=ended, at=at)


def hear_of(*, source: SourceCard, news: Sequence[SubscriptionNews], at: datetime) -> None:
    """What a push said of our subscriptions, numbers and carriers as we write them. Must stand in a
    transaction."""
    plain = [
        replace(said, waybill_no=number, carrier=carrier_of(said.carrier))
        for said in news
        if (number := normalise_waybill_no(said.waybill_no))
    ]
    hear_of_subscriptions(source=source, news=plain, at=at)
