"""The person's answer to what was offered: accepted, or not, with his reason."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_noop as _

from yishi.cases.facts import PromiseMade
from yishi.cases.models.case import Case
from yishi.claims.actions.hold import hold_claim, keep, tell, words
from yishi.claims.actions.ledger import book
from yishi.claims.facts import ClaimAccepted, ClaimDisputed
from yishi.claims.models.claim import Claim, ClaimState, Proposal
from yishi.claims.rules.ledger import COMPENSATION, CONSUMER_DUE, move
from yishi.kit.errors import NotFound, Refusal
from yishi.kit.facts import announce
from yishi.kit.phrases import Phrase

CLAIM = "CLAIM"
PAY_WITHIN = timedelta(hours=72)
"""How soon an accepted amount is paid: the house's own promise, a clock beside the case's."""


class NotOffered(Refusal):
    """这个赔付方案已经变了，看一眼最新的再答复"""

    code = "not_offered"


@transaction.atomic
def accept_proposal(*, proposal_id: int, at: datetime) -> None:
    """The consumer says yes: the amount is owed from now on. Said twice it is said once.

    Raises NotFound, NotOffered where another proposal has taken its place or he has said no.
    """
    case, claim, proposal = _hold(proposal_id)
    if proposal.is_accepted:
        return
    _check_offered(claim, proposal)
    _answer(proposal, is_accepted=True, reason="", at=at)
    claim.state = ClaimState.ACCEPTED
    keep(claim, "state")
    amount = proposal.amount_fen
    book(
        key=f"claim:{claim.pk}:{proposal.number}:accepted",
        kind="CLAIM_ACCEPTED",
        subject=(CLAIM, claim.pk),
        amounts=move(COMPENSATION, CONSUMER_DUE, amount),
        by="consumer",
        at=at,
    )
    tell(case, "CLAIM_ACCEPTED", by=None, at=at, public={"amount_fen": amount})
    announce(
        ClaimAccepted(
            case_id=case.pk, case_no=case.case_no, claim_id=claim.pk, amount_fen=amount,
            proposal_id=proposal.pk, at=at,
        )
    )  # fmt: skip
    title = Phrase(_("付赔款"))
    announce(
        PromiseMade(
            case_id=case.pk, case_no=case.case_no, subject_kind=CLAIM, subject_id=claim.pk, kind=CLAIM,
            due_at=at + PAY_WITHIN, who_id=case.assignee_id, title=title.plain(), said=title.kept(), at=at,
        )
    )  # fmt: skip


@transaction.atomic
def dispute_proposal(*, proposal_id: int, reason: str, at: datetime) -> None:
    """The consumer says no, and why; the house proposes anew. Raises NotFound, NotOffered, Invalid."""
    why = words(reason, "/reason")
    case, claim, proposal = _hold(proposal_id)
    if proposal.is_accepted is False and claim.state == ClaimState.DISPUTED:
        return
    _check_offered(claim, proposal)
    _answer(proposal, is_accepted=False, reason=why, at=at)
    claim.state = ClaimState.DISPUTED
    keep(claim, "state")
    tell(case, "CLAIM_DISPUTED", by=None, at=at, public={"amount_fen": proposal.amount_fen}, text=why)
    announce(
        ClaimDisputed(
            case_id=case.pk, case_no=case.case_no, claim_id=claim.pk, amount_fen=proposal.amount_fen,
            proposal_id=proposal.pk, at=at,
        )
    )  # fmt: skip


def _hold(proposal_id: int) -> tuple[Case, Claim, Proposal]:
    claim_id = Proposal.objects.filter(pk=proposal_id).values_list("claim_id", flat=True).first()
    if claim_id is None:
        raise NotFound()
    case, claim = hold_claim(claim_id=claim_id)
    return case, claim, claim.proposals.get(pk=proposal_id)


def _check_offered(claim: Claim, proposal: Proposal) -> None:
    if claim.state != ClaimState.OFFERED or proposal.number != claim.number:
        raise NotOffered()


def _answer(proposal: Proposal, *, is_accepted: bool, reason: str, at: datetime) -> None:
    proposal.is_accepted, proposal.answer_reason, proposal.answered_at = is_accepted, reason, at
    proposal.save(update_fields=["is_accepted", "answer_reason", "answered_at"])
