"""Reads of contacts: masked by default; in full only by need, and every look is written down."""

import base64
import binascii
import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from cryptography.exceptions import InvalidTag
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Q

from yishi.consignees.models import (
    BackupContact,
    Code,
    Consent,
    Contact,
    DeliveryPreference,
    NoticeChoice,
    WishProposal,
)
from yishi.consignees.rules import ASKED_FOR, PROOF_WITHIN, NoticeWish
from yishi.kit.errors import Invalid, NotFound
from yishi.kit.hot import KeptQuery, hot_cursor
from yishi.kit.personal import (
    keyed_hash,
    log_look,
    mask_address,
    mask_email,
    mask_name,
    mask_phone,
    normalise_phone,
    unseal,
)
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

PROOF_SALT = "yishi.consignees.proof"
Field = Literal["name", "phone", "email"]


@dataclass(frozen=True)
class MaskedContact:
    """A contact as anybody with a reason to be on the page may see it."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class FullContact:
    """A contact in full; whoever holds this has logged why, or sends a notice to the person himself."""

    name: str
    phone: str
    email: str
    virtual_number: str = ""
    virtual_extension: str = ""
    virtual_until: datetime | None = None


@dataclass(frozen=True)
class Preference:
    """One wish as pages and the API show it."""

    kind: str
    value: str
    address: str
    source: str
    valid_until: datetime | None


def phone_hash(phone: str) -> bytes | None:
    """By which a phone is found again; None for no phone."""
    plain = normalise_phone(phone)
    return keyed_hash("phone", plain) if plain else None


def find_contact_ids(phone: str) -> list[int]:
    """All contacts that mention this phone, the trusted one first."""
    hashed = phone_hash(phone)
    if hashed is None:
        return []
    trusted = keyed_hash("contact", f"phone:{normalise_phone(phone)}")
    rows = Contact.objects.filter(phone_hash=hashed).values_list("identity", "id")
    return [contact_id for identity, contact_id in sorted(rows, key=lambda r: (bytes(r[0]) != trusted, r[1]))]


_BY_ID = KeptQuery(lambda: Contact.objects.filter(pk=-7001), -7001)


def _get(contact_id: int) -> Contact:
    contact = _BY_ID.first(contact_id)
    if contact is None:
        raise NotFound()
    return contact


def masked_contact(contact_id: int | None) -> MaskedContact:
    """The contact with all but its first signs hidden; an empty one for None. Raises NotFound."""
    if contact_id is None:
        return MaskedContact()
    found = _get(contact_id)
    return MaskedContact(mask_name(found.name), mask_phone(found.phone), mask_email(found.email))


def reveal_contact(viewer: Viewer, contact_id: int, field: Field, reason: str | None, at: datetime) -> str:
    """One value in full, written down in the log of looks.

    With a `reason` the role must allow it and the reason must say something. `reason=None` is sight that the
    task itself needs (the case open before the viewer): the caller has been through that task's own door.
    Raises NotAllowed, NotFound or Invalid.
    """
    if reason is not None:
        require(viewer, Permission.REVEAL)
        if not reason.strip():
            raise Invalid([("/reason", "missing_field", "写明查看的原因")])
    value = str(getattr(_get(contact_id), field))
    log_look(
        viewer=viewer.label,
        subject=f"contact:{contact_id}",
        field=field,
        reason=(reason or "").strip()[:500],
        is_silent=reason is None,
        at=at,
    )
    return value


def see_contact(*, viewer: Viewer, contact_id: int, task: str, at: datetime) -> FullContact:
    """The whole contact for the task at hand (`case:2611…`), logged silently; the caller checked the task."""
    found = reach_contact(contact_id)
    subject = f"contact:{contact_id}"
    log_look(viewer=viewer.label, subject=subject, field="all", reason=task, is_silent=True, at=at)
    return found


def reach_contact(contact_id: int) -> FullContact:
    """How to reach the person, for a notice to himself; never for a page. Raises NotFound."""
    found = _get(contact_id)
    return FullContact(
        found.name,
        found.phone,
        found.email,
        found.virtual_number,
        found.virtual_extension,
        found.virtual_until,
    )


def phone_of_proof(proof: str) -> str:
    """The phone that a proof of `check_code` stands for; '' when it is forged or older than 30 min."""
    try:
        sealed = signing.loads(proof, salt=PROOF_SALT, max_age=PROOF_WITHIN)
        return unseal(base64.b64decode(sealed))
    except (signing.BadSignature, binascii.Error, InvalidTag, KeyError, TypeError, ValueError):
        return ""


def mask_of_code(code_id: uuid.UUID | str) -> str:
    """The masked phone to which a code went, for whoever asked for it; '' when there is no such code."""
    try:
        return mask_phone(Code.objects.get(pk=code_id).phone)
    except (Code.DoesNotExist, ValidationError):
        return ""


def read_proof(proof: str) -> bytes | None:
    """The hash of the phone that a proof stands for; None when it is forged or too old."""
    return phone_hash(phone_of_proof(proof))


def notice_wish(*, contact_id: int | None, about: str) -> NoticeWish:
    """How the person wants to be told of this matter; the shipped way where he has not said."""
    rows = NoticeChoice.objects.filter(about__in=(about, "")).order_by("-about")
    row = rows.filter(contact_id=contact_id).first() if contact_id is not None else None
    if row is None:
        return NoticeWish()
    return NoticeWish(
        channel=row.channel, email=row.email, quiet_from=row.quiet_from, quiet_until=row.quiet_until
    )


def unwanted_of(contact_ids: Collection[int], *, about: str) -> set[int]:
    """Which of these people want to be told nothing of this matter; one statement."""
    rows = NoticeChoice.objects.filter(contact_id__in=contact_ids, about__in=(about, ""))
    # what was said of the matter itself holds before what was said of all
    said = {row.contact_id: row.channel for row in rows.order_by("about")}
    return {contact_id for contact_id, channel in said.items() if channel == NoticeChoice.Channel.NONE}


def backup_phone(contact_id: int) -> str:
    """Whom to tell where the person himself cannot be reached; '' where he named nobody."""
    row = _backup(contact_id)
    return row.phone if row is not None else ""


def backup_of(contact_id: int) -> MaskedContact | None:
    """Whom he named, for his own page: the number masked, the name as he wrote it."""
    row = _backup(contact_id)
    return MaskedContact(row.called, mask_phone(row.phone)) if row is not None else None


def _backup(contact_id: int) -> BackupContact | None:
    return BackupContact.objects.filter(_same_person(contact_id)).order_by("-named_at").first()


def list_preferences(*, viewer: Viewer, phone: str, at: datetime) -> list[Preference]:
    """The wishes that count for this phone at this moment. Raises NotAllowed."""
    require(viewer, Permission.PREFERENCES)
    hashed = phone_hash(phone)
    return _counting(Q(contact__phone_hash=hashed), at) if hashed is not None else []


def preferences_of_contact(contact_id: int, *, at: datetime) -> list[Preference]:
    """The wishes that count for whoever this contact is, addresses masked; the caller came by the parcel."""
    wishes = _counting(_same_person(contact_id), at)
    return [replace(wish, address=mask_address(wish.address)) for wish in wishes]


def _same_person(contact_id: int) -> Q:
    """The rows of whoever mentions the same phone. Raises NotFound."""
    contact = _get(contact_id)
    if contact.phone_hash is None:
        return Q(contact=contact)
    # a set of ids, not a join: either is found by its index however many wishes there are
    return Q(contact__in=Contact.objects.filter(phone_hash=contact.phone_hash).values("pk"))


def _counting(whose: Q, at: datetime) -> list[Preference]:
    rows = DeliveryPreference.objects.filter(whose, _in_force(at), ended_at__isnull=True).order_by("pk")
    return [Preference(r.kind, r.value, r.address, r.source, r.valid_until) for r in rows]


def _in_force(at: datetime) -> Q:
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=at)
    return begun & (Q(valid_until__isnull=True) | Q(valid_until__gte=at))


@dataclass(frozen=True)
class OwnWishes:
    """All that is kept of a person's wishes, for himself: rows of the room, addresses masked."""

    standing: list[DeliveryPreference]
    asked: list[WishProposal]
    consents: list[Consent]
    past: list[DeliveryPreference]


