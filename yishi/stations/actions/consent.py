"""A parcel promised to the door is taken by a station only with its person's yes, which is kept."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yishi.consignees.actions.consents import Allowed, give_consent
from yishi.consignees.queries import SaidWish, consent_for, reach_contact, wishes_of_contacts
from yishi.consignees.rules import is_for
from yishi.people.rules import Viewer
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.queries.door import AgreedOfDoor, agreed_of_door
from yishi.shipments.rules.placing import Promised, promised_to_door

_TOLD = ("VOICE_CALL", "CALL_FIRST")
_WHY = {
    Promised.WISH: gettext_noop("收件人要求送上门，不要放驿站；问过本人同意了再入库"),
    Promised.CHOSEN: gettext_noop("收件人为这一件另外约好了怎么收；问过本人同意了再入库"),
    Promised.SCHEDULED: gettext_noop("已经约好再送上门；问过本人同意了再入库"),
    Promised.PRODUCT: gettext_noop("这一件寄的是送货上门；问过本人同意了再入库"),
}


@dataclass(frozen=True)
class Standing:
    """How a parcel stands with its door: `why` is the question to the keeper ('' = none), `wish` one that he
    should know, `is_answered` that the question was answered with yes just now."""

    why: str = ""
    wish: str = ""
    is_answered: bool = False


def stand_of_door(
    contact_id: int | None, shipment: Shipment | None, number: str, *, is_answered: bool, at: datetime
) -> Standing:
    """Whether somebody must be asked before the parcel is taken in. Wishes count at its address only, and a
    standing consent does not undo what was said of this very parcel or of this very place."""
    details = getattr(shipment, "details", None) if shipment is not None else None
    address = details.address if details is not None else ""
    wishes = _wishes(contact_id, address, at)
    agreed = agreed_of_door(shipment.pk, at=at) if shipment is not None else AgreedOfDoor()
    promised = promised_to_door(
        chosen=agreed.chosen,
        wishes=[wish.kind for wish in wishes],
        newest_visit=agreed.newest_visit,
        words=[details.product, *details.handling] if details is not None else (),
    )
    wish = next((kind for kind in _TOLD if any(one.kind == kind for one in wishes)), "")
    is_near = promised is Promised.CHOSEN or any(one.address for one in wishes)
    if promised is None or _has_agreed(contact_id, number, address, is_near, at):
        return Standing(wish=wish)
    return Standing(why=_(_WHY[promised]), wish=wish, is_answered=is_answered)


def keep_answer(contact_id: int | None, number: str, *, by: Viewer, at: datetime) -> None:
    """The keeper asked and heard yes: it stands in the ledger under his name, for this parcel."""
    phone = reach_contact(contact_id).phone if contact_id is not None else ""
    if phone:
        wording = "入库前问过本人，同意放驿站"  # kept as it was asked, in the language of the house
        allowed = Allowed(placement="STATION", channel="station", wording=wording, waybill_no=number)
        give_consent(phone=phone, allowed=allowed, by=by, at=at)


def _wishes(contact_id: int | None, address: str, at: datetime) -> list[SaidWish]:
    if contact_id is None:
        return []
    said = wishes_of_contacts([contact_id], at=at).get(contact_id, [])
    return [wish for wish in said if is_for(wish.address, address)]


def _has_agreed(contact_id: int | None, number: str, address: str, is_near: bool, at: datetime) -> bool:
    if contact_id is None:
        return False
    given = consent_for(contact_id=contact_id, waybill_no=number, placement="STATION", at=at)
    if given is None:
        return False
    return bool(given.waybill_no) or (not is_near and is_for(given.address, address))
