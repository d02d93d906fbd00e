"""追偿: asking back from whoever is responsible, and what became of it."""

from datetime import datetime

from django.db import transaction

from yishi.cases.actions.hold import check_may
from yishi.claims.actions.hold import ClaimMoved, hold_claim, keep, tell, words
from yishi.claims.actions.ledger import book, reverse
from yishi.claims.facts import RecoveryAsked, RecoveryEnded
from yishi.claims.models.claim import Debtor, Recovery, RecoveryState
from yishi.claims.rules.ledger import CASH, RECOVERED, RECOVERY_DUE, move
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.facts import announce
from yishi.people.rules import Permission, Viewer

RECOVERY = "RECOVERY"
_OWED = frozenset({"ACCEPTED", "PAY_FAILED", "PAID"})


class AskedAlready(Refusal):
    """已经在向这一方追偿"""

    code = "asked_already"


class AsksTooMuch(Refusal):
    """向各方追的加起来不能比赔出去的多"""

    code = "asks_too_much"
    status = 422


@transaction.atomic
def ask_recovery(
    *, claim_id: int, debtor: str, who: str, amount_fen: int, reason: str, by: Viewer, at: datetime
) -> int:
    """Asks somebody responsible to give back what was paid; the recovery's id.

    Raises Invalid, AskedAlready for the same one twice, AsksTooMuch, ClaimMoved before it was accepted.
    """
    check_may(by, Permission.CASE_WRITE)
    why, name = words(reason, "/reason"), words(who, "/who")
    if debtor not in Debtor.values or amount_fen <= 0:
        raise Invalid([("/amount", "bad_amount", "选向谁追，写明金额")])
    case, claim = hold_claim(claim_id=claim_id, states=_OWED)
    running = claim.recoveries.exclude(state=RecoveryState.GIVEN_UP)
    if running.filter(debtor=debtor, who=name, state=RecoveryState.ASKED).exists():
        raise AskedAlready()
    if sum(_counts(one) for one in running) + amount_fen > claim.amount_fen:
        raise AsksTooMuch()
    recovery = Recovery.objects.create(
        claim=claim, debtor=debtor, who=name, amount_fen=amount_fen, reason=why, asked_at=at,
        asked_by=by.user_id,
    )  # fmt: skip
    keep(claim)
    book(
        key=f"recovery:{recovery.pk}:asked",
        kind="RECOVERY_ASKED",
        subject=(RECOVERY, recovery.pk),
        amounts=move(RECOVERY_DUE, RECOVERED, amount_fen),
        by=by.label,
        at=at,
    )
    data = {"amount_fen": amount_fen, "debtor": debtor, "who": name}
    tell(case, "RECOVERY_ASKED", by=by, at=at, inside=data, text=why)
    announce(
        RecoveryAsked(
            case_id=case.pk, case_no=case.case_no, by_user_id=by.user_id, claim_id=claim.pk,
            amount_fen=amount_fen, recovery_id=recovery.pk, at=at,
        )
    )  # fmt: skip
    return recovery.pk


@transaction.atomic
def end_recovery(*, recovery_id: int, received_fen: int, reference: str, by: Viewer, at: datetime) -> None:
    """What came back (nothing = given up), under which reference; the rest is booked back.

    Raises NotFound, Invalid for more than was asked, ClaimMoved when it has ended already.
    """
    check_may(by, Permission.CASE_WRITE)
    claim_id = Recovery.objects.filter(pk=recovery_id).values_list("claim_id", flat=True).first()
    if claim_id is None:
        raise NotFound()
    case, claim = hold_claim(claim_id=claim_id)
    recovery = claim.recoveries.select_for_update().get(pk=recovery_id)
    if recovery.state != RecoveryState.ASKED:
        raise ClaimMoved()
    said = words(reference, "/reference")
    if not 0 <= received_fen <= recovery.amount_fen:
        raise Invalid([("/amount", "bad_amount", "追回的不能比要追的多")])
    recovery.state = RecoveryState.RECEIVED if received_fen else RecoveryState.GIVEN_UP
    recovery.received_fen, recovery.reference, recovery.ended_at = received_fen, said, at
    recovery.save(update_fields=["state", "received_fen", "reference", "ended_at"])
    keep(claim)
    _book_end(recovery, by=by, at=at)
    data = {
        "amount_fen": received_fen, "asked_fen": recovery.amount_fen, "debtor": recovery.debtor,
        "who": recovery.who,
    }  # fmt: skip
    tell(case, "RECOVERY_ENDED", by=by, at=at, inside=data, text=said)
    announce(
        RecoveryEnded(
            case_id=case.pk, case_no=case.case_no, by_user_id=by.user_id, claim_id=claim.pk,
            amount_fen=received_fen, recovery_id=recovery.pk, at=at,
        )
    )  # fmt: skip


def _book_end(recovery: Recovery, *, by: Viewer, at: datetime) -> None:
    key, subject = f"recovery:{recovery.pk}", (RECOVERY, recovery.pk)
    if not recovery.received_fen:
        reverse(key=f"{key}:asked", by=by.label, at=at)
        return
    received = move(CASH, RECOVERY_DUE, recovery.received_fen)
    book(
        key=f"{key}:received", kind="RECOVERY_RECEIVED", subject=subject, amounts=received, by=by.label, at=at
    )
    rest = recovery.amount_fen - recovery.received_fen
    if rest:
        amounts = move(RECOVERED, RECOVERY_DUE, rest)
        book(key=f"{key}:rest", kind="RECOVERY_REST", subject=subject, amounts=amounts, by=by.label, at=at)


def _counts(one: Recovery) -> int:
    return one.amount_fen if one.state == RecoveryState.ASKED else one.received_fen
