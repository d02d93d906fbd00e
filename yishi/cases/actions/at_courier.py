"""A courier's part in a case: he answers a complaint, asks whether it is settled, reports damage, agrees when
he comes again. He never answers for the case: that stays with its outlet."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yishi.cases.actions.evidence import attach, proof_note
from yishi.cases.actions.hold import check_text, hold_case, keep
from yishi.cases.actions.lines import write_entry
from yishi.cases.actions.open import ShipmentRef, open_case
from yishi.cases.actions.parties import note_inside
from yishi.cases.facts import CaseReplied, ConsumerWrote, EvidenceAdded
from yishi.cases.models.history import Audience
from yishi.cases.queries.at_courier import ANSWERED, ASKED, NOT_SETTLED, SETTLED, settling
from yishi.cases.rules.couriers import ANSWERS
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.facts import announce
from yishi.people.queries import require
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer

LONGEST = 500


class AlreadyAsked(Refusal):
    """已经问过了，等顾客点一下"""

    code = "already_asked"


class NotAsked(Refusal):
    """这里没有要你确认的事，或者已经答过了"""

    code = "not_asked"


@transaction.atomic
def answer_at_courier(
    *, case_id: int, answer: str, text: str = "", files: Sequence[UUID] = (), by: Viewer, at: datetime
) -> int:
    """What the courier says to a complaint about his parcel, with what proves it; read inside only.

    The caller came through the courier's door. Returns the line's id. Raises NotAllowed, Invalid, CaseIsOver.
    """
    require(by, Permission.CONTACT_WRITE)
    if answer not in ANSWERS:
        raise Invalid([("/answer", "bad_value", "选一个答复")])
    if len(text) > LONGEST:
        raise Invalid([("/text", "too_long", "最多 500 字")])
    case = hold_case(case_id=case_id, must_be_open=True)
    kept, note = check_text(text, is_required=False)
    data = {**note, **proof_note(files), "answer": answer, **({"said": kept} if kept else {})}
    entry = write_entry(case, ANSWERED, Audience.INTERNAL, by=by, at=at, data=data)
    attach(case, entry, files, by=by, at=at)
    keep(case)
    if files:
        announce(
            EvidenceAdded(
                case_id=case.pk, case_no=case.case_no, by_user_id=by.user_id, entry_id=entry.pk, at=at
            )
        )
    return entry.pk


@transaction.atomic
def ask_settled(*, case_id: int, text: str, by: Viewer, at: datetime) -> int:
    """Asks the person, by a notice with his link, whether it is settled as agreed; `text` is what was agreed.

    Keeps no promise and changes no state: only the person's own word reconciles. Raises NotAllowed, Invalid,
    AlreadyAsked while he has not answered, CaseIsOver.
    """
    require(by, Permission.CONTACT_WRITE)
    if len(text) > LONGEST:
        raise Invalid([("/text", "too_long", "最多 500 字")])
    kept, note = check_text(text)
    case = hold_case(case_id=case_id, must_be_open=True)
    if case.is_internal:
        # nobody has complained: there is nobody to ask
        raise NotFound()
    if settling(case.pk)[0] == ASKED:
        raise AlreadyAsked()
    entry = write_entry(case, ASKED, Audience.PUBLIC, by=by, at=at, text=kept, data=note)
    keep(case)
    announce(
        CaseReplied(
            case_id=case.pk,
            case_no=case.case_no,
            by_user_id=by.user_id,
            category=case.category,
            case_class=case.case_class,
            entry_id=entry.pk,
            is_automatic=True,
            old=case.status,
            at=at,
        )
    )
    return entry.pk


@transaction.atomic
def say_settled(*, case_id: int, is_settled: bool, text: str = "", at: datetime) -> int:
    """The person's own word: settled (reconciled), or not. Once for each time he was asked.

    The outlet closes the case as ever, now with his word in it. Raises NotAsked, CaseIsOver.
    """
    case = hold_case(case_id=case_id, must_be_open=True)
    if settling(case.pk)[0] != ASKED:
        raise NotAsked()
    kept, note = check_text(text, is_required=False)
    kind = SETTLED if is_settled else NOT_SETTLED
    entry = write_entry(case, kind, Audience.PUBLIC, by=None, at=at, text=kept, data=note)
    keep(case)
    announce(ConsumerWrote(case_id=case.pk, case_no=case.case_no, entry_id=entry.pk, old=case.status, at=at))
    return entry.pk


@transaction.atomic
def report_damage(
    *,
    shipment: ShipmentRef,
    contact_id: int | None,
    text: str,
    files: Sequence[UUID],
    by: Viewer,
    at: datetime,
) -> str:
    """Damage that showed when the parcel was opened together: a case in the person's name, with the photos.

    Again within a minute is the same case. Returns its number. Raises NotAllowed, Invalid without a photo.
    """
    require(by, Permission.CONTACT_WRITE)
    if not files:
        raise Invalid([("/photos", "missing_field", "拍一张照片")])
    if len(text) > LONGEST:
        raise Invalid([("/text", "too_long", "最多 500 字")])
    case = open_case(
        waybill_no=shipment.waybill_no,
        category="DAMAGED",
        text="当面开箱发现破损",  # kept as it was said at the door, in the language of the house
        contact_id=contact_id,
        source="COURIER_NOTE",
        shipment=shipment,
        by=SYSTEM_VIEWER,
        at=at,
    )
    note_inside(case_id=case.case_id, kind="COURIER_FOUND", text=text, data={}, files=files, by=by, at=at)
    return case.case_no


@transaction.atomic
def note_visit(
    *, case_id: int, from_at: datetime, until_at: datetime, files: Sequence[UUID], by: Viewer, at: datetime
) -> int:
    """Nobody was in: when the courier comes again, told to the person on his page. Returns the line's id."""
    require(by, Permission.CONTACT_WRITE)
    case = hold_case(case_id=case_id, must_be_open=True)
    data = {"from": from_at.isoformat(), "until": until_at.isoformat(), **proof_note(files)}
    entry = write_entry(case, "NEXT_VISIT", Audience.PUBLIC, by=by, at=at, data=data)
    attach(case, entry, files, by=by, at=at)
    keep(case)
    return entry.pk
