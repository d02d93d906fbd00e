"""Verbs of the consignees' room: keep a contact, prove a phone by a code, replace wishes.

A wrong code must count although it is refused, so `check_code` runs in a transaction of its own (`durable`);
the edges call it outside of any other.
"""

import base64
import secrets
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, models, transaction

from yishi.consignees.facts import PreferencesReplaced
from yishi.consignees.models import Code, Contact, DeliveryPreference, NoticeChoice
from yishi.consignees.queries import PROOF_SALT, phone_hash
from yishi.consignees.rules import (
    CODE_WITHIN,
    PREFERENCE_KINDS,
    ContactRow,
    NoticeWish,
    code_outcome,
    identity_of,
    plain_email,
    plain_name,
)
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor
from yishi.kit.personal import keyed_hash, normalise_phone, seal
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer


class WrongCode(Refusal):
    """验证码不对"""

    code = "wrong_code"
    status = 422


class CodeExpired(Refusal):
    """验证码过期了，请重新获取"""

    code = "code_expired"
    status = 409


class CodeUsed(Refusal):
    """验证码已经用过，请重新获取"""

    code = "code_used"
    status = 409


class CodeLocked(Refusal):
    """试错太多次，请重新获取验证码"""

    code = "code_locked"
    status = 423


@dataclass(frozen=True)
class IssuedCode:
    """A fresh code; `code` goes to the phone and nowhere else."""

    code_id: uuid.UUID
    code: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One delivery preference as it is stated."""

    kind: str
    source: str
    value: str = ""
    address: str = ""
    valid_until: datetime | None = None


_COLUMNS = """identity, phone, phone_hash, phone_tail_hash, name, name_hash, email, email_hash,
    virtual_number, virtual_extension, virtual_until, created_at"""
_TYPES = ("bytea",) * 10 + ("timestamptz",) * 2

_KEEP_ONE = f"""
    WITH found AS (SELECT id FROM consignees_contact WHERE identity = %s::bytea),
    made AS (
        INSERT INTO consignees_contact ({_COLUMNS})
        SELECT {", ".join(f"%s::{kind}" for kind in _TYPES)} WHERE NOT EXISTS (SELECT 1 FROM found)
        ON CONFLICT (identity) DO UPDATE SET identity = excluded.identity RETURNING id
    )
    SELECT id FROM found UNION ALL SELECT id FROM made
"""

_KEEP_MANY = f"""
    INSERT INTO consignees_contact AS kept ({_COLUMNS})
    SELECT * FROM unnest({", ".join(f"%s::{kind}[]" for kind in _TYPES)})
    ON CONFLICT (identity) DO UPDATE SET
        name = CASE WHEN excluded.name_hash IS NULL THEN kept.name ELSE excluded.name END,
        name_hash = COALESCE(excluded.name_hash, kept.name_hash),
        email = CASE WHEN excluded.email_hash IS NULL THEN kept.email ELSE excluded.email END,
        email_hash = COALESCE(excluded.email_hash, kept.email_hash),
        virtual_until = COALESCE(excluded.virtual_until, kept.virtual_until)
    RETURNING identity, id
