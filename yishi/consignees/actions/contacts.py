"""Contacts are kept: once each, however many mention them."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import connection, models

from yishi.consignees.models import Contact
from yishi.consignees.queries import phone_hash
from yishi.consignees.rules import ContactRow, identity_of, plain_email, plain_name
from yishi.kit.hot import hot_cursor
from yishi.kit.personal import keyed_hash, normalise_phone, seal

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
