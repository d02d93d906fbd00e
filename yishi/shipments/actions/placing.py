"""Before a parcel goes into a locker, a station or to the guard: what the courier answered is kept."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from yishi.kit.errors import Invalid, Refusal
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.shipments.models.parcels import ContactAttempt
from yishi.shipments.models.stops import ScanCheck
from yishi.shipments.rules.placing import AGREED, ANSWERS, PLACES

CALLED_WITHIN = timedelta(hours=2)


class NoProofOfConsent(Refusal):
    """还没有通话或文字同意：先打电话，或附上通话、聊天的截图"""

    code = "no_proof_of_consent"


@transaction.atomic
def answer_placement(
    *,
    shipment_id: int,
    place: str,
    courier: str,
    wish: str,
    answer: str,
    file_id: UUID | None,
    by: Viewer,
    at: datetime,
) -> int:
    """Keeps what the courier answered when he was about to leave the parcel somewhere; its id.

    `wish` is the one that spoke against the place, or ''. That the person agreed counts only with a picture
    of it, or after a call or message recorded within two hours. The caller came through the parcel's door.
    Raises NotAllowed, Invalid, NoProofOfConsent.
    """
    require(by, Permission.CONTACT_WRITE)
    if place not in PLACES or answer not in ANSWERS:
        raise Invalid([("/answer", "bad_value", "没有这个选项")])
    if answer == AGREED and file_id is None and not _was_called(shipment_id, at):
        raise NoProofOfConsent()
    return ScanCheck.objects.create(
        shipment_id=shipment_id,
        kind=f"PLACE_{place}",
        courier=courier,
        wish=wish,
        answer=answer,
        file_id=file_id,
        asked_by=by.label,
        at=at,
    ).pk


def _was_called(shipment_id: int, at: datetime) -> bool:
    made = ContactAttempt.objects.filter(shipment_id=shipment_id, kind__in=("CALL", "SMS"))
    return made.filter(at__gt=at - CALLED_WITHIN, at__lte=at).exists()
