"""The consignee hears of trouble from us first: once, by daylight, plainly, with what he can choose."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from yishi.detection.queries.incidents import find_incident, is_in_trouble
from yishi.detection.rules.playbooks import Step
from yishi.notifications.actions.chains import Told, queue_chain
from yishi.notifications.actions.queue import Kind, operator_name
from yishi.notifications.models import AheadParcel, Delivery
from yishi.notifications.queries.letters import part
from yishi.notifications.queries.matters import get_parcel_matter
from yishi.notifications.rules import PARCEL, USUAL, Reach, chain_of
from yishi.shipments.queries.parcels import has_arrived

QUIET_FOR = timedelta(hours=24)
"""So long nobody hears of the same parcel again, whatever else is found."""

# texts of their own; of all else it is said that something is the matter
_WORDED = frozenset(
    {
        "STALLED", "SENT_NOT_ARRIVED", "OUT_NOT_SIGNED", "HELD_AT_OUTLET", "FAILED_TWICE", "DAMAGED",
        "MISROUTED", "SUSPECTED_FALSE_SIGN_OFF",
    }
)  # fmt: skip


_STOOD_STILL = frozenset({"STALLED", "SENT_NOT_ARRIVED", "MISROUTED"})


@transaction.atomic
def tell_of_incident(*, incident_id: int, at: datetime, language: str = "zh-hans") -> uuid.UUID | None:
    """Tells the consignee what is the matter, where the playbook says so; None where nobody is told.

    Not told: what is over meanwhile, and whoever heard of this parcel in the last 24 hours.
    """
    incident = find_incident(incident_id)
    if incident is None or incident.closed_at is not None or Step.TELL not in incident.steps:
        return None
    if incident.shipment_id is None or _was_told(incident.shipment_id, at):
        return None
    said = incident.kind.lower() if incident.kind in _WORDED else "other"
    return _tell(incident.shipment_id, f"incident_{said}", language, at, {"incident": incident_id})


@transaction.atomic
def tell_of_healing(*, incident_id: int, at: datetime, language: str = "zh-hans") -> uuid.UUID | None:
    """Who heard that his parcel stood still hears that it moves again, once; a parcel that has come says so
    itself. None where nobody is told."""
    incident = find_incident(incident_id)
    if incident is None or incident.closed_at is None or incident.kind not in _STOOD_STILL:
        return None
    if incident.shipment_id is None or is_in_trouble(incident.shipment_id):
        return None
    sent = Delivery.objects.filter(
        kind=Kind.INCIDENT, subject_kind=PARCEL, subject_id=str(incident.shipment_id),
        state=Delivery.State.SENT,
    )  # fmt: skip
    last = sent.order_by("-created_at").first()
    if last is None or last.extra.get("incident") != incident_id or has_arrived(incident.shipment_id):
        return None
    return _tell(incident.shipment_id, "incident_over", language, at, {"over": incident_id})


def _tell(
    shipment_id: int, words: str, language: str, at: datetime, extra: dict[str, int]
) -> uuid.UUID | None:
    matter = get_parcel_matter(shipment_id)
    values = {
        "operator": operator_name(language),
        "about": part("about_parcel", language, tail=matter.waybill_no[-6:]),
        "waybill_no": matter.waybill_no,
        "matter": part(words, language),
        "link": f"{settings.ENVIRONMENT.web_origin}/t/{matter.waybill_no}",
    }
    told = Told(
        kind=Kind.INCIDENT, subject_kind=PARCEL, subject_id=str(shipment_id), values=values,
        language=language, extra=extra,
    )  # fmt: skip
    ways = chain_of(USUAL, Reach(phone=matter.phone, email=matter.email))
    return queue_chain(told=told, ways=ways, at=at)


def _was_told(shipment_id: int, at: datetime) -> bool:
    told = Delivery.objects.filter(
        kind__in=(Kind.INCIDENT, Kind.ETA_SLIP),
        subject_kind=PARCEL,
        subject_id=str(shipment_id),
        created_at__gt=at - QUIET_FOR,
    )
    # that it comes later than it was said this morning is the same matter
    slipped = AheadParcel.objects.filter(
        shipment_id=shipment_id, note__slips__gt=0, note__told_at__gt=at - QUIET_FOR
    )
    return told.exclude(state=Delivery.State.WITHDRAWN).exists() or slipped.exists()


def withdraw_incident_notice(*, shipment_id: int) -> int:
    """Takes back what waits for the morning about a parcel that has moved on meanwhile."""
    waiting = Delivery.objects.filter(
        kind=Kind.INCIDENT,
        subject_kind=PARCEL,
        subject_id=str(shipment_id),
        state=Delivery.State.QUEUED,
        tries=0,
    )
    return waiting.update(state=Delivery.State.WITHDRAWN, due_at=None)
