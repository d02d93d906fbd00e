"""Attempts to reach a consignee, recorded as they happen: the evidence of care and of fairness."""

from datetime import datetime

from django.db import transaction

from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.shipments.models.parcels import ContactAttempt, Shipment
from yishi.shipments.queries.parcels import access_shipment
from yishi.shipments.rules.deeds import OUTCOMES
from yishi.shipments.rules.waybills import LONGEST_WORD, fit_text, normalise_waybill_no, reason_against_time


class NothingToNote(Refusal):
    """还没有打电话的记录：先打电话，再记结果"""

    code = "nothing_to_note"


@transaction.atomic
def record_contact(
    *,
    waybill_no: str,
    kind: str,
    made_at: datetime,
    outcome: str,
    courier: str,
    by: Viewer,
    at: datetime,
    position: str = "",
    reference: str = "",
    carrier: str | None = None,
) -> int:
    """Records one attempt (CALL, SMS, KNOCK, PHOTO) and returns its id; the same attempt twice is one.
    `reference` names the picture or recording that belongs to it (`file:` and the id of one we keep).

    Raises NotAllowed, NotFound for a parcel unknown or out of sight, Invalid with a pointer a field.
    """
    require(by, Permission.CONTACT_WRITE)
    errors = []
    if kind not in ContactAttempt.Kind.values:
        errors.append(("/kind", "bad_value", "没有这个选项"))
    if reason := reason_against_time(made_at, at=at):
        errors.append(("/at", reason, "时间不对"))
    if any(len(word) > LONGEST_WORD for word in (outcome, courier, position, reference)):
        errors.append(("/outcome", "too_long", "太长了"))
    if errors:
        raise Invalid(errors)
    attempt, _ = ContactAttempt.objects.get_or_create(
        shipment_id=_parcel(by, waybill_no, carrier),
        kind=kind,
        at=made_at,
        courier_number=fit_text(courier),
        defaults={
            "outcome": fit_text(outcome),
            "position": fit_text(position),
            "reference": fit_text(reference) or None,
            "recorded_by": by.label,
            "recorded_at": at,
        },
    )
    return attempt.pk


@transaction.atomic
def note_outcome(*, shipment_id: int, courier: str, outcome: str, made_at: datetime, by: Viewer) -> None:
    """What came of this courier's last call before that moment, said by one tap.

    The caller came through the parcel's door. Raises NotAllowed, Invalid, NothingToNote without such a call.
    """
    require(by, Permission.CONTACT_WRITE)
    if outcome not in OUTCOMES:
        raise Invalid([("/outcome", "bad_value", "没有这个选项")])
    made = ContactAttempt.objects.select_for_update().filter(shipment_id=shipment_id, kind="CALL")
    last = made.filter(courier_number=courier, at__lte=made_at).order_by("-at", "-pk").first()
    if last is None or last.outcome not in ("dialled", *OUTCOMES):
        raise NothingToNote()
    last.outcome = outcome
    last.save(update_fields=["outcome"])


def _parcel(by: Viewer, waybill_no: str, carrier: str | None) -> int:
    number = normalise_waybill_no(waybill_no)
    if number is None:
        raise NotFound
    shipment_id = access_shipment(by, number, carrier).shipment_id
    # the parcel's row is locked first: an attempt must not fall between a merge's steps
    Shipment.objects.select_for_update().only("pk").get(pk=shipment_id)
    return shipment_id
