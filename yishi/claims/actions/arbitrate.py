"""仲裁: filing against the responsible side, its answer, the ruling, the second instance."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from yishi.cases.actions.hold import check_may, hold_case
from yishi.cases.actions.money import mark_arbitration
from yishi.cases.facts import PromiseEnded, PromiseMade
from yishi.cases.models.case import Case
from yishi.claims.actions.hold import tell, words
from yishi.claims.actions.ledger import book, reverse
from yishi.claims.facts import (
    ArbitrationAnswered,
    ArbitrationDecided,
    ArbitrationFiled,
    SecondInstanceAsked,
)
from yishi.claims.models.arbitration import Arbitration, ArbitrationState, Outcome
from yishi.claims.models.ledger import Entry
from yishi.claims.queries.policy import arbitration_terms
from yishi.claims.rules.arbitration import is_in_time, is_sensible_award, may_move, terms_for, within
from yishi.claims.rules.compensation import MOST_FEN
from yishi.claims.rules.ledger import AWARD_DUE, RECOVERED, move
from yishi.kit.errors import Invalid, NotFound, Refusal, Stale
from yishi.kit.facts import announce
from yishi.kit.phrases import Phrase
from yishi.people.rules import Permission, Viewer

ARBITRATION = "ARBITRATION"


class InArbitration(Refusal):
    """这件已经在仲裁"""

    code = "in_arbitration"


class NoTerms(Refusal):
    """还没有填这家的仲裁时限，先在“理赔规则”里填上"""

    code = "no_arbitration_terms"
    status = 422


class ArbitrationMoved(Refusal):
    """仲裁已经走到下一步，看一眼最新的再办"""

    code = "arbitration_moved"


class TooLateForSecond(Refusal):
    """二审的期限已经过了"""

    code = "too_late_for_second"


@transaction.atomic
def file_arbitration(
    *,
    case_id: int,
    against: str,
    asked_fen: int,
    reason: str,
    external_no: str = "",
    by: Viewer,
    at: datetime,
) -> int:
    """Files it; the clock of the other side's answer starts, by the brand's own days. Returns its id.

    Raises InArbitration, NoTerms where the brand's days are not known, Invalid.
    """
    check_may(by, Permission.CASE_WRITE)
    why, who = words(reason, "/reason"), words(against, "/against")
    if not 0 < asked_fen <= MOST_FEN:
        raise Invalid([("/amount", "bad_amount", "写明要多少")])
    case = hold_case(case_id=case_id)
    if Arbitration.objects.filter(case=case).exclude(state=ArbitrationState.FINAL).exists():
        raise InArbitration()
    terms = terms_for(case.carrier, arbitration_terms())
    if terms is None:
        raise NoTerms()
    found = Arbitration.objects.create(
        case=case, carrier=case.carrier, against=who, external_no=external_no.strip()[:100],
        asked_fen=asked_fen, reason=why, filed_at=at, filed_by=by.user_id,
        respond_by=within(at, terms.respond_within_hours), second_within_hours=terms.second_within_hours,
    )  # fmt: skip
    mark_arbitration(case=case, is_in_arbitration=True)
    data = {"against": who, "amount_fen": asked_fen, "respond_by": found.respond_by.isoformat()}
    tell(case, "ARBITRATION_FILED", by=by, at=at, inside=data, text=why)
    announce(
        ArbitrationFiled(
            case_id=case.pk, case_no=case.case_no, by_user_id=by.user_id, arbitration_id=found.pk,
            amount_fen=asked_fen, at=at,
        )
    )  # fmt: skip
    _promise(case, found, due_at=found.respond_by, title=Phrase(_("仲裁举证")), by=by, at=at)
    return found.pk


@transaction.atomic
def note_answer(
    *, arbitration_id: int, text: str, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """The other side has answered. Raises ArbitrationMoved, Stale."""
    said = words(text, "/text")
    case, found = _hold(arbitration_id, by, version, to="ANSWERED")
    found.answer, found.answered_at = said, at
    _keep(found, "answer", "answered_at")
    tell(case, "ARBITRATION_ANSWERED", by=by, at=at, inside={}, text=said)
    _promise_ended(case, found, by=by, at=at)
    announce(
        ArbitrationAnswered(
            case_id=case.pk, case_no=case.case_no, by_user_id=by.user_id, arbitration_id=found.pk, at=at
        )
    )


@transaction.atomic
def note_decision(
    *,
    arbitration_id: int,
    outcome: str,
    awarded_fen: int,
    reason: str,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """The ruling: of the first instance, or the last one where the second was asked. Booked as owed to us.

    Raises Invalid for an amount that does not fit the outcome, ArbitrationMoved, Stale.
    """
    why = words(reason, "/reason")
    is_second = Arbitration.objects.filter(pk=arbitration_id, state=ArbitrationState.SECOND).exists()
    case, found = _hold(arbitration_id, by, version, to="FINAL" if is_second else "DECIDED")
    if outcome not in Outcome.values or not is_sensible_award(outcome, awarded_fen, found.asked_fen):
        raise Invalid(
            [("/amount", "bad_amount", "判的金额和结果对不上：支持是全额，部分支持少于要的，不支持是 0")]
        )
    _book_award(found, awarded_fen, is_second=is_second, by=by, at=at)
    found.outcome, found.awarded_fen = outcome, awarded_fen
    if is_second:
        found.final_at = at
        mark_arbitration(case=case, is_in_arbitration=False)
    else:
        found.decided_at, found.second_by = at, within(at, found.second_within_hours)
    _keep(found, "outcome", "awarded_fen", "final_at", "decided_at", "second_by")
    kind = "ARBITRATION_FINAL" if is_second else "ARBITRATION_DECIDED"
    data = {"outcome": outcome, "amount_fen": awarded_fen}
    tell(case, kind, by=by, at=at, inside=data, text=why)
    _promise_ended(case, found, by=by, at=at)
    if found.second_by and not is_second and outcome != Outcome.WON:
        _promise(case, found, due_at=found.second_by, title=Phrase(_("申请二审")), by=by, at=at)
    _announce_decided(case, found, is_final=is_second, by=by, at=at)


@transaction.atomic
def ask_second_instance(
    *, arbitration_id: int, reason: str, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Goes to the second instance. Raises TooLateForSecond after its last moment, ArbitrationMoved, Stale."""
    why = words(reason, "/reason")
    case, found = _hold(arbitration_id, by, version, to="SECOND")
    if not is_in_time(at, found.second_by):
        raise TooLateForSecond()
    _keep(found)
    tell(case, "ARBITRATION_SECOND", by=by, at=at, inside={}, text=why)
    _promise_ended(case, found, by=by, at=at)
    announce(
        SecondInstanceAsked(
            case_id=case.pk, case_no=case.case_no, by_user_id=by.user_id, arbitration_id=found.pk, at=at
        )
    )


