"""The number by which a courier rings a person: a lent one, else the parcel's own virtual one, else the real
one where the operator allows it."""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from yishi.consignees.queries import see_contact
from yishi.network.queries import courier_phone
from yishi.notifications.port import Loan, PluginError, open_lender
from yishi.people.rules import Viewer

LENT_MINUTES = 20
LENT, VIRTUAL, REAL, NONE = "LENT", "VIRTUAL", "REAL", "NONE"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Dialled:
    """What to dial, of which kind it is, and the lender's own number of the loan."""

    number: str
    kind: str
    reference: str = ""


def is_lending() -> bool:
    """Whether a provider of private numbers is set."""
    return bool(settings.ENVIRONMENT.lender_url)


def number_at_hand(*, viewer: Viewer, contact_id: int, task: str, at: datetime) -> tuple[str, str, Dialled]:
    """(name, number as it is called, what to dial) without asking anybody; the look is logged silently."""
    full = see_contact(viewer=viewer, contact_id=contact_id, task=task, at=at)
    is_alive = full.virtual_until is None or full.virtual_until > at
    if full.virtual_number and is_alive:
        extension = f",{full.virtual_extension}" if full.virtual_extension else ""
        return full.name, full.virtual_number, Dialled(f"{full.virtual_number}{extension}", VIRTUAL)
    if full.phone and settings.ENVIRONMENT.dials_real:
        return full.name, full.phone, Dialled(full.phone, REAL)
    return full.name, full.phone, Dialled("", NONE)


def lend_number(*, viewer: Viewer, contact_id: int, courier_id: int, task: str, at: datetime) -> Dialled:
    """A number for one call. What the lender cannot do, the number at hand does; NONE where there is none."""
    _name, _shown, ready = number_at_hand(viewer=viewer, contact_id=contact_id, task=task, at=at)
    caller = courier_phone(courier_id)
    callee = see_contact(viewer=viewer, contact_id=contact_id, task=task, at=at).phone
    if not (is_lending() and caller and callee):
        return ready
    # the same within the minute, so that a second press binds no second number
    loan_id = uuid.uuid5(uuid.NAMESPACE_OID, f"{courier_id}:{contact_id}:{at:%Y%m%d%H%M}")
    loan = Loan(str(loan_id), caller, callee, LENT_MINUTES)
    try:
        lent = open_lender(settings.ENVIRONMENT.lender_url).lend(loan)
    except PluginError as refused:
        logger.warning("no private number was lent: %s", refused)
        return ready
    extension = f",{lent.extension}" if lent.extension else ""
    return Dialled(f"{lent.number}{extension}", LENT, lent.reference)
