"""Senders are told of all their parcels that were taken, once: who is due is claimed here."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from yishi.shipments.models.bookings import Booking
from yishi.shipments.queries.eta import find_estimate
from yishi.shipments.rules.eta import Estimate

MOST_TOGETHER = 500


@dataclass(frozen=True)
class SentParcel:
    """A parcel that the carrier has now; the promise if there is one, else what is expected of its lane."""

    booking_id: int
    shipment_id: int
    waybill_no: str
    promised_at: datetime | None
    expected: Estimate | None


@dataclass(frozen=True)
class ToTell:
    """One sender and his parcels; a corporate shipper is told as such."""

    merchant_id: int | None
    contact_id: int | None
    parcels: tuple[SentParcel, ...]


def claim_to_tell(*, at: datetime, limit: int) -> list[ToTell]:
    """Up to `limit` senders who are due, each with everything of his that waits; marked as told. Must stand
    in the transaction that writes to them."""
    due = Booking.objects.filter(tell_at__lte=at).order_by("tell_at", "pk")
    first = list(due.select_for_update(skip_locked=True)[:limit])
    keys = ((one.merchant_id, None if one.merchant_id else one.sender_contact_id) for one in first)
    senders = dict.fromkeys(keys)
    return [told for merchant_id, contact_id in senders if (told := _claim(merchant_id, contact_id, at))]


def _claim(merchant_id: int | None, contact_id: int | None, at: datetime) -> ToTell | None:
    whose = Q(merchant_id=merchant_id) if merchant_id else Q(merchant=None, sender_contact_id=contact_id)
    waiting = Booking.objects.filter(whose, tell_at__isnull=False).select_related("shipment")
    rows = list(waiting.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:MOST_TOGETHER])
    Booking.objects.filter(pk__in=[row.pk for row in rows]).update(tell_at=None, told_at=at)
    parcels = tuple(
        SentParcel(
            row.pk,
            row.shipment.pk,
            row.shipment.waybill_no,
            row.shipment.promised_at,
            find_estimate(row.shipment, at=at) if len(rows) <= 20 else None,
        )
        for row in rows
        if row.shipment is not None
    )
    return ToTell(merchant_id, contact_id, parcels) if parcels else None
