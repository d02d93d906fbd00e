"""The claim of a case, as the desk, the consumer's page and programs show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from yishi.claims.models.claim import Claim, ClaimState, Debtor, Proposal, RecoveryState
from yishi.claims.models.policy import CompensationRule, LossKind
from yishi.claims.queries.policy import Cited, citations_for, limits
from yishi.claims.queries.words import Reason, reason_of
from yishi.claims.rules.approval import lowest_approver, may_approve
from yishi.people.queries import role_label, staff_names
from yishi.people.rules import Viewer


@dataclass(frozen=True)
class ProposalCard:
    """What was offered to the person, in his words. `state`: OFFERED, ACCEPTED, DISPUTED, PAID, PAY_FAILED.

    While a disputed proposal is worked over, the person still sees the last one that he was offered.
    """

    proposal_id: int
    state: str
    amount_fen: int
    loss_label: str
    lines: tuple[Reason, ...]
    offered_at: datetime
    answered_at: datetime | None
    answer_reason: str
    paid_at: datetime | None

    @property
    def can_answer(self) -> bool:
        return self.state == ClaimState.OFFERED


@dataclass(frozen=True)
class ProposalLine:
    """One proposal in the claim's own history."""

    number: int
    amount_fen: int
    computed_fen: int
    lines: tuple[Reason, ...]
    reason: str
    proposed_by: str
    proposed_at: datetime
    approved_by: str
    approved_at: datetime | None
    offered_at: datetime | None
    answered_at: datetime | None
    is_accepted: bool | None
    answer_reason: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class RecoveryLine:
    id: int
    debtor: str
    debtor_label: str
    who: str
    amount_fen: int
    received_fen: int
    state: str
    state_label: str
    reason: str
    reference: str
    asked_at: datetime


@dataclass(frozen=True)
class ClaimCard:
    """The whole claim for staff. `next_role` may approve it; `may_approve` is '' where the viewer may."""

    id: int
    version: int
    state: str
    state_label: str
    loss_type: str
    loss_label: str
    amount_fen: int
    proposal: ProposalLine
    earlier: tuple[ProposalLine, ...]
    recoveries: tuple[RecoveryLine, ...]
    next_role: str
    why_not: str
    payment_reference: str
    payment_error: str
    payment_proof_id: UUID | None
    paid_at: datetime | None


def proposal_of_case(case_id: int) -> ProposalCard | None:
    """What the person was last offered; None where nothing was, or it was taken back."""
    offered = Proposal.objects.filter(claim__case_id=case_id, offered_at__isnull=False)
    found = offered.select_related("claim").order_by("-number").first()
    if found is None or found.claim.state == ClaimState.DROPPED:
        return None
    claim = found.claim
    state = claim.state if found.number == claim.number else ClaimState.DISPUTED.value
    if found.number != claim.number and found.is_accepted is None:
        # it was replaced before he answered: there is nothing to say yes to until the next one is offered
        return None
    return ProposalCard(
        proposal_id=found.pk,
        state=state,
        amount_fen=found.amount_fen,
        loss_label=str(LossKind(claim.loss_type).label),
        lines=reasons_of(found),
        offered_at=found.offered_at,  # type: ignore[arg-type]
        answered_at=found.answered_at,
        answer_reason=found.answer_reason,
        paid_at=claim.paid_at,
    )


