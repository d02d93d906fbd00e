"""The ledger of consents: what may be left in a locker, at a station, with the guard or a neighbour.

快递暂行条例 (2025) 28: nothing is put there without the person's consent, so each one says who, when, how and
in which words. A withdrawal adds its own moment and rewrites nothing: what was placed before stays allowed.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yishi.consignees.actions.standing import PERSON, end_consent, hold_person, yield_to_consent
from yishi.consignees.facts import ConsentGiven, ConsentWithdrawn
from yishi.consignees.models import Consent
from yishi.consignees.queries import find_contact_ids
from yishi.consignees.rules import PLACEMENTS
from yishi.kit.errors import Invalid, NotFound
from yishi.kit.facts import announce
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

MAX_WORDING = 500


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """What a person allows: for one parcel, or ('' as its number) for all. `channel` is how he said it (web,
    link, chat, call, courier …), `wording` what he was shown or told."""

    placement: str
    channel: str
    wording: str
    waybill_no: str = ""
    address: str = ""
    valid_until: datetime | None = None


@transaction.atomic
def give_consent(*, phone: str, allowed: Allowed, by: Viewer | None, at: datetime) -> int:
    """Writes a consent into the ledger; its id. `by` is None for the person himself, whose phone the edge has
    proved, else who heard it; for one parcel that may be its courier. A standing one ends the
    wishes that it contradicts.

    Raises NotAllowed, or Invalid for a placement, channel or wording that is missing.
    """
    if by is not None:
        require(by, Permission.CONTACT_WRITE if allowed.waybill_no else Permission.PREFERENCES)
    _check(allowed, at)
    contact_id = hold_person(phone, [], at)
    who = by.label if by is not None else PERSON
    row = Consent.objects.create(
        contact_id=contact_id,
        placement=allowed.placement,
        waybill_no=allowed.waybill_no,
        address=allowed.address,
        channel=allowed.channel,
        wording=allowed.wording.strip(),
        valid_until=allowed.valid_until,
        given_at=at,
        given_by=who,
    )
    if not allowed.waybill_no:
        yield_to_consent(row, by=who, at=at)
    announce(
        ConsentGiven(
            contact_id=contact_id,
            consent_id=row.pk,
            placement=row.placement,
            waybill_no=row.waybill_no,
            at=at,
        )
    )
    return row.pk


@transaction.atomic
def withdraw_consent(*, phone: str, consent_id: int, channel: str, by: Viewer | None, at: datetime) -> None:
    """He allows it no more, from this moment on. Raises NotAllowed, or NotFound where it does not stand."""
    if by is not None:
        require(by, Permission.PREFERENCES)
    rows = Consent.objects.select_for_update(of=("self",))
    row = rows.filter(
        pk=consent_id, contact_id__in=find_contact_ids(phone), withdrawn_at__isnull=True
    ).first()
    if row is None:
        raise NotFound()
    end_consent(row, by=by.label if by is not None else PERSON, how=channel, at=at)
    announce(
        ConsentWithdrawn(
            contact_id=row.contact_id,
            consent_id=row.pk,
            placement=row.placement,
            waybill_no=row.waybill_no,
            at=at,
        )
    )


@transaction.atomic
def withdraw_for_parcel(*, phone: str, waybill_no: str, channel: str, at: datetime) -> int:
    """The person allows nothing any more that he allowed for this parcel alone: he chose otherwise; how many
    consents that ends."""
    rows = Consent.objects.select_for_update(of=("self",)).filter(
        waybill_no=waybill_no, contact_id__in=find_contact_ids(phone), withdrawn_at__isnull=True
    )
    ended = list(rows) if waybill_no else []
    for row in ended:
        end_consent(row, by=PERSON, how=channel, at=at)
        announce(
            ConsentWithdrawn(
                contact_id=row.contact_id,
                consent_id=row.pk,
                placement=row.placement,
                waybill_no=row.waybill_no,
                at=at,
            )
        )
    return len(ended)


def _check(allowed: Allowed, at: datetime) -> None:
    errors = []
    if allowed.placement not in PLACEMENTS:
        errors.append(("/placement", "unknown_placement", "选可以放哪里"))
    if not 1 <= len(allowed.channel) <= 40:
        errors.append(("/channel", "missing_field", "写明怎么同意的"))
    if not allowed.wording.strip() or len(allowed.wording) > MAX_WORDING:
        errors.append(("/wording", "missing_field", "写明当时怎么说的，500 字以内"))
    if allowed.valid_until is not None and allowed.valid_until <= at:
        errors.append(("/valid_until", "in_the_past", "到期时间要在以后"))
    if len(allowed.waybill_no) > 40 or len(allowed.address) > 300:
        errors.append(("/address", "too_long", "太长了"))
    if errors:
        raise Invalid(errors)
