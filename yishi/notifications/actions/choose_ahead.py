"""A choice behind a message ahead, by link or by a key on the telephone: for its parcels, or for always."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yishi.consignees.actions.consents import Allowed, give_consent
from yishi.consignees.actions.notices import mute_notices
from yishi.consignees.actions.standing import Wish
from yishi.consignees.actions.wishes import state_wish
from yishi.consignees.queries import reach_contact, wishes_of_contacts
from yishi.consignees.rules import OWN
from yishi.kit.errors import Refusal
from yishi.notifications.actions.ahead import ABOUT, AHEAD, token_of
from yishi.notifications.actions.queue import zone
from yishi.notifications.actions.tell_ahead import OFFERED_DAYS, another_time
from yishi.notifications.models import AheadNote, Delivery
from yishi.notifications.queries.ahead import NoteView, access_note
from yishi.shipments.actions.choices import Choice, TooLateToChoose, choose_for_parcel
from yishi.shipments.rules.choices import (
    DOOR,
    GUARD,
    HOME,
    LEFT,
    NEIGHBOUR,
    TIME,
    VOICE,
    TooLate,
    to_ask,
)
from yishi.shipments.rules.visits import chosen, visits_after


class AskedFirst(Refusal):
    """这和你以前说的不一样，确认一下再改"""

    code = "contradicts_wish"
    status = 409

    def __init__(self, wish: str) -> None:
        super().__init__()
        self.wish = wish


@dataclass(frozen=True)
class Sure:
    """`always`: not only for these parcels; `is_sure`: he was shown what he had said before."""

    always: bool = False
    is_sure: bool = False


@transaction.atomic
def choose_by_link(*, token: str, choice: Choice, sure: Sure, at: datetime) -> int:
    """Whoever holds the link chooses for all its parcels that are still on their way; how many changed.

    Raises NotFound for a link that is not ours or is over, TooLateToChoose where all have come, AskedFirst
    where it turns round what the person had said, Invalid.
    """
    note = access_note(token=token, at=at)
    return _choose(note, choice, sure, at)


def _choose(note: NoteView, choice: Choice, sure: Sure, at: datetime) -> int:
    if not note.open:
        raise TooLateToChoose(next((one.too_late for one in note.parcels if one.too_late), TooLate.OVER))
    phone = reach_contact(note.contact_id).phone
    said = [one.kind for one in wishes_of_contacts([note.contact_id], at=at)[note.contact_id]]
    against = to_ask(choice.kind, said)
    if against and not sure.is_sure:
        raise AskedFirst(against)
    changed = sum(
        choose_for_parcel(shipment_id=one.shipment_id, choice=choice, phone=phone, at=at) for one in note.open
    )
    if sure.always and phone:
        _always(phone, choice, at)
    return changed


def _always(phone: str, choice: Choice, at: datetime) -> None:
    """The same as a standing wish, and where it is left with somebody as a standing consent."""
    if choice.kind in (DOOR, GUARD, NEIGHBOUR):
        state_wish(phone=phone, wish=Wish(kind=choice.kind, source=OWN, value=choice.named.strip()), at=at)
    if choice.kind == TIME and choice.from_at and choice.until_at:
        first, last = choice.from_at.astimezone(zone()), choice.until_at.astimezone(zone())
        value = f"每天 {first:%H:%M}-{last:%H:%M}"
        state_wish(phone=phone, wish=Wish(kind="TIME_WINDOW", source=OWN, value=value), at=at)
    if choice.kind in LEFT:
        allowed = Allowed(placement=choice.kind, channel=choice.via, wording=choice.wording)
        give_consent(phone=phone, allowed=allowed, by=None, at=at)


@transaction.atomic
def choose_by_key(*, delivery_id: int, pressed: str, at: datetime) -> bool:
    """A key on the telephone: 1 at home now, 2 the other time that was read out, 3 with the guard. False for
    another key, or where it is too late. Whoever takes the call of that number is the consignee."""
    row = Delivery.objects.filter(pk=delivery_id, subject_kind=AHEAD).first()
    note = AheadNote.objects.filter(pk=row.subject_id).first() if row is not None else None
    choice = _choice_of_key(pressed, row, at) if row is not None else None
    if note is None or choice is None:
        return False
    try:
        _choose(access_note(token=token_of(note.pk), at=at), choice, Sure(is_sure=True), at)
    except Refusal:
        # too late: the key stands in the receipt, and the courier has it in his hands already
        return False
    return True


def _choice_of_key(pressed: str, row: Delivery, at: datetime) -> Choice | None:
    if pressed == "1":
        return Choice(kind=HOME, via=VOICE)
    if pressed == "3":
        return Choice(kind=GUARD, via=VOICE, wording=_("语音电话里按了 3：这一件放门卫"))
    if pressed != "2":
        return None
    visits = visits_after(at, zone(), days=OFFERED_DAYS + 1)
    visit = chosen(visits, str(row.extra.get("other", ""))) or another_time(at, at)
    if visit is None:
        return None
    return Choice(kind=TIME, via=VOICE, from_at=visit.from_at, until_at=visit.until_at)


@transaction.atomic
def mute_ahead(*, token: str, is_muted: bool, at: datetime) -> None:
    """Whoever was told ahead wants it no more, or wants it again. Raises NotFound."""
    note = access_note(token=token, at=at)
    mute_notices(contact_id=note.contact_id, about=ABOUT, is_muted=is_muted, at=at)