def own_wishes(*, phone: str, at: datetime) -> OwnWishes:
    """What stands for a phone, what he is asked, what he allowed, and what was; the edge has proved it."""
    mine = {"contact_id__in": find_contact_ids(phone)}
    wishes = DeliveryPreference.objects.filter(**mine)
    over = Q(ended_at__isnull=False) | Q(valid_until__lt=at)
    found = OwnWishes(
        standing=list(wishes.exclude(over).order_by("pk")),
        asked=list(WishProposal.objects.filter(**mine, answered_at=None, asked_at__gte=at - ASKED_FOR)),
        consents=list(Consent.objects.filter(**mine).order_by("-given_at")[:50]),
        past=list(wishes.filter(over).order_by("-pk")[:50]),
    )
    for wish in (*found.standing, *found.past):
        wish.address = mask_address(wish.address)
    for consent in found.consents:
        consent.address = mask_address(consent.address)
    return found


def consent_for(*, contact_id: int, waybill_no: str, placement: str, at: datetime) -> Consent | None:
    """The consent that allowed this parcel to be left there at that moment; its own before a standing one."""
    allowed = Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=at)
    allowed &= Q(valid_until__isnull=True) | Q(valid_until__gte=at)
    rows = Consent.objects.filter(
        _same_person(contact_id), allowed, waybill_no__in=(waybill_no, ""), given_at__lte=at
    )
    return rows.filter(placement=placement).order_by("-waybill_no", "-given_at").first()


