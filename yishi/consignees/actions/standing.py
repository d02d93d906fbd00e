"""What stands for a person, and how a statement is set against it; the verbs beside this file use it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from yishi.consignees.actions.contacts import keep_contacts
from yishi.consignees.facts import PreferencesReplaced
from yishi.consignees.models import Consent, Contact, DeliveryPreference
from yishi.consignees.rules import OWN, PREFERENCE_KINDS, ContactRow, Stated, Why, settle
from yishi.kit.errors import Invalid
from yishi.kit.facts import announce
from yishi.kit.personal import normalise_phone

PERSON = "person"
"""Who speaks, where it is the person himself: the edge has made him prove his phone."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One delivery preference as it is stated."""

    kind: str
    source: str
    value: str = ""
    address: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None


def hold_person(phone: str, wishes: Iterable[Wish], at: datetime) -> int:
    """The contact of this phone, kept and locked, so that two statements are settled one after the other.

    Raises Invalid for what is no phone, and for wishes that cannot be read.
    """
    errors = [
        (f"/items/{number}/{field}", code, detail)
        for number, wish in enumerate(wishes)
        for field, code, detail in _faults(wish)
    ]
    plain = normalise_phone(phone)
    if not 7 <= len(plain) <= 20:
        errors.append(("/phone", "bad_phone", "手机号是 11 位"))
    if errors:
        raise Invalid(errors)
    (contact_id,) = keep_contacts([ContactRow(phone=plain)], at)
    assert contact_id is not None
    Contact.objects.select_for_update().get(pk=contact_id)
    return contact_id


def check_wishes(wishes: Iterable[Wish]) -> None:
    """Raises Invalid for wishes that cannot be read."""
    if errors := [(f"/{field}", code, said) for wish in wishes for field, code, said in _faults(wish)]:
        raise Invalid(errors)


def _faults(wish: Wish) -> list[tuple[str, str, str]]:
    faults = []
    if wish.kind not in PREFERENCE_KINDS:
        faults.append(("kind", "unknown_kind", "没有这种收货偏好"))
    if not 1 <= len(wish.source) <= 40:
        faults.append(("source", "missing_field", "写明来源"))
    if len(wish.value) > 200 or len(wish.address) > 300:
        faults.append(("value", "too_long", "太长了"))
    return faults


def standing_wishes(contact_id: int) -> list[DeliveryPreference]:
    rows = DeliveryPreference.objects.filter(contact_id=contact_id, ended_at__isnull=True)
    return list(rows.order_by("pk"))


def state_wishes(contact_id: int, wishes: Sequence[Wish], *, by: str, at: datetime, ref: str = "") -> int:
    """Sets each wish against what stood before this statement (its own parts are alternatives); how many of
    them stand now. What loses is kept as history with the reason."""
    rows = standing_wishes(contact_id)
    consents = list(
        Consent.objects.filter(contact_id=contact_id, waybill_no="", withdrawn_at__isnull=True).order_by("pk")
    )
    before = [*map(_stated, rows), *map(_allowed, consents)]
    stand, is_changed = 0, False
    for wish in wishes:
        if any(is_listed(row, wish) for row in rows):
            stand += 1
            continue
        is_changed = True
        settled = settle(_said(wish, at), before)
        new = write_wish(contact_id, wish, by=by, at=at, ref=ref)
        if settled.why is not None:
            place = settled.loses_to if settled.loses_to is not None else len(rows)
            winner = rows[place] if place < len(rows) else None
            end_wish(new, settled.why, by=by, at=at, winner=winner)
            continue
        stand += 1
        for place, why in settled.ends.items():
            if place < len(rows):
                end_wish(rows[place], why, by=by, at=at, winner=new)
            else:
                end_consent(consents[place - len(rows)], by=by, how=f"wish:{new.kind}", at=at)
    if is_changed:
        announce(PreferencesReplaced(contact_id=contact_id, by=by, at=at))
    return stand


def yield_to_consent(consent: Consent, *, by: str, at: datetime) -> None:
    """Ends the wishes that a standing consent contradicts: the person has allowed it since."""
    rows = standing_wishes(consent.contact_id)
    for place in settle(_allowed(consent), [_stated(row) for row in rows]).ends:
        end_wish(rows[place], Why.CONTRADICTED, by=by, at=at)


def is_listed(row: DeliveryPreference, wish: Wish) -> bool:
    """Whether a wish says exactly what stands."""
    fields = ("kind", "value", "address", "source", "valid_from", "valid_until")
    return row.ended_at is None and all(getattr(row, name) == getattr(wish, name) for name in fields)


def write_wish(contact_id: int, wish: Wish, *, by: str, at: datetime, ref: str = "") -> DeliveryPreference:
    return DeliveryPreference.objects.create(
        contact_id=contact_id,
        kind=wish.kind,
        value=wish.value,
        address=wish.address,
        source=wish.source,
        valid_from=wish.valid_from,
        valid_until=wish.valid_until,
        noted_at=at,
        noted_by=by,
        ref=ref,
    )


def end_wish(
    row: DeliveryPreference, why: Why, *, by: str, at: datetime, winner: DeliveryPreference | None = None
) -> None:
    row.ended_at, row.ended_by, row.ended_why, row.yields_to = at, by, why, winner
    row.save(update_fields=["ended_at", "ended_by", "ended_why", "yields_to"])


def end_consent(row: Consent, *, by: str, how: str, at: datetime) -> None:
    """Only the moment of withdrawal is added: what it allowed before stays allowed."""
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_how = at, by, how
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_how"])


def _said(wish: Wish, at: datetime) -> Stated:
    return Stated(
        kind=wish.kind,
        source=wish.source,
        at=at,
        value=wish.value,
        address=wish.address,
        valid_from=wish.valid_from,
        valid_until=wish.valid_until,
    )


def _stated(row: DeliveryPreference) -> Stated:
    return Stated(
        kind=row.kind,
        source=row.source,
        at=row.noted_at,
        value=row.value,
        address=row.address,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def _allowed(row: Consent) -> Stated:
    """A consent is always the person's own word, whoever wrote it down."""
    return Stated(
        kind=f"MAY_{row.placement}",
        source=OWN,
        at=row.given_at,
        address=row.address,
        valid_until=row.valid_until,
    )
