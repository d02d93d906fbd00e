"""Paying what the person accepted: once, with its reference; a failed try is kept and can be made again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yishi.cases.actions.hold import check_may
from yishi.cases.facts import PromiseEnded
from yishi.claims.actions.answer import CLAIM
from yishi.claims.actions.approve import check_limit
from yishi.claims.actions.hold import hold_claim, keep, tell, words
from yishi.claims.actions.ledger import book
from yishi.claims.facts import ClaimPaid, ClaimPaymentFailed
from yishi.claims.models.claim import ClaimState
from yishi.claims.rules.ledger import CASH, CONSUMER_DUE, move
from yishi.kit.errors import Refusal
from yishi.kit.facts import announce
from yishi.people.rules import Permission, Viewer

_TO_PAY = frozenset({"ACCEPTED", "PAY_FAILED"})


class AlreadyPaid(Refusal):
    """这笔已经由别人付过了，不要再付"""

    code = "already_paid"


@transaction.atomic
def note_payment(
    *,
    claim_id: int,
    reference: str,
    proof_id: UUID | None = None,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Writes down that the amount was paid, under the bank's or wallet's reference.

    The same reference again is the same payment; another one raises AlreadyPaid. Whoever pays needs a limit
    that covers the amount. Raises AboveLimit, ClaimMoved, Stale.
    """
    check_may(by, Permission.CASE_WRITE)
    paid_by = words(reference, "/reference")
    case, claim = hold_claim(claim_id=claim_id)
    if claim.state == ClaimState.PAID:
        if claim.payment_reference == paid_by:
            return
        raise AlreadyPaid()
    case, claim = hold_claim(claim_id=claim_id, version=version, states=_TO_PAY)
    check_limit(by, claim.amount_fen, is_own=False)
    claim.state, claim.paid_at, claim.paid_by = ClaimState.PAID, at, by.user_id
    claim.payment_reference, claim.payment_error, claim.payment_proof_id = paid_by, "", proof_id
    keep(claim, "state", "paid_at", "paid_by", "payment_reference", "payment_error", "payment_proof")
    book(
        key=f"claim:{claim.pk}:{claim.number}:paid",
        kind="CLAIM_PAID",
        subject=(CLAIM, claim.pk),
        amounts=move(CONSUMER_DUE, CASH, claim.amount_fen),
        by=by.label,
        at=at,
    )
    amount = {"amount_fen": claim.amount_fen}
    tell(case, "CLAIM_PAID", by=by, at=at, public=amount, inside={**amount, "reference": paid_by})
    announce(
        ClaimPaid(
            case_id=case.pk, case_no=case.case_no, by_user_id=by.user_id, claim_id=claim.pk,
            amount_fen=claim.amount_fen, at=at,
        )
    )  # fmt: skip
    announce(
        PromiseEnded(
            case_id=case.pk, case_no=case.case_no, by_user_id=by.user_id, subject_kind=CLAIM,
            subject_id=claim.pk, kind=CLAIM, at=at,
        )
    )  # fmt: skip


@transaction.atomic
def note_payment_failed(
    *, claim_id: int, reason: str, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """The payment did not go through, and why; it stays owed. Raises ClaimMoved, Stale, Invalid."""
    check_may(by, Permission.CASE_WRITE)
    why = words(reason, "/reason")
    case, claim = hold_claim(claim_id=claim_id, version=version, states=_TO_PAY)
    claim.state, claim.payment_error = ClaimState.PAY_FAILED, why
    keep(claim, "state", "payment_error")
    amount = {"amount_fen": claim.amount_fen}
    tell(case, "CLAIM_PAY_FAILED", by=by, at=at, public={}, inside=amount, text=why)
    announce(
        ClaimPaymentFailed(
            case_id=case.pk, case_no=case.case_no, by_user_id=by.user_id, claim_id=claim.pk,
            amount_fen=claim.amount_fen, at=at,
        )
    )  # fmt: skip