@dataclass(frozen=True)
class SaidWish:
    """A wish with the moment it was noted, for whoever stands at the door."""

    kind: str
    value: str
    source: str
    noted_at: datetime
    address: str = ""


_WISHING = """
WITH asked AS (SELECT id, phone_hash FROM consignees_contact WHERE id = ANY (%s)),
mentions AS (
    SELECT id FROM asked
    UNION SELECT c.id FROM consignees_contact c JOIN asked USING (phone_hash)
)
SELECT p.id FROM consignees_delivery_preference p JOIN mentions m ON m.id = p.contact_id
WHERE p.ended_at IS NULL
"""


def wishes_of_contacts(contact_ids: Collection[int], *, at: datetime) -> dict[int, list[SaidWish]]:
    """The wishes that count now, by contact, whichever mention of the person they were noted with; one
    statement however many there are, and two more where somebody has wishes. The caller came by the parcels,
    and asks `is_for` of their address."""
    asked = set(contact_ids)
    found_ids = [pk for (pk,) in hot_cursor().execute(_WISHING, [list(asked)], prepare=True)]
    if not found_ids:
        return {one: [] for one in asked}
    hashes = dict(Contact.objects.filter(pk__in=asked).values_list("pk", "phone_hash"))
    standing = DeliveryPreference.objects.filter(_in_force(at), pk__in=found_ids)
    found: dict[int | bytes, dict[int, SaidWish]] = {}
    for row in standing.select_related("contact").order_by("pk"):
        said = SaidWish(row.kind, row.value, row.source, row.noted_at, row.address)
        keys: list[int | bytes] = [row.contact_id]
        if row.contact.phone_hash is not None:
            keys.append(bytes(row.contact.phone_hash))
        for key in keys:
            found.setdefault(key, {})[row.pk] = said
    return {
        one: list((found.get(one, {}) | (found.get(bytes(phone), {}) if phone is not None else {})).values())
        for one, phone in hashes.items()
    }