@transaction.atomic
def end_arbitration(
    *, arbitration_id: int, reason: str, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Leaves it at the ruling of the first instance. Raises ArbitrationMoved before there is one, Stale."""
    why = words(reason, "/reason")
    if Arbitration.objects.filter(pk=arbitration_id, state=ArbitrationState.SECOND).exists():
        raise ArbitrationMoved()
    case, found = _hold(arbitration_id, by, version, to="FINAL")
    found.final_at = at
    _keep(found, "final_at")
    mark_arbitration(case=case, is_in_arbitration=False)
    data = {"outcome": found.outcome, "amount_fen": found.awarded_fen}
    tell(case, "ARBITRATION_FINAL", by=by, at=at, inside=data, text=why)
    _promise_ended(case, found, by=by, at=at)
    _announce_decided(case, found, is_final=True, by=by, at=at)


def _hold(arbitration_id: int, by: Viewer, version: int | None, *, to: str) -> tuple[Case, Arbitration]:
    """The case and its arbitration, locked, and moved on in memory."""
    check_may(by, Permission.CASE_WRITE)
    case_id = Arbitration.objects.filter(pk=arbitration_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotFound()
    case = hold_case(case_id=case_id)
    found = Arbitration.objects.select_for_update().get(pk=arbitration_id)
    if version is not None and version != found.version:
        raise Stale()
    if not may_move(found.state, to):
        raise ArbitrationMoved()
    found.state = to
    return case, found


def _keep(found: Arbitration, *fields: str) -> None:
    found.version += 1
    found.save(update_fields=["state", "version", *fields])


def _book_award(found: Arbitration, fen: int, *, is_second: bool, by: Viewer, at: datetime) -> None:
    """What is owed by the first ruling is booked back where the second says something else."""
    key, subject = f"arbitration:{found.pk}", (ARBITRATION, found.pk)
    if is_second:
        if fen == found.awarded_fen:
            return
        if Entry.objects.filter(key=f"{key}:first").exists():
            reverse(key=f"{key}:first", by=by.label, at=at)
    if fen:
        book(
            key=f"{key}:{'second' if is_second else 'first'}",
            kind="AWARDED",
            subject=subject,
            amounts=move(AWARD_DUE, RECOVERED, fen),
            by=by.label,
            at=at,
        )


def _promise(
    case: Case, found: Arbitration, *, due_at: datetime, title: Phrase, by: Viewer, at: datetime
) -> None:
    announce(
        PromiseMade(
            case_id=case.pk, case_no=case.case_no, by_user_id=by.user_id, subject_kind=ARBITRATION,
            subject_id=found.pk, kind=ARBITRATION, due_at=due_at, who_id=found.filed_by,
            title=title.plain(), said=title.kept(), at=at,
        )
    )  # fmt: skip


def _promise_ended(case: Case, found: Arbitration, *, by: Viewer, at: datetime) -> None:
    announce(
        PromiseEnded(
            case_id=case.pk, case_no=case.case_no, by_user_id=by.user_id, subject_kind=ARBITRATION,
            subject_id=found.pk, kind=ARBITRATION, at=at,
        )
    )  # fmt: skip


def _announce_decided(case: Case, found: Arbitration, *, is_final: bool, by: Viewer, at: datetime) -> None:
    announce(
        ArbitrationDecided(
            case_id=case.pk, case_no=case.case_no, by_user_id=by.user_id, arbitration_id=found.pk,
            outcome=found.outcome, amount_fen=found.awarded_fen, is_final=is_final, at=at,
        )
    )  # fmt: skip