"""


def keep_contact(*, phone: str = "", email: str = "", name: str = "", at: datetime) -> int | None:
    """The contact that a stranger names, kept once; its id, or None when nothing reaches him.

    One statement. What is already known of a contact stays as it is: nobody renames another person.
    """
    row = _plain(ContactRow(phone=phone, email=email, name=name))
    identity = identity_of(row, is_trusted=False)
    if not identity:
        return None
    values = _values(row, keyed_hash("contact", identity), at)
    with hot_cursor() as cursor:
        cursor.execute(_KEEP_ONE, [values[0], *values], prepare=True)
        found = cursor.fetchone()
    assert found is not None
    return int(found[0])


def keep_contacts(rows: Sequence[ContactRow], at: datetime) -> list[int | None]:
    """The contacts of master data, whose word is trusted: the newest name and e-mail win.

    Ids in the order of `rows`, None where nothing reaches the person. At most two statements, however many
    rows; what is known already is neither sealed nor written again.
    """
    plain = [_plain(row) for row in rows]
    names = [identity_of(row, is_trusted=True) for row in plain]
    hashes = [keyed_hash("contact", name) if name else None for name in names]
    wanted = {identity: row for identity, row in zip(hashes, plain, strict=True) if identity is not None}
    ids: dict[bytes, int] = {}
    changed = dict(wanted)
    for kept in _known(list(wanted)):
        identity = bytes(kept[0])
        ids[identity] = kept[1]
        if _adds_nothing(wanted[identity], *kept[2:]):
            del changed[identity]
    if changed:
        # always in the same order, so that two batches never wait for each other
        values = [_values(changed[identity], identity, at) for identity in sorted(changed)]
        with connection.cursor() as cursor:
            cursor.execute(_KEEP_MANY, [list(column) for column in zip(*values, strict=True)])
            ids |= {bytes(identity): contact_id for identity, contact_id in cursor.fetchall()}
    return [ids[identity] if identity is not None else None for identity in hashes]


def forget_unused(*, contact_ids: Collection[int], since: datetime) -> int:
    """Forgets those of these contacts, kept since then, whom nothing refers to; how many.

    For a file that brought people it should not have brought.
    """
    left = set(Contact.objects.filter(pk__in=contact_ids, created_at__gte=since).values_list("pk", flat=True))
    for relation in Contact._meta.get_fields(include_hidden=True):
        if left and isinstance(relation, models.ForeignObjectRel):
            rows = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": left})
            left -= set(rows.values_list(relation.field.attname, flat=True))
    return Contact.objects.filter(pk__in=left).delete()[0]


Stored = bytes | memoryview
Known = tuple[Stored, int, Stored | None, Stored | None, datetime | None]


def _known(identities: list[bytes]) -> list[Known]:
    rows = Contact.objects.filter(identity__in=identities)
    return list(rows.values_list("identity", "id", "name_hash", "email_hash", "virtual_until"))


def _adds_nothing(row: ContactRow, name: Stored | None, email: Stored | None, until: datetime | None) -> bool:
    return (
        (not row.name or (name is not None and bytes(name) == keyed_hash("name", row.name)))
        and (not row.email or (email is not None and bytes(email) == keyed_hash("email", row.email)))
        and (row.virtual_until is None or row.virtual_until == until)
    )


def _plain(row: ContactRow) -> ContactRow:
    phone = normalise_phone(row.phone)
    return replace(
        row,
        phone=phone,
        phone_tail=phone[-4:] or normalise_phone(row.phone_tail)[-4:],
        name=plain_name(row.name),
        email=plain_email(row.email),
        virtual_number=normalise_phone(row.virtual_number),
        virtual_extension=row.virtual_extension.strip(),
    )


def _values(row: ContactRow, identity: bytes, at: datetime) -> list[bytes | datetime | None]:
    """One row of `_COLUMNS`."""
    return [
        identity,
        seal(row.phone),
        phone_hash(row.phone),
        keyed_hash("phone_tail", row.phone_tail) if row.phone_tail else None,
        seal(row.name),
        keyed_hash("name", row.name) if row.name else None,
        seal(row.email),
        keyed_hash("email", row.email) if row.email else None,
        seal(row.virtual_number),
        seal(row.virtual_extension),
        row.virtual_until,
        at,
    ]


def issue_code(*, phone: str, at: datetime) -> IssuedCode:
    """A six-digit code for this phone, good for 10 min. Whether the phone is known changes nothing.

    Raises Invalid for what is no telephone number.
    """
    plain = normalise_phone(phone)
    if not 7 <= len(plain) <= 20:
        raise Invalid([("/phone", "bad_phone", "手机号是 11 位")])
    code = f"{secrets.randbelow(1_000_000):06}"
    row = Code(phone=plain, phone_hash=phone_hash(plain), created_at=at, expires_at=at + CODE_WITHIN)
    row.code_hash = _code_hash(row.id, code)
    row.save(force_insert=True)
    return IssuedCode(row.id, code, row.expires_at)


def _code_hash(code_id: uuid.UUID, code: str) -> bytes:
    return keyed_hash("code", f"{code_id}:{code}")


def check_code(*, code_id: uuid.UUID | str, code: str, at: datetime) -> str:
    """The proof (signed, good for 30 min) that somebody holds the phone to which this code went.

    Raises NotFound, WrongCode, CodeExpired, CodeUsed, or CodeLocked once 5 tries were wrong.
    """
    outcome, phone = _try_code(code_id, code.strip(), at)
    if outcome == "RIGHT":
        return signing.dumps(base64.b64encode(seal(phone)).decode(), salt=PROOF_SALT)
    raise {"WRONG": WrongCode, "EXPIRED": CodeExpired, "USED": CodeUsed, "LOCKED": CodeLocked}[outcome]


@transaction.atomic(durable=True)
def _try_code(code_id: uuid.UUID | str, code: str, at: datetime) -> tuple[str, str]:
    try:
        row = Code.objects.select_for_update().get(pk=code_id)
    except (Code.DoesNotExist, ValidationError):
        raise NotFound() from None
    outcome = code_outcome(
        is_right=secrets.compare_digest(bytes(row.code_hash), _code_hash(row.id, code)),
        tries=row.tries,
        expires_at=row.expires_at,
        is_used=row.used_at is not None,
        at=at,
    )
    if outcome == "WRONG":
        row.tries += 1
    elif outcome == "RIGHT":
        row.used_at = at
    row.save(update_fields=["tries", "used_at"])
    return outcome, row.phone


@transaction.atomic
def replace_preferences(*, phone: str, wishes: Sequence[Wish], by: Viewer, at: datetime) -> int:
    """These wishes and no others count from now on for this phone; the contact's id.

    Raises NotAllowed, or Invalid with a pointer for each wish that cannot be read.
    """
    require(by, Permission.PREFERENCES)
    plain = normalise_phone(phone)
    errors = [
        (f"/items/{number}/{field}", code, detail)
        for number, wish in enumerate(wishes)
        for field, code, detail in _faults(wish)
    ]
    if not 7 <= len(plain) <= 20:
        errors.append(("/phone", "bad_phone", "手机号是 11 位"))
    if errors:
        raise Invalid(errors)
    (contact_id,) = keep_contacts([ContactRow(phone=plain)], at)
    assert contact_id is not None
    DeliveryPreference.objects.filter(contact_id=contact_id).delete()
    DeliveryPreference.objects.bulk_create(
        DeliveryPreference(
            contact_id=contact_id,
            kind=wish.kind,
            value=wish.value,
            address=wish.address,
            source=wish.source,
            valid_until=wish.valid_until,
            noted_at=at,
        )
        for wish in wishes
    )
    announce(PreferencesReplaced(contact_id=contact_id, by=by.label, at=at))
    return contact_id


def _faults(wish: Wish) -> list[tuple[str, str, str]]:
    faults = []
    if wish.kind not in PREFERENCE_KINDS:
        faults.append(("kind", "unknown_kind", "没有这种收货偏好"))
    if not 1 <= len(wish.source) <= 40:
        faults.append(("source", "missing_field", "写明来源"))
    if len(wish.value) > 200 or len(wish.address) > 300:
        faults.append(("value", "too_long", "太长了"))
    return faults


@transaction.atomic
def choose_notices(*, contact_id: int, about: str, wish: NoticeWish, is_proven: bool, at: datetime) -> None:
    """Keeps how the person wants to be told of one matter (`case:7`), and of everything where he has proved
    the phone: whoever only holds a link silences nobody else's telephone. Raises Invalid.
    """
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise NotFound()
    if wish.email and not _is_email(wish.email):
        raise Invalid([("/email", "bad_email", "邮箱写法不对，应像 name@example.cn")])
    if wish.channel == NoticeChoice.Channel.EMAIL and not (wish.email or contact.email):
        raise Invalid([("/email", "missing_field", "写一个邮箱，才能用邮件告诉你")])
    if wish.channel == NoticeChoice.Channel.SMS and not contact.phone:
        raise Invalid([("/channel", "missing_field", "你没有留手机号，不能发短信")])
    if wish.channel not in NoticeChoice.Channel.values:
        raise Invalid([("/channel", "unknown_channel", "选一种方式")])
    values = {
        "channel": wish.channel,
        "email": plain_email(wish.email),
        "quiet_from": wish.quiet_from,
        "quiet_until": wish.quiet_until,
        "chosen_at": at,
    }
    if is_proven and not about and wish.channel == NoticeChoice.Channel.NONE:
        # nothing at all: what he chose for one case before ends as well
        NoticeChoice.objects.filter(contact=contact).update(channel=wish.channel, chosen_at=at)
    for subject in {about, ""} if is_proven else {about}:
        NoticeChoice.objects.update_or_create(contact=contact, about=subject, defaults=values)


def _is_email(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= 254
