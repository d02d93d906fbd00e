"""Whoever sends parcels hears that the carrier has them and when they are to be there, in one letter."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from yishi.consignees.queries import reach_contact
from yishi.network.queries import NamedContact, shipper_of
from yishi.notifications.actions.queue import Kind, operator_name, queue_delivery, zone
from yishi.notifications.queries.letters import part, short_moment, window, write_letter
from yishi.notifications.rules import PARCEL, by_daylight, channel_for
from yishi.shipments.actions.booking_told import SentParcel, ToTell, claim_to_tell

LANGUAGE = "zh-hans"


@transaction.atomic
def tell_senders(*, at: datetime, limit: int) -> int:
    """Tells up to `limit` senders; how many were due. Whom nothing reaches is not asked again."""
    due = claim_to_tell(at=at, limit=limit)
    for told in due:
        _tell(told, at)
    return len(due)


def _tell(told: ToTell, at: datetime) -> None:
    shipper = shipper_of(told.merchant_id) if told.merchant_id else None
    if shipper is not None:
        target = channel_for(phone=shipper.contact_phone, email=shipper.contact_email)
    elif told.contact_id is not None:
        person = reach_contact(told.contact_id)
        target = channel_for(phone=person.phone, email=person.email)
    else:
        target = None
    if target is None:
        return
    channel, to = target
    values = {
        "operator": operator_name(LANGUAGE),
        "what": _what(told.parcels),
        "promise": _promise(told.parcels),
        "named": _named(shipper.named if shipper else None),
        "link": f"{settings.ENVIRONMENT.web_origin}{_path(told.parcels, shipper.link if shipper else '')}",
    }
    queue_delivery(
        kind=Kind.SENT,
        subject_kind=PARCEL,
        subject_id=told.parcels[0].shipment_id,
        channel=channel,
        to=to,
        letter=write_letter(kind=Kind.SENT, channel=channel, language=LANGUAGE, values=values),
        language=LANGUAGE,
        at=at,
        due_at=by_daylight(at, zone()),
    )


def _what(parcels: Sequence[SentParcel]) -> str:
    if len(parcels) == 1:
        return part("sent_one", LANGUAGE, tail=parcels[0].waybill_no[-6:])
    return part("sent_many", LANGUAGE, count=str(len(parcels)), tail=parcels[0].waybill_no[-6:])


def _promise(parcels: Sequence[SentParcel]) -> str:
    """A promise is called a promise, an estimate an estimate, and nothing is said where nothing is known."""
    promised = [one.promised_at for one in parcels if one.promised_at is not None]
    if len(promised) == len(parcels):
        form = "sent_promised" if len(parcels) == 1 else "sent_promised_last"
        return part(form, LANGUAGE, when=short_moment(max(promised), LANGUAGE, zone()))
    if len(parcels) == 1 and (expected := parcels[0].expected) is not None:
        said = window(expected.from_at, expected.until_at, LANGUAGE, zone())
        return part("sent_expected", LANGUAGE, window=said)
    return part("sent_unsure", LANGUAGE)


def _named(named: NamedContact | None) -> str:
    if named is None:
        return ""
    return part("sent_named", LANGUAGE, who=named.name, phone=named.phone)


def _path(parcels: Sequence[SentParcel], link: str) -> str:
    """A shipper's own page; else the parcel's; of several parcels one's own list behind a code."""
    if link:
        return f"/s/{link}"
    return f"/t/{parcels[0].waybill_no}" if len(parcels) == 1 else "/mine"
