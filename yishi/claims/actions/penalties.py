"""Penalties received: written down once, appealed in time, with what the appeal saved; all of it booked."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from yishi.cases.models.case import Case
from yishi.claims.actions.hold import words
from yishi.claims.actions.ledger import book, reverse
from yishi.claims.facts import PenaltyAppealDecided, PenaltyAppealed, PenaltyReceived
from yishi.claims.models.penalty import AppealResult, FeeCode, Origin, ReceivedPenalty
from yishi.claims.rules.arbitration import is_in_time
from yishi.claims.rules.compensation import MOST_FEN
from yishi.claims.rules.ledger import PENALTIES, PENALTY_DUE, move
from yishi.claims.rules.penalties import appeal_until, saved_by
from yishi.kit.errors import Invalid, NotFound, Refusal, Stale
from yishi.kit.facts import announce
from yishi.network.models import Outlet
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.shipments.rules.waybills import normalise_waybill_no

PENALTY = "PENALTY"


class PenaltyKnown(Refusal):
    """这个编号的考核已经记过"""

    code = "penalty_known"


class TooLateToAppeal(Refusal):
    """复核的期限已经过了"""

    code = "too_late_to_appeal"


class PenaltyMoved(Refusal):
    """这笔考核已经走到下一步，看一眼最新的再办"""

    code = "penalty_moved"


@dataclass(frozen=True, kw_only=True)
class NewPenalty:
    """`appeal_until` None = by the days of its fee code, if the operator has entered any."""

    origin: str
    amount_fen: int
    happened_at: datetime
    fee_code: str = ""
    label: str = ""
    carrier: str = ""
    external_no: str = ""
    waybill_no: str = ""
    outlet_code: str = ""
    courier_id: int | None = None
    appeal_until: datetime | None = None
    record_mark: bytes | None = None


@transaction.atomic
def note_penalty(*, penalty: NewPenalty, by: Viewer, at: datetime) -> int:
    """Writes down one penalty and books it; its id. Raises PenaltyKnown, Invalid, NotFound (outlet)."""
    require(by, Permission.FILES_IMPORT)
    if penalty.origin not in Origin.values:
        raise Invalid([("/origin", "unknown_origin", "选是谁开的")])
    if not 0 < penalty.amount_fen <= MOST_FEN:
        raise Invalid([("/amount", "bad_amount", "写明金额")])
    number = normalise_waybill_no(penalty.waybill_no) if penalty.waybill_no else ""
    if number is None:
        raise Invalid([("/waybill_no", "bad_waybill_no", "运单号不对")])
    case = Case.objects.filter(waybill_no=number).order_by("-opened_at").first() if number else None
    fee = FeeCode.objects.filter(code=penalty.fee_code).first()
    try:
        with transaction.atomic():
            row = ReceivedPenalty.objects.create(
                origin=penalty.origin,
                carrier=penalty.carrier,
                fee_code=penalty.fee_code,
                label=penalty.label or (fee.name if fee else ""),
                external_no=penalty.external_no,
                waybill_no=number,
                case=case,
                outlet=_outlet(penalty.outlet_code, case, by),
                courier_id=penalty.courier_id,
                amount_fen=penalty.amount_fen,
                happened_at=penalty.happened_at,
                noted_at=at,
                noted_by=by.label,
                record_mark=penalty.record_mark,
                appeal_until=penalty.appeal_until
                or appeal_until(penalty.happened_at, fee.appeal_days if fee else None),
            )
    except IntegrityError:
        raise PenaltyKnown() from None
    amounts = move(PENALTIES, PENALTY_DUE, row.amount_fen)
    key = f"penalty:{row.pk}:received"
    book(key=key, kind="PENALTY", subject=(PENALTY, row.pk), amounts=amounts, by=by.label, at=at)
    announce(PenaltyReceived(penalty_id=row.pk, amount_fen=row.amount_fen, at=at))
    return row.pk


@transaction.atomic
def appeal_penalty(
    *, penalty_id: int, reason: str, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Writes down that it was appealed. Raises TooLateToAppeal, PenaltyMoved, NotFound, Stale."""
    why = words(reason, "/reason")
    row = _hold(penalty_id, by, version)
    if row.appealed_at is not None:
        raise PenaltyMoved()
    if not is_in_time(at, row.appeal_until):
        raise TooLateToAppeal()
    row.appealed_at, row.appeal_reason = at, why
    _keep(row, "appealed_at", "appeal_reason")
    announce(PenaltyAppealed(penalty_id=row.pk, at=at))


@transaction.atomic
def note_appeal_result(
    *,
    penalty_id: int,
    result: str,
    left_fen: int | None = None,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """撤销, 减免 (with what is left to pay) or 维持; what was saved is booked back. Raises Invalid,
    PenaltyMoved, NotFound, Stale."""
    row = _hold(penalty_id, by, version)
    if row.appealed_at is None or row.result_at is not None:
        raise PenaltyMoved()
    saved = saved_by(result, row.amount_fen, left_fen)
    if result not in AppealResult.values or saved is None:
        raise Invalid([("/result", "bad_result", "选结果；减免要写还剩多少")])
    row.appeal_result, row.saved_fen, row.result_at = result, saved, at
    _keep(row, "appeal_result", "saved_fen", "result_at")
    key = f"penalty:{row.pk}"
    if result == AppealResult.REVOKED:
        reverse(key=f"{key}:received", by=by.label, at=at)
    elif saved:
        amounts = move(PENALTY_DUE, PENALTIES, saved)
        book(
            key=f"{key}:reduced",
            kind="REDUCED",
            subject=(PENALTY, row.pk),
            amounts=amounts,
            by=by.label,
            at=at,
        )
    announce(PenaltyAppealDecided(penalty_id=row.pk, result=result, saved_fen=saved, at=at))


@transaction.atomic
def void_penalty(*, penalty_id: int, by: Viewer, at: datetime, version: int | None = None) -> None:
    """Takes back what was written down by mistake, or whose file was undone: its booking is reversed.

    Raises PenaltyMoved for one whose appeal was decided, NotFound, Stale.
    """
    row = _hold(penalty_id, by, version)
    if row.result_at is not None:
        raise PenaltyMoved()
    row.voided_at, row.record_mark = at, None
    _keep(row, "voided_at", "record_mark")
    reverse(key=f"penalty:{row.pk}:received", by=by.label, at=at)


def _hold(penalty_id: int, by: Viewer, version: int | None) -> ReceivedPenalty:
    require(by, Permission.FILES_IMPORT)
    row = (
        ReceivedPenalty.objects.select_for_update(of=("self",))
        .select_related("outlet")
        .filter(pk=penalty_id)
        .first()
    )
    if row is None or not by.sees_outlet(row.outlet.code if row.outlet else None):
        raise NotFound()
    if version is not None and version != row.version:
        raise Stale()
    if row.voided_at is not None:
        raise PenaltyMoved()
    return row


def _keep(row: ReceivedPenalty, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=[*fields, "version"])


def _outlet(code: str, case: Case | None, by: Viewer) -> Outlet | None:
    """The outlet named, else the case's; one out of sight is unknown."""
    found = Outlet.objects.filter(code=code).first() if code else case.outlet if case else None
    if code and found is None:
        raise NotFound()
    if not by.sees_outlet(found.code if found else None):
        raise NotFound()
    return found