def claim_of_case(case_id: int, *, viewer: Viewer) -> ClaimCard | None:
    """The claim of a case that the viewer has got through its door; None where there is none."""
    claim = Claim.objects.filter(case_id=case_id).first()
    if claim is None:
        return None
    rows = list(claim.proposals.order_by("-number"))
    names = staff_names({pk for row in rows for pk in (row.proposed_by, row.approved_by) if pk})
    reasons = reasons_by_proposal(rows)
    lines = [_line(row, names, reasons[row.pk]) for row in rows]
    known = limits()
    role = lowest_approver(known, claim.amount_fen)
    own = viewer.user_id is None or rows[0].proposed_by == viewer.user_id
    return ClaimCard(
        id=claim.pk,
        version=claim.version,
        state=claim.state,
        state_label=str(ClaimState(claim.state).label),
        loss_type=claim.loss_type,
        loss_label=str(LossKind(claim.loss_type).label),
        amount_fen=claim.amount_fen,
        proposal=lines[0],
        earlier=tuple(lines[1:]),
        recoveries=_recoveries(claim),
        next_role=role_label(role) if role else "",
        why_not=may_approve(known.get(viewer.role), claim.amount_fen, is_own=own),
        payment_reference=claim.payment_reference,
        payment_error=claim.payment_error,
        payment_proof_id=claim.payment_proof_id,
        paid_at=claim.paid_at,
    )


def claim_shape(case_id: int) -> dict[str, Any] | None:
    """The claim on the wire; None where there is none."""
    claim = Claim.objects.filter(case_id=case_id).first()
    if claim is None:
        return None
    newest = claim.proposals.get(number=claim.number)
    return {
        "state": claim.state,
        "loss_type": claim.loss_type,
        "amount_fen": claim.amount_fen,
        "offered_at": newest.offered_at,
        "answered_at": newest.answered_at,
        "paid_at": claim.paid_at,
        "payment_reference": claim.payment_reference,
    }


def _line(row: Proposal, names: dict[int, str], reasons: tuple[Reason, ...]) -> ProposalLine:
    return ProposalLine(
        row.number, row.amount_fen, row.computed_fen, reasons, row.reason,
        names.get(row.proposed_by or 0, ""), row.proposed_at, names.get(row.approved_by or 0, ""),
        row.approved_at, row.offered_at, row.answered_at, row.is_accepted, row.answer_reason, row.facts,
    )  # fmt: skip


def reasons_of(row: Proposal) -> tuple[Reason, ...]:
    """The lines as they were computed; where a person set another amount, that is said as a line."""
    return reasons_by_proposal([row])[row.pk]


def reasons_by_proposal(rows: Sequence[Proposal]) -> dict[int, tuple[Reason, ...]]:
    """The same for each of these by its id: one statement for rules, one a day and place for laws."""
    ids = {rule_id for row in rows for *_said, rule_id in row.lines if rule_id}
    rules = {r.pk: r for r in CompensationRule.objects.filter(pk__in=ids).select_related("citation")}
    laws = _laws(rows, rules)
    return {row.pk: tuple(_reason(row, line, rules, laws) for line in row.lines) for row in rows}


Laws = Mapping[tuple[str, str], Mapping[str, Cited]]


def _laws(rows: Sequence[Proposal], rules: Mapping[int, CompensationRule]) -> Laws:
    """The laws beside these rules by key, for each day and place of a loss: only where they hold there."""
    keys = sorted({rule.citation.key for rule in rules.values() if rule.citation})
    losses = {(row.facts["on"], row.facts["province"]) for row in rows if keys and "on" in row.facts}
    return {
        (on, province): {
            law.key: law
            # where a key has several, the first counts
            for law in reversed(citations_for(on=date.fromisoformat(on), province=province, keys=keys))
        }
        for on, province in losses
    }


def _reason(row: Proposal, line: list[Any], rules: Mapping[int, CompensationRule], laws: Laws) -> Reason:
    code, amount, values, rule_id = line
    rule = rules.get(rule_id)
    if rule is None:
        return reason_of(code, amount, values)
    cited = laws[row.facts["on"], row.facts["province"]].get(rule.citation.key) if rule.citation else None
    return reason_of(code, amount, values, basis=rule.basis, cited=cited)


def _recoveries(claim: Claim) -> tuple[RecoveryLine, ...]:
    return tuple(
        RecoveryLine(
            one.pk, one.debtor, str(Debtor(one.debtor).label), one.who, one.amount_fen, one.received_fen,
            one.state, str(RecoveryState(one.state).label), one.reason, one.reference, one.asked_at,
        )
        for one in claim.recoveries.order_by("id")
    )  # fmt: skip
