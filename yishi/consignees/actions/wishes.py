"""Wishes are stated, noted, guessed and confirmed, changed and taken back; nothing of it is forgotten."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from yishi.consignees.actions.standing import (
    PERSON,
    Wish,
    check_wishes,
    end_wish,
    hold_person,
    is_listed,
    standing_wishes,
    state_wishes,
    write_wish,
)
from yishi.consignees.facts import PreferencesReplaced, WishesProposed
from yishi.consignees.models import Contact, DeliveryPreference, WishProposal
from yishi.consignees.queries import find_contact_ids
from yishi.consignees.rules import ASKED_FOR, LEARNED, NOT_ASKED_AGAIN, OWN, Why, window_of
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.facts import announce
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer


class NotAskedAnyMore(Refusal):
    """这个问题已经回答过，或过了时间；可以直接写下你的收货偏好"""

    code = "not_asked_any_more"
    status = 409


@transaction.atomic
def replace_preferences(*, phone: str, wishes: Sequence[Wish], by: Viewer, at: datetime) -> int:
    """These wishes and no others count from now on for this phone; the contact's id.

    What is listed again stays as it was, what is not becomes history. The list is one statement: its parts
    are not set against each other. Raises NotAllowed, or Invalid with a pointer for each wish that cannot be
    read.
    """
    require(by, Permission.PREFERENCES)
    contact_id = hold_person(phone, wishes, at)
    new = list(wishes)
    for row in standing_wishes(contact_id):
        same = next((wish for wish in new if is_listed(row, wish)), None)
        if same is None:
            end_wish(row, Why.REPLACED, by=by.label, at=at)
        else:
            new.remove(same)
    for wish in new:
        write_wish(contact_id, wish, by=by.label, at=at)
    announce(PreferencesReplaced(contact_id=contact_id, by=by.label, at=at))
    return contact_id


@transaction.atomic
def note_wishes(*, phone: str, wishes: Sequence[Wish], by: Viewer, at: datetime) -> int:
    """Staff (or a program) note what a person wishes, beside what stands; how many of these stand now.

    `at` is when it was said. Where one contradicts what stands, the person's own word holds, else the newer.
    Raises NotAllowed, or Invalid with a pointer for each wish that cannot be read.
    """
    require(by, Permission.PREFERENCES)
    return state_wishes(hold_person(phone, wishes, at), wishes, by=by.label, at=at)


@transaction.atomic
def note_agreed(*, contact_id: int, wish: Wish, by: Viewer, at: datetime) -> None:
    """Keeps what whoever stood at the door agreed with the person for a while, beside all that stands; what
    he had agreed before for the same becomes history. Raises NotAllowed, NotFound, Invalid."""
    require(by, Permission.CONTACT_WRITE)
    check_wishes([wish])
    if wish.valid_until is None:
        raise Invalid([("/valid_until", "missing_field", "写明到什么时候")])
    if not Contact.objects.select_for_update().filter(pk=contact_id).exists():
        raise NotFound()
    same = [row for row in standing_wishes(contact_id) if (row.kind, row.source) == (wish.kind, wish.source)]
    new = write_wish(contact_id, wish, by=by.label, at=at)
    for row in same:
        end_wish(row, Why.CHANGED, by=by.label, at=at, winner=new)
    announce(PreferencesReplaced(contact_id=contact_id, by=by.label, at=at))


@transaction.atomic
def state_wish(*, phone: str, wish: Wish, at: datetime) -> None:
    """The person himself, whose phone the edge has proved, says what he wishes. Raises Invalid."""
    own = replace(wish, source=OWN)
    _check_hours(own)
    state_wishes(hold_person(phone, [own], at), [own], by=PERSON, at=at)


@transaction.atomic
def change_wish(*, phone: str, wish_id: int, value: str, valid_until: datetime | None, at: datetime) -> None:
    """The person says one of his wishes otherwise; the old wording is kept. Raises NotFound or Invalid."""
    row = _own_wish(phone, wish_id)
    wish = Wish(
        kind=row.kind,
        source=OWN,
        value=value,
        address=row.address,
        valid_from=row.valid_from,
        valid_until=valid_until,
    )
    _check_hours(wish)
    hold_person(phone, [wish], at)
    new = write_wish(row.contact_id, wish, by=PERSON, at=at)
    end_wish(row, Why.CHANGED, by=PERSON, at=at, winner=new)
    announce(PreferencesReplaced(contact_id=row.contact_id, by=PERSON, at=at))


@transaction.atomic
def withdraw_wish(*, phone: str, wish_id: int, at: datetime) -> None:
    """The person takes back one of his wishes, whoever noted it; it becomes history. Raises NotFound."""
    row = _own_wish(phone, wish_id)
    end_wish(row, Why.WITHDRAWN, by=PERSON, at=at)
    announce(PreferencesReplaced(contact_id=row.contact_id, by=PERSON, at=at))


def _own_wish(phone: str, wish_id: int) -> DeliveryPreference:
    rows = DeliveryPreference.objects.select_for_update(of=("self",))
    row = rows.filter(pk=wish_id, contact_id__in=find_contact_ids(phone), ended_at__isnull=True).first()
    if row is None:
        raise NotFound()
    return row


def _check_hours(wish: Wish) -> None:
    if wish.kind == "TIME_WINDOW" and window_of(wish.value) is None:
        raise Invalid([("/value", "bad_window", "写明几点到几点，开始要早于结束")])


@transaction.atomic
def propose_wishes(*, phone: str, kinds: Sequence[str], ref: str, language: str, at: datetime) -> int:
    """Asks the person whether what a complaint (`ref`) lets us guess is his wish; of how many he is asked.

    Not asked: what stands already, what he was asked lately and has not answered, what he said no to within
    a year. None of it counts before he says yes (`answer_proposal`).
    """
    contact_id = hold_person(phone, [], at)
    known = {row.kind for row in standing_wishes(contact_id)}
    asked = WishProposal.objects.filter(contact_id=contact_id)
    known |= set(
        asked.filter(answered_at__isnull=True, asked_at__gt=at - ASKED_FOR).values_list("kind", flat=True)
    )
    known |= set(
        asked.filter(is_wanted=False, answered_at__gt=at - NOT_ASKED_AGAIN).values_list("kind", flat=True)
    )
    new = tuple(kind for kind in kinds if kind not in known)
    for kind in new:
        # what was never answered is asked anew
        WishProposal.objects.update_or_create(
            contact_id=contact_id, kind=kind, answered_at=None, defaults={"ref": ref, "asked_at": at}
        )
    if new:
        announce(WishesProposed(contact_id=contact_id, kinds=new, ref=ref, language=language, at=at))
    return len(new)


@transaction.atomic
def answer_proposal(*, phone: str, proposal_id: int, is_wanted: bool, at: datetime) -> None:
    """The person, whose phone the edge has proved, says whether a guess is right; with yes it counts.

    Raises NotFound for what he was not asked, NotAskedAnyMore when it was answered or is older than 30 days.
    """
    rows = WishProposal.objects.select_for_update(of=("self",))
    row = rows.filter(pk=proposal_id, contact_id__in=find_contact_ids(phone)).first()
    if row is None:
        raise NotFound()
    if row.answered_at is not None or row.asked_at + ASKED_FOR < at:
        raise NotAskedAnyMore()
    row.answered_at, row.is_wanted = at, is_wanted
    row.save(update_fields=["answered_at", "is_wanted"])
    if is_wanted:
        wish = Wish(kind=row.kind, source=LEARNED)
        state_wishes(hold_person(phone, [wish], at), [wish], by=PERSON, at=at, ref=row.ref)
